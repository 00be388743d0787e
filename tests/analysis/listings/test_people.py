"""Who is behind a part of a figure, and how each was before."""

import pandas as pd
import pytest

from analysis import read_cohort
from analysis.cohort.model import Cohort
from analysis.figures.description.who_died import who_died
from analysis.listings.people import before_events, members_table


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    patients = pd.DataFrame(
        {
            "patient_id": ["a", "b", "c"],
            "follow_up_months": [30.0, 14.0, 6.0],
            "died": [0, 1, 1],
            "msc_source": ["UC", "BM", None],
            "sex": ["female", "male", "female"],
            "age_years": [31, None, 40],
        }
    )
    visits = pd.DataFrame(
        {
            "patient_id": ["a", "a", "a", "b", "b", "b"],
            "months": [6.0, 12.0, 18.0, 3.0, 9.0, 14.0],
            "remission": ["partial", None, "complete", "none", "partial", None],
            "sledai": [8, 6, 2, 12, None, 4],
        }
    )
    return read_cohort(patients, visits)


def test_the_last_state_and_score_before_an_event_by_hand(cohort: Cohort) -> None:
    told = before_events(cohort, members_table(["a", "b", "c"], [18.0, 14.0, 6.0]))
    # a: the visit at 18 is at the event, that at 12 has a score but no state. b: likewise at 14 and at 9.
    assert told["state"].tolist() == ["partial remission", "partial remission", ""]
    assert told["state_months"].tolist()[:2] == [6.0, 9.0]
    assert told["sledai"].tolist()[:2] == [6.0, 12.0]
    assert told["sledai_months"].tolist()[:2] == [12.0, 3.0]
    assert told[["state_months", "sledai", "sledai_months"]].isna().iloc[2].all()


def test_without_an_event_nothing_is_before_it(cohort: Cohort) -> None:
    told = before_events(cohort, members_table(["a"]))
    assert told["state"].tolist() == [""]
    assert told[["state_months", "sledai"]].isna().all(axis=None)


def test_what_is_known_of_a_patient(cohort: Cohort) -> None:
    told = before_events(cohort, members_table(["c", "b", "a"]))
    assert told["known"].tolist() == ["female, 40 years", "BM, male", "UC, female, 31 years"]


def test_those_who_died_come_in_the_order_of_time(cohort: Cohort) -> None:
    people = who_died(cohort)
    assert people.title == "2 deaths"
    assert people.parts[0].members[["patient_id", "months"]].values.tolist() == [["c", 6.0], ["b", 14.0]]
