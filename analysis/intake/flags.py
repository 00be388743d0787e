"""Yes or no: which values of a column stand for the event."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.cohort.spellings import ALIVE, DEAD, NO, YES
from analysis.intake.numerals import NUMBER
from analysis.intake.report import shown
from analysis.intake.source import Source, normalised
from analysis.intake.values import Read, Reader, is_missing, missing

UNKNOWN_CODES = frozenset({"9", "99", "999", "9999", "-9", "-99", "-999", "-9999"})
# A column of such a name says yes to what is not the event.
TURNED_ROUND = ("cens", "cnsr", "zens", "alive", "surviv", "living", "lebt", "vivant", "vivo")
MOST_CODES = 12  # A flag has a handful of values; what has more is something else.


def code(text: str) -> str:
    """Return a value in the form in which codes are compared: 1, 1.0 and " 1 " are the same."""
    told = text.strip().casefold()
    if not NUMBER.fullmatch(told):
        return re.sub(r"\s+", " ", told)
    number = float(told)
    return str(int(number)) if number.is_integer() else repr(number)


SAYS_YES = frozenset(code(word) for word in (*YES, *DEAD))
SAYS_NO = frozenset(code(word) for word in (*NO, *ALIVE))
OF_LIFE = frozenset(code(word) for word in (*DEAD, *ALIVE))
PLAIN = frozenset({"0", "1", "true", "false"})


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
    blank_is_no = not others and bool(named)

    def read(text: str) -> Read:
        if code(text) in named:
            return Read(True)
        if not text.strip() and blank_is_no:
            return Read(False)
        return missing(text) if _unknown(text) else Read(False)

    return read


def _plain(text: str) -> Read:
    if _unknown(text):
        return missing(text)
    told = code(text)
    if told in SAYS_YES | SAYS_NO:
        return Read(told in SAYS_YES)
    return Read(problem="is neither yes (1) nor no (0)")


def could_be_flag(counts: Mapping[str, int]) -> bool:
    """Return whether the values of a column can be those of a flag, known or to be asked."""
    codes = {code(text) for text in counts if not _unknown(text)}
    return 0 < len(codes) <= MOST_CODES and not any("." in told and NUMBER.fullmatch(told) for told in codes)


def says_yes_or_no(counts: Mapping[str, int]) -> bool:
    """Return whether every value of a column is a known word for yes or no."""
    codes = {code(text) for text in counts if not _unknown(text)}
    return bool(codes) and codes <= SAYS_YES | SAYS_NO


def death_question(source: Source, counts: Mapping[str, int]) -> str:
    """Return what must be asked before a column can be read as died or alive, or "".

    A word that occurs once is taken for a slip of the pen, and only its row is lost; a number, or a word that comes
    back, is a code whose meaning only the owner of the file knows.
    """
    if source.event is not None:
        return ""
    told = known_counts(counts)
    values = ", ".join(f"{shown(value)} ({count})" for value, count in told.items())
    words_of_life = bool(told) and set(told) <= OF_LIFE
    if any(word in normalised(source.column) for word in TURNED_ROUND) and not words_of_life:
        return f"a column of this name may count the other way round. Which of its values means died: {values}?"
    strange = {value: count for value, count in told.items() if value not in SAYS_YES | SAYS_NO}
    known = len(told) - len(strange)
    if any(count > 1 or NUMBER.fullmatch(value) for value, count in strange.items()) or (told and not known):
        return f"it cannot be known which value means died. Its values are {values}; name the one for died."
    if len(told) == 1 and normalised(source.column) != "died" and not words_of_life:
        return f"every value is {shown(next(iter(told)))}. Does it mean died or alive?"
    return ""


def death_note(source: Source, counts: Mapping[str, int]) -> str:
    """Return how the values of a column are read as died and alive, or "" where they say so themselves."""
    told = known_counts(counts)
    if source.event is not None or (normalised(source.column) == "died" and set(told) <= PLAIN):
        return ""
    dead = " and ".join(f'"{shown(value)}"' for value in told if value in SAYS_YES)
    alive = " and ".join(f'"{shown(value)}"' for value in told if value in SAYS_NO)
    parts = [f"{values} is read as {word}" for values, word in ((dead, "died"), (alive, "alive")) if values]
    return f"{', '.join(parts)}." if parts else ""


def known_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how often each value occurs that says something, as codes are compared, in order."""
    told: dict[str, int] = {}
    for text, count in counts.items():
        if not _unknown(text):
            told[code(text)] = told.get(code(text), 0) + count
    return dict(sorted(told.items()))


def _unknown(text: str) -> bool:
    return is_missing(text) or code(text) in UNKNOWN_CODES
