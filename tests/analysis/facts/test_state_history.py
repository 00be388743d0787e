"""The state of a patient over time."""

import pandas as pd

from analysis import Cohort, read_cohort
from analysis.facts.remission import RECORDED
from analysis.facts.state_history import state_at, timeline, with_relapses

PATIENTS = pd.DataFrame(
    {"patient_id": ["b", "a", "c"], "follow_up_months": [20, 12, 30], "died": [0, 1, 0], "follow_up_ended": None}
)
VISITS = pd.DataFrame(
    [
        ("b", -2, "complete"),
        ("b", 0, "partial"),  # the state at the start is the last by then
        ("b", 6, "none"),
        ("b", 21, "complete"),  # after the end of follow-up
        ("a", 6, "complete"),
        ("a", 12, "none"),  # on the day of death
        ("c", 6, None),
        ("c", 12, "complete"),
        ("c", 24, "none"),
        ("c", 30, "partial"),
    ],
    columns=["patient_id", "months", "remission"],
)


def cohort() -> Cohort:
    return read_cohort(PATIENTS, VISITS)


def rows(states: pd.DataFrame) -> list[list[object]]:
    named = states.assign(patient_id=PATIENTS["patient_id"].to_numpy()[states["row"]])
    return named[["patient_id", "months", "state"]].to_numpy().tolist()


def test_the_state_lasts_until_the_next_known_one() -> None:
    assert rows(timeline(cohort(), RECORDED)) == [
        ["b", 0.0, "partial"],
        ["b", 6.0, "none"],
        ["a", 0.0, "none"],
        ["a", 6.0, "complete"],
        ["c", 0.0, "none"],
        ["c", 12.0, "complete"],
        ["c", 24.0, "none"],
        ["c", 30.0, "partial"],
    ]


def test_the_state_at_a_time_includes_a_visit_at_it() -> None:
    three = cohort()
    assert {month: list(state_at(three, RECORDED, month)) for month in (5.9, 6, 11.9, 12, 24)} == {
        5.9: ["partial", "none", "none"],
        6: ["none", "complete", "none"],
        11.9: ["none", "complete", "none"],
        12: ["none", "complete", "complete"],
        24: ["none", "complete", "none"],
    }


def test_a_relapse_lasts_until_the_next_remission() -> None:
    relapses = pd.DataFrame({"row": [2, 2, 0], "months": [12.0, 20.0, 3.0]})
    assert rows(with_relapses(timeline(cohort(), RECORDED), relapses)) == [
        ["b", 0.0, "partial"],
        ["b", 3.0, "relapsed"],
        ["b", 6.0, "relapsed"],
        ["a", 0.0, "none"],
        ["a", 6.0, "complete"],
        ["c", 0.0, "none"],
        ["c", 12.0, "relapsed"],
        ["c", 12.0, "complete"],  # remission at the visit of the relapse counts after it
        ["c", 20.0, "relapsed"],
        ["c", 24.0, "relapsed"],
        ["c", 30.0, "partial"],
    ]
