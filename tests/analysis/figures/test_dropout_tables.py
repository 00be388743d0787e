"""What is told of those who left, also where nobody under a filter has a value."""

import pandas as pd
import pytest

from analysis import Cohort, Filters, OneOf, dropout, read_cohort
from analysis.figures.scores.dropout import leavers_line, leavers_table


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    patients = pd.DataFrame(
        {"patient_id": ["a", "b", "c"], "follow_up_months": [24, 24, 24], "died": 0, "msc_source": ["UC", "UC", "AD"]}
    )
    visits = pd.DataFrame({"patient_id": ["a", "a", "b"], "months": [0, 12, 0], "sledai": [14, 4, 10]})
    return read_cohort(patients, visits)


def test_those_with_and_without_a_later_value_are_apart(cohort: Cohort) -> None:
    table = leavers_table(dropout(cohort))
    first = table.iloc[0].to_dict()
    assert set(first.values()) >= {"14.0 (n = 1)", "10.0 (n = 1)"}


def test_without_any_value_it_says_nobody(cohort: Cohort) -> None:
    nobody = dropout(cohort.where(Filters({"msc_source": OneOf("AD")})))
    assert set(leavers_table(nobody).drop(columns="Visit").to_numpy().ravel()) <= {"nobody"}
    assert "nan" not in leavers_line(nobody, 12)
