"""How many members of each group have each code: the one pass over the patients that a question costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Integers, Rows
from analysis.cohort.grouping import Pinned
from analysis.counts.groups import NOT_ASKED, WITHOUT_GROUP, Membership

MOST_EMPTY = 4  # cells to a code: with more it is quicker to sort the codes than to count all cells
Codes = NDArray[np.integer[Any]]
Column = NDArray[Any]


class Cells(NamedTuple):
    """The pairs of group and code that somebody has, sorted by group and code, and how many have them."""

    group: Rows
    code: Rows
    patients: Integers


def count_codes(who: Membership, code: Codes, levels: int, keep: Flags | None = None) -> Cells:
    """Return how many members of each group have each code.

    Parameters
    ----------
    who
        The members. Those who are in two groups are counted in each, and once more in a group behind the last.
    code
        A code a patient in the last axis; below 0 for none.
    levels
        How many codes there are.
    keep
        Which patients are counted; None for all.
    """
    group, rows = who.members_and_shared()
    if keep is not None and not keep.all():
        group, rows = group[keep[rows]], rows[keep[rows]]
    if len(rows) != who.asked_for or isinstance(who.by, Pinned):
        code = code.take(rows, axis=-1)
    return count_pairs(group if len(who.names) > 1 else None, code, len(who.names) + 1, levels)


def count_alike(member: Rows, code: Codes, levels: int) -> Cells:
    """Return how many patients of each group, or of none, have each code; one who is in two groups is counted once.

    Parameters
    ----------
    member
        In which group each patient is, as `Membership.member_of_each` returns it; those not asked for are not counted.
    code
        A code a patient.
    levels
        How many codes there are.
    """
    asked = member != NOT_ASKED
    if not asked.all():
        member, code = member[asked], code[asked]
    cells = count_pairs(member - WITHOUT_GROUP, code, int(member.max(initial=0)) - WITHOUT_GROUP + 1, levels)
    return cells._replace(group=cells.group + WITHOUT_GROUP)


def count_pairs(group: Rows | None, code: Codes, groups: int, levels: int) -> Cells:
    """Return how many there are of each pair of group and code; a code below 0 is none, no group is group 0."""
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
    """Return the rows of two tables of counts as those of one, sorted by their keys, and how many patients each has."""
    columns = [np.concatenate(both) for both in zip(first, second, strict=True)]
    patients = np.concatenate([of_first, of_second])
    order = np.lexsort(columns[::-1])
    columns, patients = [column[order] for column in columns], patients[order]
    new = np.append(True, np.any([column[1:] != column[:-1] for column in columns], axis=0))[: len(patients)]
    begins = np.flatnonzero(new)
    sums = np.add.reduceat(patients, begins) if len(begins) else patients
    return tuple(column[begins] for column in columns), sums
