"""Columns with the names of visits, such as "Month 3" or V2."""

from __future__ import annotations

import re

from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED
from analysis.cohort.vocabulary import VISITS
from analysis.intake.moments import moment_of
from analysis.intake.numerals import NUMBER
from analysis.intake.raw import RawTable
from analysis.intake.values import recorded

VISIT_NAMES = tuple(map(normalised, LISTED["visit_names"]))
TIME_NAMES = (*VISITS["months"].synonyms, *VISITS["months"].loose)
MOST_VISITS = 60  # different names
SHARE_OF_TIMES = 0.25  # of the names of visits are times
ARM = re.compile(r"(_arm_\d+[a-z]?|(?<!\s)\s*\(arm \d+:.*\))$", re.IGNORECASE)


def visit_label(raw: RawTable) -> str | None:
    """Return the column with the names of visits; None if there is none.

    Some of the names give a time, such as ``month_3_arm_1``, or a number, such as V2; the months of others are asked.
    Where a heading is one of a time, some are words, such as "Baseline".
    """
    named = {normalised(column): column for column in reversed([*map(str, raw.cells.columns)])}
    for name in (*VISIT_NAMES, *TIME_NAMES):
        if name in named:
            column = named[name]
            filled = [*recorded(raw.cells[column])]
            moments = [moment for text in filled if (moment := moment_of(without_arm(text)))]
            few = name not in VISIT_NAMES and len(moments) < len(filled) * SHARE_OF_TIMES
            if not moments or len(filled) > MOST_VISITS or few:
                continue
            if name not in VISIT_NAMES and all(any(map(str.isdigit, text)) for text in filled):
                continue
            return None if any(NUMBER.fullmatch(text.strip()) for text in filled) else column
    return None


def number_in(name: str) -> float:
    """Return the number in the name of a visit, such as 2 of V2; 0 if there is none."""
    moment = moment_of(without_arm(name))
    return moment.number if moment else 0.0


def without_arm(name: str) -> str:
    """Return the name of a visit without the arm that REDCap puts behind it."""
    return ARM.sub("", name.strip())
