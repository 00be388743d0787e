"""Numbers of patients that each figure can use."""

import pandas as pd

from analysis import read_cohort
from analysis.estimates.description.usable import usable
from tests.analysis.made import SAMPLE


def counts(cohort) -> dict[str, int]:
    table = usable(cohort)
    return dict(zip(table["figure"], table["patients"], strict=True))


def test_the_sample_has_everything() -> None:
    assert set(counts(SAMPLE).values()) == {87}


def test_missing_data_lower_the_count() -> None:
    patients = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": 12, "died": 0})
    visits = pd.DataFrame(
        {"patient_id": list("aab"), "months": [0, 6, 6], "sledai": [10, None, 4], "remission": [None, "none", None]}
    )
    assert counts(read_cohort(patients, visits)) == {
        "Survival": 3,
        "Relapse-free survival": 0,
        "Remission per year": 1,
        "Relapse per year": 0,
        "SLEDAI over time": 2,
        "Change of SLEDAI": 1,
    }
