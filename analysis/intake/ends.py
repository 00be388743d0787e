"""End of follow-up, if patients who died and patients alive have it in different columns, or only the former."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohort.column_words import column_label, mid_sentence
from analysis.cohort.vocabulary import PATIENTS
from analysis.cohort.wording import count_words
from analysis.intake.dates import is_date_like
from analysis.intake.guess import fits
from analysis.intake.mapping import Matched, free_columns
from analysis.intake.noticed import Report
from analysis.intake.source import CUTOFF
from analysis.intake.typed_columns import read_column
from analysis.intake.values import recorded, where_missing

DATES = ("transplant_date", "last_contact_date", "death_date")
OF_DEATH = ("death_date", "death_months")
OF_CONTACT = ("last_contact_date", "last_contact_months")
MOST_WITHOUT_END = 0.1  # of the rows; with more, mostly patients alive would be lost


def ask_for_ends(matched: Matched, cutoff: float | None, report: Report) -> None:
    """Ask for the end of follow-up of patients alive, if the table has it only for those who died."""
    cells = matched.cells
    ends = [name for name in (*OF_DEATH, *OF_CONTACT) if name in cells]
    if "follow_up_months" in cells or cutoff is not None or not ends:
        return
    without = np.logical_and.reduce([where_missing(cells[name]) for name in ends])
    known = any(name in cells for name in OF_CONTACT)
    if not without.any() or (known and without.sum() <= max(1, MOST_WITHOUT_END * len(cells))):
        return
    dated = "transplant_date" in cells
    name = OF_CONTACT[0] if dated else OF_CONTACT[1]
    label = mid_sentence(column_label(name))
    words = f"of {count_words(int(without.sum()), 'patient')} it is not known until when they were followed"
    words += "." if known else ": there is only the end of those who died."
    free = {column: held for column, held in free_columns(matched).items() if fits(held, PATIENTS[name])}
    if free and not known:
        message = f"{words} Which column tells when the others were last seen?"
        choices = [(column, int((~where_missing(held)).sum())) for column, held in free.items()]
        report.refuse(matched.place, message, column=name, question="column", choices=choices)
    elif dated and _last_days(matched, ("transplant_date",)):  # otherwise the date format is asked first
        message = f"{words} Add the {label}, or give a cutoff date: the day up to which all who are alive were seen."
        days = _last_days(matched, DATES)
        message = f"{message} The last day in the file is {days[0]}."
        choices = [(day, len(cells)) for day in days]
        report.refuse(matched.place, message, question=CUTOFF, choices=choices)
    elif not dated:
        report.refuse(matched.place, f"{words} Add the {label}.", column=name, question="column")


def ask_for_last_dates(matched: Matched, report: Report) -> bool:
    """Ask for the column of last contact if only transplantation is dated; return whether this was asked."""
    name = OF_CONTACT[0]
    dates = [column for column, held in free_columns(matched).items() if fits(held, PATIENTS[name])]
    if "transplant_date" not in matched.cells or not dates:
        return False
    words = "there is no follow-up beside the transplantation. Which column tells when the patients were last seen?"
    choices = [(column, len(matched.cells)) for column in dates]
    report.refuse(matched.place, words, column=name, question="column", choices=choices)
    return True


def ask_for_start(matched: Matched, report: Report) -> bool:
    """Ask which date is that of transplantation, if only the end of follow-up is known; return whether it was asked."""
    have = set(matched.cells.columns)
    if "transplant_date" in have or not have & {"last_contact_date", "death_date"}:
        return False
    dates = [column for column, held in free_columns(matched).items() if _are_dates(held)]
    if not dates:
        return False
    report.refuse(
        matched.place,
        "it is known when follow-up ended, but not when it began. Which column is the date of transplantation, from "
        "which all times are counted?",
        column="transplant_date",
        question="column",
        choices=[(column, len(matched.cells)) for column in dates],
    )
    return True


def _are_dates(values: pd.Series) -> bool:
    """Return whether a column holds dates as people write them; codes may look like a spreadsheet's day numbers."""
    held = [*recorded(values)]
    return bool(held) and all(is_date_like(text) for text in held)


def _last_days(matched: Matched, names: Sequence[str]) -> list[str]:
    """Return a list of the latest date in some columns, as year-month-day; empty if no date can be read."""
    held = [name for name in names if name in matched.cells]
    days = pd.concat([read_column(matched.cells[name], PATIENTS[name], matched.sources[name]).values for name in held])
    return [] if days.isna().all() else [datetime.date.fromordinal(int(days.max())).isoformat()]
