"""The tables that hang on the patients: visits and adverse events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.vocabulary import EVENTS, VISITS
from analysis.intake.checks import (
    Unusable,
    check_after_end,
    flagged,
    identified,
    leave_out,
    unreadable,
    without_repeats,
)
from analysis.intake.columns import read_column, read_optional, report_notes, report_problems, without_unused_levels
from analysis.intake.mapping import TABLES, Matched, Source, columns_of
from analysis.intake.patients import Patients
from analysis.intake.report import Report
from analysis.intake.times import TOLERANCE, months_between


def read_visits(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the visits of the patients who are used, by patient and time.

    Raises
    ------
    CohortError
        If ids or times are missing.
    """
    cells = matched.cells
    if "months" not in cells and "visit_date" not in cells:
        _refuse_missing(matched, "months", " (or visit_date)", report)
    elif "months" not in cells and patients.transplanted is None:
        message = "visits with dates need the column transplant_date in the patient table."
        report.refuse(matched.place, message, column="transplant_date", question="column")
    matched = _rows(matched, report)
    table, unusable = _values(matched, ("months",), "write months as a number, such as 12.5", report)
    report.stop_if_refused()
    time = "months"
    if "months" not in table and patients.transplanted is not None:
        time = "visit_date"
        table["months"] = months_between(table["patient_id"].map(patients.transplanted), table["visit_date"])
        reason = "the visit or the transplantation has no date. The visit is left out; write dates as year-month-day."
        unusable.append(flagged(time, table["months"].isna(), reason))
    elif "visit_date" in table:
        report.note(matched.place, "months is used as it stands; the dates are not kept.", column="visit_date")
    if patients.cutoff is not None:
        late = table["months"] > table["patient_id"].map(patients.cutoff) + TOLERANCE
        unusable.append(flagged(time, late, "the visit is after the cutoff date. It is left out."))
    table = _known(matched, table, unusable, patients, report)
    check_after_end(matched, table, time, _end(patients), report)
    return _in_order(table.drop(columns="visit_date", errors="ignore"), patients, "visits")


def read_events(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the adverse events of the patients who are used; one without a month is kept.

    Raises
    ------
    CohortError
        If ids or the names of the events are missing.
    """
    if "event" not in matched.cells:
        _refuse_missing(matched, "event", "", report)
    matched = _rows(matched, report)
    table, unusable = _values(matched, ("event",), "write the name of the event", report)
    report.stop_if_refused()
    empty = no_rows("events")
    for name in EVENTS:
        if name not in table:
            table[name] = empty[name].reindex(table.index)
    if patients.cutoff is not None:
        late = table["months"] > table["patient_id"].map(patients.cutoff) + TOLERANCE
        unusable.append(flagged("months", late, "the event is after the cutoff date. It is left out."))
    table = _known(matched, table, unusable, patients, report)
    check_after_end(matched, table, "months", _end(patients), report)
    return _in_order(table, patients, "events")


def no_rows(table: str) -> pd.DataFrame:
    """Return an empty table with the columns that every cohort has."""
    vocabulary = TABLES[table]
    names = ("patient_id", "months") if table == "visits" else tuple(vocabulary)
    nothing = pd.Series([], dtype=object)
    return pd.DataFrame({name: read_column(nothing, vocabulary[name], Source(name)).values for name in names})


def _refuse_missing(matched: Matched, name: str, instead: str, report: Report) -> None:
    message = f"there is no column {name}{instead}. The columns are: {columns_of(matched)}."
    report.refuse(matched.place, message, column=name, question="column")


def _rows(matched: Matched, report: Report) -> Matched:
    if "patient_id" not in matched.cells:
        _refuse_missing(matched, "patient_id", "", report)
    report.stop_if_refused()
    return without_repeats(identified(matched, report), report)


def _values(
    matched: Matched, needed: tuple[str, ...], advice: str, report: Report
) -> tuple[pd.DataFrame, list[Unusable]]:
    vocabulary = TABLES[matched.place.table]
    columns: dict[str, pd.Series] = {"patient_id": matched.cells["patient_id"]}
    unusable = []
    for name in map(str, matched.cells.columns[1:]):
        if name in needed:
            reading = read_column(matched.cells[name], vocabulary[name], matched.sources[name])
            report_notes(matched, name, reading, report)
            report_problems(matched, name, [problem for problem in reading.problems if problem.kept], report)
            unusable.append(unreadable(matched, name, reading, advice))
            columns[name] = reading.values
        else:
            columns[name] = read_optional(matched, name, vocabulary.get(name), report)
    return pd.DataFrame(columns), unusable


def _known(
    matched: Matched, table: pd.DataFrame, unusable: list[Unusable], patients: Patients, report: Report
) -> pd.DataFrame:
    """Leave out the rows of patients who are not used, and all other rows that cannot be used."""
    ids = table["patient_id"]
    unused = ~ids.isin(patients.table["patient_id"])
    reasons = [
        flagged("patient_id", ~ids.isin(patients.ids), "the patient is not in the patient table. The row is left out."),
        flagged("patient_id", unused, "the patient's own row is left out, and so is this one."),
    ]
    return leave_out(matched, table, [*reasons, *unusable], report)


def _end(patients: Patients) -> pd.Series:
    return patients.table.set_index("patient_id")["follow_up_months"]


def _in_order(table: pd.DataFrame, patients: Patients, kind: str) -> pd.DataFrame:
    vocabulary = VISITS if kind == "visits" else EVENTS
    names = [name for name in vocabulary if name in table]
    names += [str(name) for name in table.columns if name not in vocabulary]
    place = pd.Series(range(len(patients.table)), index=patients.table["patient_id"])
    order = np.lexsort((table["months"].to_numpy(dtype=float), table["patient_id"].map(place).to_numpy(dtype=float)))
    return without_unused_levels(table[names].iloc[order], vocabulary).reset_index(drop=True)
