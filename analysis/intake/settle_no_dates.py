"""Blanks in place of values that mean no date, and the question whether a column of few dates is the date of death."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from analysis.cohort.vocabulary import TABLES
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.dates import is_date_like
from analysis.intake.headings import named_alike
from analysis.intake.mapping import Matched, unmatched_columns
from analysis.intake.no_dates import ENDS, is_no_date, may_be_none
from analysis.intake.noticed import Report, shown
from analysis.intake.values import is_missing, recorded


def without_no_dates(matched: Matched, report: Report) -> Matched:
    """Return the table with blanks in place of values that mean no date, with a note on each."""
    changed = {}
    for name, column in TABLES[matched.place.table].items():
        if not may_be_none(column) or name not in matched.cells:
            continue
        cells = matched.cells[name]
        none = {
            text: count
            for text, count in texts.counts(cells).items()
            if not is_missing(text) and is_no_date(text, column)
        }
        for text, count in none.items():
            means = "still taken at the end of follow-up" if name in ENDS else "not recorded"
            words = f'"{shown(text)}" is read as {means} ({count_words(count, "row")}).'
            report.note(matched.place, words, column=matched.original(name), value=text)
        if none:
            changed[name] = texts.changed(cells, partial(_blank, none))
    return replace(matched, cells=matched.cells.assign(**changed)) if changed else matched


def ask_for_death_date(matched: Matched, report: Report) -> None:
    """Ask whether a column that is named like the date of death, and holds some dates beside other texts, is it."""
    name = "death_date"
    if matched.place.table != "patients" or name in matched.cells or name in matched.absent:
        return
    for heading in unmatched_columns(matched):
        counts = recorded(matched.cells[heading])
        dates = sum(count for text, count in counts.items() if is_date_like(text))
        if dates and named_alike(heading, TABLES["patients"][name]):
            words = (
                f"{shown(heading)} is named like the date of death, and {dates} of its {sum(counts.values())} values "
            )
            words += "are dates. Is it the date of death?"
            choices = [(heading, dates)]
            report.refuse(matched.place, words, column=name, question="column", choices=choices)


def _blank(none: Collection[str], text: str) -> str:
    return "" if text in none else text
