"""Small counts of who comes and goes stay hidden from somebody who knows the rules and all that is told."""

from __future__ import annotations

import itertools
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from analysis import baseline_table, cumulative_incidence, kaplan_meier, trajectory
from analysis.cohort.arrays import Integers
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving
from analysis.disclosure.disclosed_leaving import disclosed_leaving
from analysis.disclosure.refused import NotSharedError
from analysis.export.sharing import Sharing
from analysis.facts.observed_times import Wording
from tests.analysis.disclosure.disclosed import safe_of
from tests.analysis.disclosure.test_masking import Disclosed_, curve_secrets, given_away, ways
from tests.analysis.made import SAMPLE, pinned

pytestmark = pytest.mark.newest  # which whole numbers are hidden: sums and comparisons, the same on any version

OUTCOME = Wording("Event", "How many have it?", "event")
KINDS = ("events", "competing", "censored")


def counts_of(left: Integers) -> Leaving:
    """Return counts of how many leave half a month before each whole one, by group, time and kind."""
    used = left.any(axis=(0, 2))
    tables = {kind: np.vstack([0 * left[:, 0, 0], left[:, used, place].T]) for place, kind in enumerate(KINDS)}
    return Leaving(
        outcome=OUTCOME,
        groups=Groups("arm", tuple("AB"[: len(left)]), left.sum(axis=(1, 2))),
        months=np.append(0.0, np.flatnonzero(used) + 0.5),
        **tables,
        entered=0 * tables["events"],
    )


def told_of(left: Integers, least: int) -> Disclosed_:
    """Return everything that is told of the counts, or why nothing is."""
    try:
        told = disclosed_leaving(counts_of(left), least)
    except NotSharedError as refusal:
        return (str(refusal),)
    held = (getattr(told, each.name) for each in fields(told) if each.name not in ("outcome", "groups", "left_out"))
    return (*told.groups.members.tolist(), *(str(each) for each in held))


def secrets_of(left: Integers) -> list[int]:
    """Return how many left between any two times, by kind and kinds together."""
    since_zero = np.concatenate([np.zeros((len(left), 1, 3), dtype=int), left.cumsum(axis=1)], axis=1)
    return curve_secrets(since_zero, left.sum(axis=(1, 2)))


def every_table(patients: int, times: int, kinds: tuple[int, ...]) -> list[Integers]:
    """Return every table of one group of so many patients who leave at so many times in these ways."""
    tables = []
    for way in ways(patients, times * len(kinds)):
        left = np.zeros((1, times, 3), dtype=int)
        left[0][:, list(kinds)] = np.reshape(way, (times, len(kinds)))
        tables.append(left)
    return tables


@pytest.mark.parametrize(
    ("patients", "times", "kinds", "least"),
    [(9, 3, (0, 2), 3), (6, 4, (0, 2), 3), (10, 3, (0, 2), 4), (7, 2, (0, 1, 2), 3), (6, 3, (0, 1, 2), 3)],
)
def test_no_hidden_small_count_has_one_possible_value(
    patients: int, times: int, kinds: tuple[int, ...], least: int
) -> None:
    tables = every_table(patients, times, kinds)
    assert not given_away(tables, lambda left: told_of(left, least), secrets_of, least)


def test_no_hidden_small_count_of_a_group_follows_from_those_of_all_patients() -> None:
    pairs = [np.concatenate(each) for each in itertools.product(every_table(4, 2, (0, 2)), repeat=2)]

    def told(left: Any) -> Disclosed_:
        return told_of(left, 3) + told_of(left.sum(axis=0, keepdims=True), 3)

    assert not given_away(pairs, told, secrets_of, 3)


def test_the_attack_finds_what_is_not_hidden() -> None:
    tables = every_table(6, 3, (0, 2))
    assert given_away(tables, lambda left: tuple(left.sum(axis=2).ravel().tolist()), secrets_of, 3)


def test_a_number_that_is_not_told_is_in_no_attribute() -> None:
    told = disclosed_leaving(Leaving.of(SAMPLE), 5)
    assert told.number_of_patients == 87
    assert told.number_of_events == 5
    assert np.nansum(told.events) == 5
    held = np.concatenate([getattr(told, name).ravel() for name in ("at_risk", *KINDS)])
    assert not ((held > 0) & (held < 5)).any()
    hidden = disclosed_leaving(Leaving.of(SAMPLE, "relapse"), 10)
    assert not ((hidden.events > 0) & (hidden.events < 10)).any()


@pytest.mark.parametrize("estimate", [kaplan_meier, cumulative_incidence, trajectory, baseline_table])
def test_cohorts_that_share_patients_are_refused_by_each_result(estimate: Any) -> None:
    """How many they share would be told, and what the few are like who are in one alone."""
    ids = SAMPLE.patients["patient_id"].tolist()
    with pytest.raises(NotSharedError, match="Cohorts that may share patients"):
        safe_of(estimate(SAMPLE, by=pinned(ids[:47], ids[45:])), Sharing(5))
