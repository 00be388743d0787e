"""Tables with a row per patient that belong together, such as demographics and deaths, joined by the patient id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.cohort.names import normalised
from analysis.cohort.table_kinds import DEPENDENT
from analysis.intake import texts
from analysis.intake.noticed import shown
from analysis.intake.origin import Joined
from analysis.intake.raw import RawTable
from analysis.intake.shapes import OUTCOME, id_column, repeats, says, what_is
from analysis.intake.source import Answers
from analysis.intake.values import is_missing, where_missing


@dataclass(frozen=True, eq=False)
class _Rows:
    """A table with one row per patient, and its column of ids."""

    raw: RawTable
    ids: str

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row number of each patient."""
        held = self.raw.cells[self.ids].items()
        return {str(text).strip(): int(row) for row, text in held if not is_missing(str(text))}


def joined_patients(tables: Sequence[RawTable], answers: Answers) -> list[RawTable]:
    """Return the tables, with those of one row per patient joined to the one with most patients.

    A table is joined if all its patients are in the largest one, and it adds a column. Patients without a row in it,
    such as those alive in a table of deaths, are blank there. A table that contradicts the largest one is kept apart,
    so that the user is asked.
    """
    found = [each for raw in tables if not raw.hidden and (each := _rows(raw, answers))]
    if len(found) < 2:
        return list(tables)
    first = max(found, key=lambda each: len(each.rows))
    others = [each for each in found if each is not first and _belongs(each, first)]
    # Two complete patient tables, such as an old and a new one, are not joined.
    whole = [each for each in (first, *others) if _is_whole(each.raw, answers)]
    if not others or len(whole) > 1:
        return list(tables)
    joined = first.raw
    for other in others:
        joined = _joined(joined, first.ids, other)
    rest = [raw for raw in tables if raw is not first.raw and not any(raw is each.raw for each in others)]
    return [joined, *rest]


def _rows(raw: RawTable, answers: Answers) -> _Rows | None:
    ids = id_column(raw, answers)
    if ids is None or repeats(raw.cells[ids]) or what_is(raw, answers) in DEPENDENT:
        return None
    return _Rows(raw, ids) if not where_missing(raw.cells[ids]).all() else None


def _belongs(other: _Rows, first: _Rows) -> bool:
    new = [name for name in _values(other) if name not in _values(first)]
    return bool(new) and set(other.rows) <= set(first.rows) and not _contradicts(other, first)


def _values(table: _Rows) -> dict[str, str]:
    """Return normalised name to name of each column other than the ids."""
    return {normalised(str(name)): str(name) for name in table.raw.cells if name != table.ids}


def _contradicts(other: _Rows, first: _Rows) -> bool:
    mine, theirs = _values(other), _values(first)
    for name in mine.keys() & theirs.keys():
        held, known = other.raw.cells[mine[name]], first.raw.cells[theirs[name]]
        for patient, row in other.rows.items():
            value, before = str(held[row]).strip(), str(known[first.rows[patient]]).strip()
            if value != before and not is_missing(value):
                return True
    return False


def _is_whole(raw: RawTable, answers: Answers) -> bool:
    """Return whether a table has both follow-up and death of each patient."""
    held = {name for name in OUTCOME if says(raw, answers, name)}
    return "follow_up_months" in held and bool(held & {"died", "death_date"})


def _joined(raw: RawTable, ids: str, other: _Rows) -> RawTable:
    taken = {normalised(str(name)) for name in raw.cells}
    new = [str(name) for name in other.raw.cells if name != other.ids and normalised(str(name)) not in taken]
    places = {int(row): place for place, row in enumerate(other.raw.cells.index)}
    patients = [str(text).strip() for text in raw.cells[ids].astype(object)]
    rows = {
        int(row): other.rows[patient]
        for row, patient in zip(raw.cells.index, patients, strict=True)
        if patient in other.rows and not is_missing(patient)
    }
    at = np.array([places[rows[row]] if row in rows else -1 for row in map(int, raw.cells.index)])
    cells = raw.cells.copy(deep=False)
    for name in new:
        held = other.raw.cells[name].astype(object).to_numpy()
        cells[name] = texts.as_texts(np.where(at >= 0, held[at], ""), cells.index)
    before = raw.origin.columns if isinstance(raw.origin, Joined) else {}
    base = raw.origin.first if isinstance(raw.origin, Joined) else raw.origin
    origin = Joined(base, {**before, **dict.fromkeys(new, (other.raw.label, rows))})
    many = f"{len(rows):,} of {len(cells):,} patients"
    note = f"{', '.join(map(shown, new))} of {other.raw.label} are joined by patient ({many})."
    return replace(raw, cells=cells, origin=origin, notes=(*raw.notes, note, *other.raw.notes))
