"""Visits that may be told while small counts are hidden."""

import pandas as pd

from analysis import Cohort, cumulative_incidence, read_cohort, trajectory
from analysis.disclosure.shared_curves import shared_incidence
from analysis.disclosure.shared_visits import shared_trajectory


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
    months = [float(number % 10 + 1) for number in range(120)]
    patients = pd.DataFrame(
        {
            "patient_id": [f"p{number}" for number in range(120)],
            "follow_up_months": [60.0] * 60 + months[60:],
            "died": [0] * 60 + [1] * 30 + [0] * 30,
            "relapse_months": [*months[:60], *[None] * 60],
            "arm": ["a", "b"] * 60,
        }
    )
    result = cumulative_incidence(read_cohort(patients), by="arm")
    assert result.test["p"].notna().all()
    test = shared_incidence(result, 5).test
    assert test[["statistic", "degrees_of_freedom", "p"]].isna().all(axis=None)
    assert test["withheld"].tolist() == ["it is made from all counts, and counts below 5 are hidden"]
