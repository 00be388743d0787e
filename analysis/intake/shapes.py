"""Kinds of tables by their columns, and the split of a long table (one row per visit) into patients, visits, events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import TABLES
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.flags import code, says_yes_or_no
from analysis.intake.guess import Guess, guess
from analysis.intake.noticed import Place, Report, shown
from analysis.intake.numerals import NUMBER
from analysis.intake.raw import RawTable
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE
from analysis.intake.relapse_dates import of_patients
from analysis.intake.source import Answers
from analysis.intake.values import is_missing, recorded, where_missing
from analysis.intake.visit_names import VISIT_NAMES, visit_label

OUTCOME = ("follow_up_months", "died", "last_contact_date", "death_date")
TIMES = ("months", "visit_date")
MEASURES = tuple(name for name in TABLES["visits"] if name not in ("patient_id", *TIMES))
IN_A_LONG_TABLE = ("patients", "visits", "events")
STARTS = ("start_months", "start_date")
INFUSED = ("cell_dose_million_per_kg", "total_cells_million", "route", "viability_percent", "lot")
# A table with one of these is of patients, also if it has the cells that they got; infusions can be numbered.
OF_PATIENTS = tuple(
    name for name in TABLES["patients"] if name not in (*TABLES["infusions"], "patient_id", "infusions", "centre")
)
# Administrative columns that REDCap adds to every export.
REDCAP = re.compile(
    r"redcap_(repeat_instrument|repeat_instance|survey_identifier|data_access_group)|repeat_(instrument|instance)"
    r"|data_access_group|survey_identifier"
)
FORM_STATUS = re.compile(r"(.*_)?complete(_\d+)?")  # REDCap adds it to every form.
STATUSES = frozenset({"0", "1", "2", "incomplete", "unverified", "complete"})
OFTEN = 1.5  # rows per patient


def what_is(raw: RawTable, answers: Answers) -> str:
    """Return the kind of a table by its columns: a key of `KINDS`, ``long`` (patients and visits in one) or ""."""
    ids = id_column(raw, answers)
    rows = repeats(raw.cells[ids]) if ids is not None else ""
    outcomes = [found for name in OUTCOME if (found := _found(raw, answers, "patients", name))]
    times = [found for name in TIMES if (found := _found(raw, answers, "visits", name))]
    certain = {found.column for found in outcomes if found.certain}
    times = [found for found in times if found.column not in certain and (rows != "once" or not found.loose)]
    if ids is not None and rows:
        outcomes = [found for found in outcomes if is_constant(raw.cells[ids], raw.cells[found.column])]
    firm = any(not found.loose for found in outcomes)
    timed = bool(times) or (rows == "often" and visit_label(raw) is not None)
    event = _found(raw, answers, "events", "event")
    if event and not firm and not _is_flag(raw.cells[event.column]) and (rows or not _tells_outcome(raw, answers)):
        return "events"
    if not firm and _is_of_treatments(raw, answers):
        return "treatments"
    if not firm and _is_of_infusions(raw, answers):
        return "infusions"
    if len(outcomes) > 1 and not rows and _is_of_patients(raw, answers, outcomes, times):
        return "patients"
    if outcomes and rows and timed and {found.column for found in times} != {found.column for found in outcomes}:
        return "long"
    if firm:
        return "patients"
    if timed and (rows == "often" or any(not found.loose for found in times)):
        return "visits"
    if outcomes:
        return "patients"
    return "visits" if timed else ""


def _is_of_treatments(raw: RawTable, answers: Answers) -> bool:
    """Return whether a table has the name of a drug, and when its patient began to take it."""
    drug = _found(raw, answers, "treatments", "drug")
    started = [found for name in STARTS if (found := _found(raw, answers, "treatments", name))]
    if drug is None or not started or _is_flag(raw.cells[drug.column]):
        return False
    # Intervals with a status at their end are of survival, also if a column tells the treatment.
    return not any(says(raw, answers, name) for name in ("died", "death_date"))


def _is_of_infusions(raw: RawTable, answers: Answers) -> bool:
    """Return whether a table has times, what was infused, and nothing that is measured or asked at a visit."""
    dated = _found(raw, answers, "infusions", "infusion_date")
    if dated is None and _found(raw, answers, "infusions", "months") is None:
        return False
    source = dated is not None and not dated.loose and says(raw, answers, "msc_source")
    if not source and not any(_found(raw, answers, "infusions", name) for name in INFUSED):
        return False
    others = [("patients", name) for name in OF_PATIENTS] + [("visits", name) for name in MEASURES]
    found = (_found(raw, answers, table, name) for table, name in others)
    return all(each is None or each.loose for each in found)


def _tells_outcome(raw: RawTable, answers: Answers) -> bool:
    """Return whether a table has a time and a status of a few codes that can be those of follow-up."""
    time, died = (_found(raw, answers, "patients", name) for name in ("follow_up_months", "died"))
    return time is not None and died is not None and _is_flag(raw.cells[died.column])


def _is_of_patients(raw: RawTable, answers: Answers, outcomes: list[Guess], times: list[Guess]) -> bool:
    """Return whether rows with a time and a status, under ambiguous names, are patients rather than visits."""
    if any(normalised(column) == "paramcd" for column in map(str, raw.cells)):
        return True
    measured = any(_found(raw, answers, "visits", name) for name in MEASURES)
    return {found.column for found in times} <= {found.column for found in outcomes} and not measured


def has_time(raw: RawTable, answers: Answers) -> bool:
    """Return whether a table has a column with the time or the date of a visit, or with names of visits."""
    return bool(time_columns(raw, answers)) or visit_label(raw) is not None


def time_columns(raw: RawTable, answers: Answers) -> dict[str, str]:
    """Return the columns that could be the time or the date of a visit, by their canonical names."""
    return {name: found.column for name in TIMES if (found := _found(raw, answers, "visits", name))}


def says(raw: RawTable, answers: Answers, name: str) -> bool:
    """Return whether a table has a column for a canonical one of the patients."""
    return _found(raw, answers, "patients", name) is not None


def is_form_status(raw: RawTable, column: str) -> bool:
    """Return whether a column of an export of REDCap says whether a form is complete."""
    if not FORM_STATUS.fullmatch(normalised(column)):
        return False
    held = {code(text) for text in recorded(raw.cells[column])}
    return held <= STATUSES and _exported(tuple(map(str, raw.cells.columns)))


@lru_cache(maxsize=8)
def _exported(columns: tuple[str, ...]) -> bool:
    """Return whether a table with these columns was exported by REDCap."""
    names = [normalised(column) for column in columns]
    return names[0] == "record_id" or any(name.startswith("redcap_") for name in names)


def id_column(raw: RawTable, answers: Answers) -> str | None:
    """Return the column of patient ids; None if there is none."""
    found = _found(raw, answers, "patients", "patient_id")
    return found.column if found else None


def _found(raw: RawTable, answers: Answers, table: str, name: str) -> Guess | None:
    chosen = answers.columns[table].get(name, ...)
    if chosen is None:
        return None
    if chosen is not ... and chosen.column in raw.cells:
        return Guess(chosen.column, "named by you", certain=True)
    return guess(raw.cells, table, name, ())


def repeats(ids: pd.Series) -> str:
    """Return whether ids repeat: ``often``, as in visits; ``once`` or so, by mistake; or ""."""
    codes, distinct = texts.parts(ids)
    counts = np.bincount(codes, minlength=len(distinct))
    if all(is_missing(distinct[place]) for place in np.flatnonzero(counts > 1)):
        return ""
    return "often" if counts.sum() >= OFTEN * (counts > 0).sum() else "once"


def is_constant(ids: pd.Series, values: pd.Series) -> bool:
    """Return whether no patient has two different values in a column; blanks do not count."""
    return not _contradicting(ids, values).any()


def _contradicting(ids: pd.Series, values: pd.Series) -> np.ndarray:
    """Return whether the value of each row differs from the patient's first value; blanks do not."""
    patients, names = texts.parts(ids)
    codes, _ = texts.parts(values)
    held = ~where_missing(values)
    first = np.full(len(names), -1, dtype=np.intp)
    first[patients[held][::-1]] = codes[held][::-1]
    return held & (first[patients] != codes)


def _is_flag(values: pd.Series) -> bool:
    counts = recorded(values)
    return bool(counts) and (says_yes_or_no(counts) or all(NUMBER.fullmatch(text.strip()) for text in counts))


@dataclass(frozen=True)
class Split:
    """The parts of a long table; `events` is None without adverse events."""

    patients: RawTable
    visits: RawTable
    events: RawTable | None


def split_long(raw: RawTable, answers: Answers, ids: str, report: Report) -> Split:
    """Return the patients, visits and adverse events of a long table.

    A column that is constant within each patient belongs to the patients, whether it is repeated or only in the first
    row; so does a column that is known to. A row is a visit if it has a value in a column of the visits.

    Parameters
    ----------
    raw
        The table.
    answers
        The answers of the user.
    ids
        The column of patient ids.
    report
        Receives contradictions within a patient.
    """
    place = Place("patients", raw.label)
    cells = raw.cells
    homes = _homes(raw, answers, ids)
    names = {table: [ids, *[column for column, home in homes.items() if home == table]] for table in IN_A_LONG_TABLE}
    relapses = _relapse_column(raw, answers, ids)
    once = [column for column in names["patients"] if column != relapses]
    patients = _first_values(cells, ids, once)
    _report_contradictions(raw, answers, ids, once[1:], report)
    if relapses:
        patients[relapses] = of_patients(cells, ids, relapses, patients.index)
    parts = {}
    for table in ("visits", "events"):
        held = np.zeros(len(cells), dtype=bool)
        # A row with nothing but the name of a visit is not a visit.
        telling = [column for column in names[table][1:] if normalised(column) not in VISIT_NAMES]
        for column in telling or names[table][1:]:
            held |= ~texts.where(cells[column], texts.blank)
        parts[table] = cells.loc[held, names[table]]
    others = [column for column in map(str, cells.columns) if column not in homes and column != ids]
    beside = [column for column in others if not _is_of_redcap(raw, column)]
    if beside:
        report.note(place, f"what is said of each relapse is not used: {', '.join(map(shown, beside))}.")
    others = [column for column in others if column not in beside]
    if others:
        report.note(place, f"what REDCap adds is not used: {', '.join(shown(column) for column in others)}.")
    words = f"it holds a row a visit; it is read as {count_words(len(patients), 'patient')}"
    report.note(place, f"{words} and {count_words(len(parts['visits']), 'visit')}.")
    plain = replace(raw, notes=(), rows=())
    return Split(
        replace(raw, cells=patients),
        replace(plain, cells=parts["visits"]),
        replace(plain, cells=parts["events"]) if names["events"][1:] else None,
    )


def _homes(raw: RawTable, answers: Answers, ids: str) -> dict[str, str]:
    """Return the table that each column belongs to; administrative columns of REDCap belong to none."""
    columns = [column for column in map(str, raw.cells.columns) if column != ids]
    constant = [column for column in columns if is_constant(raw.cells[ids], raw.cells[column])]
    homes = _known_homes(raw, answers, columns)
    relapses = _relapse_column(raw, answers, ids)
    homes |= {relapses: "patients"} if relapses else {}
    for table in _held_tables(raw, [ids, *homes]):
        for name in TABLES[table]:
            only = [column for column in (constant if table == "patients" else columns) if column not in homes]
            wanted = name != "patient_id" and answers.columns[table].get(name, ...) is not None
            found = guess(raw.cells, table, name, [ids, *homes], only=only) if wanted else None
            if found is not None:
                homes[found.column] = table
    for column in columns:
        if column in homes or _is_of_redcap(raw, column):
            continue
        if column in constant and normalised(column) not in VISIT_NAMES:
            homes[column] = "patients"
        elif not (relapses and _only_beside(raw.cells, column, relapses)):
            homes[column] = "visits"
    return homes


def _is_of_redcap(raw: RawTable, column: str) -> bool:
    return bool(REDCAP.fullmatch(normalised(column))) or is_form_status(raw, column)


def _relapse_column(raw: RawTable, answers: Answers, ids: str) -> str | None:
    """Return the column with the date of each relapse of a patient; None without one."""
    chosen = answers.columns["patients"].get(RELAPSE_DATE, ...)
    found = guess(raw.cells, "patients", RELAPSE_DATE, [ids]) if chosen is ... else chosen
    return found.column if found and found.column in raw.cells else None


def _only_beside(cells: pd.DataFrame, column: str, other: str) -> bool:
    """Return whether a column has values only in rows in which another has one."""
    return not (~where_missing(cells[column]) & where_missing(cells[other])).any()


def _known_homes(raw: RawTable, answers: Answers, columns: Iterable[str]) -> dict[str, str]:
    """Return the tables of the columns that the user named, or that have canonical names."""
    homes: dict[str, str] = {}
    by_name = {normalised(column): column for column in columns}
    for table in IN_A_LONG_TABLE:
        for name, source in answers.columns[table].items():
            if source is not None and source.column in by_name.values() and name != "patient_id":
                homes.setdefault(source.column, table)
    for table in _held_tables(raw, homes):
        for name in TABLES[table]:
            if name in by_name and name != "patient_id":
                homes.setdefault(by_name[name], table)
    return homes


def _held_tables(raw: RawTable, taken: Iterable[str]) -> list[str]:
    event = guess(raw.cells, "events", "event", [*taken])
    with_events = event is not None and not _is_flag(raw.cells[event.column])
    return ["patients", "visits", *(["events"] if with_events else [])]


def _first_values(cells: pd.DataFrame, ids: str, names: Iterable[str]) -> pd.DataFrame:
    """Return one row per patient, with the number of the first row and the first nonblank value of each column."""
    known = ~where_missing(cells[ids])
    held = cells[known]
    patients, every = texts.parts(held[ids])
    rows = np.full(len(every), -1, dtype=np.intp)
    rows[patients[::-1]] = np.arange(len(held))[::-1]
    rows = np.sort(rows[rows >= 0])
    columns = {}
    for name in names:
        codes, distinct = texts.parts(held[name])
        filled = ~texts.where(held[name], texts.blank)
        first = np.full(len(every), -1, dtype=np.intp)
        first[patients[filled][::-1]] = codes[filled][::-1]
        mine = first[patients[rows]]
        columns[name] = texts.from_codes(
            np.where(mine < 0, len(distinct), mine), _with_blank(distinct), held.index[rows]
        )
    return pd.DataFrame(columns, index=held.index[rows])


def _with_blank(distinct: list[str]) -> list[str]:
    return [text if not texts.blank(text) else text + " " for text in distinct] + [""]


def _report_contradictions(raw: RawTable, answers: Answers, ids: str, columns: Iterable[str], report: Report) -> None:
    place = Place("patients", raw.label)
    deciding = {
        found.column for name in (*OUTCOME, "transplant_date") if (found := _found(raw, answers, "patients", name))
    }
    cells = raw.cells
    for column in columns:
        where = _contradicting(cells[ids], cells[column])
        rows = [int(row) for row in cells.index[where]]
        if not rows:
            continue
        if column in deciding:
            patient = str(cells.at[rows[0], ids])
            report.refuse(
                place,
                f'patient "{shown(patient)}" has another value here than in an earlier row '
                f"({count_words(len(rows), 'such row')}). Give every patient one value.",
                row=rows[0],
                column=column,
                value=str(cells.at[rows[0], column]),
                question="duplicates",
            )
            continue

        def words(row: int, column: str = column) -> str:
            return (
                f'"{shown(cells.at[row, column])}" is not what an earlier row of patient '
                f'"{shown(cells.at[row, ids])}" says. The first value is used; please check it.'
            )

        report.doubt_rows(place, rows, partial(_cell, cells[column]), words, column)


def _cell(values: pd.Series, row: int) -> str:
    return str(values[row])
