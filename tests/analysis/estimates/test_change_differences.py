"""Differences between groups in the change of a score: published numbers, and reasons for missing ones."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from analysis import Cohort, Pinned, SmallNumbers, read_cohort, trajectory
from analysis.estimates.scores.change_differences import change_differences
from tests.analysis.made import SAMPLE

MEASURE = "proteinuria_g_per_24h"  # it takes decimals
ALWAYS = SmallNumbers(0, 0)
MONTHS = (0, 6, 12)
SLEEP = {
    "A": [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    "B": [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
}


def cohort_of(changes: dict[str, list[float]], later: dict[str, list[float]] | None = None) -> Cohort:
    """Return patients by arm with these changes from a score of 10 at month 6, and `later` ones at month 12."""
    months = {6: changes, 12: later or {}}
    longest = {arm: max(len(by_arm.get(arm, [])) for by_arm in months.values()) for arm in changes}
    people = [(f"{arm}{number}", arm) for arm, patients in longest.items() for number in range(patients)]
    visits = [(patient, 0.0, 10.0) for patient, _ in people]
    for month, by_arm in months.items():
        visits += [
            (f"{arm}{number}", float(month), 10 + change)
            for arm, values in by_arm.items()
            for number, change in enumerate(values)
        ]
    patients = pd.DataFrame(people, columns=["patient_id", "arm"]).assign(follow_up_months=12, died=0)
    return read_cohort(patients, pd.DataFrame(visits, columns=["patient_id", "months", MEASURE]))


def test_the_hours_of_sleep_of_student() -> None:
    # R, t.test(extra ~ group, data = sleep): t = -1.8608, 17.776 degrees of freedom (group 1 less group 2 there)
    found = change_differences(cohort_of(SLEEP), MEASURE, schedule=[0, 6], by="arm")
    row = found.table.iloc[0]
    assert row[["months", "group_a", "group_b", "patients_a", "patients_b"]].tolist() == [6, "A", "B", 10, 10]
    assert row[["mean_change_a", "mean_change_b", "difference"]].tolist() == pytest.approx([0.75, 2.33, 1.58])
    assert row[["lower", "upper"]].tolist() == pytest.approx([-0.205483230712, 3.36548323071], abs=1e-9)
    assert row["p"] == pytest.approx(0.0793941401874, abs=1e-9)
    assert row["withheld"] == ""
    assert "20 patients" in found.method


def test_the_changes_are_those_of_the_trajectory() -> None:
    sample = SAMPLE
    table = change_differences(sample, by="msc_source").table
    shown = trajectory(sample, by="msc_source").change.set_index(["group", "months"])
    assert table["months"].tolist() == [1, 3, 6, 12, 24, 36, 48]
    for row in table.to_dict("records"):
        for side, group in (("a", "BM"), ("b", "UC")):
            of_group = shown.loc[(group, row["months"])]
            assert row[f"patients_{side}"] == of_group["pairs"]
            assert row[f"mean_change_{side}"] == pytest.approx(of_group["mean_change"])


def test_window_and_same_patients_are_those_of_the_trajectory() -> None:
    sample = SAMPLE
    narrow = change_differences(sample, by="msc_source", window_months=0.1).table
    shown = trajectory(sample, by="msc_source", window_months=0.1).change
    assert narrow["patients_a"].tolist() == shown.loc[shown["group"] == "BM", "pairs"].tolist()
    same = change_differences(sample, by="msc_source", schedule=MONTHS, same_patients=True)
    assert same.table["patients_a"].nunique() == same.table["patients_b"].nunique() == 1
    assert "the same patients at every month" in same.method


def test_few_patients_keep_their_interval_and_lose_p() -> None:
    changes = {"A": SLEEP["A"], "B": SLEEP["B"][:9]}
    row = change_differences(cohort_of(changes), MEASURE, schedule=[0, 6], by="arm").table.iloc[0]
    assert row["withheld"] == "fewer than 10 patients (9 in B)"
    assert math.isnan(row["p"])
    assert row[["difference", "lower", "upper"]].notna().all()
    asked = change_differences(
        cohort_of(changes), MEASURE, schedule=[0, 6], by="arm", limits=SmallNumbers(99, 9)
    ).table.iloc[0]
    assert asked["withheld"] == ""
    assert asked["p"] == pytest.approx(ttest_ind(changes["B"], changes["A"], equal_var=False).pvalue)


@pytest.mark.parametrize(
    ("changes", "withheld", "difference"),
    [
        ({"A": [1, 2, 3], "B": []}, "nobody in B has both values", None),
        ({"A": [], "B": []}, "nobody in A or B has both values", None),
        ({"A": [1, 2, 3], "B": [4]}, "no interval: one patient in B", 2),
        ({"A": [1], "B": [4]}, "no interval: one patient in A and B", 3),
        ({"A": [0.1] * 3, "B": [0.4] * 3}, "no interval: no patient's change differs from another's in the group", 0.3),
    ],
)
def test_missing_p_has_a_reason(changes: dict[str, list[float]], withheld: str, difference: float | None) -> None:
    cohort = cohort_of(changes, later={"A": [1, 2, 4], "B": [3, 5, 9]})
    table = change_differences(cohort, MEASURE, schedule=MONTHS, by="arm", limits=ALWAYS).table
    row = table.iloc[0]
    assert row["withheld"] == withheld
    assert row[["lower", "upper", "p"]].isna().all()
    assert row["difference"] == pytest.approx(np.nan if difference is None else difference, nan_ok=True)
    assert table.iloc[1][["lower", "upper", "p"]].notna().all()


def test_a_group_that_does_not_vary_is_compared_with_one_that_does() -> None:
    row = change_differences(
        cohort_of({"A": [1] * 4, "B": [2, 3, 4, 7]}), MEASURE, schedule=[0, 6], by="arm", limits=ALWAYS
    ).table.iloc[0]
    # One-sample t of 2, 3, 4, 7 against 1: mean 4, standard deviation sqrt(14 / 3), t(3; 0.975) = 3.18245
    half = 3.182446 * math.sqrt(14 / 3) / 2
    assert row[["difference", "lower", "upper"]].tolist() == pytest.approx([3, 3 - half, 3 + half], abs=1e-5)
    assert row["p"] == pytest.approx(0.06913687, abs=5e-9)  # R, t.test(c(2, 3, 4, 7), mu = 1)


def test_patients_without_a_change_are_left_out() -> None:
    cohort = cohort_of({"A": [1, 2], "B": [3, 4]})
    only_first = pd.concat([cohort.visits, pd.DataFrame([("Z", 0.0, 5.0)], columns=["patient_id", "months", MEASURE])])
    people = pd.DataFrame(
        {"patient_id": ["A0", "A1", "B0", "B1", "Z", "Y"], "arm": [*"AABBA", None], "follow_up_months": 12, "died": 0}
    )
    visits = only_first[["patient_id", "months", MEASURE]]
    found = change_differences(read_cohort(people, visits), MEASURE, schedule=MONTHS, by="arm", limits=ALWAYS)
    assert found.left_out.to_numpy().tolist() == [
        ["the group is not recorded", 1],
        ["no value at a later scheduled month", 1],
    ]
    assert "4 patients" in found.method


def test_overlapping_cohorts_have_a_difference_without_limits_or_p() -> None:
    cohort = cohort_of(SLEEP)
    ids = cohort.patients["patient_id"]
    first = cohort.subset(ids.str.startswith("A") | ids.isin(["B0", "B1"]))
    second = cohort.subset(ids.str.startswith("B"))
    row = change_differences(cohort, MEASURE, schedule=[0, 6], by=Pinned.of(first, second), limits=ALWAYS).table.iloc[0]
    assert row["withheld"] == "the groups share 2 patients"
    assert row[["patients_a", "patients_b"]].tolist() == [12, 10]
    assert row["difference"] == pytest.approx(2.33 - (7.5 + 1.9 + 0.8) / 12)
    assert row[["lower", "upper", "p"]].isna().all()


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no column 'weight'"):
        change_differences(SAMPLE, "weight", by="msc_source")
    assert change_differences(SAMPLE, by="msc_source", schedule=[0]).table.empty


values = st.lists(st.integers(-9, 9), min_size=1, max_size=12)


@given(values, values)
def test_reversed_groups_change_the_sign(first: list[int], second: list[int]) -> None:
    one, other = (
        change_differences(cohort_of(changes), MEASURE, schedule=[0, 6], by="arm", limits=ALWAYS).table.iloc[0]
        for changes in ({"A": first, "B": second}, {"A": second, "B": first})
    )
    numbers = ["difference", "lower", "upper", "p"]
    assert one[numbers].tolist() == pytest.approx(
        [-other["difference"], -other["upper"], -other["lower"], other["p"]], nan_ok=True
    )
    assert one[["lower", "upper", "p"]].isna().nunique() == 1
    assert (one["withheld"] == "") == pd.notna(one["p"])
    if pd.notna(one["p"]):
        # p is below 0.05 exactly if the interval excludes 0
        assert (one["p"] < 0.05) == (one["lower"] > 0 or one["upper"] < 0) or one["p"] == pytest.approx(0.05)
