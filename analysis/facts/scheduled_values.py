"""A visit measure at each scheduled month, as codes into the sorted distinct values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.facts.scheduled_visits import ScheduledMeasure, scheduled_visits, visit_extremes

What: TypeAlias = Literal["value", "change", "percent", "start"]
VALUE: What = "value"
CHANGE: What = "change"  # from the first scheduled month
PERCENT: What = "percent"  # the change in percent of the value at the first scheduled month, if that is above 0
START: What = "start"  # the value at the first scheduled month, for patients with a later one


Change: TypeAlias = bool | Literal["percent"]  # the option ``change`` of an estimate


def what_of(change: Change) -> What:
    """Return the kind of value for an option ``change``.

    Raises
    ------
    ValueError
        If it is not False, True or "percent".
    """
    if change not in (False, True, PERCENT):
        raise ValueError(f"A change is False, True or 'percent', not {change!r}.")
    return (PERCENT if change == PERCENT else CHANGE) if change else VALUE


class Has(IntFlag):
    """Which values of a measure a patient has."""

    ANY = 1  # at any visit
    SCHEDULED = 2  # at a scheduled month
    EVERY = 4  # at every scheduled month
    FIRST = 8  # at the first scheduled month
    LATER = 16  # at the first scheduled month and a later one
    FIRST_ABOVE_0 = 32
    ABOVE_0 = 64  # at any visit


@dataclass(frozen=True, eq=False)
class Coded:
    """Values at scheduled months, as codes.

    Attributes
    ----------
    month, value
        The meaning of each code: the index of the scheduled month and a value at it. Pairs are distinct and sorted.
    code
        Scheduled months by patients; -1 where there is no value.
    """

    month: Rows
    value: Floats
    code: NDArray[np.signedinteger[Any]]


def coded_values(cohort: Cohort, asked: ScheduledMeasure, what: What) -> Coded:
    """Return a measure at the scheduled months, coded by the distinct values of the whole cohort."""
    of_all = _coded(cohort.whole, asked, what)
    return of_all if cohort is cohort.whole else Coded(of_all.month, of_all.value, _codes(cohort, asked, what)["code"])


@per_patient
def has_values(cohort: Cohort, asked: ScheduledMeasure) -> dict[str, NDArray[Any]]:
    """Return ``has``: which values each patient has, as the bits of `Has`."""
    visits, measured = visit_extremes(cohort, asked), _coded(cohort, asked, VALUE)
    held = measured.code >= 0
    above = np.append(measured.value > 0, False)[measured.code[0]]
    holds = {
        Has.ANY: visits["visits"] > 0,
        Has.SCHEDULED: held.any(axis=0),
        Has.EVERY: held.all(axis=0),
        Has.FIRST: held[0],
        Has.LATER: held[0] & held[1:].any(axis=0),
        Has.FIRST_ABOVE_0: above,
        Has.ABOVE_0: visits["highest_value"] > 0,
    }
    code = np.zeros(len(cohort), dtype=np.uint8)
    for has, flags in holds.items():
        code |= np.where(flags, np.uint8(has), np.uint8(0))
    return {"has": code}


@per_patient
def _codes(cohort: Cohort, asked: ScheduledMeasure, what: What) -> dict[str, NDArray[Any]]:
    return {"code": _coded(cohort, asked, what).code}


@cached
def _coded(cohort: Cohort, asked: ScheduledMeasure, what: What) -> Coded:
    lines = scheduled_visits(cohort, asked)
    values = np.full((len(asked.months), len(cohort)), np.nan)
    changes = what in (CHANGE, PERCENT)
    for of_month, month in zip(values, asked.months, strict=True):
        stands = np.flatnonzero(lines["scheduled"] == month)
        of_month[lines["row"][stands]] = lines["change" if changes else "value"][stands]
    if what == PERCENT:
        values = 100 * values / visit_extremes(cohort, asked)["start"]
    if what == START:
        values = np.where((~np.isnan(values[1:])).any(axis=0), values[:1], np.nan)
    return _in_codes(values)


def _in_codes(values: Floats) -> Coded:
    """Return values by month and patient as codes into the distinct pairs of month and value."""
    levels, codes, before = [], [], 0
    for of_month in values:
        held = ~np.isnan(of_month)
        distinct, place = np.unique(of_month[held], return_inverse=True)
        code = np.full(len(of_month), -1)
        code[held] = before + place
        before += len(distinct)
        levels.append(distinct)
        codes.append(code)
    month = np.repeat(np.arange(len(levels)), [len(each) for each in levels])
    kind = np.min_scalar_type(-before - 1)  # the fewest bytes that hold every code
    return Coded(month, np.concatenate(levels), np.array(codes, dtype=kind))
