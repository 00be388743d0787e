"""Results of the sample are computed once for all sessions; those of an upload, for its session only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis import Filters, OneOf, load_sample
from pages.state import results
from tests.analysis.made import cohort_of
from tests.pages.test_pages import assert_sound, go, open_app


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was computed, not found in the cache."""
    keys: list[object] = []
    once = results.Cache.once

    def watched(cache: results.Cache, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        def noted() -> Any:
            keys.append(key)
            return make()

        return once(cache, key, noted)

    monkeypatch.setattr(results.Cache, "once", watched)
    return keys


def test_the_second_session_finds_what_the_first_made_of_the_sample(made: list[object]) -> None:
    results.of_everybody.clear()
    open_app().run()
    assert len(made) > 10
    made.clear()
    open_app().run()
    assert made == []


def test_no_session_finds_results_of_another_sessions_file(made: list[object]) -> None:
    # Even for the same file: that somebody else has opened it must not show.
    cohort = replace(load_sample(), name="own.csv")
    for _ in range(2):
        made.clear()
        app = open_app()
        app.session_state["uploaded"] = cohort
        app.run()
        assert len(made) > 10


def test_the_most_recently_used_results_stay_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"a": range(1000)})
    size = results._bytes(table)
    monkeypatch.setattr(results, "CACHE_BYTES", 2 * size)
    cache, calls = results.Cache(), []

    def ask(key: str, copies: int = 1) -> None:
        cache.once((key,), lambda: calls.append(key) or pd.concat([table] * copies))

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert calls == ["a", "b", "c", "b"]
    ask("too large", 3)
    ask("too large", 3)
    assert calls[4:] == ["too large", "too large"]


@pytest.mark.parametrize("unit", [1e-9, 0.01, 1.0, 1e12])
def test_numbers_of_any_size_can_be_chosen_from(unit: float) -> None:
    app = open_app()
    app.session_state["uploaded"] = cohort_of([1.0] * 14, [0] * 14, dose=[(20.5 + n) * unit for n in range(14)])
    app.session_state["added_filters"] = ["dose"]
    app.run()
    assert not app.exception
    doses = app.sidebar.slider[0]
    assert (doses.min, doses.max) == pytest.approx((20.5 * unit, 33.5 * unit))
    assert float(doses.proto.format % doses.min) == pytest.approx(doses.min)  # the label beside the range


@pytest.mark.parametrize("page", ["cohort", "report"])
def test_numbers_however_small_end_no_page(page: str) -> None:
    app = open_app()
    doses = [(1 + number % 7) * 1e-300 for number in range(14)]
    app.session_state["uploaded"] = cohort_of([1.0] * 14, [0] * 14, dose=doses)
    assert_sound(go(app, page))


def test_filters_in_another_order_have_results_of_their_own() -> None:
    conditions = {"sex": OneOf("female"), "msc_source": OneOf("UC")}
    turned = dict(reversed(conditions.items()))
    assert results._hashable((Filters(conditions),)) != results._hashable((Filters(turned),))
    assert results._hashable((Filters(conditions),)) == results._hashable((Filters(dict(conditions)),))
