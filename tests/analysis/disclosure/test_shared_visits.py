"""Visits that may be told while small counts are hidden."""

import pandas as pd
import pytest

from analysis import Cohort, cumulative_incidence, read_cohort, trajectory
from analysis.disclosure.shared_curves import shared_incidence
from analysis.disclosure.shared_visits import shared_trajectory
from analysis.estimates.scores.trajectory import Trajectory
from tests.analysis.made import SAMPLE


def groups_with_unseen(unseen: dict[str, int], size: int = 30) -> Cohort:
    """Return groups of patients, of whom the first so many of each have no visit."""
    ids = [f"{group}{number}" for group in unseen for number in range(size)]
    groups = [group for group in unseen for _ in range(size)]
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": 20.0, "died": 0, "arm": groups})
    seen = [f"{group}{number}" for group, without in unseen.items() for number in range(without, size)]
    visits = pd.DataFrame({"patient_id": seen, "months": 12.0, "sledai": range(len(seen))})
    return read_cohort(patients, visits)


def test_few_without_a_value_in_one_group_hide_the_visit_though_others_have_many() -> None:
    """The size of each group stands in a baseline table: 28 of 30 would tell that two have no value."""
    told = shared_trajectory(trajectory(groups_with_unseen({"A": 2, "B": 10}), by="arm"), 5)
    assert 12 not in told.summary["months"].tolist()
    many = shared_trajectory(trajectory(groups_with_unseen({"A": 6, "B": 10}), by="arm"), 5)
    assert many.summary.set_index(["group", "months"])["patients"][("A", 12)] == 24


def test_no_test_is_made_from_counts_that_are_hidden() -> None:
    """Its statistic, even rounded, can have one value only for a hidden count."""
    months = [float(number % 10 + 1) for number in range(480)]
    patients = pd.DataFrame(
        {
            "patient_id": [f"p{number}" for number in range(480)],
            "follow_up_months": [60.0] * 240 + months[240:],
            "died": [0] * 240 + [1] * 120 + [0] * 120,
            "relapse_months": [*months[:240], *[None] * 240],
            "arm": ["a", "b"] * 240,
        }
    )
    result = cumulative_incidence(read_cohort(patients), by="arm")
    assert result.test["p"].notna().all()
    test = shared_incidence(result, 5).test
    assert test[["statistic", "degrees_of_freedom", "p"]].isna().all(axis=None)
    assert test["withheld"].tolist() == ["it is made from all counts, and counts below 5 are hidden"]


def measured_once(scores: list[float] | list[str]) -> Cohort:
    """Return patients of whom each has one value."""
    ids = [f"p{number}" for number in range(len(scores))]
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": 20.0, "died": 0})
    return read_cohort(patients, pd.DataFrame({"patient_id": ids, "months": 12.0, "sledai": scores}))


def told_at_12(result: Trajectory, least: int = 5) -> pd.Series:
    """Return the row of the visit at which all were measured; empty where it is left out."""
    summary = shared_trajectory(result, least).summary.set_index("months")
    return summary.loc[12] if 12 in summary.index else pd.Series(dtype=float)


def test_a_mean_does_not_tell_how_few_have_another_value() -> None:
    """Of 30, 28 are 0: the mean is 1/15, so two are 1."""
    assert told_at_12(trajectory(measured_once([0.0] * 28 + [1.0] * 2))).empty
    assert told_at_12(trajectory(measured_once([0.0] * 24 + [1.0] * 6)))["centre"] == pytest.approx(0.2)


@pytest.mark.parametrize(("patients", "told"), [(8, False), (19, False), (20, True)])
def test_the_limits_of_a_median_are_not_the_values_of_the_outermost_patients(patients: int, told: bool) -> None:
    """Of 8 values they are the lowest and the highest; of 20 the sixth from either end."""
    of_median = told_at_12(trajectory(measured_once([*range(patients)]), centre="median"))
    assert of_median.reindex(["lower", "upper"]).notna().all() == told


@pytest.mark.parametrize(("patients", "told"), [(17, False), (18, True)])
def test_a_quartile_does_not_tell_how_few_lie_below_it(patients: int, told: bool) -> None:
    """Of 17 values the quartile is the fifth: four lie below."""
    row = told_at_12(trajectory(measured_once([*range(patients)]), centre="median", spread="iqr"))
    assert row[["lower", "upper"]].notna().all() == told
    assert row["centre"] == (patients - 1) / 2


def test_a_median_does_not_tell_how_few_lie_below_it() -> None:
    assert told_at_12(trajectory(measured_once([*range(9)]), centre="median")).empty
    assert told_at_12(trajectory(measured_once([*range(10)]), centre="median"))["centre"] == 4.5


def test_what_was_not_above_0_is_hidden_in_the_method() -> None:
    scores = [0.0] * 2 + [1.0, 2.0] * 10
    told = shared_trajectory(trajectory(measured_once(scores), centre="geometric mean"), 5)
    assert "; a hidden number of values not above 0 left out; a hidden number of patients." in told.method
    above = shared_trajectory(trajectory(measured_once(scores[2:]), centre="geometric mean"), 5)
    assert "all values are above 0" in above.method


def test_how_many_values_are_limits_is_hidden_in_the_method() -> None:
    scores = ["<2"] * 2 + ["3", "4"] * 10
    told = shared_trajectory(trajectory(measured_once(scores), at_limit="halved"), 5)
    assert "a hidden number of values at a limit of measurement are taken at half of it" in told.method
    assert "; 2 values" not in told.method
    assert "limit of measurement" not in shared_trajectory(trajectory(measured_once(scores[2:])), 5).method


def test_changes_are_not_told() -> None:
    """With as many patients as have a value their number tells who lacks the first; a p-value how few became worse."""
    assert shared_trajectory(trajectory(SAMPLE), 5).change.empty
