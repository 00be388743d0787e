"""Every patient in a state at a month: the same states as are counted over time."""

import pandas as pd
import pytest

from analysis import Filters, OneOf, read_cohort
from analysis.estimates.states.state_counts import state_counts
from analysis.listings.month_dots import dots, last_month
from tests.analysis.made import SAMPLE

MONTHS = [0, 1, 3, 6, 7, 12, 20, 24, 29, 36, 48, 49]


@pytest.mark.parametrize("month", MONTHS)
def test_as_many_are_in_each_state_as_are_counted(month: float) -> None:
    counted = state_counts(SAMPLE, months=[month]).table.set_index("state")["patients"]
    shown = dots(SAMPLE, month=month).table["state"].value_counts()
    assert shown[shown > 0].to_dict() == counted[counted > 0].to_dict()


def test_the_states_of_two_patients_by_hand() -> None:
    patients = pd.DataFrame(
        {
            "patient_id": ["a", "b", "c"],
            "follow_up_months": [10.0, 6.0, 8.0],
            "died": [1, 0, 0],
            "relapse_months": [None, 4.0, None],
            "entry_months": [0.0, 0.0, 2.0],
        }
    )
    visits = pd.DataFrame(
        {"patient_id": ["a", "a", "b"], "months": [3.0, 9.0, 3.0], "remission": ["partial", "complete", "complete"]}
    )
    cohort = read_cohort(patients, visits)

    def at(month: float) -> dict[str, str]:
        return dots(cohort, month=month).table.set_index("patient_id")["state"].to_dict()

    assert at(0) == {"a": "active", "b": "active", "c": "not yet observed"}
    assert at(3) == {"a": "partial remission", "b": "complete remission", "c": "active"}
    assert at(5) == {"a": "partial remission", "b": "relapsed", "c": "active"}
    assert at(9) == {"a": "complete remission", "b": "no longer followed", "c": "no longer followed"}
    assert at(10)["a"] == "dead"
    assert last_month(cohort) == 10


def test_those_who_are_not_selected_are_there_after_the_others() -> None:
    part = SAMPLE.where(Filters({"msc_source": OneOf("UC")}))
    result = dots(part, month=12)
    assert len(result.table) == 87
    assert result.selected
    assert result.table.loc[result.table["kept"], "patient_id"].sort_values().tolist() == sorted(
        part.values("patient_id")
    )
    for _, of_state in result.table.groupby("state", observed=True):
        assert of_state["kept"].is_monotonic_decreasing


def test_the_greatest_number_in_each_state_is_that_of_all_months() -> None:
    table = state_counts(SAMPLE).table
    most = table.groupby("state", observed=True)["patients"].max()
    assert dots(SAMPLE, month=3).most.set_index("state")["patients"].to_dict() == most[most > 0].to_dict()
