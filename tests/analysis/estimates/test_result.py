"""Results of estimates print as what they answer, how, and their first table."""

import importlib
import inspect
import pkgutil
import re
from dataclasses import is_dataclass

import pytest

import analysis
from analysis import estimates
from analysis.estimates.common.result import MOST_ROWS, Result
from tests.analysis.made import SAMPLE

CLASSES = {
    held
    for found in pkgutil.walk_packages(estimates.__path__, f"{estimates.__name__}.")
    for held in vars(importlib.import_module(found.name)).values()
    if inspect.isclass(held) and is_dataclass(held) and {"question", "method", "left_out"} <= {*held.__annotations__}
}
ASKED: list[tuple[str, dict[str, object]]] = [
    ("baseline_table", {"by": "msc_source"}),
    ("change_differences", {"by": "msc_source"}),
    ("cumulative_incidence", {}),
    ("deaths", {}),
    ("dropout", {}),
    ("follow_up", {}),
    ("hazard_ratios", {"endpoint": "relapse", "by": "msc_source"}),
    ("kaplan_meier", {}),
    ("log_rank", {"endpoint": "relapse", "by": "msc_source"}),
    ("maturity", {"years": [1, 2]}),
    ("mean_relapses", {}),
    ("relapse_counts", {}),
    ("relapse_gaps", {}),
    ("relapse_rates", {"by": "msc_source"}),
    ("remission_range", {}),
    ("response_share", {}),
    ("restricted_mean", {"months": 24.0}),
    ("severity_bands", {}),
    ("state_counts", {}),
    ("state_probabilities", {"months": [12.0, 24.0]}),
    ("trajectory", {}),
    ("turnbull", {}),
    ("yearly_relapse", {}),
    ("yearly_remission", {}),
]


@pytest.mark.parametrize("kind", sorted(CLASSES, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_every_result_prints_in_one_way(kind: type) -> None:
    assert issubclass(kind, Result)
    assert (kind.__str__, kind.__repr__) == (Result.__str__, Result.__repr__)


@pytest.mark.parametrize(("name", "asked"), ASKED, ids=lambda asked: asked if isinstance(asked, str) else "")
def test_a_result_prints_its_question_method_and_first_table(name: str, asked: dict[str, object]) -> None:
    result = getattr(analysis, name)(SAMPLE, **asked)
    question, method, empty, first, *_, also = str(result).splitlines()
    assert (question, method, empty) == (result.question, result.method, "")
    main, *others = result.tables()
    assert re.sub(r" \(\d+ rows\)$", "", first) == f".{main}"
    assert also == f"Also {', '.join(f'.{other}' for other in others)}"
    assert set(getattr(result, main).columns) <= set(str(result).split())
    assert not re.search(r"\b(nan|None|inf|NaN)\b", str(result))


def test_a_long_table_is_cut_and_says_how_long_it_is() -> None:
    result = analysis.kaplan_meier(SAMPLE)
    assert len(result.curve) > MOST_ROWS
    shown = str(result)
    assert f".curve ({len(result.curve)} rows)" in shown
    assert len(shown.splitlines()) < MOST_ROWS + 10
    assert repr(result) == "<KaplanMeier: How many are alive over time?>"


def test_a_result_without_rows_says_so() -> None:
    assert "\n.table\n(no rows)\n" in str(analysis.adverse_events(analysis.read_cohort(SAMPLE.patients, SAMPLE.visits)))
