"""Columns of personal data, such as names and dates of birth; they are left out unless the user names them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from analysis.cohort.names import normalised
from analysis.cohort.spellings import SPELLINGS
from analysis.intake.mapping import Matched, unmatched_columns
from analysis.intake.noticed import Report
from analysis.intake.values import recorded

KIND = {name: kind for kind, names in SPELLINGS.personal.items() for name in names}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(\+|00)\d[\d ()/.-]{7,}|\(?0\d{2,4}\)?[ /-]\d[\d /-]{5,}|1[3-9]\d{9}", re.ASCII)
MOST = 0.5
LOOKED_AT = 1000


def without_private(matched: Matched, kept: Collection[str], report: Report) -> Matched:
    """Return the table without columns that look like personal data.

    Parameters
    ----------
    matched
        Text with canonical column names.
    kept
        Columns that the user wants to keep.
    report
        Receives a note on each column that is left out.
    """
    found = {name: kind for name, kind in private_columns(matched).items() if name not in kept}
    for name, kind in found.items():
        message = f"it looks like {kind} and is not taken into the cohort. Name the column in the mapping to keep it."
        report.note(matched.place, message, column=name)
    return replace(matched, cells=matched.cells.drop(columns=list(found))) if found else matched


def private_columns(matched: Matched) -> dict[str, str]:
    """Return the columns that look like personal data, each with its kind in words."""
    return {name: kind for name in unmatched_columns(matched) if (kind := _kind(matched, name))}


def _kind(matched: Matched, name: str) -> str:
    known = KIND.get(normalised(name), "")
    if known:
        return known
    seen = [text.strip() for text in recorded(matched.cells[name])][:LOOKED_AT]
    for pattern, kind in ((EMAIL, "e-mail addresses"), (PHONE, "telephone numbers")):
        if seen and sum(bool(pattern.fullmatch(text)) for text in seen) > MOST * len(seen):
            return kind
    return ""
