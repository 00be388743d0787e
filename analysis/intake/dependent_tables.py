"""What is common to the tables that refer to the patients: their ids, times and rows that cannot be used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.intake import texts
from analysis.intake.checks import Unusable, flagged, identified, leave_out, unreadable, without_repeats
from analysis.intake.contradictions import patient_places
from analysis.intake.follow_up_dates import TOLERANCE, months_between
from analysis.intake.mapping import Matched, columns_of, free_columns
from analysis.intake.noticed import Report, shown
from analysis.intake.patient_table import Patients
from analysis.intake.source import Source
from analysis.intake.typed_columns import (
    kept_limits,
    read_column,
    read_optional,
    report_notes,
    report_problems,
    report_unread,
    without_misfits,
    without_unused_levels,
)
from analysis.intake.values import key


def complete(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return a table with all columns of its kind, empty ones where the file has none, and without dates."""
    empty, dates = no_rows(kind), [each for each in KINDS[kind].times.values() if each in table]
    missing = {name: empty[name].reindex(table.index) for name in empty if name not in table}
    return table.drop(columns=dates).assign(**missing)


def no_rows(table: str) -> pd.DataFrame:
    """Return an empty table with the columns that every cohort has."""
    vocabulary, kind = TABLES[table], KINDS[table]
    small = [name for name in vocabulary if name not in kind.times.values()]
    names = kind.required if table in ("visits", "infusions") else small
    nothing = texts.as_texts([])
    return pd.DataFrame({name: read_column(nothing, vocabulary[name], Source(name)).values for name in names})


def rows_with_id(matched: Matched, report: Report) -> Matched:
    """Return the rows with a patient id that repeat no other row."""
    if "patient_id" not in matched.cells:
        refuse_missing(matched, "patient_id", "the patients", report)
        return matched
    return without_repeats(identified(matched, report), report)


def check_time(matched: Matched, name: str, words: str, *, dated: bool, report: Report) -> None:
    """Refuse a table that has neither a time in months nor its date; see `check_dated`."""
    if name not in matched.cells and KINDS[matched.place.table].times[name] not in matched.cells:
        refuse_missing(matched, name, words, report)
    else:
        check_dated(matched, name, dated=dated, report=report)


def check_dated(matched: Matched, name: str, *, dated: bool, report: Report) -> None:
    """Refuse dates in place of a time in months, if the patients are not `dated`: have no date of transplantation."""
    kind = KINDS[matched.place.table]
    if name not in matched.cells and kind.times[name] in matched.cells and not dated:
        message = f"{kind.title.lower()} with dates need the date of transplantation in the patient table."
        report.refuse(matched.place, message, column="transplant_date", question="column")


def refuse_missing(matched: Matched, name: str, words: str, report: Report) -> None:
    """Report that a needed column is missing, with the columns that it could be."""
    message = f"there is no column for {words}. The columns are: {columns_of(matched)}."
    choices = [(column, len(matched.cells)) for column in free_columns(matched)]
    report.refuse(matched.place, message, column=name, question="column", choices=choices)


def read_values(
    matched: Matched, needed: tuple[str, ...], advice: str, report: Report
) -> tuple[pd.DataFrame, list[Unusable | None]]:
    """Return the values of a table, and the rows that cannot be used as a needed column is empty or unreadable there.

    Parameters
    ----------
    matched
        The table as text.
    needed
        Columns without which a row is not used.
    advice
        What to do about an unreadable value of them.
    report
        Receives the findings.
    """
    vocabulary = TABLES[matched.place.table]
    columns: dict[str, pd.Series] = {"patient_id": matched.cells["patient_id"]}
    limits: dict[str, pd.Series] = {}
    unusable: list[Unusable | None] = []
    for name in map(str, matched.cells.columns[1:]):
        if name in needed:
            reading = read_column(matched.cells[name], vocabulary[name], matched.sources[name])
            report_notes(matched, name, reading, report)
            likely = without_misfits(matched, name, vocabulary[name], matched.sources[name], reading, report)
            report_problems(matched, name, [problem for problem in likely if problem.kept], report)
            report_unread(matched, name, reading, report)
            unusable.append(unreadable(matched, name, reading, advice))
            columns[name] = reading.values
        else:
            reading = read_optional(matched, name, vocabulary.get(name), report)
            columns[name] = reading.values
            if reading.limits is not None:
                limits[name] = reading.limits
    if matched.place.table == "visits":
        columns |= kept_limits(matched, limits, report)
    return pd.DataFrame(columns, copy=False), unusable


def in_months(matched: Matched, table: pd.DataFrame, name: str, patients: Patients, report: Report) -> str:
    """Add a time in months to a table with its date, unless it has it; return the column that it comes from."""
    dates = KINDS[matched.place.table].times[name]
    if name not in table and dates in table and patients.transplanted is not None:
        start = table["patient_id"].astype(object).map(patients.transplanted)
        table[name] = months_between(start, table[dates])
        return dates
    if dates in table:
        report.note(matched.place, f"{name} is used as it stands; the dates are not kept.", column=dates)
    return name


def after_cutoff(matched: Matched, table: pd.DataFrame, time: str, patients: Patients) -> list[Unusable | None]:
    """Return the rows after the cutoff date, if there is one, which are left out."""
    if patients.cutoff is None:
        return []
    kind = KINDS[matched.place.table]
    late = table[kind.time] > table["patient_id"].astype(object).map(patients.cutoff) + TOLERANCE
    return [flagged(time, late, f"the {kind.row} is after the cutoff date. It is left out.", expected=True)]


def known_rows(
    matched: Matched, table: pd.DataFrame, unusable: list[Unusable | None], patients: Patients, report: Report
) -> pd.DataFrame:
    """Leave out rows of unknown or unused patients, and all other rows that cannot be used."""
    ids = table["patient_id"]
    reasons: list[Unusable | None] = []
    unused = pd.Series(~patient_places(ids, patients.table)[1], index=ids.index)
    if unused.any():
        strangers = pd.Series(~texts.where(ids, patients.ids.__contains__), index=ids.index)
        reasons += _stranger(ids, strangers, patients) if strangers.any() else []
        own = "the patient's own row is left out, and so is this one."
        reasons.append(flagged("patient_id", unused, own, expected=True))
    return leave_out(matched, table, [*reasons, *unusable], report)


def _stranger(ids: pd.Series, strangers: pd.Series, patients: Patients) -> list[Unusable]:
    """Return the reasons for leaving out rows of unknown patients, with the patient whose id is similar."""
    similar = {_loosely(patient): patient for patient in patients.ids}
    words = {}
    for text in texts.counts(ids[strangers]):
        near = similar.get(_loosely(text))
        hint = f' Is "{shown(near)}" meant?' if near else ""
        words[text] = f"the patient is not in the patient table. The row is left out.{hint}"
    held = ids.astype(object)
    return [Unusable("patient_id", pd.Series("", index=ids.index, dtype=object).mask(strangers, held.map(words)))]


def _loosely(patient: str) -> str:
    return key(patient).lstrip("0")


def in_order(table: pd.DataFrame, patients: Patients, kind: str) -> pd.DataFrame:
    """Return a table sorted by patient and time, its columns in the order of the vocabulary."""
    vocabulary, time = TABLES[kind], KINDS[kind].time
    names = [name for name in vocabulary if name in table]
    names += [str(name) for name in table.columns if name not in vocabulary]
    place, _ = patient_places(table["patient_id"], patients.table)
    months = table[time].to_numpy(dtype=float)
    later = (place[1:] > place[:-1]) | ((place[1:] == place[:-1]) & (months[1:] >= months[:-1]))
    order = slice(None) if later.all() else np.lexsort((months, place))
    columns = {name: table[name].iloc[order] for name in names}
    columns["patient_id"] = columns["patient_id"].astype(object)
    tidy = without_unused_levels(pd.DataFrame(columns, copy=False), vocabulary)
    tidy.index = pd.RangeIndex(len(tidy))
    return tidy
