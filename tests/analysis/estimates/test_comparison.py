"""Log-rank tests worked out by hand, when they are withheld, and properties of any cohort."""

from fractions import Fraction
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from analysis import Cohort, Grouping, SmallNumbers, log_rank
from analysis.listings.event_times import left_out_of_curves
from tests.analysis.made import arms, cohort_of, competing

ALWAYS = SmallNumbers(0, 0)
# Deaths in A at 2 and 6, in B at 3 and 4; at risk in A and B at these: 3 and 3, 2 and 3, 2 and 2, 1 and 1.
SIX = {"A": [(2, 1), (4, 0), (6, 1)], "B": [(3, 1), (4, 1), (8, 0)]}


def test_of(cohort: Cohort, **options: Any) -> tuple[float, float, float]:
    row = log_rank(cohort, by="arm", limits=ALWAYS, **options).table.iloc[0]
    return row["statistic"], row["degrees_of_freedom"], row["p"]


test_of.__test__ = False


@pytest.mark.parametrize(
    ("weights", "statistic"),
    [
        # U = 2 - (1/2 + 2/5 + 1/2 + 1/2), V = 1/4 + 6/25 + 1/4 + 1/4
        (None, Fraction(1, 10) ** 2 / Fraction(99, 100)),
        # weights 6, 5, 4, 2: U = 3 - 2 - 2 + 1
        ("gehan", Fraction(0)),
        # weights 6/7, 5/7, 4/7, 8/21: U = 1/21, V = 187/441
        ("peto", Fraction(1, 187)),
        # weights 1, 5/6, 2/3, 1/2: U = 1/12, V = 85/144
        ("fleming-harrington", Fraction(1, 85)),
        ((1, 0), Fraction(1, 85)),
        # weights 0, 1/6, 1/3, 1/2: U = -1/15 - 1/6 + 1/4 = 1/60, V = 1/150 + 1/36 + 1/16 = 349/3600
        ((0, 1), Fraction(1, 349)),
        ((0, 0), Fraction(1, 99)),
    ],
)
def test_weights_worked_by_hand(weights: Any, statistic: Fraction) -> None:
    found, degrees, p = test_of(arms(**SIX), weights=weights)
    assert (found, degrees) == (pytest.approx(float(statistic), abs=1e-12), 1)
    assert p == pytest.approx(chi2.sf(float(statistic), 1), abs=1e-12)


def test_tarone_ware_worked_by_hand() -> None:
    # The squares of the weights are 6, 5, 4, 2, so V = 3/2 + 6/5 + 1 + 1/2 = 21/5.
    difference = (6**0.5 + 2**0.5 - 4**0.5) / 2 - 5**0.5 * 2 / 5
    assert test_of(arms(**SIX), weights="tarone-ware")[0] == pytest.approx(difference**2 / 4.2)


def test_observed_and_expected_events() -> None:
    groups = log_rank(arms(**SIX), by="arm").groups
    assert groups["patients"].tolist() == [3, 3]
    assert groups["observed"].tolist() == [2, 2]
    assert groups["expected"].tolist() == pytest.approx([1.9, 2.1])


def test_ties_worked_by_hand() -> None:
    # At 1 three of five die, two of three in A: U = 2 - 9/5, V = 3 (3/5) (2/5) (2/4).
    cohort = arms(A=[(1, 1), (1, 1), (2, 0)], B=[(1, 1), (3, 1)])
    assert test_of(cohort)[0] == pytest.approx(float(Fraction(1, 5) ** 2 / Fraction(9, 25)))


def test_events_at_time_zero_count() -> None:
    # At 0 one of four dies, at 3 one of three: U = 1 - 1/2 - 1/3, V = 1/4 + 2/9.
    cohort = arms(A=[(0, 1), (4, 0)], B=[(3, 1), (5, 0)])
    assert test_of(cohort)[0] == pytest.approx(float(Fraction(1, 6) ** 2 / Fraction(17, 36)))
    assert test_of(cohort, weights="fleming-harrington")[1] == 1


def test_a_group_without_events() -> None:
    # U = -1/2 - 2/3, V = 1/4 + 2/9
    cohort = arms(A=[(5, 0), (5, 0)], B=[(1, 1), (2, 1)])
    assert test_of(cohort)[0] == pytest.approx(float(Fraction(49, 17)))


def test_all_censored_has_no_statistic() -> None:
    cohort = arms(A=[(5, 0), (6, 0)], B=[(1, 0), (2, 0)])
    row = log_rank(cohort, by="arm", limits=ALWAYS).table.iloc[0]
    assert row[["statistic", "degrees_of_freedom", "p"]].isna().all()
    assert row["withheld"] == "no event while two groups were at risk"
    assert log_rank(cohort, by="arm").table["withheld"].iloc[0].startswith("fewer than 10 events (0)")


def test_events_with_one_group_at_risk_do_not_count() -> None:
    row = log_rank(arms(A=[(1, 0), (2, 0)], B=[(3, 1), (4, 1)]), by="arm", limits=ALWAYS).table.iloc[0]
    assert row["withheld"] == "no event while two groups were at risk"


@pytest.mark.parametrize("pairwise", [False, True])
@pytest.mark.parametrize("cohort", [arms(A=[(5, 1)]), arms(A=[(5, 1)] * 30)], ids=["one patient", "one group"])
def test_a_single_group_is_withheld(cohort: Cohort, pairwise: bool) -> None:
    table = log_rank(cohort, by="arm", pairwise=pairwise).table
    assert table["withheld"].tolist() == ["needs two groups"]
    assert table["p"].isna().all()


def test_an_organ_that_all_patients_have_makes_one_group() -> None:
    cohort = cohort_of([1, 2, 3], [1, 1, 0], organs=["renal"] * 3)
    assert log_rank(cohort, by=Grouping("renal")).table["withheld"].tolist() == ["needs two groups"]


def test_26_groups_that_differ_in_one() -> None:
    # At 1 die both of A and one of two in each other group: 27 of 52. The sum of U over its expectation's share is
    # 26 (625 + 25) / 676 = 25, and the hypergeometric factor 51 / (27 times 25).
    held = {letter: [(1.0, 1), (1.0 if letter == "A" else 2.0, int(letter == "A"))] for letter in ascii_uppercase}
    found, degrees, p = test_of(arms(**held))
    assert (found, degrees) == (pytest.approx(float(Fraction(17, 9))), 25)
    assert p == pytest.approx(chi2.sf(17 / 9, 25))
    assert len(log_rank(arms(**held), by="arm", pairwise=True).table) == 26 * 25 / 2


def test_all_groups_together_are_one_row() -> None:
    table = log_rank(arms(A=[(1, 1)], B=[(2, 1)], C=[(3, 0)]), by="arm", limits=ALWAYS).table
    assert table.columns.tolist() == ["group_a", "group_b", "statistic", "degrees_of_freedom", "p", "withheld"]
    assert table[["group_a", "group_b", "degrees_of_freedom"]].to_numpy().tolist() == [["All", "", 2]]


def test_trend_worked_by_hand() -> None:
    # At 1 none, one and both of two die: U = -1, 0, 1 by scores 1, 2, 3 is 2; V = 3 (3/5) (2/3).
    cohort = arms(A=[(2, 0), (2, 0)], B=[(1, 1), (2, 0)], C=[(1, 1), (1, 1)])
    assert test_of(cohort, trend=True)[:2] == (pytest.approx(float(Fraction(10, 3))), 1)


def test_strata_add_up() -> None:
    # The hand-worked six twice, in two strata: U = 2/10, V = 198/100.
    rows = [(arm, *patient) for arm, held in SIX.items() for patient in held] * 2
    cohort = cohort_of(
        [row[1] for row in rows],
        [row[2] for row in rows],
        arm=[row[0] for row in rows],
        centre=["north"] * 6 + ["south"] * 6,
    )
    assert test_of(cohort, stratify="centre")[0] == pytest.approx(float(Fraction(2, 99)))


def test_patients_without_a_stratum_are_left_out_and_reported() -> None:
    cohort = cohort_of([1, 2, 3], [1, 1, 1], arm=["A", "B", "A"], centre=["x", "x", None])
    result = log_rank(cohort, by="arm", stratify="centre")
    assert result.left_out.to_numpy().tolist() == [["the stratum is not recorded", 1]]
    listed = left_out_of_curves(cohort, by="arm", stratify="centre")
    assert listed.to_numpy().tolist() == [["p2", "the stratum is not recorded"]]
    assert "1 patient: the stratum is not recorded" in result.method
    assert result.groups["patients"].tolist() == [1, 1]


def test_late_entries_are_at_risk_after_they_enter() -> None:
    # At 2 p0 of A and p2 of B are at risk, at 4 p1 of A, who entered at 2, and p2: U = 2 - 1/2 - 1/2, V = 1/4 + 1/4.
    cohort = cohort_of([2, 4, 6], [1, 1, 0], arm=["A", "A", "B"], entry_months=[0, 2, 0])
    found = log_rank(cohort, by="arm", limits=ALWAYS)
    assert found.table["statistic"].iloc[0] == pytest.approx(2)
    assert "left truncation" in found.method


def test_a_competing_event_censors() -> None:
    cohort = competing([(2, 1), (4, 2), (6, 1), (3, 1), (4, 1), (8, 0)], arm=list("AAABBB"))
    result = log_rank(cohort, "relapse", by="arm", limits=ALWAYS)
    assert result.table["statistic"].iloc[0] == pytest.approx(float(Fraction(1, 99)))
    assert "death before it censors" in result.method


def many(deaths: int, patients: int) -> list[tuple[float, int]]:
    return [(float(month), int(month <= deaths)) for month in range(1, patients + 1)]


@pytest.mark.parametrize(
    ("cohort", "withheld"),
    [
        (arms(A=many(5, 10), B=many(5, 10)), ""),
        (arms(A=many(5, 10), B=many(4, 10)), "fewer than 10 events (9)"),
        (arms(A=many(9, 9), B=many(5, 10)), "fewer than 10 patients (9 in A)"),
        (arms(A=many(1, 9), B=many(1, 8)), "fewer than 10 events (2); fewer than 10 patients (9 in A, 8 in B)"),
    ],
)
def test_small_numbers_withhold_p_and_keep_the_statistic(cohort: Cohort, withheld: str) -> None:
    row = log_rank(cohort, by="arm").table.iloc[0]
    assert row["withheld"] == withheld
    assert np.isnan(row["p"]) == bool(withheld)
    assert np.isfinite(row["statistic"])


def test_thresholds_are_settings_and_named_in_the_method() -> None:
    result = log_rank(arms(A=many(2, 4), B=many(2, 4)), by="arm", limits=SmallNumbers(events=4, patients=4))
    assert result.table["withheld"].tolist() == [""]
    assert "withheld below 4 events (2 a group) or 4 patients a group" in result.method


def test_withheld_pairs_are_not_in_holms_family() -> None:
    cohort = arms(A=many(8, 12), B=[(month + 3, died) for month, died in many(8, 12)], C=many(3, 3))
    pairs = log_rank(cohort, by="arm", pairwise=True).table.set_index(["group_a", "group_b"])
    alone = log_rank(cohort.subset(cohort.patients["arm"] != "C"), by="arm").table.iloc[0]
    assert pairs.loc[("A", "B"), "p"] == pytest.approx(alone["p"])
    assert pairs["p"].isna().tolist() == [False, True, True]
    assert pairs["withheld"].iloc[1] == "fewer than 10 patients (3 in C)"


@pytest.mark.parametrize(
    "options",
    [
        {"weights": "wilcoxon"},
        {"weights": (1, 2, 3)},
        {"weights": (-1, 0)},
        {"adjust": "sidak"},
        {"pairwise": True, "trend": True},
    ],
)
def test_unknown_arguments_are_refused_by_name(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|pair|in pairs"):
        log_rank(arms(**SIX), by="arm", **options)


cohorts = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 12), st.integers(0, 1)), min_size=2, max_size=40
).map(
    lambda rows: cohort_of(
        [row[1] / 2 for row in rows], [row[2] for row in rows], arm=[row[0] for row in rows], one=["x"] * len(rows)
    )
)  # fmt: skip
weightings = st.sampled_from([None, "gehan", "tarone-ware", "peto", (1, 0), (0.5, 2)])


@given(cohorts, weightings)
def test_properties_of_any_cohort(cohort: Cohort, weights: Any) -> None:
    result = log_rank(cohort, by="arm", weights=weights, limits=ALWAYS)
    row = result.table.iloc[0]
    # Sums of observed and expected events are equal, whatever the weights.
    assert result.groups["observed"].sum() == pytest.approx(result.groups["expected"].sum())
    if not np.isnan(row["statistic"]):
        assert row["statistic"] >= 0
        assert 0 <= row["p"] <= 1
        assert row["degrees_of_freedom"] <= len(result.groups) - 1
    stratified = log_rank(cohort, by="arm", weights=weights, stratify="one", limits=ALWAYS).table
    assert stratified["statistic"].iloc[0] == pytest.approx(row["statistic"], nan_ok=True)
    flipped = cohort_of(
        cohort.patients["follow_up_months"].tolist(),
        cohort.patients["died"].astype(int).tolist(),
        arm=cohort.patients["arm"].astype(object).map({"A": "z", "B": "y", "C": "x"}).tolist(),
    )
    other = log_rank(flipped, by="arm", weights=weights, limits=ALWAYS).table
    assert other["statistic"].iloc[0] == pytest.approx(row["statistic"], abs=1e-9, nan_ok=True)


@given(cohorts, weightings)
def test_with_two_groups_the_trend_test_is_the_log_rank_test(cohort: Cohort, weights: Any) -> None:
    two = cohort.subset(cohort.patients["arm"] != "C")
    if two.patients["arm"].nunique() == 2:
        one, other = (test_of(two, weights=weights, trend=trend) for trend in (False, True))
        assert one == pytest.approx(other, nan_ok=True)


@given(cohorts)
def test_adjusted_p_values_keep_their_order(cohort: Cohort) -> None:
    tables = {
        adjust: log_rank(cohort, by="arm", pairwise=True, adjust=adjust, limits=ALWAYS).table.dropna()
        for adjust in ("benjamini-hochberg", "holm", "bonferroni")
    }
    for smaller, larger in pairwise(tables.values()):
        assert (smaller["p"].to_numpy() <= larger["p"].to_numpy() + 1e-12).all()
    for table in tables.values():
        assert table["p"].between(0, 1).all()
