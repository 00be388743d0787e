"""Yearly shares and their ledger, computed from the disclosed numbers by group and year."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.disclosure.masking import (
    POOLED_FIRST,
    check_groups,
    disclosed_times,
    hidden_of,
    hidden_parts,
    is_small,
)
from analysis.disclosure.refused import FEW_UNTOLD, LATE_ENTRY, NotSharedError
from analysis.estimates.yearly.estimand import DIED_IN_REMISSION, DisclosedCounts
from analysis.estimates.yearly.yearly import Yearly
from analysis.estimates.yearly.yearly_numbers import Numbers

TENTHS, WHOLE_PERCENT = 1, 2  # decimals of what is estimated from times that are not disclosed


def shared_yearly(result: Yearly, least: int) -> Yearly:
    """Return the shares and the ledger computed from the disclosed numbers.

    Raises
    ------
    NotSharedError
        If a group is small, or patients are in two groups, enter late, or are few of whom no state can be told.
    """
    again = Yearly.of(disclosed_numbers(result.numbers, result.estimand.disclosure, least))
    return replace(again, left_out=result.left_out.head(0))


def disclosed_numbers(numbers: Numbers, disclosed: DisclosedCounts, least: int) -> Numbers:
    """Return the numbers; small ones, and those that would reveal them, are missing.

    The places of a year given by `hidden_parts` are hidden, and the denominators that follow from them. A share and its
    limits are hidden with their numerator or denominator. Never disclosed are those who died in remission, those at
    risk beside an estimated share, and numbers of the method sentence other than 0 and the number of all patients.
    """
    if numbers.late:
        raise NotSharedError(LATE_ENTRY.format(least=least))
    numbers = _of_those_told(numbers, least)
    check_groups(numbers.groups, least)
    parts = np.array(hidden_parts(np.stack([numbers.places[name] for name in POOLED_FIRST], axis=2), least))
    no_patients = _hidden_patients(numbers, disclosed, parts, least)
    no_events = no_patients | _hidden_events(numbers, disclosed, no_patients, least)
    person_years, curve = numbers.person_years, numbers.curve
    return replace(
        numbers,
        places={name: _hide(held, parts > POOLED_FIRST.index(name)) for name, held in numbers.places.items()},
        patients=_hide(numbers.patients, no_patients),
        events=_hide(numbers.events, no_events),
        beside={name: held * np.nan for name, held in numbers.beside.items() if name != DIED_IN_REMISSION},
        person_years=None if person_years is None else _hide(person_years.round(TENTHS), no_patients),
        curve=None if curve is None else _hide(curve.round(WHOLE_PERCENT), no_events),
        mentioned={name: 0 if number == 0 else None for name, number in numbers.mentioned.items()},
        number_of_patients=numbers.number_of_patients if numbers.enrolled.size else None,
        left_out=numbers.left_out.hidden(),
    )


def _of_those_told(numbers: Numbers, least: int) -> Numbers:
    """Return the numbers with those as members of whom the state can be told: complements are of these.

    Raises
    ------
    NotSharedError
        If the others are few in a group.
    """
    if not numbers.enrolled.size:
        return numbers
    told = numbers.enrolled[:, 0]  # in every year the same, as nobody enters late
    if is_small(numbers.groups.members - told, least).any():
        raise NotSharedError(FEW_UNTOLD.format(least=least))
    return replace(numbers, groups=replace(numbers.groups, members=told))


def _hide(numbers: Integers | Floats, years: Flags) -> Floats:
    """Return numbers, missing in some years of all groups."""
    return np.where(years, np.nan, numbers)


def _whole(numbers: Integers | Floats) -> Integers:
    """Return counts, and check that none of them is hidden yet."""
    if not np.issubdtype(numbers.dtype, np.integer):
        raise TypeError("Of this result small counts are hidden already.")
    return cast(Integers, numbers)


def _hidden_patients(numbers: Numbers, disclosed: DisclosedCounts, parts: Integers, least: int) -> Flags:
    """Return in which years the denominator is hidden, given the number of hidden parts of each year."""
    patients, members = _whole(numbers.patients), numbers.groups.members
    if disclosed.denominator:
        return np.any([parts > POOLED_FIRST.index(part) for part in disclosed.denominator], axis=0)
    if disclosed.events == "leaving":
        return ~disclosed_times(members[:, None] - patients, members, least)
    return hidden_of(patients, members[:, None], least)


def _hidden_events(numbers: Numbers, disclosed: DisclosedCounts, no_patients: Flags, least: int) -> Flags:
    """Return in which years the numerator is hidden, given the years with a hidden denominator (`no_patients`)."""
    events, patients = _whole(numbers.events), _whole(numbers.patients)
    if disclosed.events == "of those seen":
        # The same events are disclosed with each denominator, so the smallest one decides.
        died = _whole(numbers.beside.get(DIED_IN_REMISSION, np.zeros_like(events)))
        return hidden_of(events, _whole(numbers.places["assessed"]), least) | is_small(died, least).any(axis=0)
    if disclosed.events == "rising":
        return ~disclosed_times(events, patients.min(axis=1, initial=numbers.groups.members.max(initial=0)), least)
    if disclosed.events == "leaving":
        # Those not at risk in the next year had the event in this one, or left without it. If the next number is
        # hidden, it would be narrowed down by the fact that this one is not small.
        leaving = patients.copy()
        leaving[:, :-1] -= patients[:, 1:]
        next_hidden = np.append(no_patients[1:], np.zeros_like(no_patients[:1]))
        return hidden_of(events, patients, least) | hidden_of(events, leaving, least) | next_hidden
    return hidden_of(events, patients, least)
