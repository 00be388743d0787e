"""Cumulative incidence and Gray's test worked out by hand, and properties of any cohort."""

from fractions import Fraction
from math import exp, log, sqrt
from string import ascii_uppercase

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, SmallNumbers, TimeToEvent, cumulative_incidence, kaplan_meier
from tests.analysis.made import arms, cohort_of, competing
from tests.properties import SOME

ALWAYS = SmallNumbers(0, 0)


def test_worked_by_hand_with_ties() -> None:
    # At 1 one of six relapses and one dies, at 2 one is censored, at 3 one of three relapses and one dies.
    result = cumulative_incidence(competing([(1, 1), (1, 2), (2, 0), (3, 1), (3, 2), (4, 0)]))
    curve = result.curve
    assert curve.columns.tolist() == [
        "group", "months", "at_risk", "events", "competing", "incidence", "lower", "upper",
    ]  # fmt: skip
    assert curve["months"].tolist() == [0, 1, 2, 3, 4]
    assert curve["at_risk"].tolist() == [6, 6, 4, 3, 1]
    assert curve["events"].tolist() == [0, 1, 0, 1, 0]
    assert curve["competing"].tolist() == [0, 1, 0, 1, 0]
    first, second = Fraction(1, 6), Fraction(1, 6) + Fraction(4, 6) * Fraction(1, 3)
    assert curve["incidence"].tolist() == pytest.approx([0, *map(float, (first, first, second, second))])
    naive = [0, Fraction(1, 6), Fraction(1, 6), 1 - Fraction(5, 6) * Fraction(2, 3), Fraction(4, 9)]
    assert result.naive["incidence"].tolist() == pytest.approx([float(share) for share in naive])
    assert result.summary[["patients", "events", "competing"]].to_numpy().tolist() == [[6, 2, 2]]


def test_without_censoring_the_standard_error_is_binomial() -> None:
    row = cumulative_incidence(competing([(1, 1), (2, 2), (3, 1), (4, 2), (5, 0)])).at([3]).iloc[0]
    share = Fraction(2, 5)
    error = sqrt(share * (1 - share) / 5)
    width = exp(1.959963984540054 * error / (float(share) * log(share)))
    assert (row["lower"], row["upper"]) == pytest.approx((float(share) ** (1 / width), float(share) ** width))


def test_events_at_time_zero_are_in_the_first_row() -> None:
    curve = cumulative_incidence(competing([(0, 1), (0, 2), (0, 0), (3, 1)])).curve
    assert curve["months"].tolist() == [0, 3]
    assert curve["incidence"].tolist() == pytest.approx([1 / 4, 1 / 4 + 1 / 2])


def test_all_censored_has_the_exact_limits() -> None:
    row = cumulative_incidence(competing([(5, 0)] * 20)).at([0]).iloc[0]
    assert (row["incidence"], row["lower"]) == (0, 0)
    assert row["upper"] == pytest.approx(1 - 0.025 ** (1 / 20))


def test_a_group_with_competing_events_only_has_limits() -> None:
    # Deaths leave the risk set, so that the limit is conservative: that of ever fewer patients.
    at = cumulative_incidence(competing([(1, 2), (2, 0), (3, 0)])).at([0, 1])
    assert at["incidence"].tolist() == [0, 0]
    assert at["upper"].tolist() == pytest.approx([1 - 0.025 ** (1 / 3), 1 - 0.025 ** (1 / 2)])


def test_until_its_first_event_a_group_has_the_exact_limits() -> None:
    # 20 of 20 without relapse at month 12: 0-17 %, whether or not one of them relapses later, and one dies before.
    rows = [(36.0, 0)] * 20 + [(14.0, 2), (30.0, 1)] + [(36.0, 0)] * 18
    result = cumulative_incidence(competing(rows, arm=["A"] * 20 + ["B"] * 20), by="arm")
    at = result.at([12, 24, 30]).set_index(["group", "months"])
    assert at.loc[[("A", 12), ("B", 12)], "upper"].tolist() == pytest.approx([1 - 0.025 ** (1 / 20)] * 2)
    assert at.loc[("B", 24), "upper"] == pytest.approx(1 - 0.025 ** (1 / 19))
    assert at["lower"].tolist()[:5] == [0] * 5
    assert 0 < at.loc[("B", 30), "lower"] < 1 / 20 < at.loc[("B", 30), "upper"]
    assert "exact (beta product) until the first event of a group" in result.method


@pytest.mark.parametrize(("status", "incidence"), [(1, 1), (2, 0)])
def test_one_patient(status: int, incidence: float) -> None:
    row = cumulative_incidence(competing([(5, status)])).at([99]).iloc[0]
    assert (row["at_risk"], row["incidence"]) == (0, incidence)


def test_incidence_beyond_follow_up_is_missing_unless_all_had_an_event() -> None:
    assert cumulative_incidence(competing([(1, 1), (2, 0)])).at([3])["incidence"].isna().all()
    at = cumulative_incidence(competing([(1, 1), (2, 2)])).at([3]).iloc[0]
    assert (at["incidence"], at["cumulative_events"], at["cumulative_competing"]) == (0.5, 1, 1)


def test_late_entries_are_at_risk_after_they_enter() -> None:
    # At 2 p0 and p2 are at risk, at 4 p1 and p2.
    cohort = competing([(2, 1), (4, 2), (6, 1)], entry_months=[0, 2, 0], arm=["A", "A", "B"])
    result = cumulative_incidence(cohort, by=None)
    assert result.at([2, 4, 6])["incidence"].tolist() == pytest.approx([1 / 2, 1 / 2, 3 / 4])
    test = cumulative_incidence(cohort, by="arm", limits=ALWAYS).test.iloc[0]
    assert test["withheld"] == "Gray's test does not take late entries"


def test_without_competing_events_it_is_one_minus_kaplan_meier() -> None:
    cohort = arms(A=[(1, 1), (2, 0), (2, 1), (5, 1), (6, 0)])
    curve = cumulative_incidence(cohort, "overall_survival").curve
    survival = kaplan_meier(cohort).curve
    assert curve["incidence"].tolist() == pytest.approx((1 - survival["survival"]).tolist())


def statistic(cohort: Cohort, endpoint: str = "relapse") -> tuple[float, float]:
    row = cumulative_incidence(cohort, endpoint, by="arm", limits=ALWAYS).test.iloc[0]
    return row["statistic"], row["degrees_of_freedom"]


def test_gray_worked_by_hand() -> None:
    # One time, two of two relapse in A and none of two in B: U = 1, and the variance is the hypergeometric 1/3.
    cohort = competing([(1, 1), (1, 1), (2, 0), (2, 0)], arm=list("AABB"))
    assert statistic(cohort) == (pytest.approx(3), 1)


def test_gray_with_26_groups_that_differ_in_one() -> None:
    # As for the log-rank test: at a single time both are the hypergeometric test.
    rows = [(1.0, 1), (1.0, 1)] + [(1.0, 1), (2.0, 0)] * 25
    cohort = competing(rows, arm=[letter for letter in ascii_uppercase for _ in range(2)])
    assert statistic(cohort) == (pytest.approx(float(Fraction(17, 9))), 25)


def test_equal_groups_do_not_differ() -> None:
    rows = [(0, 1), (1, 2), (2, 1), (3, 0), (3, 1)]
    assert statistic(competing(rows * 2, arm=list("AAAAABBBBB"))) == (pytest.approx(0, abs=1e-12), 1)


@pytest.mark.parametrize("arm", ["xyzxy", "zyxzy", "yxzyx"])
def test_a_negative_variance_gives_no_test(arm: str) -> None:
    # With so few patients Gray's variance has a negative eigenvalue; cmprsk prints -4.21 and p = 1.
    cohort = competing([(0, 0), (0, 1), (0.5, 1), (0.5, 1), (0.5, 1)], arm=list(arm))
    row = cumulative_incidence(cohort, by="arm", limits=ALWAYS).test.iloc[0]
    assert row["withheld"] == "too few patients for the variance of Gray's test"
    assert row[["statistic", "degrees_of_freedom", "p"]].isna().all()


@pytest.mark.parametrize("by", [None, "arm"])
def test_gray_needs_two_groups(by: str | None) -> None:
    test = cumulative_incidence(competing([(1, 1), (2, 2)], arm=["A", "A"]), by=by).test
    assert test.columns.tolist() == ["statistic", "degrees_of_freedom", "p", "withheld"]
    assert test["withheld"].tolist() == ["needs two groups"]
    assert test[["statistic", "degrees_of_freedom", "p"]].isna().all(axis=None)


def test_gray_without_events_has_no_statistic() -> None:
    row = cumulative_incidence(competing([(1, 2), (2, 0)], arm=["A", "B"]), by="arm", limits=ALWAYS).test.iloc[0]
    assert np.isnan(row["statistic"])
    assert row["withheld"] == "no event while two groups were at risk"


def test_small_numbers_withhold_p_and_keep_the_statistic() -> None:
    row = cumulative_incidence(competing([(1, 1), (2, 2), (3, 1), (4, 0)], arm=list("ABAB")), by="arm").test.iloc[0]
    assert row["withheld"] == "fewer than 10 events (2); fewer than 10 patients (2 in A, 2 in B)"
    assert np.isfinite(row["statistic"])
    assert np.isnan(row["p"])


def test_the_method_names_the_competing_event() -> None:
    result = cumulative_incidence(competing([(1, 1), (2, 2)]))
    assert "death before it competes" in result.method
    assert result.time_zero == "transplantation"


def test_times_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="from 0 months on"):
        cumulative_incidence(competing([(1, 1)])).at([-1])


rows_of_any = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 2)), min_size=1, max_size=40)


def own(rows: list[tuple[int, int]]) -> Cohort:
    columns: dict[str, list[object]] = {"time": [time / 2 for time, _ in rows]}
    columns |= {f"is_{status}": [int(kind == status) for _, kind in rows] for status in (1, 2)}
    columns["arm"] = ["xyz"[place % 3] for place in range(len(rows))]
    return cohort_of([99.0] * len(rows), [0] * len(rows), **columns)


@SOME
@given(rows_of_any)
def test_incidences_and_survival_add_up_to_one(rows: list[tuple[int, int]]) -> None:
    cohort = own(rows)
    first = cumulative_incidence(cohort, TimeToEvent("time", "is_1", competing="is_2"))
    second = cumulative_incidence(cohort, TimeToEvent("time", "is_2", competing="is_1"))
    either = cohort_of([time / 2 for time, _ in rows], [int(status > 0) for _, status in rows])
    survival = kaplan_meier(either).curve["survival"]
    assert (first.curve["incidence"] + second.curve["incidence"] + survival).tolist() == pytest.approx(
        [1] * len(survival)
    )
    assert (first.naive["incidence"] >= first.curve["incidence"] - 1e-12).all()
    banded = first.curve.dropna()
    assert (banded["lower"] <= banded["incidence"] + 1e-12).all()
    assert (banded["upper"] >= banded["incidence"] - 1e-12).all()


@SOME
@given(rows_of_any, st.permutations("xyz"))
def test_the_order_of_groups_does_not_matter(rows: list[tuple[int, int]], names: list[str]) -> None:
    cohort = own(rows)
    renamed = own(rows)
    renamed.patients["arm"] = cohort.patients["arm"].astype(str).map(dict(zip("xyz", names, strict=True)))
    endpoint = TimeToEvent("time", "is_1", competing="is_2")
    one, other = (
        cumulative_incidence(held, endpoint, by="arm", limits=ALWAYS).test.iloc[0] for held in (cohort, renamed)
    )
    assert other["statistic"] == pytest.approx(one["statistic"], rel=1e-6, abs=1e-9, nan_ok=True)
