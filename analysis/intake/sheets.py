"""Sheets, or files, that are one table in parts: a sheet per visit, or a sheet per group of patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.intake import texts
from analysis.intake.headings import those_alike, unit_in
from analysis.intake.moments import Moment, moment_of, signed
from analysis.intake.noticed import shown
from analysis.intake.origin import Part, stacked
from analysis.intake.raw import RawTable, RowNote
from analysis.intake.shapes import MEASURES, has_time, id_column, time_columns, what_is
from analysis.intake.source import Answers
from analysis.intake.values import key, recorded, spelling_of
from analysis.intake.visit_names import VISIT_NAMES

SHEET = "sheet"  # the column with the name of each patient's sheet
MEASURED = tuple(VISITS[name] for name in MEASURES)
FILE = "file"  # the same for files
ALIKE = 0.8  # of the headings of two sheets that are parts of one table


def joined_sheets(tables: Sequence[RawTable], answers: Answers) -> list[RawTable]:
    """Return the tables, with parts of one table joined.

    A sheet named after a measure ("SLEDAI") with times as headings holds that measure at these times. Sheets named
    after a time ("Month 3"), without a column of times, are visits then. Sheets, or files, of one kind with the same
    headings and different patients are groups of patients; the name of the sheet or file becomes a column.
    """
    tables = [_of_measure(each, answers) for each in tables]
    shown_tables = [each for each in tables if not each.hidden]
    joined = _joined_visits(shown_tables, answers)
    left = [each for each in shown_tables if each not in joined[0]] + joined[1]
    for kind in ("patients", "long", "visits"):
        left = _joined_groups(left, kind, answers)
    return left + [each for each in tables if each.hidden]


def _of_measure(raw: RawTable, answers: Answers) -> RawTable:
    """Return a table with the measure that it is named after in its headings, if these are only ids and times."""
    name, ids = _name(raw), id_column(raw, answers)
    times = [column for column in map(str, raw.cells) if column != ids]
    if ids is None or not times or not all(map(moment_of, times)) or not those_alike([name], MEASURED):
        return raw
    cells = raw.cells.rename(columns={column: f"{column} {name}" for column in times})
    note = f"its columns {', '.join(map(shown, times))} are read as {shown(name)} at these times."
    return replace(raw, cells=cells, notes=(*raw.notes, note))


def _joined_visits(tables: Sequence[RawTable], answers: Answers) -> tuple[list[RawTable], list[RawTable]]:
    """Return the sheets that each hold one visit, and the table of them all; nothing if there is only one."""
    if len(tables) < 2:
        return [], []
    moments = {place: moment for place, each in enumerate(tables) if (moment := moment_of(_name(each)))}
    found = [
        (tables[place], moment)
        for place, moment in moments.items()
        if id_column(tables[place], answers)
        and not has_time(tables[place], answers)
        and what_is(tables[place], answers) == ""
    ]
    times = signed([moment for _, moment in found])
    if len(set(times)) < len(found) or len(found) < 2:
        return [], []
    counted = any(moment.unit == "visit" for moment in times)
    parts = [
        _with_column(each, *_time(moment, counted=counted)) for (each, _), moment in zip(found, times, strict=True)
    ]
    note = f"the sheets {_listed([each for each, _ in found])} are read as visits at the times of their names."
    return [each for each, _ in found], [_stacked(parts, answers, note)]


def joined_measures(tables: Sequence[RawTable], answers: Answers) -> list[RawTable]:
    """Return the tables, with those of visits joined, if they hold different measures at the same kind of time."""
    if len(tables) < 2:
        return list(tables)
    visits = [each for each in tables if not each.hidden and what_is(each, answers) == "visits"]
    times = [time_columns(each, answers) for each in visits]
    if len(visits) < 2 or not all(times) or not _same_times(times):
        return list(tables)
    renamed = [_named_like(each, own, times[0]) for each, own in zip(visits, times, strict=True)]
    named = [{normalised(str(name)) for name in each.cells} for each in renamed]
    keys = {normalised(str(id_column(visits[0], answers))), *map(normalised, times[0].values())}
    if not set.intersection(*named) <= keys | set(VISIT_NAMES):
        return list(tables)
    note = (
        f"the tables {_listed(visits)} hold different measures; visits of a patient at the same time are put together."
    )
    rest = [each for each in tables if not any(each is other for other in visits)]
    return [*rest, _stacked(renamed, answers, note, visits)]


def _same_times(times: Sequence[dict[str, str]]) -> bool:
    """Return whether tables tell the times of their visits in the same way: since when, and in which unit."""
    units = [{unit_in(column, VISITS[name]) for name, column in held.items()} for held in times]
    return all(held.keys() == times[0].keys() for held in times) and all(each == units[0] for each in units)


def _named_like(raw: RawTable, own: dict[str, str], first: dict[str, str]) -> RawTable:
    """Return a table whose columns of times are called as in another, such as QSDY and LBDY."""
    names = {column: first[name] for name, column in own.items()}
    return replace(raw, cells=raw.cells.rename(columns=names))


def _time(moment: Moment, *, counted: bool) -> tuple[str, str]:
    """Return the column that a time stands in, and the time; visits that are `counted` are asked for their months."""
    if counted:
        return "visit", f"V{moment.number:g}"
    return ("time", f"{moment.number:g}") if moment.months is None else ("months", f"{moment.months:.10g}")


def _joined_groups(tables: list[RawTable], kind: str, answers: Answers) -> list[RawTable]:
    if len(tables) < 2:
        return tables
    same = [each for each in tables if what_is(each, answers) == kind and id_column(each, answers)]
    if len(same) < 2 or kind in answers.tables or any(not _alike(same[0], each) for each in same[1:]):
        return tables
    held = [_ids(each, answers) for each in same]
    if sum(map(len, held)) != len(frozenset().union(*held)):
        return tables
    names = [_name(each) for each in same]
    known = spelling_of(PATIENTS["msc_source"])
    files = not any(each.sheet for each in same)
    column = "msc_source" if all(key(name) in known for name in names) else FILE if files else SHEET
    if kind == "visits" or any(normalised(str(name)) == column for each in same for name in each.cells):
        parts = same
    else:
        parts = [_with_column(each, column, name) for each, name in zip(same, names, strict=True)]
    what = "files" if files else "sheets"
    note = f"the {what} {_listed(same)} have the same headings and different patients; they are read as one table."
    return [_stacked(parts, answers, note), *[each for each in tables if each not in same]]


def _stacked(
    tables: Sequence[RawTable], answers: Answers, note: str, given: Sequence[RawTable] | None = None
) -> RawTable:
    """Return one table of several; the columns take the names that the first one gives them.

    `given` are the tables as they stand in the files, if columns are called otherwise there.
    """
    names = {normalised(str(name)): str(name) for each in reversed(tables) for name in each.cells}
    ids = id_column(tables[0], answers)
    parts = []
    for each, as_given in zip(tables, given or tables, strict=True):
        own = id_column(each, answers)
        headings: dict[str, str] = {}
        for name, heading in zip(map(str, each.cells), map(str, as_given.cells), strict=True):
            # Of "ANA (+)" and "ANA (-)" in one sheet each keeps its own name.
            exact = name if name in tables[0].cells else names[normalised(name)]
            common = ids if name == own and ids else exact
            headings[name if common in headings else common] = heading
        parts.append(Part(each.cells.set_axis(list(headings), axis=1), each.label, headings))
    cells, origin = stacked(parts)
    rows = tuple(
        RowNote(found.kind, found.row * len(tables) + place, found.value, found.message)
        for place, each in enumerate(tables)
        for found in each.rows
    )
    notes = dict.fromkeys(each for table in tables for each in table.notes)
    sheet = ", ".join(each.sheet for each in tables) if tables[0].sheet else ""
    return replace(tables[0], cells=cells, sheet=sheet, notes=(*notes, note), rows=rows, origin=origin)


def _with_column(raw: RawTable, name: str, value: str) -> RawTable:
    cells = raw.cells.copy(deep=False)
    cells.insert(len(cells.columns), name, texts.as_texts([value] * len(cells), cells.index))
    return replace(raw, cells=cells)


def _name(raw: RawTable) -> str:
    return raw.sheet or Path(raw.file).stem


def _alike(one: RawTable, other: RawTable) -> bool:
    names, others = ({normalised(str(name)) for name in each.cells} for each in (one, other))
    return len(names & others) >= ALIKE * len(names | others)


def _ids(raw: RawTable, answers: Answers) -> frozenset[str]:
    column = id_column(raw, answers)
    return frozenset(text.strip() for text in recorded(raw.cells[column])) if column else frozenset()


def _listed(tables: Sequence[RawTable]) -> str:
    names = [shown(_name(each)) for each in tables]
    return f"{', '.join(names[:-1])} and {names[-1]}"
