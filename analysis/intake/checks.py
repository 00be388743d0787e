"""What is wrong with the rows of a table, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis.intake.columns import Reading
from analysis.intake.mapping import Matched
from analysis.intake.report import Report, shown
from analysis.intake.times import TOLERANCE
from analysis.intake.values import is_missing

UNUSED = {"patients": "The patient is left out", "visits": "The visit is left out", "events": "The event is left out"}


@dataclass(frozen=True)
class Unusable:
    """Rows that cannot be used: the column to blame, and a reason a row."""

    column: str
    reasons: pd.Series


def identified(matched: Matched, report: Report) -> Matched:
    """Return the rows that have an id, without blanks around it; the others are left out."""
    ids = matched.cells["patient_id"]
    trimmed = ids.str.strip()
    missing = pd.Series([is_missing(text) for text in trimmed], index=ids.index, dtype=bool)
    unused = UNUSED[matched.place.table]
    for row in ids.index[missing]:
        message = f"there is no patient id. {unused}; give every row its id."
        column = matched.original("patient_id")
        report.leave_out(matched.place, int(row), "", message, column=column, value=str(ids[row]))
    blanks = int((trimmed != ids)[~missing].sum())
    if blanks:
        message = f"blanks before or after the id are ignored in {blanks} of the rows."
        report.note(matched.place, message, column=matched.original("patient_id"))
    return replace(matched, cells=matched.cells.assign(patient_id=trimmed)[~missing])


def without_repeats(matched: Matched, report: Report) -> Matched:
    """Return the rows without those that repeat an earlier row in every value; these are left out."""
    cells = matched.cells
    # Comparing whole rows is slow: only rows that share the patient (and the time) can be alike.
    keys = [name for name in ("patient_id", "months", "visit_date") if name in cells]
    candidates = cells[cells.duplicated(keys, keep=False)]
    repeated = candidates.duplicated(keep="first").reindex(cells.index, fill_value=False)
    if not repeated.any():
        return matched
    alike = candidates[candidates.duplicated(keep=False)]
    first = alike.groupby(list(alike.columns), sort=False)["patient_id"].transform(lambda group: group.index[0])
    for row in cells.index[repeated]:
        patient = str(cells.at[row, "patient_id"])
        message = f'the row of patient "{shown(patient)}" is the same as row {first[row]} and is left out.'
        report.leave_out(matched.place, int(row), patient, message, value=patient)
    return replace(matched, cells=cells[~repeated])


def refuse_conflicts(matched: Matched, report: Report) -> None:
    """Refuse patients whose id stands in several rows with different values."""
    ids = matched.cells["patient_id"]
    shared = ids[ids.duplicated(keep=False)]
    for patient, rows in shared.groupby(shared, sort=False).groups.items():
        numbers = ", ".join(str(row) for row in rows[:-1])
        report.refuse(
            matched.place,
            f'patient "{shown(str(patient))}" is also in row {numbers}, with other values. Keep one of the rows.',
            row=int(rows[-1]),
            column=matched.original("patient_id"),
            value=str(patient),
            question="duplicates",
        )


def unreadable(matched: Matched, name: str, reading: Reading, advice: str) -> Unusable:
    """Return the rows in which a column that is needed is empty or unreadable."""
    unused = UNUSED[matched.place.table]
    reasons = pd.Series("", index=reading.values.index, dtype=object)
    reasons[reading.values.isna()] = f"it is not recorded. {unused}; {advice}."
    for problem in reading.problems:
        if not problem.kept:
            reasons[problem.row] = f'"{shown(problem.text)}" {problem.words}. {unused}; {advice}.'
    return Unusable(name, reasons)


def flagged(name: str, where: pd.Series, reason: str) -> Unusable:
    """Return the rows where a condition holds, with one reason for all."""
    return Unusable(name, pd.Series("", index=where.index, dtype=object).mask(where.fillna(False).astype(bool), reason))


def leave_out(matched: Matched, table: pd.DataFrame, unusable: list[Unusable], report: Report) -> pd.DataFrame:
    """Return the rows that can be used; the others are left out for the first reason that holds."""
    lost = pd.Series(False, index=table.index)
    for each in unusable:
        lost |= each.reasons != ""
    for row in table.index[lost]:
        blamed = next(each for each in unusable if each.reasons[row])
        name, reason = blamed.column, blamed.reasons[row]
        value = str(matched.cells.at[row, name]) if name in matched.cells else ""
        patient = str(table.at[row, "patient_id"])
        report.leave_out(matched.place, int(row), patient, reason, column=matched.original(name), value=value)
    return table[~lost]


def doubt_where(matched: Matched, where: pd.Series, name: str, words: str, report: Report) -> None:
    """Report the rows where a condition holds as doubtful."""
    for row in where.index[where.fillna(False).astype(bool)]:
        value = str(matched.cells.at[row, name])
        report.doubt(
            matched.place,
            f'"{shown(value)}" {words} It is used; please check it.',
            row=int(row),
            column=matched.original(name),
            value=value,
        )


def check_patients(matched: Matched, patients: pd.DataFrame, report: Report) -> None:
    """Report patients whose columns contradict each other."""
    if "relapse_months" in patients:
        late = patients["relapse_months"] > patients["follow_up_months"] + TOLERANCE
        doubt_where(matched, late, "relapse_months", "is after the end of follow-up.", report)
    if "follow_up_ended" in patients:
        ended = patients["follow_up_ended"]
        contradicts = ended.notna() & ((ended == "died") != patients["died"])
        doubt_where(matched, contradicts, "follow_up_ended", "does not agree with the column for died.", report)


def check_after_end(matched: Matched, table: pd.DataFrame, name: str, end: pd.Series, report: Report) -> None:
    """Report visits or events after the end of their patient's follow-up."""
    late = table["months"] > table["patient_id"].map(end) + TOLERANCE
    doubt_where(matched, late, name, "is after the end of the patient's follow-up.", report)
