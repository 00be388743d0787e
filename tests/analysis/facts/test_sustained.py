"""Sustained states, visit by visit, against tables worked out by hand."""

import pytest

from analysis import (
    Cohort,
    doris_2021,
    renal_response_kdigo_2024,
    sledai_at_most,
    sustained,
    with_prednisone_at_most,
    without_steroids,
    yearly_remission,
)
from analysis.facts.remission import RECORDED, RemissionRule, first_in_remission, remission_words
from analysis.facts.state_history import timeline
from tests.analysis.facts.visit_tables import cohort_of, states_of

STATE = {"C": "complete", "P": "partial", "n": "none", "?": None}
# The recorded states at some months, and those sustained for 6 months at 2 visits or more.
RECORDS: dict[str, tuple[list[float], str, str]] = {
    "from 6 to 12": ([0, 6, 12, 18, 24], "nCCCn", "nnCCn"),
    "one month short": ([0, 6, 11, 12], "nCCC", "nnnC"),
    "just 6 months": ([0, 3.1, 9.1], "nCC", "nnC"),
    "lost and begun anew": ([0, 3, 6, 9, 12, 15, 18], "nCCnCCC", "nnnnnnC"),
    "one visit is not two": ([0, 6], "nC", "nn"),
    "far apart": ([0, 6, 36], "nCC", "nnC"),
    "a visit without a state": ([0, 6, 9, 12, 15], "nC?C?", "nn?C?"),
    "from the start": ([0, 3, 6], "CCC", "nnC"),
    "partial holds partial": ([0, 3, 6, 9, 12], "nPPPP", "nnnPP"),
    "complete and partial": ([0, 3, 6, 9, 12, 15], "nCPCCC", "nnnPPC"),
    "partial ends complete": ([0, 3, 6, 9, 12], "nCCCP", "nnnCP"),
    "read in another order": ([12, 6, 0], "CCn", "nnC"),  # a cohort has its visits in order of time
}


def recorded(months_of: dict[str, tuple[list[float], str, str]]) -> Cohort:
    visits = {
        patient: [(month, STATE[state]) for month, state in zip(months, states, strict=True)]
        for patient, (months, states, _) in months_of.items()
    }
    return cohort_of(("remission",), visits)


def test_sustained_for_six_months() -> None:
    cohort = recorded(RECORDS)
    assert states_of(cohort, sustained(RECORDED, 6)) == {patient: told for patient, (_, _, told) in RECORDS.items()}


def test_more_visits_or_one() -> None:
    cohort = recorded({"a": ([0, 6, 12, 18], "nCCC", ""), "b": ([0, 6, 30], "nCC", "")})
    assert states_of(cohort, sustained(RECORDED, 6, visits=3)) == {"a": "nnnC", "b": "nnn"}
    assert states_of(cohort, sustained(RECORDED, 6, visits=1)) == {"a": "nnCC", "b": "nnC"}


def test_nothing_after_death_holds_a_state() -> None:
    cohort = cohort_of(
        ("remission",), {"a": [(0, "none"), (6, "complete"), (14, "complete")]}, died=1, follow_up_months=12
    )
    assert states_of(cohort, sustained(RECORDED, 6)) == {"a": "nn?"}


def test_the_dose_must_be_low_all_the_time() -> None:
    visits = [(0, 12, 20), (6, 2, 7.5), (12, 2, 5), (18, 2, 5), (24, 0, 0), (30, 0, 0)]
    cohort = cohort_of(("sledai", "prednisone_mg_per_day"), {"a": visits})
    assert states_of(cohort, sustained(sledai_at_most(4), 6)) == {"a": "nnCCCC"}
    assert states_of(cohort, sustained(with_prednisone_at_most(sledai_at_most(4), 5), 6)) == {"a": "nnnCCC"}
    assert states_of(cohort, sustained(without_steroids(sledai_at_most(4)), 6)) == {"a": "nnnnnC"}


def test_it_is_reached_when_it_has_lasted_and_counts_in_years_from_then() -> None:
    cohort = recorded({"a": ([0, 9, 12, 24], "nCCC", ""), "b": ([0, 6, 12, 24], "nCCn", "")})
    rule = sustained(RECORDED, 6)
    assert first_in_remission(cohort, rule, "complete").to_numpy().tolist() == [[0, 24.0], [1, 12.0]]
    assert timeline(cohort, rule)["months"].tolist() == [0.0, 9.0, 12.0, 24.0, 0.0, 6.0, 12.0, 24.0]
    assert yearly_remission(cohort, rule=rule).bars["events"].tolist() == [1, 1]


def test_a_selection_is_told_as_the_whole() -> None:
    cohort = recorded(RECORDS)
    part = cohort.subset([place % 3 == 1 for place in range(len(cohort))])
    told = states_of(part, sustained(RECORDED, 6))
    assert told == {patient: RECORDS[patient][2] for patient in told}


@pytest.mark.parametrize(
    ("rule", "name", "words"),
    [
        (sustained(RECORDED, 6), "the recorded state for 6 months", "complete sustained remission"),
        (sustained(doris_2021(), 12), "DORIS 2021 for 12 months", "sustained remission"),
        (
            sustained(without_steroids(renal_response_kdigo_2024()), 12),
            "KDIGO 2024 without prednisone for 12 months",
            "complete sustained renal response",
        ),
    ],
)
def test_words(rule: RemissionRule, name: str, words: str) -> None:
    assert rule.name == name
    assert remission_words(rule, "complete") == f"{words} by {name}"
    assert "at every visit for at least" in rule.words


def test_what_cannot_be_sustained_is_refused() -> None:
    for months, visits in ((0, 2), (-1, 2), (float("nan"), 2), (float("inf"), 2), (6, 0)):
        with pytest.raises(ValueError, match="number of months above 0"):
            sustained(RECORDED, months, visits)
    with pytest.raises(ValueError, match="sustained already"):
        sustained(sustained(RECORDED, 6), 12)
