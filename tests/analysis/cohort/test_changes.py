"""Differences between two versions of a cohort."""

import pandas as pd

from analysis import Cohort, load_sample, read_cohort
from analysis.cohort.changes import changes


def version(patients: list[tuple[str, float, int]], visits: list[tuple[str, float, float | None]]) -> Cohort:
    return read_cohort(
        pd.DataFrame(patients, columns=["patient_id", "follow_up_months", "died"]),
        pd.DataFrame(visits, columns=["patient_id", "months", "sledai"]),
    )


def test_the_same_file_has_no_changes() -> None:
    assert changes(load_sample(), load_sample()).empty


def test_rows_and_values_that_changed() -> None:
    before = version([("a", 12, 0), ("b", 5, 0)], [("a", 0, 10), ("b", 0, None)])
    after = version([("a", 18, 0), ("c", 1, 1)], [("a", 0, 8), ("a", 6, 4)])
    found = changes(before, after)
    assert found.to_numpy().tolist() == [
        ["patients", "added", "", 1, "c"],
        ["patients", "removed", "", 1, "b"],
        ["patients", "value changed", "follow_up_months", 1, "a"],
        ["visits", "added", "", 1, "a"],
        ["visits", "removed", "", 1, "b"],
        ["visits", "value changed", "sledai", 1, "a"],
    ]


def test_columns_that_were_added_and_removed() -> None:
    before = read_cohort(pd.DataFrame({"patient_id": ["a"], "follow_up_months": 1, "died": 0, "sex": "F"}))
    after = read_cohort(pd.DataFrame({"patient_id": ["a"], "follow_up_months": 1, "died": 0, "age_years": 30}))
    assert changes(before, after)[["change", "column"]].to_numpy().tolist() == [
        ["column added", "age_years"],
        ["column removed", "sex"],
    ]
