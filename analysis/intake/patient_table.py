"""The patient table: from text to one row per patient."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis.cohort.vocabulary import PATIENTS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.checks import (
    Unusable,
    doubt_similar_ids,
    doubt_where,
    flagged,
    identified,
    leave_out,
    settle_conflicts,
    unreadable,
    without_repeats,
)
from analysis.intake.contradictions import check_dates, check_patients
from analysis.intake.ends import ask_for_ends, ask_for_last_dates, ask_for_start
from analysis.intake.follow_up_dates import cut_at, dated_follow_up, followed_months, months_between, numbers
from analysis.intake.mapping import ENDS, TWO_ENDS, Matched, columns_of, free_columns
from analysis.intake.noticed import Report
from analysis.intake.numbering import keys_of_patients, why_not_numbered
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE
from analysis.intake.relapses import ask_for_codes, with_relapses
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
from analysis.intake.values import where_missing

DATES = tuple(name for name, column in PATIENTS.items() if column.kind == "date")
ADVICE = {
    "follow_up_months": "write months as a number, such as 12.5",
    "died": "write 1 for died and 0 for alive",
}
NEEDED = {
    "follow_up_months": "without the time to death or last contact of each patient, or the dates of transplantation "
    "and of last contact, nothing can be counted over time.",
    "died": "without who died, or the dates of death, there is no survival.",
}
WANTED = {
    "patient_id": "the patients",
    "follow_up_months": "the follow-up (or for the dates of transplantation and of last contact or death)",
    "died": "who died (or for the date of death)",
}
LEFT_OUT = "The patient is left out"
NO_START = f"there is no date of transplantation. {LEFT_OUT}; add it."


@dataclass(frozen=True)
class Patients:
    """The patient table, and what is needed to read visits and events.

    Attributes
    ----------
    table
        Canonical columns, one row per used patient.
    ids
        All patient ids in the file, used or not.
    transplanted
        Date of transplantation (days since year 1) by id; None without such dates.
    cutoff
        Months from transplantation to the cutoff by id; None without a cutoff.
    """

    table: pd.DataFrame
    ids: frozenset[str]
    transplanted: pd.Series | None
    cutoff: pd.Series | None


def checked_patients(matched: Matched, cutoff: float | None, duplicates: str, report: Report) -> Matched:
    """Return the rows of a patient table with a unique patient id; missing columns and questions are reported."""
    refuse_missing_columns(matched, cutoff, report)
    ask_for_ends(matched, cutoff, report)
    ask_for_codes(matched, report)
    if "patient_id" not in matched.cells:
        return matched
    matched = without_repeats(identified(matched, report), report)
    matched = settle_conflicts(matched, duplicates, report)
    doubt_similar_ids(matched, report)
    return matched


def read_patients(matched: Matched, cutoff: float | None, report: Report) -> Patients:
    """Return the patients of a checked table; see `checked_patients`.

    Parameters
    ----------
    matched
        Text with canonical column names.
    cutoff
        Cutoff date as days since year 1; None without one.
    report
        Receives the findings.

    Raises
    ------
    CohortError
        If no patient is left.
    """
    table, unusable = _values(matched, cutoff, report)
    table, more = _with_follow_up(table, cutoff)
    table = leave_out(matched, table, [*unusable, *more], report)
    if table.empty:
        why = (
            f"All rows are left out; the first: {report.left_out[0].message}"
            if report.left_out
            else "There are no rows."
        )
        report.refuse(matched.place, f"no patient is left. {why}")
        report.stop_if_refused()
    return _finished(matched, table, cutoff, report)


def refuse_missing_columns(matched: Matched, cutoff: float | None, report: Report) -> None:
    """Report needed columns that are missing."""
    have = set(matched.cells.columns)
    dated = "transplant_date" in have and (bool(have & {"last_contact_date", "death_date"}) or cutoff is not None)
    missing = [
        name
        for name, there in (
            ("patient_id", "patient_id" in have),
            ("follow_up_months", "follow_up_months" in have or dated or bool(have & set(TWO_ENDS))),
            ("died", bool(have & {"died", "death_date", "death_months"})),
        )
        if not there
    ]
    if "follow_up_months" in missing and (ask_for_start(matched, report) or ask_for_last_dates(matched, report)):
        missing.remove("follow_up_months")
    for name in [name for name in missing if name in matched.absent and name in NEEDED]:
        words = f"{NEEDED[name]} Add it to the file and choose the file again."
        report.refuse(matched.place, words, column=name, question="column")
        missing.remove(name)
    for name in missing:
        first = keys_of_patients(matched) if name == "patient_id" else []
        why = why_not_numbered(matched) if name == "patient_id" else ""
        report.refuse(
            matched.place,
            f"there is no column for {WANTED[name]}. The columns are: {columns_of(matched)}.{why}",
            column=name,
            question="column",
            choices=[(column, len(matched.cells)) for column in dict.fromkeys([*first, *free_columns(matched)])],
        )
    if cutoff is not None and "transplant_date" not in have:
        message = "a cutoff date needs the date of transplantation."
        report.refuse(matched.place, message, column="transplant_date", question="column")


def _values(matched: Matched, cutoff: float | None, report: Report) -> tuple[pd.DataFrame, list[Unusable | None]]:
    """Return the values of every column, and the rows in which a needed column cannot be read."""
    needed = _needed_dates(matched, cutoff)
    columns: dict[str, pd.Series] = {"patient_id": matched.cells["patient_id"]}
    limits: dict[str, pd.Series] = {}
    unusable: list[Unusable | None] = []
    for name in map(str, matched.cells.columns[1:]):
        if name in ADVICE:
            reading = read_column(matched.cells[name], PATIENTS[name], matched.sources[name])
            report_notes(matched, name, reading, report)
            likely = without_misfits(matched, name, PATIENTS[name], matched.sources[name], reading, report)
            report_problems(matched, name, [problem for problem in likely if problem.kept], report)
            report_unread(matched, name, reading, report)
            unusable.append(unreadable(matched, name, reading, ADVICE[name]))
            columns[name] = reading.values
        elif name == RELAPSE_DATE:
            continue
        elif name in matched.read_like:
            columns[name] = _read_like(matched, name, report)
        else:
            reading = read_optional(matched, name, PATIENTS.get(name), report)
            columns[name] = reading.values
            if reading.limits is not None and name not in ENDS:
                limits[name] = reading.limits
        if name in needed:
            lost = columns[name].isna() & ~where_missing(matched.cells[name])
            how = (
                "date cannot be read. {}; write it as year-month-day." if name in DATES else "time cannot be read. {}."
            )
            unusable.append(flagged(name, lost, f"the {how.format(LEFT_OUT)}"))
    columns |= kept_limits(matched, limits, report)
    return with_relapses(matched, pd.DataFrame(columns, copy=False), report), unusable


def _read_like(matched: Matched, name: str, report: Report) -> pd.Series:
    """Return the values of a column of another endpoint, read with the unit and codes of the endpoint that is used."""
    canonical = matched.read_like[name]
    source = matched.sources.get(canonical)
    if source is None:
        return read_optional(matched, name, None, report).values
    reading = read_column(matched.cells[name], PATIENTS[canonical], replace(source, column=name))
    report_unread(matched, name, reading, report)
    return reading.values


def _needed_dates(matched: Matched, cutoff: float | None) -> tuple[str, ...]:
    if "follow_up_months" not in matched.cells or cutoff is not None:
        return ENDS
    return () if "died" in matched.cells else ("death_date",)


def _with_follow_up(table: pd.DataFrame, cutoff: float | None) -> tuple[pd.DataFrame, list[Unusable | None]]:
    """Return the patients with ``follow_up_months`` and ``died``, computed from dates if the file lacks them."""
    unusable: list[Unusable | None] = []
    start = numbers(table, "transplant_date")
    if cutoff is not None:
        limit = months_between(start, cutoff)
        after = f"the transplantation is after the cutoff date. {LEFT_OUT}."
        unusable += [
            flagged("transplant_date", start.isna(), NO_START),
            flagged("transplant_date", limit < 0, after, expected=True),
        ]
    in_months = bool(set(TWO_ENDS) & set(table))
    of_death, of_contact = TWO_ENDS if in_months else ("death_date", "last_contact_date")
    death = numbers(table, of_death)
    if "died" in table:
        contradicts = death.notna() & table["died"].eq(False)
        what = "time to" if in_months else "date of"
        reason = f"there is a {what} death, but the patient is recorded as alive. {LEFT_OUT}; correct one of the two."
        unusable.append(flagged(of_death, contradicts, reason))
    else:
        table = table.assign(died=death.notna())
    if "follow_up_months" not in table:
        months = followed_months(table) if in_months else dated_follow_up(table, cutoff)
        table = table.assign(follow_up_months=months)
        what = "time to" if in_months else "date of"
        no_end = f"there is no {what} death or last contact. {LEFT_OUT}; add one."
        before = f"follow-up ends before the transplantation. {LEFT_OUT}; correct the dates."
        unusable += [
            None if in_months else flagged("transplant_date", start.isna(), NO_START),
            flagged(of_death if of_death in table else of_contact, months.isna(), no_end),
            flagged("transplant_date", months < 0, before),
        ]
    return table, unusable


def _finished(matched: Matched, table: pd.DataFrame, cutoff: float | None, report: Report) -> Patients:
    table = table.astype({"died": bool})
    check_patients(matched, table, report)
    check_dates(matched, table, dated_follow_up(table, cutoff), report)
    _report_dates(matched, table, report)
    table["patient_id"] = table["patient_id"].astype(object)
    start = pd.Series(numbers(table, "transplant_date").to_numpy(), index=table["patient_id"])
    limits = None
    if cutoff is not None:
        limit = months_between(numbers(table, "transplant_date"), cutoff)
        table, shortened = cut_at(table, limit)
        limits = months_between(start, cutoff)
        message = f"the cutoff date shortens the follow-up of {count_words(shortened, 'patient')}."
        report.note(matched.place, f"{message} What came later is not used.")
    names = [name for name in PATIENTS if name in table and name not in ENDS]
    names += [str(name) for name in table.columns if name not in PATIENTS]
    return Patients(
        table=without_unused_levels(table[names], PATIENTS).reset_index(drop=True),
        ids=frozenset(texts.counts(matched.cells["patient_id"])),
        transplanted=start if "transplant_date" in table else None,
        cutoff=limits,
    )


def _report_dates(matched: Matched, table: pd.DataFrame, report: Report) -> None:
    dates = [matched.original(name) for name in ENDS if name in table]
    if not dates:
        return
    if "follow_up_months" in matched.cells:
        message = f"follow_up_months is used as it stands; {', '.join(dates)} are not kept."
    else:
        message = f"follow-up is worked out from {', '.join(dates)}, which are not kept."
        if "died" in matched.cells:
            undated = table["died"] & numbers(table, "death_date").isna() & numbers(table, "death_months").isna()
            doubt_where(matched, undated, "died", "without a date of death: followed to the last contact.", report)
    report.note(matched.place, message)
