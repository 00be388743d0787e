"""The tables of treatments, a period each, and of infusions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.wording import count_words
from analysis.intake.checks import Unusable, doubt_where, flagged
from analysis.intake.contradictions import check_after_end
from analysis.intake.dependent_tables import (
    after_cutoff,
    check_dated,
    check_time,
    complete,
    in_months,
    in_order,
    known_rows,
    read_values,
    refuse_missing,
    rows_with_id,
)
from analysis.intake.follow_up_dates import TOLERANCE
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report, shown
from analysis.intake.patient_table import Patients
from analysis.intake.values import key, where_missing

START, STOP = "start_months", "stop_months"
NUMBER = "infusions"  # the column of the patients with the number of their infusions


def checked_treatments(matched: Matched, *, dated: bool, report: Report) -> Matched:
    """Return the rows of a table of treatments with a patient id; missing columns are reported.

    Parameters
    ----------
    matched
        Text with canonical column names.
    dated
        Whether the patient table has dates of transplantation.
    report
        Receives the findings.
    """
    if "drug" not in matched.cells:
        refuse_missing(matched, "drug", "the drug", report)
    words = "the start of the treatment, in months since transplantation (or for its date)"
    check_time(matched, START, words, dated=dated, report=report)
    if START in matched.cells or dated:  # else it has been said of the start
        check_dated(matched, STOP, dated=dated, report=report)
    return rows_with_id(matched, report)


def read_treatments(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the periods of treatment of the used patients, from the result of `checked_treatments`.

    A period without an end goes on at the end of follow-up; one that ends before it starts, or whose end cannot be
    read, is left out.
    """
    table, unusable = read_values(matched, ("drug", START), "write the drug, and months such as 12.5", report)
    start = in_months(matched, table, START, patients, report)
    stop = in_months(matched, table, STOP, patients, report)
    if stop not in table:
        table[stop] = np.nan
        words = "there is no column for the end of a treatment: each is read as taken until the end of follow-up."
        report.doubt(matched.place, words)
    if start != START:
        reason = "its start or the transplantation has no date. The period is left out; write dates as year-month-day."
        unusable.append(flagged(start, table[START].isna(), reason))
    unusable += _ends(matched, table, stop)
    unusable += after_cutoff(matched, table, start, patients)
    if patients.cutoff is not None:  # what is known at the cutoff: it has not ended
        table[STOP] = table[STOP].mask(table[STOP] > table["patient_id"].astype(object).map(patients.cutoff))
    table = known_rows(matched, table, unusable, patients, report)
    table = table.assign(drug=_one_spelling(matched, table["drug"], report))
    check_after_end(matched, table, start, patients.table, report)
    words = "is within another period of the same drug of this patient."
    doubt_where(matched, _overlaps(table), start, words, report)
    ongoing = int(table[STOP].isna().sum())
    if ongoing and stop in matched.cells:
        words = f"without an end, {count_words(ongoing, 'period')} of treatment go on at the end of follow-up."
        report.note(matched.place, words, column=matched.original(stop))
    return in_order(complete(table, "treatments"), patients, "treatments")


def _ends(matched: Matched, table: pd.DataFrame, stop: str) -> list[Unusable | None]:
    """Return the periods whose end cannot be read, or is before their start."""
    written = ~where_missing(matched.cells[stop]) if stop in matched.cells else pd.Series(False, index=table.index)
    unread = (
        "the end of the period cannot be read. The period is left out; write months or a date, or leave the cell "
        "empty if the drug is still taken."
    )
    before = "the period ends before it starts. It is left out; please correct its start or end."
    return [
        flagged(stop, written & table[STOP].isna(), unread),
        flagged(stop, table[STOP] < table[START] - TOLERANCE, before),
    ]


def _one_spelling(matched: Matched, drugs: pd.Series, report: Report) -> pd.Series:
    """Return drugs whose names differ by capitals and blanks only under the spelling that is used most."""
    spelled: dict[str, str] = {}
    counts = drugs.value_counts(sort=False)
    for name in sorted(counts.index, key=lambda name: (-counts[name], name)):
        spelled.setdefault(key(name), name)
    changed = [name for name in counts.index if spelled[key(name)] != name]
    for name in changed:
        words = f'"{shown(name)}" is read as {shown(spelled[key(name)])} ({count_words(int(counts[name]), "row")}).'
        report.note(matched.place, words, column=matched.original("drug"), value=name)
    return drugs.map(lambda name: spelled[key(name)]) if changed else drugs


def _overlaps(table: pd.DataFrame) -> pd.Series:
    """Return whether a period begins before an earlier one of the same patient and drug has ended."""
    periods = pd.DataFrame(
        {
            "patient": table["patient_id"].astype(object),
            "drug": table["drug"].map(key),
            "start": table[START],
            "stop": table[STOP].fillna(np.inf),
        }
    ).sort_values(["patient", "drug", "start", "stop"])
    of_one = periods.groupby(["patient", "drug"], sort=False)["stop"]
    latest = of_one.cummax().groupby([periods["patient"], periods["drug"]], sort=False).shift()
    return (periods["start"] < latest - TOLERANCE).reindex(table.index)


def checked_infusions(matched: Matched, *, dated: bool, report: Report) -> Matched:
    """Return the rows of a table of infusions with a patient id; see `checked_treatments`."""
    words = "the time of the infusion, in months since transplantation (or for its date)"
    check_time(matched, "months", words, dated=dated, report=report)
    return rows_with_id(matched, report)


def read_infusions(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the infusions of the used patients, from the result of `checked_infusions`."""
    table, unusable = read_values(matched, ("months",), "write months as a number, such as 12.5", report)
    time = in_months(matched, table, "months", patients, report)
    if time != "months":
        reason = "it or the transplantation has no date. The infusion is left out; write dates as year-month-day."
        unusable.append(flagged(time, table["months"].isna(), reason))
    unusable += after_cutoff(matched, table, time, patients)
    table = known_rows(matched, table, unusable, patients, report)
    check_after_end(matched, table, time, patients.table, report)
    _check_number(matched, table, patients.table, report)
    return in_order(table.drop(columns="infusion_date", errors="ignore"), patients, "infusions")


def _check_number(matched: Matched, table: pd.DataFrame, patients: pd.DataFrame, report: Report) -> None:
    """Report patients with another number of infusions here than in the patient table."""
    if NUMBER not in patients:
        return
    ids = table["patient_id"].astype(object)
    told = ids.map(patients.set_index("patient_id")[NUMBER].astype(float))
    apart = (ids.map(ids.value_counts()) != told) & told.notna() & ~ids.duplicated()
    doubt_where(matched, apart, "patient_id", "has another number of infusions in the patient table.", report)
