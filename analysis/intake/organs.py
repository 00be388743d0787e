"""Organ involvement from yes-or-no columns, one per organ."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED
from analysis.cohort.vocabulary import ORGANS, PATIENTS
from analysis.intake import texts
from analysis.intake.codes import BOX
from analysis.intake.flags import SAYS_NO, SAYS_YES, code, says_yes_or_no
from analysis.intake.headings import named_alike, telling
from analysis.intake.source import ORGAN, Source
from analysis.intake.values import key, recorded, spelling_of

# Words for involvement stand before or behind an organ, also without a blank: "Nierenbeteiligung".
INVOLVED = sorted({normalised(words).replace("_", "") for words in LISTED["involvement"]}, key=len, reverse=True)
TICKS = frozenset({"x", "+", "✓", "✔", "√", "●", "☑", "☒"})
CROSSES = frozenset({"-", "\u2212", "\u2013"})  # beside ticks
LONG = 3  # letters; a text of so many is no code
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
        organ, marked = organ_in(column)
        if not organ or organ in named or column in taken or column in chosen_columns:
            continue
        if _is_yes_or_no(cells[column]) or _is_ticked(cells[column]):
            guessed.setdefault(organ, []).append(column)
            prefixed |= marked
    # A single column such as "fever" may be a symptom; several organs side by side are organ involvement.
    if prefixed or found or len(guessed) > 1:
        found |= guessed
    return {organ: found[organ] for organ in ORGANS if organ in found}


def organ_boxes(
    cells: pd.DataFrame, chosen: Mapping[str, Source | None] | None = None
) -> dict[str, dict[str, list[str]]]:
    """Return REDCap's checkboxes for organs, such as ``organs___1``, if some do not name their organ.

    Parameters
    ----------
    cells
        The table as text.
    chosen
        The user's mapping; ``organs.renal`` tells the organ of a box.

    Returns
    -------
    dict
        Field, such as "organs", to organ or code, such as "1", to the columns of the boxes.
    """
    told = {
        source.column: name.removeprefix(ORGAN)
        for name, source in (chosen or {}).items()
        if name.startswith(ORGAN) and source
    }
    found: dict[str, dict[str, list[str]]] = {}
    for column in map(str, cells.columns):
        field, _, box = column.partition(BOX)
        if box and named_alike(field, PATIENTS["organs"]) and _is_yes_or_no(cells[column]):
            organ = told.get(column) or organ_in(column)[0] or box
            found.setdefault(field, {}).setdefault(organ, []).append(column)
    return {field: boxes for field, boxes in found.items() if not set(boxes) <= set(ORGANS)}


def _is_yes_or_no(values: pd.Series) -> bool:
    return says_yes_or_no(recorded(values))


def _is_ticked(values: pd.Series) -> bool:
    """Return whether a column only holds marks such as "x" or "+", and blanks or "-" where there is none."""
    held = {code(text) for text in recorded(values)}
    return bool(held) and held <= TICKS


def coded_organs(cells: pd.DataFrame, taken: Collection[str]) -> list[str]:
    """Return columns named like organs whose two codes, such as 1 and 2, do not tell which of them means yes."""
    found = [
        column
        for column in map(str, cells.columns)
        if column not in taken and organ_in(column)[0] and _is_coded(cells[column])
    ]
    return found if len(found) > 1 else []


def _is_coded(values: pd.Series) -> bool:
    held = {code(text) for text in recorded(values)}
    return len(held) == 2 and all(len(text) < LONG for text in held) and not _is_yes_or_no(values)


def joined_organs(cells: pd.DataFrame, columns: Mapping[str, list[str]]) -> tuple[pd.Series, int]:
    """Return the organs of each row as one column of text, and the number of rows with only some organs recorded."""
    held = np.zeros(len(cells), dtype=np.int64)
    absent = np.zeros(len(cells), dtype=np.int64)
    for place, names in enumerate(columns.values()):
        for name in names:
            no = SAYS_NO | CROSSES if _is_ticked(cells[name]) else SAYS_NO
            held |= _says(cells[name], SAYS_YES | TICKS).astype(np.int64) << place
            absent |= _says(cells[name], no).astype(np.int64) << place
    everything = (1 << len(columns)) - 1
    partly = ((held | absent) != everything) & ((held | absent) != 0)
    # Without any yes, a blank could be one, so the row is missing unless all organs are recorded as absent.
    state = np.where(held > 0, held, np.where(absent == everything, 0, -1))
    codes, distinct = pd.factorize(state)
    words = [_words(int(each), list(columns)) for each in distinct]
    return texts.from_codes(codes.astype(np.intp), words, cells.index), int(partly.sum())


def _says(values: pd.Series, words: frozenset[str]) -> np.ndarray:
    return texts.where(values, lambda text: code(text) in words)


def _words(state: int, organs: list[str]) -> str:
    if state < 0:
        return ""
    return ";".join(organ for place, organ in enumerate(organs) if state >> place & 1) or "none"


def organ_in(column: str) -> tuple[str, bool]:
    """Return the organ in a column's name, and whether the name says that it is organ involvement."""
    name = normalised(column)
    bare = name.rpartition(CHOICE)[2]
    marked = bare != name
    bare = "".join(telling(bare))
    if bare in KNOWN:
        return KNOWN[bare], marked
    organs = {KNOWN.get(word, "") for word in name.rpartition(CHOICE)[2].split("_")}
    if len(organs) == 1 and "" not in organs:  # "skin rash"
        return organs.pop(), marked
    for word in INVOLVED:
        for rest in (bare.removeprefix(word), bare.removesuffix(word)):
            if rest != bare and (organ := KNOWN.get("".join(telling(rest)))):
                return organ, True
    return "", marked


KNOWN = {normalised(word).replace("_", ""): organ for word, organ in spelling_of(PATIENTS["organs"]).items()} | {
    key(organ): organ for organ in ORGANS
}
