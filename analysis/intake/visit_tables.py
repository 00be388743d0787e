"""The tables of visits and adverse events."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.intake.checks import flagged
from analysis.intake.computed_measures import with_egfr, with_scores
from analysis.intake.contradictions import check_after_end, check_visits
from analysis.intake.dependent_tables import (
    after_cutoff,
    check_time,
    complete,
    in_months,
    in_order,
    known_rows,
    read_values,
    refuse_missing,
    rows_with_id,
)
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report
from analysis.intake.patient_table import Patients


def checked_visits(matched: Matched, *, dated: bool, report: Report) -> Matched:
    """Return the rows of a visit table with a patient id; missing columns are reported.

    Parameters
    ----------
    matched
        Text with canonical column names.
    dated
        Whether the patient table has dates of transplantation.
    report
        Receives the findings.
    """
    words = "the time since transplantation (or for the date of the visit)"
    check_time(matched, "months", words, dated=dated, report=report)
    return rows_with_id(matched, report)


def read_visits(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the visits of the used patients, sorted by patient and time, from the result of `checked_visits`."""
    table, unusable = read_values(matched, ("months",), "write months as a number, such as 12.5", report)
    time = in_months(matched, table, "months", patients, report)
    if time == "visit_date":
        reason = "the visit or the transplantation has no date. The visit is left out; write dates as year-month-day."
        unusable.append(flagged(time, table["months"].isna(), reason))
    unusable += after_cutoff(matched, table, time, patients)
    table = known_rows(matched, table, unusable, patients, report)
    check_visits(matched, table, time, patients.table, report)
    table = _one_row_a_time(matched, table, report)
    table = with_scores(matched, table, report)
    table = with_egfr(matched, table, patients.table, report)
    return in_order(table.drop(columns="visit_date", errors="ignore"), patients, "visits")


def _one_row_a_time(matched: Matched, table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return the visits of a combined table, with the rows of one patient and time merged.

    Rows that contradict each other are kept as they are.
    """
    if matched.place.origin is None or not table.duplicated(["patient_id", "months"]).any():
        return table
    keys = ["patient_id", "months"]
    others = [name for name in table if name not in keys]
    times = table.groupby(keys, observed=True, sort=False)
    alike = (times[others].transform("nunique") <= 1).all(axis=1)
    whole = times[others].transform("first")
    first = ~table.duplicated(keys)
    joined = table.assign(**{name: table[name].mask(alike, whole[name]) for name in others})[first | ~alike]
    put_together = int((alike & ~first).sum())
    if put_together:
        report.note(
            matched.place,
            f"{count_words(put_together, 'row')} are put together with that of the same patient and time.",
        )
    return joined


def checked_events(matched: Matched, *, dated: bool, report: Report) -> Matched:
    """Return the rows of a table of adverse events with a patient id; missing columns are reported."""
    del dated  # adverse events have no dates
    if "event" not in matched.cells:
        refuse_missing(matched, "event", "the adverse event", report)
    return rows_with_id(matched, report)


def read_events(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the adverse events of the used patients, also those without a time, from `checked_events`."""
    table, unusable = read_values(matched, ("event",), "write the name of the event", report)
    table = complete(table, "events")
    unusable += after_cutoff(matched, table, "months", patients)
    table = known_rows(matched, table, unusable, patients, report)
    check_after_end(matched, table, "months", patients.table, report)
    return in_order(table, patients, "events")
