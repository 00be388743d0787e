"""SLEDAI from its 24 items, where a file has them."""

import pandas as pd

from analysis import Cohort, read_cohort, trajectory
from analysis.cohort.sledai import ITEMS, check_sledai
from analysis.figures.description.cohort_tables import item_sums_table

PATIENTS = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [12], "died": [0]})


def with_items(present: set[str], **recorded: int) -> Cohort:
    flags = {f"sledai_{item.name}": [int(item.name in present)] for item in ITEMS}
    return read_cohort(PATIENTS, pd.DataFrame({"patient_id": ["a"], "months": [0], **recorded, **flags}))


def test_without_a_total_the_items_are_added_up_and_it_is_said() -> None:
    cohort = with_items({"seizure", "arthritis", "low_complement"})
    assert cohort.visits["sledai"].tolist() == [14]
    assert cohort.visits["clinical_sledai"].tolist() == [12]
    assert trajectory(cohort).summary["centre"].iloc[0] == 14
    assert any("24 items" in message for message in cohort.findings["message"])


def test_a_recorded_total_stays_and_its_difference_is_listed() -> None:
    cohort = with_items({"seizure", "fever"}, sledai=8)
    assert cohort.visits["sledai"].tolist() == [8]
    assert item_sums_table(check_sledai(cohort))[["Recorded", "Items add up to"]].to_numpy().tolist() == [["8", "9"]]
