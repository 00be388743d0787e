"""The tables of visits and adverse events, which refer to the patients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.vocabulary import EVENTS, TABLES, VISITS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.checks import (
    Unusable,
    flagged,
    identified,
    leave_out,
    unreadable,
    without_repeats,
)
from analysis.intake.computed_measures import with_egfr, with_scores
from analysis.intake.contradictions import check_after_end, check_visits, patient_places
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
    if "months" not in matched.cells and "visit_date" not in matched.cells:
        _refuse_missing(matched, "months", "the time since transplantation (or for the date of the visit)", report)
    elif "months" not in matched.cells and not dated:
        message = "visits with dates need the date of transplantation in the patient table."
        report.refuse(matched.place, message, column="transplant_date", question="column")
    return _rows(matched, report)


def read_visits(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the visits of the used patients, sorted by patient and time, from the result of `checked_visits`."""
    table, unusable = _values(matched, ("months",), "write months as a number, such as 12.5", report)
    time = "months"
    if "months" not in table and patients.transplanted is not None:
        time = "visit_date"
        start = table["patient_id"].astype(object).map(patients.transplanted)
        table["months"] = months_between(start, table["visit_date"])
        reason = "the visit or the transplantation has no date. The visit is left out; write dates as year-month-day."
        unusable.append(flagged(time, table["months"].isna(), reason))
    elif "visit_date" in table:
        report.note(matched.place, "months is used as it stands; the dates are not kept.", column="visit_date")
    if patients.cutoff is not None:
        late = _late(table, patients)
        unusable.append(flagged(time, late, "the visit is after the cutoff date. It is left out.", expected=True))
    table = _known(matched, table, unusable, patients, report)
    check_visits(matched, table, time, patients.table, report)
    table = _one_row_a_time(matched, table, report)
    table = with_scores(matched, table, report)
    table = with_egfr(matched, table, patients.table, report)
    return _in_order(table.drop(columns="visit_date", errors="ignore"), patients, "visits")


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


def checked_events(matched: Matched, report: Report) -> Matched:
    """Return the rows of a table of adverse events with a patient id; missing columns are reported."""
    if "event" not in matched.cells:
        _refuse_missing(matched, "event", "the adverse event", report)
    return _rows(matched, report)


def read_events(matched: Matched, patients: Patients, report: Report) -> pd.DataFrame:
    """Return the adverse events of the used patients, also those without a time, from `checked_events`."""
    table, unusable = _values(matched, ("event",), "write the name of the event", report)
    empty = no_rows("events")
    for name in EVENTS:
        if name not in table:
            table[name] = empty[name].reindex(table.index)
    if patients.cutoff is not None:
        late = _late(table, patients)
        unusable.append(flagged("months", late, "the event is after the cutoff date. It is left out.", expected=True))
    table = _known(matched, table, unusable, patients, report)
    check_after_end(matched, table, "months", patients.table, report)
    return _in_order(table, patients, "events")


def _late(table: pd.DataFrame, patients: Patients) -> pd.Series:
    return table["months"] > table["patient_id"].astype(object).map(patients.cutoff) + TOLERANCE


def no_rows(table: str) -> pd.DataFrame:
    """Return an empty table with the columns that every cohort has."""
    vocabulary = TABLES[table]
    names = ("patient_id", "months") if table == "visits" else tuple(vocabulary)
    nothing = texts.as_texts([])
    return pd.DataFrame({name: read_column(nothing, vocabulary[name], Source(name)).values for name in names})


def _refuse_missing(matched: Matched, name: str, words: str, report: Report) -> None:
    message = f"there is no column for {words}. The columns are: {columns_of(matched)}."
    choices = [(column, len(matched.cells)) for column in free_columns(matched)]
    report.refuse(matched.place, message, column=name, question="column", choices=choices)


def _rows(matched: Matched, report: Report) -> Matched:
    if "patient_id" not in matched.cells:
        _refuse_missing(matched, "patient_id", "the patients", report)
        return matched
    return without_repeats(identified(matched, report), report)


def _values(
    matched: Matched, needed: tuple[str, ...], advice: str, report: Report
) -> tuple[pd.DataFrame, list[Unusable | None]]:
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


def _known(
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


def _in_order(table: pd.DataFrame, patients: Patients, kind: str) -> pd.DataFrame:
    vocabulary = VISITS if kind == "visits" else EVENTS
    names = [name for name in vocabulary if name in table]
    names += [str(name) for name in table.columns if name not in vocabulary]
    place, _ = patient_places(table["patient_id"], patients.table)
    months = table["months"].to_numpy(dtype=float)
    later = (place[1:] > place[:-1]) | ((place[1:] == place[:-1]) & (months[1:] >= months[:-1]))
    order = slice(None) if later.all() else np.lexsort((months, place))
    columns = {name: table[name].iloc[order] for name in names}
    columns["patient_id"] = columns["patient_id"].astype(object)
    tidy = without_unused_levels(pd.DataFrame(columns, copy=False), vocabulary)
    tidy.index = pd.RangeIndex(len(tidy))
    return tidy
