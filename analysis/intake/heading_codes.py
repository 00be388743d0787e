"""Codes explained by their heading, such as "Death (0=yes, 1=no)", replaced by their meanings in the cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from analysis.intake import texts
from analysis.intake.flags import SAYS_NO, SAYS_YES, code, says
from analysis.intake.noticed import shown
from analysis.intake.raw import RawTable
from analysis.intake.values import recorded

_CODE, _IS = r"(?P<code>\d{1,3})", r"\s*[=:：＝]\s*"
_WORD = r"(?P<word>[^\W\d][^\d,;/|=:：＝，；、()（）\[\]]*)"
CODE_FIRST = re.compile(rf"(?<![\w.]){_CODE}{_IS}{_WORD}")
WORD_FIRST = re.compile(rf"[(（\[:：,，;；/]\s*{_WORD}{_IS}{_CODE}(?![\w.])")
BEFORE = " \t(（[:：,，;；-–"
BEHIND = re.compile(r"[\s)）\].,;]*")
FEWEST = 2  # codes; one alone does not tell what the others mean
MOST = 0.5  # share of the values that has to be exceeded by codes
PLAIN = {"1": SAYS_YES, "0": SAYS_NO}


@lru_cache(maxsize=50_000)
def codes_in(heading: str) -> tuple[str, Mapping[str, str]]:
    """Return a heading without its codes, and the meaning of each; the heading unchanged if it explains none.

    Examples
    --------
    >>> codes_in("Death (0=yes, 1=no)")
    ('Death', {'0': 'yes', '1': 'no'})
    >>> codes_in("Sex: female = 1; male = 2"), codes_in("C3 (g/L)")
    (('Sex', {'1': 'female', '2': 'male'}), ('C3 (g/L)', {}))
    """
    if not any(sign in heading for sign in "=:：＝"):
        return heading, {}
    for pattern in (CODE_FIRST, WORD_FIRST):
        found = [*pattern.finditer(heading)]
        meanings = {code(each["code"]): each["word"].strip(" .-") for each in found}
        if FEWEST <= len(meanings) == len(found) and BEHIND.fullmatch(heading[found[-1].end() :]):
            return heading[: found[0].start()].rstrip(BEFORE), meanings
    return heading, {}


def with_explained_codes(raw: RawTable, told: Mapping[str, Collection[str]]) -> RawTable:
    """Return a table with codes that a heading explains replaced by their meanings, and a note on each such column.

    Parameters
    ----------
    raw
        The table.
    told
        Column to its values that the user explained; if these are codes of the heading, the column is unchanged.
    """
    changed, notes = {}, []
    for column in map(str, raw.cells.columns):
        meanings = codes_in(column)[1]
        if not meanings or all(says(code(word)) in PLAIN.get(each, ()) for each, word in meanings.items()):
            continue
        held = recorded(raw.cells[column])
        coded = sum(count for text, count in held.items() if code(text) in meanings)
        if coded <= MOST * sum(held.values()) or meanings.keys() & set(map(code, told.get(column, ()))):
            continue
        changed[column] = texts.changed(raw.cells[column], partial(_meaning, meanings))
        listed = ", ".join(f"{each} is {shown(word)}" for each, word in meanings.items())
        notes.append(f"in {shown(column)}, as its heading says, {listed}.")
    if not changed:
        return raw
    return replace(raw, cells=raw.cells.assign(**changed), notes=(*raw.notes, *notes))


def _meaning(meanings: Mapping[str, str], text: str) -> str:
    return meanings.get(code(text), text)
