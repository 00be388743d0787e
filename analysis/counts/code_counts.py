"""Numbers of members by group and code: the one pass over the patients that a question costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Integers, Rows
from analysis.cohort.grouping import Pinned
from analysis.counts.groups import NOT_ASKED, WITHOUT_GROUP, Membership

MOST_EMPTY = 4  # cells per code; with more, sorting the codes is faster than counting all cells
Codes = NDArray[np.integer[Any]]
Column = NDArray[Any]


class Cells(NamedTuple):
    """The pairs of group and code that occur, sorted, and the number of patients with each."""

    group: Rows
    code: Rows
    patients: Integers


def count_codes(who: Membership, code: Codes, levels: int, keep: Flags | None = None) -> Cells:
    """Return the number of members of each group with each code.

    Parameters
    ----------
    who
        The members. Patients in two groups are counted in both, and once more in an extra group after the last.
    code
        The codes, with patients along the last axis; below 0 for none.
    levels
        The number of codes.
    keep
        Flags of the patients to count; None for all.
    """
    group, rows = who.members_and_shared()
    if keep is not None and not keep.all():
        group, rows = group[keep[rows]], rows[keep[rows]]
    if len(rows) != who.asked_for or isinstance(who.by, Pinned):
        code = code.take(rows, axis=-1)
    return count_pairs(group if len(who.names) > 1 else None, code, len(who.names) + 1, levels)


def count_alike(member: Rows, code: Codes, levels: int) -> Cells:
    """Return the number of patients with each code by group, each patient counted once.

    Parameters
    ----------
    member
        The group of each patient by `Membership.member_of_each`; patients not asked for are not counted.
    code
        The code of each patient.
    levels
        The number of codes.
    """
    asked = member != NOT_ASKED
    if not asked.all():
        member, code = member[asked], code[asked]
    cells = count_pairs(member - WITHOUT_GROUP, code, int(member.max(initial=0)) - WITHOUT_GROUP + 1, levels)
    return cells._replace(group=cells.group + WITHOUT_GROUP)


def count_pairs(group: Rows | None, code: Codes, groups: int, levels: int) -> Cells:
    """Return the number of each pair of group and code; codes below 0 are ignored, and without groups all are 0."""
    size = levels + 1  # the first cell of a group holds those without a code
    cell = np.add(code, 1, dtype=np.intp)
    if group is not None:
        cell += group * size
    if groups * size <= MOST_EMPTY * max(cell.size, 1000):
        numbers = np.bincount(cell.ravel(), minlength=1)
        held = np.flatnonzero(numbers)
        numbers = numbers[held]
    else:
        held, numbers = np.unique(cell, return_counts=True)
    of_group, of_level = np.divmod(held, size)
    known = of_level > 0
    return Cells(of_group[known], of_level[known] - 1, numbers[known])


def added_cells(
    first: tuple[Column, ...], second: tuple[Column, ...], of_first: Integers, of_second: Integers
) -> tuple[tuple[Column, ...], Integers]:
    """Return the distinct keys of two tables of counts, sorted, and the number of patients in both with each."""
    columns = [np.concatenate(both) for both in zip(first, second, strict=True)]
    patients = np.concatenate([of_first, of_second])
    order = np.lexsort(columns[::-1])
    columns, patients = [column[order] for column in columns], patients[order]
    new = np.append(True, np.any([column[1:] != column[:-1] for column in columns], axis=0))[: len(patients)]
    begins = np.flatnonzero(new)
    sums = np.add.reduceat(patients, begins) if len(begins) else patients
    return tuple(column[begins] for column in columns), sums
