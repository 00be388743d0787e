"""Counts by year, of states and of relapses: any parts add up to all, and so do the estimates."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Grouping, read_cohort, sledai_at_most
from analysis.cohort.grouping import By
from analysis.counts.places import Places
from analysis.counts.reclassifications import Reclassifications
from analysis.counts.relapse_numbers import RelapseNumbers
from analysis.counts.relapse_paths import RelapsePaths
from analysis.counts.state_changes import StateChanges
from analysis.counts.stays import Stays
from analysis.counts.times_in_state import TimesInState
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.states.occupancy import Occupancy
from analysis.estimates.states.share_of_time import ShareOfTime
from analysis.estimates.states.state_counts import StateCounts
from analysis.estimates.states.state_probabilities import StateProbabilities
from analysis.estimates.yearly.estimands import ESTIMANDS
from analysis.estimates.yearly.reclassified import Reclassified
from analysis.estimates.yearly.relapse_counts import RelapseCounts
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts import relapse_by_year, remission_by_year
from analysis.facts.relapse import RECORDED_RELAPSE
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission import RECORDED
from analysis.facts.remission_by_year import RemissionByYear
from tests.analysis.made import pinned
from tests.properties import SOME

RULE = sledai_at_most(4)
ASKED: dict[str, RemissionByYear | RelapseByYear] = {
    "remission": RemissionByYear(),
    "relapse": RelapseByYear(remission=RULE),
}
FACTS = {"remission": tuple(remission_by_year.FACTS), "relapse": tuple(relapse_by_year.FACTS)}
TABLES: dict[str, tuple[Callable[[Cohort, By | None], Any], Callable[[pd.DataFrame, By | None], Any]]] = {
    **{
        name: (lambda cohort, by, name=name: Places.of(cohort, ASKED[name], FACTS[name], by=by), Places.from_table)
        for name in ASKED
    },
    "stays": (
        lambda cohort, by: Stays.of(cohort, RULE, by=by),
        lambda table, by: Stays.from_table(table, RULE, by=by),
    ),
    "times in state": (
        lambda cohort, by: TimesInState.of(cohort, RECORDED, "any", by),
        TimesInState.from_table,
    ),
    "state changes": (
        lambda cohort, by: StateChanges.of(cohort, RECORDED, RECORDED_RELAPSE, by=by),
        StateChanges.from_table,
    ),
    "state changes at months": (
        lambda cohort, by: StateChanges.of(cohort, RULE, RECORDED_RELAPSE, months=(24, 6, 7.5), by=by),
        StateChanges.from_table,
    ),
    "relapses": (
        lambda cohort, by: RelapseNumbers.of(cohort, RECORDED_RELAPSE, RECORDED, "any", by),
        RelapseNumbers.from_table,
    ),
    "relapse paths": (
        lambda cohort, by: RelapsePaths.of(cohort, RECORDED_RELAPSE, by),
        lambda table, by: RelapsePaths.from_table(table, RECORDED_RELAPSE, by),
    ),
    "reclassifications": (lambda cohort, _: Reclassifications.of(cohort, RULE), Reclassifications.from_table),
}
WAYS = [way for ways in ESTIMANDS.values() for way in ways.values()]
SHARING = pinned([f"p{row}" for row in range(7)], [f"p{row}" for row in range(4, 11)])
GROUPED = st.sampled_from([None, "arm", Grouping("renal"), SHARING])


@st.composite
def tables(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return patients, some with late entry, and their visits."""
    number = draw(st.integers(3, 14))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=number, max_size=number))

    patients = pd.DataFrame(
        {
            "patient_id": [f"p{row}" for row in range(number)],
            "follow_up_months": column(st.sampled_from([0, 5, 11.9, 12, 13.5, 24, 30, 47])),
            "died": column(st.booleans()),
            "follow_up_ended": column(st.sampled_from(["lost", "ongoing", None])),
            "arm": column(st.sampled_from(["x", "y", "z", None])),
            "organs": column(st.sampled_from(["renal", "skin", "none", None])),
            "relapse_months": column(st.sampled_from([None, None, 3, 12, 12.5, 24, 40])),
            "entry_months": column(st.sampled_from([0, 0, 0, 8, 12, 20])),
        }
    )
    visit = st.tuples(
        st.integers(0, number - 1).map(lambda row: f"p{row}"),
        st.sampled_from([0, 3, 6, 10.5, 12, 13, 24, 25.5, 36]),
        st.sampled_from(["none", "partial", "complete", None]),
        st.sampled_from([None, 2, 9]),
        st.booleans(),
    )
    visits = pd.DataFrame(
        draw(st.lists(visit, min_size=1, max_size=40)),
        columns=["patient_id", "months", "remission", "sledai", "relapse"],
    )
    return patients, visits.drop_duplicates(["patient_id", "months"]).astype({"months": float, "sledai": float})


@st.composite
def divided(draw: st.DrawFn) -> tuple[Cohort, list[Cohort]]:
    """Return a cohort and its parts: selections, or separate cohorts."""
    patients, visits = draw(tables())
    where = np.array(draw(st.lists(st.integers(0, 2), min_size=len(patients), max_size=len(patients))))
    whole = read_cohort(patients, visits)
    parts = [whole.subset(where == place) for place in range(3)]
    return whole, [each if draw(st.booleans()) else apart(each, str(place)) for place, each in enumerate(parts)]


def apart(part: Cohort, fingerprint: str) -> Cohort:
    """Return some patients as a separate cohort."""
    return Cohort("part", part.patients, part.visits, part.events, part.findings, part.left_out, 0, fingerprint)


def same(found: Any, expected: Any) -> None:
    """Assert that two results are identical in every table, sentence and count."""
    assert type(found) is type(expected)
    if is_dataclass(found):
        for each in fields(found):
            same(getattr(found, each.name), getattr(expected, each.name))
    elif isinstance(found, dict):
        assert list(found) == list(expected)
        for name in found:
            same(found[name], expected[name])
    elif isinstance(found, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
    elif isinstance(found, np.ndarray):
        np.testing.assert_array_equal(found, expected, strict=True)
    else:
        assert found == expected


@SOME
@given(cohorts=divided(), by=GROUPED)
def test_the_tables_of_parts_add_up_to_the_table_of_all(cohorts: tuple[Cohort, list[Cohort]], by: By | None) -> None:
    whole, parts = cohorts
    for count, from_table in TABLES.values():
        of_all = count(whole, by).to_table()
        together = reduce(add, [count(part, by) for part in parts])
        pd.testing.assert_frame_equal(together.to_table(), of_all, check_exact=True)
        pd.testing.assert_frame_equal(from_table(of_all, by).to_table(), of_all, check_exact=True)


@SOME
@given(cohorts=divided(), by=GROUPED)
def test_estimands_from_sums_equal_those_of_all(cohorts: tuple[Cohort, list[Cohort]], by: By | None) -> None:
    whole, parts = cohorts
    for way in WAYS:
        of_each = ASKED[way.outcome]
        settings = YearlySettings(way.name, of_each, by)
        count = [
            YearlyCounts.of(each, of_each, columns=way.columns, tables=way.tables, by=by) for each in (whole, *parts)
        ]
        together, of_all = (Yearly.of(way.numbers(each, settings)) for each in (reduce(add, count[1:]), count[0]))
        same(together, of_all)


@SOME
@given(cohorts=divided(), by=GROUPED)
def test_states_and_relapses_from_sums_equal_those_of_all(cohorts: tuple[Cohort, list[Cohort]], by: By | None) -> None:
    whole, parts = cohorts
    estimates: dict[str, Callable[[Any], Any]] = {
        "stays": lambda counts: StateProbabilities.of(counts, months=[0, 12, 30]),
        "times in state": lambda counts: ShareOfTime.of(counts, RECORDED, response="any"),
        "state changes": lambda counts: StateCounts.of(
            Occupancy.of(counts, None), rule=RECORDED, relapse=RECORDED_RELAPSE
        ),
        "relapses": lambda counts: RelapseCounts.of(counts, rule=RECORDED_RELAPSE, remission=RECORDED, response="any"),
        "reclassifications": lambda counts: Reclassified.of(counts, RULE, response="complete", window_months=3.0),
    }
    for name, estimate in estimates.items():
        count, _ = TABLES[name]
        together = reduce(add, [count(part, by) for part in parts])
        same(estimate(together), estimate(count(whole, by)))


def test_equal_paths_of_two_patients_share_a_row() -> None:
    patients = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [20, 20, 21], "died": 0})
    visits = pd.DataFrame({"patient_id": list("abc"), "months": 6, "sledai": [2, 3, 2]})
    counts = Stays.of(read_cohort(patients, visits), RULE)
    assert counts.patients.tolist() == [2, 1]
    assert counts.paths.path.tolist() == [0, 0, 1, 1]
    assert counts.paths.stop.tolist() == [6, 20, 6, 21]


def test_counts_of_different_horizons_or_questions_are_not_added() -> None:
    patients = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [20], "died": 0, "relapse_months": [3]})
    visits = pd.DataFrame({"patient_id": ["a"], "months": [12], "remission": ["none"], "sledai": [2]})
    cohort = read_cohort(patients, visits)
    with pytest.raises(ValueError, match="where the same is said"):
        Places.of(cohort, RemissionByYear()) + Places.of(cohort, RemissionByYear(), ("dead",))
    with pytest.raises(ValueError, match="where the definition is the same"):
        Stays.of(cohort, RULE) + Stays.of(cohort, RECORDED)
    first, second = (StateChanges.of(cohort, RECORDED, RECORDED_RELAPSE, months=[each]) for each in (6, 12))
    with pytest.raises(ValueError, match="same states and months"):
        first + second
    centuries = read_cohort(patients.assign(follow_up_months=2400), visits)
    with pytest.raises(ValueError, match="followed for more than 61 years"):
        Places.of(centuries, RemissionByYear()).profiles((1, 100))
    with pytest.raises(ValueError, match="from 1 on"):
        Places.of(cohort, RemissionByYear()).profiles((0, 1))
