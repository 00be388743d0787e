"""Counts of adverse events, deaths and recorded data: any parts add up to all."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, read_cohort
from analysis.counts.death_counts import DeathCounts
from analysis.counts.event_counts import EventCounts
from analysis.counts.recorded_counts import RecordedCounts
from analysis.estimates.description.adverse_events import AdverseEvents
from analysis.estimates.description.deaths import Deaths
from analysis.estimates.description.usable import usable, usable_of
from tests.analysis.counts.measured import BYS, PARTS, Parted, assert_adds_up, assert_same, parted_cohorts
from tests.properties import SOME

BY = st.sampled_from(BYS)


@st.composite
def parted_events(draw: st.DrawFn) -> Parted:
    """Return a small cohort with adverse events and causes of death, in parts."""
    size = draw(st.integers(1, 10))

    def some(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=size, max_size=size))

    patients = pd.DataFrame(
        {
            "patient_id": [f"p{number}" for number in range(size)],
            "follow_up_months": some(st.sampled_from([7.0, 11.3, 24.1])),
            "entry_months": some(st.sampled_from([0.0, 2.0, 3.3])),
            "died": some(st.integers(0, 1)),
            "sex": some(st.sampled_from(["female", "male"])),
            "arm": some(st.sampled_from(["A", "B", None])),
            "organs": some(st.sampled_from(["renal", "none", None])),
            "age_years": some(st.none() | st.integers(20, 50)),
            "cause_of_death": some(st.sampled_from(["infection", "stroke", None])),
            "death_related": some(st.sampled_from([0, 1, None])),
        }
    )
    ids = st.sampled_from(patients["patient_id"].tolist())
    event = st.tuples(
        ids,
        st.sampled_from([1.0, 5.0, 20.0, 30.0]),
        st.sampled_from(["fever", "rash"]),
        st.sampled_from([1, 3, None]),
        st.sampled_from([0, 1, None]),
    )
    rows = draw(st.lists(event, max_size=12, unique=True))
    events = pd.DataFrame(rows, columns=["patient_id", "months", "event", "grade", "related"])
    where = np.array(some(st.integers(0, PARTS - 1)))
    kept = [where == part for part in range(PARTS)]

    def read(held: np.ndarray) -> Cohort:
        own = patients[held].reset_index(drop=True)
        cohort = read_cohort(own, events=events[events["patient_id"].isin(own["patient_id"])].reset_index(drop=True))
        return replace(cohort, recorded=frozenset({"events"}))  # also of patients without events

    whole = read(np.ones(size, dtype=bool))
    return Parted(whole, [whole.subset(each) for each in kept], [read(each) for each in kept if each.any()])


@SOME
@given(parted=parted_events(), by=BY)
def test_adverse_events_and_deaths_add_up_and_so_do_the_estimates(parted: Parted, by: Any) -> None:
    events = assert_adds_up(
        parted, lambda cohort: EventCounts.of(cohort, by), lambda table, _: EventCounts.from_table(table, by=by)
    )
    expected = AdverseEvents.of(EventCounts.of(parted.whole, by))
    for each in events:
        assert_same(AdverseEvents.of(each), expected)
    died = assert_adds_up(
        parted, lambda cohort: DeathCounts.of(cohort, by), lambda table, _: DeathCounts.from_table(table, by=by)
    )
    of_all = Deaths.of(DeathCounts.of(parted.whole, by))
    for each in died:
        assert_same(Deaths.of(each), of_all)


@SOME
@given(parted=parted_cohorts())
def test_recorded_counts_add_up(parted: Parted) -> None:
    added = assert_adds_up(parted, RecordedCounts.of, lambda table, _: RecordedCounts.from_table(table))
    for each in added:
        pd.testing.assert_frame_equal(usable_of(each), usable(parted.whole))


def test_cohorts_with_and_without_a_table_of_events_are_not_added() -> None:
    people = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [12], "died": [0]})
    fever = pd.DataFrame({"patient_id": ["a"], "months": [1.0], "event": ["fever"]})
    with pytest.raises(ValueError, match="of the others nothing is known"):
        EventCounts.of(read_cohort(people, events=fever), None) + EventCounts.of(read_cohort(people), None)


def test_event_names_are_joined_without_regard_to_case() -> None:
    def of(event: str) -> EventCounts:
        people = pd.DataFrame({"patient_id": [event], "follow_up_months": [12], "died": [0]})
        events = pd.DataFrame({"patient_id": [event], "months": [1.0], "event": [event]})
        return EventCounts.of(read_cohort(people, events=events), None)

    for both in (of("fever") + of("Fever"), of("Fever") + of("fever")):
        table = AdverseEvents.of(both).table
        assert table.loc[table["related"] == "any", ["event", "events"]].to_numpy().tolist() == [
            ["any event", 2],
            ["Fever", 2],
        ]
