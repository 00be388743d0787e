"""Whether tables of counts can be counts of patients, where they came from elsewhere."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import EVERYBODY
from analysis.counts.baseline_counts import BaselineCounts, ColumnCounts
from analysis.counts.extent import Extent
from analysis.counts.groups import WITHOUT_GROUP, Groups
from analysis.counts.leaving import KINDS, Leaving
from analysis.counts.measured_values import Values
from analysis.counts.places import LATE, PLACE, Places
from analysis.counts.presence import WAYS, Presence
from analysis.counts.reasons import LeftOut
from analysis.counts.state_changes import StateChanges
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.counts.yearly_counts import YearlyCounts
from analysis.facts.place_by_year import MOST_YEARS, NOT_JUDGED
from analysis.facts.place_by_year import PLACES as LEDGER

LONGEST_NAME = 200  # characters in the name of a group or level
OUTSIDE = 2  # members of baseline counts after the groups: patients in two groups, and in none


class ImpossibleCountsError(ValueError):
    """A table cannot hold counts of patients; the message says why."""


@singledispatch
def check_possible(counts: Any, patients: int) -> None:
    """Raise an ImpossibleCountsError if a table cannot hold the counts of so many patients, each in one group.

    Parameters
    ----------
    counts
        A table of counts. Its arrays have the kinds of values that their annotations say.
    patients
        The number of patients who were asked for.

    Examples
    --------
    >>> from analysis import load_sample
    >>> check_possible(Leaving.of(load_sample()), 87)
    >>> check_possible(Leaving.of(load_sample()), 86)
    Traceback (most recent call last):
    ...
    analysis.counts.possible.ImpossibleCountsError: a number of members is impossible
    """
    raise ImpossibleCountsError(f"{type(counts).__name__} of {patients} patients cannot be counted elsewhere")


@check_possible.register
def _groups(groups: Groups, patients: int) -> None:
    _require(groups.members.shape == (len(groups.names),), "each group has one number of members")
    _require(len(set(groups.names)) == len(groups.names), "two groups have one name")
    _require(all(0 < len(name) <= LONGEST_NAME for name in groups.names), "the name of a group is too long")
    _require(groups.by is not None or groups.names == (EVERYBODY,), "there are groups without a comparison")
    _require(_numbers(groups.members, patients) and groups.shared == 0, "a number of members is impossible")
    _require(groups.members.sum() <= patients, f"the groups have more than {patients} members")


@check_possible.register
def _left_out(left_out: LeftOut, patients: int) -> None:
    _require(len(left_out.reasons) == len(set(left_out.reasons)) == len(left_out.patients), "a reason is told twice")
    numbers = left_out.patients
    _require(all(type(each) is int and 0 <= each <= patients for each in numbers), "a number left out is impossible")


@check_possible.register
def _leaving(counts: Leaving, patients: int) -> None:
    check_possible(counts.groups, patients)
    check_possible(counts.left_out, patients)
    months, shape = counts.months, (len(counts.months), len(counts.groups.names))
    _require(
        months.ndim == 1 and len(months) > 0 and months[0] == 0 and _increasing(months), "the months do not increase"
    )
    for kind in KINDS:
        table = getattr(counts, kind)
        _require(table.shape == shape and _numbers(table, patients), f"a number of {kind} is impossible")
    _require(not counts.entered[0].any() and (counts.at_risk >= 0).all(), "more patients leave than were observed")
    _require((counts.patients <= counts.groups.members).all(), "more patients leave a group than it has")
    out = sum(each or 0 for each in counts.left_out.patients)
    told = counts.number_of_patients + out
    _require(counts.shared == 0 and told == patients, f"the numbers of patients who leave do not add up to {patients}")


@check_possible.register
def _places(counts: Places, patients: int) -> None:
    check_possible(counts.groups, patients)
    groups, rows = len(counts.groups.names), len(counts.patients)
    _require(counts.member.shape == counts.patients.shape == (rows,), "rows lack a group or a number")
    _require(
        _codes(counts.member - WITHOUT_GROUP, groups + 1) and (np.diff(counts.member) >= 0).all(), "a group is unknown"
    )
    _require(_numbers(counts.patients, patients) and (counts.patients > 0).all(), "a number of patients is impossible")
    _require({PLACE, LATE} <= {*counts.columns}, "a column is missing")
    place = counts.columns[PLACE]
    years = len(place)
    _require(place.ndim == 2 and 0 < years <= MOST_YEARS + 1, "the years are impossible")
    _require(_codes(place - NOT_JUDGED, len(LEDGER) - NOT_JUDGED), "a place of the ledger is unknown")
    for name, column in counts.columns.items():
        _require(column.shape in ((rows,), (years, rows)), "a column has another length")
        _require(name == PLACE or column.dtype == bool, "a fact is neither so nor not so")
    _require(counts.columns[LATE].shape == (rows,), "a column has another length")
    held = counts.by_member(np.ones(rows, dtype=np.int64))
    _require((held[1:-1] == counts.groups.members).all(), "the members of groups do not add up")
    _require(held.sum() == patients, f"the numbers of patients do not add up to {patients}")


@check_possible.register
def _yearly(counts: YearlyCounts, patients: int) -> None:
    for table in (counts.places, counts.follow_up, counts.first_events):
        if table is not None:
            check_possible(table, patients)
            _require(_same_groups(table.groups, counts.places.groups), "two tables are of other groups")
    _require(counts.stays is None, "there is a table that nobody asks for")


@check_possible.register
def _values(counts: Values, patients: int) -> None:
    check_possible(counts.groups, patients)
    groups, months, rows = len(counts.groups.names), len(counts.months), len(counts.patients)
    columns = (counts.group, counts.month, counts.value, counts.patients)
    _require(all(column.shape == (rows,) for column in columns), "a column has another length")
    _require(_codes(counts.group, groups) and _codes(counts.month, months), "a group or a month is unknown")
    _require(bool(np.isfinite(counts.value).all()), "a value is no number")
    _require(_ascending(counts.group, counts.month, counts.value), "values stand in no order, or twice")
    _require(_numbers(counts.patients, patients) and (counts.patients > 0).all(), "a number of patients is impossible")
    held = np.zeros((groups, months), dtype=np.int64)
    np.add.at(held, (counts.group, counts.month), counts.patients)
    _require((held <= counts.groups.members[:, None]).all(), "more patients have a value than a group has")


@check_possible.register
def _presence(counts: Presence, patients: int) -> None:
    check_possible(counts.groups, patients)
    shape = (len(counts.groups.names) + 1, WAYS)
    _require(counts.patients.shape == shape and counts.at_limit.shape == (*shape, 2), "a table has another shape")
    _require(_numbers(counts.patients, patients), "a number of patients is impossible")
    _require(not counts.patients[-1].any() and not counts.at_limit[-1].any(), "patients are in two groups")
    scheduled = counts.patients * len(counts.asked.months)
    _require((counts.at_limit >= 0).all(), "a number of values is impossible")
    _require((counts.at_limit.sum(axis=2) <= scheduled).all(), "more values are at a limit than there are")
    _require((counts.patients.sum(axis=1)[:-1] == counts.groups.members).all(), "the members do not add up")
    whole = int(counts.groups.members.sum()) + counts.without_group
    _require(counts.without_group >= 0 and whole == patients, f"the numbers of patients do not add up to {patients}")


@check_possible.register
def _extent(counts: Extent, patients: int) -> None:
    ends = np.array([counts.lowest, counts.highest, counts.last_month])
    if not counts.visits:
        _require(bool(np.isnan(ends).all()), "there are values without visits")
    else:
        _require(
            patients > 0 < counts.visits and bool(np.isfinite(ends).all()), "the ends of the visits are no numbers"
        )
        _require(counts.lowest <= counts.highest and counts.last_month >= 0, "the ends of the visits are impossible")


@check_possible.register
def _trajectory(counts: TrajectoryCounts, patients: int) -> None:
    for table in (counts.values, counts.changes, counts.presence, counts.extent):
        check_possible(table, patients)
    for groups in (counts.changes.groups, counts.presence.groups):
        _require(_same_groups(counts.values.groups, groups), "two tables are of other groups")
    _require(counts.extent.visits > 0 or not len(counts.values.value), "there are values without visits")


@check_possible.register
def _state_changes(counts: StateChanges, patients: int) -> None:
    check_possible(counts.groups, patients)
    check_possible(counts.left_out, patients)
    members, months = counts.groups.members, counts.months
    _require(
        months.ndim == 1 and len(months) > 0 and months[0] >= 0 and _increasing(months), "the months do not increase"
    )
    _require(counts.longest >= -1, "the months are not those of the follow-up")
    if counts.every_month:
        whole = counts.longest + 2 == len(months) and np.array_equal(months, np.arange(float(len(months))))
        _require(whole, "the months are not those of the follow-up")
    _require(len(set(counts.states)) == len(counts.states) > 0, "two states have one name")
    _require(counts.changes.shape == (len(members), len(months), len(counts.states)), "a table has another shape")
    _require(bool((np.abs(counts.changes) <= patients).all()), "a change is of more patients than there are")
    held = counts.changes.cumsum(axis=1)
    _require((held >= 0).all() and (held.sum(axis=2) <= members[:, None]).all(), "a state has fewer than no patients")
    _require((held[:, -1].sum(axis=1) == members).all(), "the states do not add up to the members")
    _require(counts.late.shape == members.shape and _numbers(counts.late, patients), "a number is impossible")
    _require((counts.late <= members).all(), "more are observed late than there are")
    told = int(members.sum()) + sum(each or 0 for each in counts.left_out.patients)
    _require(told == patients, f"the numbers of patients do not add up to {patients}")


@check_possible.register
def _column(counts: ColumnCounts, patients: int) -> None:
    members, rows, values = len(counts.missing), len(counts.patients), counts.values
    _require(0 < len(counts.name) <= LONGEST_NAME and values.ndim == 1, "a column has no name")
    _require(counts.missing.ndim == 1 and _numbers(counts.missing, patients), "a number without a value is impossible")
    columns = (counts.member, counts.code, counts.patients)
    _require(all(column.shape == (rows,) for column in columns), "a column has another length")
    _require(_codes(counts.member, members) and _codes(counts.code, len(values)), "a group or a value is unknown")
    _require(_ascending(counts.member, counts.code), "values stand in no order, or twice")
    _require(_numbers(counts.patients, patients) and (counts.patients > 0).all(), "a number of patients is impossible")
    if counts.kind == "words":
        _require(all(isinstance(each, str) and 0 < len(each) <= LONGEST_NAME for each in values), "a value is no word")
        _require(len({*values}) == len(values), "a value is told twice")
    elif counts.kind == "sets":
        _require(all(isinstance(each, frozenset) for each in values), "a value is no set of words")
        words = {word for each in values for word in each}
        _require(all(isinstance(word, str) and len(word) <= LONGEST_NAME for word in words), "a value is no word")
        _require(len({*values}) == len(values), "a value is told twice")
    else:
        _require(values.dtype == np.float64 and _increasing(values), "values are no numbers, or do not increase")
        _require(counts.kind != "flags" or set(values.tolist()) <= {0.0, 1.0}, "a value is neither yes nor no")


@check_possible.register
def _baseline(counts: BaselineCounts, patients: int) -> None:
    check_possible(counts.groups, patients)
    members = counts.groups.members
    _require(0 <= counts.without_group == patients - int(members.sum()), f"the members do not add up to {patients}")
    _require(len({each.key for each in counts.columns}) == len(counts.columns), "a column is told twice")
    for column in counts.columns:
        _require(len(column.missing) == len(members) + OUTSIDE, "a column has another number of groups")
        check_possible(column, patients)
        told = np.array_equal(column.sizes, [*members.tolist(), 0, counts.without_group])
        _require(told, f"the numbers of {column.name} do not add up to the members of the groups")


def _require(holds: bool | np.bool, otherwise: str) -> None:
    if not holds:
        raise ImpossibleCountsError(otherwise)


def _numbers(counts: Integers, patients: int) -> bool:
    return bool(((counts >= 0) & (counts <= patients)).all())


def _codes(codes: NDArray[Any], size: int) -> bool:
    return bool(((codes >= 0) & (codes < size)).all())


def _increasing(numbers: NDArray[Any]) -> bool:
    return bool(np.isfinite(numbers).all() and (np.diff(numbers) > 0).all())


def _ascending(*columns: NDArray[Any]) -> bool:
    """Return whether rows are sorted by these columns, and distinct."""
    later = np.zeros(max(0, len(columns[0]) - 1), dtype=bool)
    for column in columns[::-1]:
        later = (column[1:] > column[:-1]) | ((column[1:] == column[:-1]) & later)
    return bool(later.all())


def _same_groups(first: Groups, second: Groups) -> bool:
    return first.names == second.names and np.array_equal(first.members, second.members)
