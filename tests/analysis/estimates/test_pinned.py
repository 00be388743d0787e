"""Two cohorts side by side that share patients: every estimate, and no test."""

import pytest

from analysis import (
    Cohort,
    Pinned,
    SmallNumbers,
    cumulative_incidence,
    follow_up,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    restricted_mean,
)
from analysis.cohort.grouping import group_labels
from tests.analysis.made import cohort_of

ALWAYS = SmallNumbers(0, 0)
SHARE = "the groups share 2 patients"


@pytest.fixture(scope="module")
def six() -> Cohort:
    return cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], relapse_months=[1, 3, 5, None, None, None])


def part(cohort: Cohort, *numbers: int) -> Cohort:
    return cohort.subset(cohort.patients["patient_id"].isin([f"p{number}" for number in numbers]))


@pytest.fixture(scope="module")
def sharing(six: Cohort) -> Pinned:
    return Pinned.of(part(six, 0, 1, 2, 3), part(six, 2, 3, 4), ("first", "second"))


@pytest.fixture(scope="module")
def apart(six: Cohort) -> Pinned:
    return Pinned.of(part(six, 0, 2, 4), part(six, 1, 3, 5))


def test_each_cohort_has_the_curve_it_has_alone(six: Cohort, sharing: Pinned) -> None:
    result = kaplan_meier(six, by=sharing)
    assert result.summary[["group", "patients", "events"]].to_numpy().tolist() == [["first", 4, 2], ["second", 3, 2]]
    for group, numbers in (("first", (0, 1, 2, 3)), ("second", (2, 3, 4))):
        alone = kaplan_meier(part(six, *numbers)).curve
        own = result.curve[result.curve["group"] == group]
        assert own.drop(columns="group").to_numpy() == pytest.approx(
            alone.drop(columns="group").to_numpy(), nan_ok=True
        )
    assert result.left_out.empty  # who is in neither cohort was not asked for
    assert follow_up(six, by=sharing).table["mean"].tolist() == [5, 8]


def test_cohorts_that_share_patients_get_no_test(six: Cohort, sharing: Pinned) -> None:
    for pairwise in (False, True):
        row = log_rank(six, by=sharing, pairwise=pairwise, limits=ALWAYS).table.iloc[0]
        assert (row["group_a"], row["group_b"], row["withheld"]) == ("first", "second", SHARE)
        assert row["p"] != row["p"]
    assert cumulative_incidence(six, by=sharing, limits=ALWAYS).test["withheld"].tolist() == [SHARE]
    assert restricted_mean(six, by=sharing, months=6, limits=ALWAYS).differences["withheld"].tolist() == [SHARE]
    ratios = hazard_ratios(six, by=sharing, limits=ALWAYS).table
    assert ratios["withheld"].tolist() == [SHARE]
    assert ratios[["hazard_ratio", "p", "proportional_p"]].isna().all(axis=None)


def test_cohorts_apart_are_compared_as_groups_are(six: Cohort, apart: Pinned) -> None:
    arm = cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], arm=["A", "B"] * 3)
    by_column = log_rank(arm, by="arm", limits=ALWAYS).table
    assert log_rank(six, by=apart, limits=ALWAYS).table.equals(by_column)


def test_nobody_is_lost_without_a_word(six: Cohort, sharing: Pinned) -> None:
    late = cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], entry_months=[0, 0, 7, 0, 0, 13])
    left_out = kaplan_meier(late, by=sharing).left_out
    assert left_out["patient_id"].tolist() == ["p2"]


def test_where_a_patient_has_one_group_only_cohorts_apart_will_do(six: Cohort, sharing: Pinned, apart: Pinned) -> None:
    assert group_labels(six, apart).tolist() == ["A", "B"] * 3
    with pytest.raises(ValueError, match="first and second share patients"):
        group_labels(six, sharing)


def test_pinned_cohorts_are_a_key(six: Cohort) -> None:
    assert {Pinned.of(part(six, 0), part(six, 1)): 1}[Pinned.of(part(six, 0), part(six, 1))] == 1
