"""The first relapse of each patient: from its date, its time, yes or no beside them, or rows of adverse events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.checks import doubt_where
from analysis.intake.codes import could_be_coded
from analysis.intake.flags import SAYS_NO, SAYS_YES, code, says, says_yes_or_no
from analysis.intake.follow_up_dates import months_between, numbers
from analysis.intake.headings import named_alike
from analysis.intake.mapping import Matched, unmatched_columns
from analysis.intake.noticed import Place, Report, shown
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE
from analysis.intake.relapse_dates import dates_in
from analysis.intake.source import CODES
from analysis.intake.values import date_reader, is_missing, recorded

A_MONTH = 1.0
SAME = 0.05  # months, between a time of relapse and the end of follow-up
FEWEST_ZEROS, MOST_ZEROS = 3, 0.5  # times, and share of the times, that are 0
FEWEST_ENDS, MOST_ENDS = 2, 0.5  # times, and share of the times, that are the end of follow-up


def with_relapses(matched: Matched, table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return the patients with the time to their first relapse, from its date if the file has no time.

    Parameters
    ----------
    matched
        The table of patients as text.
    table
        Its values.
    report
        Receives contradictions.
    """
    dated = _dated(matched, table, report) if RELAPSE_DATE in matched.cells else None
    if dated is not None and "relapse_months" in table:
        apart = (table["relapse_months"] - dated).abs() > A_MONTH
        doubt_where(
            matched, apart, "relapse_months", "is not what the date of relapse says, by more than a month.", report
        )
        unlike = table["relapse_months"].isna() & dated.notna()
        doubt_where(matched, unlike, RELAPSE_DATE, "has no time of relapse beside it, and is not used.", report)
    elif dated is not None:
        message = "the first relapse after transplantation is worked out from its date, which is not kept."
        report.note(matched.place, message, column=matched.original(RELAPSE_DATE))
        table = table.assign(relapse_months=dated)
    if "relapse_months" not in table:
        return table
    if "relapse_months" in matched.cells:
        table = table.assign(relapse_months=_after_transplantation(matched, table["relapse_months"], report))
    name = "relapse_months" if "relapse_months" in matched.cells else RELAPSE_DATE
    return table.assign(relapse_months=_told(matched, name, table["relapse_months"], report))


def ends_of_observation(matched: Matched, patients: pd.DataFrame, report: Report) -> Flags:
    """Return whether each time to relapse seems to be censored, if many of them equal the end of follow-up.

    This is asked only if no column says who had a relapse. If only single times equal it, they are reported.

    Parameters
    ----------
    matched
        The table of patients as text.
    patients
        The patients that are used.
    report
        Receives the doubts.
    """
    if "relapse_months" not in patients or "relapse_months" not in matched.cells or _flag(matched) is not None:
        return np.zeros(len(patients), dtype=bool)
    times = patients["relapse_months"]
    ends = ((times - patients["follow_up_months"]).abs() < SAME).to_numpy()
    if ends.sum() >= FEWEST_ENDS and ends.sum() >= MOST_ENDS * times.notna().sum():
        if not _is_canonical(matched):
            return ends
        words = (
            f"{count_words(int(ends.sum()), 'time')} to relapse are also the end of follow-up; they count as relapses."
        )
        report.doubt(matched.place, words, column="relapse_months")
        return np.zeros(len(patients), dtype=bool)
    known = frozenset(patients["patient_id"][ends])
    where = pd.Series(texts.where(matched.cells["patient_id"], known.__contains__), index=matched.cells.index)
    doubt_where(matched, where, "relapse_months", "is also the end of follow-up.", report)
    return np.zeros(len(patients), dtype=bool)


def ask_for_codes(matched: Matched, report: Report) -> None:
    """Ask for the codes of a column that may say who had a relapse, if rows with several of them have a time."""
    if "relapse_months" not in matched.cells or _flag(matched) is not None:
        return
    timed = ~texts.where(matched.cells["relapse_months"], lambda text: is_missing(text) or code(text) == "0")
    for name in unmatched_columns(matched):
        counts = texts.counts(matched.cells[name])
        held = {code(text): count for text, count in counts.items() if not is_missing(text)}
        beside = {code(text) for text in matched.cells[name][timed].astype(object) if not is_missing(text)}
        coded = named_alike(name, VISITS["relapse"]) and could_be_coded(counts, VISITS["relapse"])
        if coded and len(beside) > 1:
            words = "it may say who had a relapse; a time beside a no is no relapse. What do its values mean?"
            choices = list(held.items())
            report.refuse(matched.place, words, column=matched.original(name), question=CODES, choices=choices)


def relapses_of_events(
    patients: pd.DataFrame, visits: pd.DataFrame, events: pd.DataFrame, place: Place, report: Report
) -> pd.DataFrame:
    """Return the patients with the time to the first relapse in their adverse events, unless relapses are recorded."""
    if "relapse_months" in patients or "relapse" in visits or events.empty:
        return patients
    names = {str(name) for name in events["event"].dropna().unique() if named_alike(str(name), VISITS["relapse"])}
    held = events[events["event"].isin(names) & (events["months"] > 0)] if "months" in events else events[:0]
    if held.empty:
        return patients
    first = held.groupby("patient_id", observed=True)["months"].min()
    named = " or ".join(f'"{shown(name)}"' for name in sorted(names))
    report.note(
        place,
        f"the first {named} of the adverse events is read as the first relapse ({count_words(len(first), 'patient')}).",
        column="event",
    )
    known = [name for name in PATIENTS if name in patients or name == "relapse_months"]
    others = [str(name) for name in patients if name not in PATIENTS]
    months = patients["patient_id"].astype(object).map(first).astype(float)
    return patients.assign(relapse_months=months)[[*known, *others]]


def _dated(matched: Matched, table: pd.DataFrame, report: Report) -> pd.Series:
    """Return the months from transplantation to the first relapse after it; NaN without one."""
    cells, source = matched.cells[RELAPSE_DATE], matched.sources[RELAPSE_DATE]
    read = date_reader(source.format)
    distinct = texts.counts(cells)
    days = {text: [read(part) for part in dates_in(text)] for text in distinct}
    unread = {text for text, reads in days.items() if any(each.problem for each in reads)}
    dates = {text: [each.value for each in reads if each.value is not None] for text, reads in days.items()}
    start = numbers(table, "transplant_date")
    written = cells.astype(object)
    first = pd.Series(
        [
            min((day for day in dates[text] if day > begin), default=np.nan) if begin == begin else np.nan
            for text, begin in zip(written, start, strict=True)
        ],
        index=table.index,
        dtype=float,
    )
    held = pd.Series(texts.where(cells, lambda text: bool(dates.get(text))), index=table.index)
    unreadable = pd.Series(texts.where(cells, unread.__contains__), index=table.index)
    _doubt(matched, RELAPSE_DATE, cells.index[unreadable], "is not a date, and that relapse is not used.", report)
    early = held & first.isna() & start.notna()
    _doubt(matched, RELAPSE_DATE, cells.index[early], "is not after the transplantation, and is not used.", report)
    startless = held & start.isna()
    _doubt(
        matched,
        RELAPSE_DATE,
        cells.index[startless],
        "has no date of transplantation beside it, and is not used.",
        report,
    )
    return months_between(start, first)


def _after_transplantation(matched: Matched, months: pd.Series, report: Report) -> pd.Series:
    """Return the times to relapse without zeros that mean that there was none.

    Under the canonical name, which promises times of relapses only, they are none if they are most of the times.
    """
    none = months.eq(0).fillna(False).astype(bool)
    if _is_canonical(matched) and none.sum() < max(FEWEST_ZEROS, MOST_ZEROS * months.notna().sum()):
        doubt_where(matched, none, "relapse_months", "is the transplantation itself.", report)
        return months
    if none.any():
        words = (
            f'"0" is read as no relapse ({count_words(int(none.sum()), "row")}), as it is the transplantation itself.'
        )
        report.doubt(matched.place, words, column=matched.original("relapse_months"), value="0")
    return months.mask(none)


def _is_canonical(matched: Matched) -> bool:
    """Return whether the file calls the times to relapse by the canonical name, whose cells are empty without one."""
    return normalised(matched.original("relapse_months")) == "relapse_months"


def _told(matched: Matched, name: str, months: pd.Series, report: Report) -> pd.Series:
    """Return the times to relapse, missing for patients who had none according to another column.

    Without a relapse, a time is the end of observation.
    """
    flag = _flag(matched)
    if flag is None:
        return months
    cells = matched.cells[flag]
    timed = months.notna().to_numpy()
    free = texts.where(cells, lambda text: says(code(text)) in SAYS_NO)
    relapsed = texts.where(cells, lambda text: says(code(text)) in SAYS_YES)
    without = "says that there was no relapse. The time is not used, as it is the end of observation."
    untimed = "says that there was a relapse, and not when. It is not counted."
    _doubt(matched, flag, cells.index[free & timed], without, report, name)
    _doubt(matched, flag, cells.index[relapsed & ~timed], untimed, report, name)
    return months.mask(free)


def _flag(matched: Matched) -> str | None:
    """Return the only column of the file that says who had a relapse; None without one."""
    found = []
    for name in unmatched_columns(matched):
        counts = recorded(matched.cells[name])
        if named_alike(name, VISITS["relapse"]) and says_yes_or_no(counts):
            found.append(name)
    return found[0] if len(found) == 1 else None


def _doubt(matched: Matched, flag: str, rows: pd.Index, words: str, report: Report, name: str = "") -> None:
    cells = matched.cells[flag]

    def value(row: int) -> str:
        return str(cells[row])

    def message(row: int) -> str:
        return f'"{shown(value(row))}" in column {shown(matched.original(flag))} {words}'

    if len(rows):
        report.doubt_rows(matched.place, list(map(int, rows)), value, message, matched.original(name or flag))
