"""Organ involvement from yes-or-no columns, one per organ."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED
from analysis.cohort.vocabulary import ORGANS, PATIENTS
from analysis.intake import texts
from analysis.intake.flags import SAYS_NO, SAYS_YES, code, says_yes_or_no
from analysis.intake.headings import telling
from analysis.intake.source import ORGAN, Source
from analysis.intake.values import is_missing, key, spelling_of

# Words for involvement stand before or behind an organ, also without a blank: "Nierenbeteiligung".
INVOLVED = sorted({normalised(words).replace("_", "") for words in LISTED["involvement"]}, key=len, reverse=True)
CHOICE = "_choice_"  # REDCap labels a checkbox "Organ involvement (choice=Renal)".


def organ_columns(
    cells: pd.DataFrame, chosen: Mapping[str, Source | None], taken: Collection[str]
) -> dict[str, list[str]]:
    """Return the yes-or-no columns of each organ: from the user's mapping, or else by names and values."""
    named = {name.removeprefix(ORGAN): source for name, source in chosen.items() if name.startswith(ORGAN)}
    found = {organ: [source.column] for organ, source in named.items() if source and source.column in cells}
    chosen_columns = {column for columns in found.values() for column in columns}
    guessed: dict[str, list[str]] = {}
    prefixed = False
    for column in map(str, cells.columns):
        organ, marked = _organ_in(column)
        if not organ or organ in named or column in taken or column in chosen_columns:
            continue
        counts = {text: count for text, count in texts.counts(cells[column]).items() if not is_missing(text)}
        if says_yes_or_no(counts):
            guessed.setdefault(organ, []).append(column)
            prefixed |= marked
    # A single column such as "fever" may be a symptom; several organs side by side are organ involvement.
    if prefixed or found or len(guessed) > 1:
        found |= guessed
    return {organ: found[organ] for organ in ORGANS if organ in found}


def unnamed_boxes(cells: pd.DataFrame) -> list[str]:
    """Return REDCap's checkboxes for organs whose names are numbers."""
    names = [str(column) for column in cells.columns]
    return [name for name in names if name.startswith(("organs___", "organ___")) and not _organ_in(name)[0]]


def joined_organs(cells: pd.DataFrame, columns: Mapping[str, list[str]]) -> tuple[pd.Series, int]:
    """Return the organs of each row as one column of text, and the number of rows with only some organs recorded."""
    held = np.zeros(len(cells), dtype=np.int64)
    absent = np.zeros(len(cells), dtype=np.int64)
    for place, names in enumerate(columns.values()):
        for name in names:
            held |= texts.where(cells[name], lambda text: code(text) in SAYS_YES).astype(np.int64) << place
            absent |= texts.where(cells[name], lambda text: code(text) in SAYS_NO).astype(np.int64) << place
    everything = (1 << len(columns)) - 1
    partly = ((held | absent) != everything) & ((held | absent) != 0)
    # Without any yes, a blank could be one, so the row is missing unless all organs are recorded as absent.
    state = np.where(held > 0, held, np.where(absent == everything, 0, -1))
    codes, distinct = pd.factorize(state)
    words = [_words(int(each), list(columns)) for each in distinct]
    return texts.from_codes(codes.astype(np.intp), words, cells.index), int(partly.sum())


def _words(state: int, organs: list[str]) -> str:
    if state < 0:
        return ""
    return ";".join(organ for place, organ in enumerate(organs) if state >> place & 1) or "none"


def _organ_in(column: str) -> tuple[str, bool]:
    """Return the organ in a column's name, and whether the name says that it is organ involvement."""
    name = normalised(column)
    bare = name.rpartition(CHOICE)[2]
    marked = bare != name
    bare = "".join(telling(bare))
    if bare in KNOWN:
        return KNOWN[bare], marked
    for word in INVOLVED:
        for rest in (bare.removeprefix(word), bare.removesuffix(word)):
            if rest != bare and (organ := KNOWN.get("".join(telling(rest)))):
                return organ, True
    return "", marked


KNOWN = {normalised(word).replace("_", ""): organ for word, organ in spelling_of(PATIENTS["organs"]).items()} | {
    key(organ): organ for organ in ORGANS
}
