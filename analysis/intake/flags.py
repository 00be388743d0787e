"""Yes or no: which values of a column stand for the event."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.intake.mapping import Source, normalised
from analysis.intake.values import MISSING, NUMBER, Read, Reader, is_missing

NO = frozenset({"0", "false", "no", "n", "alive", "living"})
YES = frozenset({"1", "true", "yes", "y", "dead", "died", "deceased", "death"})
UNKNOWN_CODES = frozenset({"9", "99", "999", "9999", "-9", "-99", "-999", "-9999"})


def flag_reader(source: Source, counts: Mapping[str, int]) -> Reader:
    """Return a reader of a yes-or-no column.

    Parameters
    ----------
    source
        Its `event` names the values that mean yes; every other value then means no. Without it, 0 and 1, true and
        false, yes and no, and words for dead and alive are understood.
    counts
        How often each text occurs.
    """
    if source.event is None:
        return _plain
    named = frozenset(code(str(value)) for value in source.event)
    others = {code(text) for text in counts if not _unknown(text)} - named
    blank_is_no = not others

    def read(text: str) -> Read:
        if code(text) in named:
            return Read(True)
        if not text.strip() and blank_is_no:
            return Read(False)
        return MISSING if _unknown(text) else Read(False)

    return read


def _plain(text: str) -> Read:
    if _unknown(text):
        return MISSING
    told = code(text)
    if told in YES | NO:
        return Read(told in YES)
    return Read(problem="is neither yes (1) nor no (0)")


def death_question(source: Source, counts: Mapping[str, int]) -> str:
    """Return what must be asked before a column can be read as died or alive, or "".

    A word that occurs once is taken for a slip of the pen, and only its row is lost; a number, or a word that comes
    back, is a code whose meaning only the owner of the file knows.
    """
    if source.event is not None:
        return ""
    told = {code(text): count for text, count in counts.items() if not _unknown(text)}
    values = ", ".join(sorted(told))
    if "cens" in normalised(source.column):
        return f"a column named for censoring may count the other way round. Which of its values means died: {values}?"
    strange = {value: count for value, count in told.items() if value not in YES | NO}
    known = len(told) - len(strange)
    if any(count > 1 or NUMBER.fullmatch(value) for value, count in strange.items()) or (told and not known):
        return f"it cannot be known which value means died. Its values are {values}; name the one for died."
    if len(told) == 1 and normalised(source.column) != "died":
        return f"every value is {values}. Does it mean died or alive?"
    return ""


def code(text: str) -> str:
    """Return a value in the form in which codes are compared: 1, 1.0 and " 1 " are the same."""
    told = text.strip().casefold()
    if not NUMBER.fullmatch(told):
        return re.sub(r"\s+", " ", told)
    number = float(told)
    return str(int(number)) if number.is_integer() else repr(number)


def _unknown(text: str) -> bool:
    return is_missing(text) or code(text) in UNKNOWN_CODES
