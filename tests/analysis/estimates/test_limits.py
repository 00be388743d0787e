"""When a comparison is withheld, and how p-values of a family are adjusted."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import SmallNumbers
from analysis.estimates.common.multiplicity import adjusted


@pytest.mark.parametrize(
    ("events", "patients", "reason"),
    [
        ({"BM": 5, "UC": 5}, {"BM": 10, "UC": 10}, ""),
        ({"BM": 3, "UC": 2}, {"BM": 45, "UC": 42}, "fewer than 10 events (5)"),
        ({"BM": 20, "UC": 4}, {"BM": 45, "UC": 42}, "fewer than 5 events in a group (4 in UC)"),
        ({"BM": 20, "UC": 0}, {"BM": 45, "UC": 42}, "fewer than 5 events in a group (0 in UC)"),
        ({"BM": 6, "UC": 6}, {"BM": 45, "UC": 9}, "fewer than 10 patients (9 in UC)"),
        ({"BM": 12, "UC": 3}, {"BM": 45, "UC": 9}, "fewer than 10 patients (9 in UC)"),
        (
            {"BM": 0, "UC": 0},
            {"BM": 1, "UC": 2},
            "fewer than 10 events (0); fewer than 10 patients (1 in BM, 2 in UC)",
        ),
        (None, {"BM": 45, "UC": 42}, ""),
        ({"BM": 40}, {"BM": 45}, "needs two groups"),
        ({}, {}, "needs two groups"),
    ],
)
def test_reasons_in_words(events: dict[str, int] | None, patients: dict[str, int], reason: str) -> None:
    assert SmallNumbers().reason(events, patients) == reason


def test_a_model_needs_events_for_each_coefficient() -> None:
    assert SmallNumbers().reason_of_model(20, 4) == ""
    assert SmallNumbers().reason_of_model(19, 4) == "fewer than 5 events a coefficient (19 events, 4 coefficients)"


def test_reasons_use_the_singular() -> None:
    few = SmallNumbers(1, 1).reason({"BM": 0, "UC": 0}, {"BM": 0, "UC": 3})
    assert few == "fewer than 1 event (0); fewer than 1 patient (0 in BM)"


def test_groups_and_coefficients_need_half_of_the_events_by_default() -> None:
    assert SmallNumbers(events=4) == SmallNumbers(4, 10, events_per_group=2, events_per_coefficient=2)
    assert SmallNumbers(0, 0).reason({"BM": 0, "UC": 0}, {"BM": 1, "UC": 1}) == ""
    assert SmallNumbers(0, 0, events_per_group=1).reason({"BM": 0, "UC": 2}, {"BM": 1, "UC": 2}) != ""


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (SmallNumbers(), "withheld below 10 events (5 a group, 5 a coefficient) or 10 patients a group"),
        (SmallNumbers(1, 1), "withheld below 1 event or 1 patient a group"),
    ],
)
def test_the_rule_in_words(limits: SmallNumbers, words: str) -> None:
    assert limits.words(of_model=True) == words


def test_settings_are_hashable() -> None:
    assert {SmallNumbers(): 1}[SmallNumbers(10, 10)] == 1


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # sorted 0.01, 0.02, 0.03: times 3, 2, 1 and non-decreasing
        ("holm", [0.04, 0.03, 0.04, None]),
        ("bonferroni", [0.06, 0.03, 0.09, None]),
        ("benjamini-hochberg", [0.03, 0.03, 0.03, None]),
    ],
)
def test_adjusted_by_hand(method: str, expected: list[float | None]) -> None:
    found = adjusted(pd.Series([0.02, 0.01, 0.03, None]), method)
    assert found.dropna().tolist() == pytest.approx([p for p in expected if p is not None])
    assert found.isna().tolist() == [p is None for p in expected]


@given(st.lists(st.floats(0, 1, allow_nan=False), max_size=30))
def test_adjustment_keeps_the_order_and_never_lowers_p(values: list[float]) -> None:
    p = pd.Series(values, dtype=float)
    order = p.sort_values(kind="stable").index
    for method in ("holm", "bonferroni", "benjamini-hochberg"):
        found = adjusted(p, method)
        assert (found >= p - 1e-15).all()
        assert found.loc[order].is_monotonic_increasing
        assert found.le(1).all()
