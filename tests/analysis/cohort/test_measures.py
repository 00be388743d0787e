"""What patients can be compared by."""

import pandas as pd

from analysis import load_sample, read_cohort
from analysis.cohort.measures import characteristics, numeric_characteristics


def test_the_sample_is_compared_by_what_was_known_at_transplantation() -> None:
    sample = load_sample()
    assert characteristics(sample) == ["msc_source", "sex"]
    assert numeric_characteristics(sample) == [
        "baseline_sledai", "age_years", "disease_duration_months", "transplant_year",
    ]  # fmt: skip


def test_a_column_of_many_levels_is_no_grouping() -> None:
    patients = pd.DataFrame({"patient_id": [str(row) for row in range(20)], "follow_up_months": 1, "died": 0})
    cohort = read_cohort(patients.assign(centre=[f"c{row % 10}" for row in range(20)], arm=["a", "b"] * 10))
    assert "centre" not in characteristics(cohort)
