"""What is listed in one place is known in all: nothing unknown is taken for something known."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from analysis import load_sample, yearly_relapse, yearly_remission
from analysis.estimates.yearly import share_differences as differences
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS, Estimand
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.yearly import denominators

NEW = Estimand("New", "How many?", "all patients")


@pytest.mark.parametrize(
    ("registry", "estimate"), [(REMISSION_ESTIMANDS, yearly_remission), (RELAPSE_ESTIMANDS, yearly_relapse)]
)
def test_an_estimand_without_an_estimator_is_an_error(
    monkeypatch: pytest.MonkeyPatch, registry: dict[str, Estimand], estimate: Callable[..., Yearly]
) -> None:
    monkeypatch.setitem(registry, "new", NEW)
    with pytest.raises(NotImplementedError, match="'new' has no estimator"):
        estimate(load_sample(), estimand="new")


@pytest.mark.parametrize("module", [denominators, differences])
def test_an_estimand_that_is_said_nowhere_is_an_error_at_the_start(
    monkeypatch: pytest.MonkeyPatch, module: Any
) -> None:
    monkeypatch.setitem(REMISSION_ESTIMANDS, "new", Estimand("New", "How many?", "all patients", "probability"))
    with pytest.raises(NotImplementedError, match="new"):
        exec(compile(inspect.getsource(module), module.__name__, "exec"), {"__name__": module.__name__})  # noqa: S102


def test_an_unknown_kind_of_estimand_is_an_error() -> None:
    with pytest.raises(ValueError, match="Unknown kind 'odds'"):
        Estimand("New", "How many?", "all patients", "odds")
