"""Small counts of states over time stay hidden from somebody who knows the rules and all that is told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from analysis.cohort.arrays import Integers
from analysis.counts.groups import Groups
from analysis.counts.reasons import LeftOut
from analysis.disclosure.refused import NotSharedError
from analysis.disclosure.shared_states import disclosed_occupancy, shared_states
from analysis.estimates.states.occupancy import Occupancy
from analysis.estimates.states.state_counts import state_counts
from tests.analysis.disclosure.test_masking import Disclosed_, given_away, ways
from tests.analysis.made import SAMPLE

pytestmark = pytest.mark.newest  # which whole numbers are hidden: sums and comparisons, the same on any version

IN_REMISSION, ENDS = ("complete remission", "active"), ("dead", "no longer followed")


def counts_of(held: Integers, states: tuple[str, ...]) -> Occupancy:
    """Return the counts of patients by group, month and state."""
    sizes = held[:, 0].sum(axis=1)
    groups = Groups("arm", tuple("AB"[: len(held)]), sizes)
    return Occupancy(groups, np.arange(held.shape[1]) * 1.0, states, held, int(sizes.sum()), LeftOut())


def told_of(held: Integers, states: tuple[str, ...], least: int) -> Disclosed_:
    """Return everything that is told of the counts, or why nothing is."""
    try:
        told = disclosed_occupancy(counts_of(held, states), least)
    except NotSharedError as refusal:
        return (str(refusal),)
    return (*told.months.tolist(), *told.states, *told.patients.ravel().tolist())


def ends_of(states: tuple[str, ...]) -> list[int]:
    """Return the places of the states that nobody comes back of."""
    return [place for place, state in enumerate(states) if state in ENDS]


def secrets_of(held: Integers, states: tuple[str, ...]) -> list[int]:
    """Return how many are in each state, not in it, and how many more ended between any two months."""
    rest = held.sum(axis=2, keepdims=True) - held
    before, after = map(list, zip(*itertools.combinations(range(held.shape[1]), 2), strict=True))
    added = (held[:, after] - held[:, before])[:, :, ends_of(states)]
    secrets: list[int] = np.concatenate([held, rest, added, added.sum(axis=2)], axis=None).tolist()
    return secrets


def every_table(patients: int, months: int, states: tuple[str, ...]) -> list[Integers]:
    """Return every table of one group of so many patients, of whom none comes back of the dead and those who left."""
    return [
        np.array([each])
        for each in itertools.product(ways(patients, len(states)), repeat=months)
        if all(row[end] <= after[end] for row, after in itertools.pairwise(each) for end in ends_of(states))
    ]


@pytest.mark.parametrize(
    ("patients", "months", "states", "least"),
    [
        (7, 2, (*IN_REMISSION, *ENDS), 3),
        (8, 2, ("active", *ENDS), 4),
        (6, 3, ("active", *ENDS), 3),
        (6, 2, ("active", "relapsed", *ENDS), 3),
    ],
)
def test_no_hidden_small_count_has_one_possible_value(
    patients: int, months: int, states: tuple[str, ...], least: int
) -> None:
    tables = every_table(patients, months, states)
    assert not given_away(
        tables, lambda held: told_of(held, states, least), lambda held: secrets_of(held, states), least
    )


def test_the_attack_finds_what_is_not_hidden() -> None:
    states = (*IN_REMISSION, *ENDS)
    tables = every_table(6, 2, states)
    assert given_away(
        tables, lambda held: tuple(held[:, :, -2:].ravel().tolist()), lambda held: secrets_of(held, states), 3
    )


def test_what_is_not_told_is_in_no_attribute() -> None:
    safe = shared_states(state_counts(SAMPLE), 5)
    assert safe.counts.number_of_patients is None
    assert not ((safe.counts.patients > 0) & (safe.counts.patients < 5)).any()
    assert "a hidden number of patients." in safe.method
    assert safe.table["patients"].sum() == safe.counts.patients.sum()
