"""Times to relapse beside a column that says yes or no: without a relapse, a time is the end of observation."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.vocabulary import VISITS
from analysis.intake import texts
from analysis.intake.flags import SAYS_NO, SAYS_YES, code, says, says_yes_or_no
from analysis.intake.headings import named_alike
from analysis.intake.mapping import Matched, unmatched_columns
from analysis.intake.noticed import Report, shown
from analysis.intake.values import is_missing


def told_relapses(matched: Matched, months: pd.Series, report: Report) -> pd.Series:
    """Return the times to relapse without those of patients who had none, if another column says who had one.

    Parameters
    ----------
    matched
        The table of patients as text.
    months
        The times to relapse, in the rows of the table.
    report
        Receives the rows without a relapse but with a time, and those with a relapse but without a time.

    Returns
    -------
    Series
        The times, NaN where the other column says no.
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
    _doubt(matched, flag, cells.index[free & timed], without, report)
    _doubt(matched, flag, cells.index[relapsed & ~timed], untimed, report)
    return months.mask(free)


def _flag(matched: Matched) -> str | None:
    """Return the only column of the file that says who had a relapse; None without one."""
    found = []
    for name in unmatched_columns(matched):
        counts = {text: count for text, count in texts.counts(matched.cells[name]).items() if not is_missing(text)}
        if named_alike(name, VISITS["relapse"]) and says_yes_or_no(counts):
            found.append(name)
    return found[0] if len(found) == 1 else None


def _doubt(matched: Matched, flag: str, rows: pd.Index, words: str, report: Report) -> None:
    cells = matched.cells[flag]

    def value(row: int) -> str:
        return str(cells[row])

    def message(row: int) -> str:
        return f'"{shown(value(row))}" in column {shown(flag)} {words}'

    if len(rows):
        report.doubt_rows(matched.place, list(map(int, rows)), value, message, matched.original("relapse_months"))
