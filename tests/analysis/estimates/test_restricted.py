"""Restricted means worked out by hand, and when they are withheld."""

from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from analysis import Cohort, SmallNumbers, cumulative_incidence, restricted_mean
from tests.analysis.made import arms, cohort_of, competing

ALWAYS = SmallNumbers(0, 0)
FOUR = [(2.0, 1), (4.0, 0), (6.0, 1), (8.0, 0)]


def mean_of(cohort: Cohort, months: float) -> tuple[float, float]:
    row = restricted_mean(cohort, months=months).table.iloc[0]
    return row["mean"], row["standard_error"]


def test_worked_by_hand() -> None:
    # S is 1, from 2 on 3/4, from 6 on 3/8: the area is 2 + 3 + 3/4. What lies behind the deaths is 15/4 and 3/4, so
    # the variance is (15/4)^2 / (4 times 3) + (3/4)^2 / (2 times 1).
    table = restricted_mean(arms(A=FOUR), months=8).table
    assert table.columns.tolist() == ["group", "months", "mean", "standard_error", "lower", "upper", "withheld"]
    row = table.iloc[0]
    error = sqrt(Fraction(93, 64))
    assert (row["group"], row["months"], row["withheld"]) == ("All", 8, "")
    assert (row["mean"], row["standard_error"]) == pytest.approx((float(Fraction(23, 4)), error))
    assert row["lower"] == pytest.approx(5.75 - norm.ppf(0.975) * error)
    assert row["upper"] == 8  # the limit is the month itself


def test_a_month_between_two_times() -> None:
    # The area to 5 is 2 + 3 (3/4); behind the death at 2 lie 9/4.
    assert mean_of(arms(A=FOUR), 5) == pytest.approx((4.25, 2.25 / sqrt(12)))


def test_ties_and_events_at_time_zero() -> None:
    # Of four two die at 0: S is 1/2 and at 3, where one of the two left dies, 1/4.
    cohort = cohort_of([0, 0, 3, 5], [1, 1, 1, 0])
    variance = Fraction(2) ** 2 * Fraction(2, 4 * 2) + Fraction(1, 2) ** 2 * Fraction(1, 2)
    assert mean_of(cohort, 5) == pytest.approx((2.0, sqrt(variance)))


def test_without_censoring_it_is_the_mean_of_truncated_times() -> None:
    months = np.array([1.0, 2, 4, 7, 9])
    mean, error = mean_of(cohort_of(months.tolist(), [1] * 5), 6)
    cut = np.minimum(months, 6)
    assert (mean, error) == pytest.approx((cut.mean(), cut.std() / sqrt(5)))


@pytest.mark.parametrize(
    ("cohort", "mean", "withheld"),
    [
        (cohort_of([9, 9], [0, 0]), 8, "no standard error: no deaths by month 8"),
        (cohort_of([5], [1]), 5, "no standard error: too few deaths by month 8"),
        (cohort_of([9, 9], [1, 0]), 8, "no standard error: no deaths by month 8"),
    ],
    ids=["all censored", "one patient", "death later"],
)
def test_without_events_there_is_no_standard_error(cohort: Cohort, mean: float, withheld: str) -> None:
    row = restricted_mean(cohort, months=8).table.iloc[0]
    assert (row["mean"], row["withheld"]) == (mean, withheld)
    assert row[["standard_error", "lower", "upper"]].isna().all()


def test_beyond_the_shortest_follow_up_everything_is_withheld() -> None:
    result = restricted_mean(arms(A=FOUR, B=[(3, 1), (12, 0)]), by="arm", months=10, limits=ALWAYS)
    assert result.table["withheld"].tolist() == ["A is at risk to month 8 only"] * 2
    assert result.table[["mean", "standard_error", "lower", "upper"]].isna().all(axis=None)
    assert result.differences["withheld"].tolist() == ["A is at risk to month 8 only"]
    assert restricted_mean(arms(A=FOUR), months=9).table["withheld"].tolist() == ["at risk to month 8 only"]


def test_a_curve_at_zero_has_a_mean_at_any_month() -> None:
    assert mean_of(cohort_of([1, 3], [1, 1]), 100)[0] == 2


def test_difference_worked_by_hand() -> None:
    result = restricted_mean(arms(A=FOUR, B=[(4.0, 1), (8.0, 0)]), by="arm", months=8, limits=ALWAYS)
    assert result.differences.columns.tolist() == [
        "group_a", "group_b", "months", "difference", "lower", "upper", "p", "withheld",
    ]  # fmt: skip
    row = result.differences.iloc[0]
    # B: 4 + 4/2 = 6 with variance 2^2 / (2 times 1) = 2.
    error = sqrt(Fraction(93, 64) + 2)
    assert (row["group_a"], row["group_b"], row["difference"]) == ("A", "B", pytest.approx(0.25))
    assert (row["lower"], row["upper"]) == pytest.approx((0.25 - 1.959964 * error, 0.25 + 1.959964 * error), abs=1e-5)
    assert row["p"] == pytest.approx(2 * norm.sf(0.25 / error))


def test_small_numbers_keep_the_difference_and_lose_the_rest() -> None:
    row = restricted_mean(arms(A=FOUR, B=FOUR[1:]), by="arm", months=8).differences.iloc[0]
    assert row["withheld"] == "fewer than 10 events (3); fewer than 10 patients (4 in A, 3 in B)"
    assert np.isfinite(row["difference"])
    assert row[["lower", "upper", "p"]].isna().all()


def test_a_group_without_events_has_a_mean_but_no_test() -> None:
    result = restricted_mean(arms(A=FOUR, B=[(9.0, 0)] * 3), by="arm", months=8, limits=ALWAYS)
    assert result.table["mean"].tolist() == [5.75, 8]
    assert result.differences["withheld"].tolist() == ["B: no standard error: no deaths by month 8"]


def test_26_groups_make_325_differences() -> None:
    held = {chr(65 + place): [(1.0 + place, 1), (60.0, 0)] for place in range(26)}
    result = restricted_mean(arms(**held), by="arm", months=50, limits=ALWAYS)
    # Half of each live the 50 months, half the group's own.
    assert result.table["mean"].tolist() == pytest.approx([(51 + place) / 2 for place in range(26)])
    assert len(result.differences) == 325
    assert result.differences["difference"].iloc[0] == pytest.approx(0.5)


def test_time_lost_worked_by_hand() -> None:
    # Of four one relapses at 2, one dies at 3, one relapses at 4: F is 1/4 from 2 and 1/2 from 4 on, 2/4 + 4/2 to 8.
    cohort = competing([(2, 1), (3, 2), (4, 1), (8, 0)])
    result = restricted_mean(cohort, "relapse", months=8)
    # Without censoring it is the mean of the months lost: 6, 0, 4 and 0.
    lost = np.array([6, 0, 4, 0])
    row = result.table.iloc[0]
    assert (row["mean"], row["standard_error"]) == pytest.approx((lost.mean(), lost.std() / sqrt(4)))
    assert (result.time_lost, restricted_mean(cohort, months=8).time_lost) == (True, False)
    assert "area under the Aalen-Johansen incidence curve to month 8" in result.method
    assert "death before it competes" in result.method
    assert result.question == "How many of the first 8 months come after the event, on average?"


def test_time_lost_is_known_at_any_month_if_all_had_an_event() -> None:
    assert restricted_mean(competing([(1, 1), (3, 2)]), "relapse", months=9).table["mean"].tolist() == [4]
    short = restricted_mean(competing([(1, 1), (3, 0)]), "relapse", months=9).table.iloc[0]
    assert short["withheld"] == "at risk to month 3 only"
    assert np.isnan(short["mean"])


def test_differences_of_time_lost() -> None:
    # A as above; in B one of two relapses at 6 and loses 2 months: 1 on average, with variance 1 / 2.
    cohort = competing([(2, 1), (3, 2), (4, 1), (8, 0), (6, 1), (8, 0)], arm=list("AAAABB"))
    row = restricted_mean(cohort, "relapse", by="arm", months=8, limits=ALWAYS).differences.iloc[0]
    error = sqrt(np.array([6, 0, 4, 0]).var() / 4 + 1 / 2)
    assert row["difference"] == pytest.approx(1 - 2.5)
    assert (row["lower"], row["upper"]) == pytest.approx((-1.5 - 1.959964 * error, -1.5 + 1.959964 * error), abs=1e-5)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=30), st.integers(1, 12))
def test_time_lost_is_the_area_under_the_incidence(rows: list[tuple[int, int]], months: int) -> None:
    cohort = competing([(float(time), status) for time, status in rows])
    row = restricted_mean(cohort, "relapse", months=months).table.iloc[0]
    if not np.isnan(row["mean"]):
        # All times are whole months: the incidence is constant between them.
        heights = cumulative_incidence(cohort, "relapse").at([month + 0.5 for month in range(months)])["incidence"]
        assert row["mean"] == pytest.approx(heights.sum(), abs=1e-9)
    if not row["withheld"]:
        assert 0 <= row["lower"] <= row["mean"] <= row["upper"] <= months


@pytest.mark.parametrize(
    "options", [{"months": 0}, {"months": float("nan")}, {"months": 5, "adjust": "x"}, {"months": 5, "level": 1}]
)
def test_invalid_arguments_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"above 0|Unknown|between 0 and 1"):
        restricted_mean(arms(A=FOUR), **options)


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 1)), min_size=1, max_size=30),
    st.floats(0.5, 20, allow_nan=False),
)
def test_the_mean_lies_between_0_and_the_month(rows: list[tuple[int, int]], months: float) -> None:
    cohort = cohort_of([float(time) for time, _ in rows], [died for _, died in rows])
    row = restricted_mean(cohort, months=months).table.iloc[0]
    if not np.isnan(row["mean"]):
        assert 0 < row["mean"] <= months
        assert row["mean"] >= min(months, *(time for time, _ in rows)) - 1e-9
    if not row["withheld"]:
        assert 0 <= row["lower"] <= row["mean"] <= row["upper"] <= months
