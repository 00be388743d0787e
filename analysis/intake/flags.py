"""Yes or no: which values of a column stand for the event."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.cohort.names import normalised
from analysis.cohort.spellings import ALIVE, DEAD, NO, YES
from analysis.cohort.wording import count_words
from analysis.intake.noticed import shown
from analysis.intake.numerals import NUMBER
from analysis.intake.source import Source
from analysis.intake.values import Read, Reader, is_missing, missing

UNKNOWN_CODES = frozenset({"9", "99", "999", "9999", "-9", "-99", "-999", "-9999"})
# A column of such a name says yes to what is not the event.
TURNED_ROUND = ("cens", "cnsr", "zens", "alive", "surviv", "living", "lebt", "vivant", "vivo")
MOST_CODES = 12  # A flag has a handful of values; what has more is something else.
# A code with its words, as in "1:DECEASED" or "Dead (1)".
LABELLED = re.compile(r"\(?\d+\)?[\s:=.–-]*(?P<behind>[^\W\d].*)|(?P<before>\D*[^\W\d]) ?\(\d+\)")
ONE_SIDED = frozenset({"dthfl"})  # CDISC: Y for a death, and nothing else
NOTHING = frozenset({"", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "nat", "null", ".", "-", "--", "'--"})
DOUBT = frozenset({"maybe", "perhaps", "possibly", "uncertain", "unclear", "not sure"})
RARE = 0.1  # A code for unknown stands in fewer of the rows.


def code(text: str) -> str:
    """Return a value in the form in which codes are compared: 1, 1.0 and " 1 " are the same."""
    told = text.strip().casefold()
    if not NUMBER.fullmatch(told):
        return re.sub(r"\s+", " ", told)
    number = float(told)
    return str(int(number)) if number.is_integer() else repr(number)


def says(told: str) -> str:
    """Return what the code of a value says: the words behind a number, as in "1:deceased", else the code itself."""
    labelled = LABELLED.fullmatch(told)
    words = (labelled["behind"] or labelled["before"]) if labelled else told
    return words.rstrip(".*! ") or words


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
    if source.event is None and not _blank_is_alive(source, counts):
        return _plain
    named = frozenset(code(str(value)) for value in source.event or known_counts(counts))
    others = {code(text) for text in counts if not _unknown(text)} - named
    sole = not others and bool(named)

    def read(text: str) -> Read:
        if code(text) in named:
            return Read(True)
        if sole and says_nothing(text):
            return Read(False)
        return missing(text) if _unknown(text) else Read(False)

    return read


def _plain(text: str) -> Read:
    if _unknown(text):
        return missing(text)
    told = says(code(text))
    if told in SAYS_YES | SAYS_NO:
        return Read(told in SAYS_YES)
    return Read(problem="is neither yes (1) nor no (0)")


def _blank_is_alive(source: Source, counts: Mapping[str, int]) -> bool:
    """Return whether a column is known to hold a yes for the dead, and nothing for the living."""
    told = known_counts(counts)
    return normalised(source.column) in ONE_SIDED and len(told) == 1 and set(told) <= SAYS_YES


def says_nothing(text: str) -> bool:
    """Return whether a value is blank or NA: beside a sole yes it is a no, where "unknown" is not."""
    return text.strip().casefold() in NOTHING


def could_be_flag(counts: Mapping[str, int]) -> bool:
    """Return whether the values of a column can be those of a flag, known or to be asked."""
    codes = {code(text) for text in counts if not _unknown(text)}
    return 0 < len(codes) <= MOST_CODES and not any("." in told and NUMBER.fullmatch(told) for told in codes)


def says_yes_or_no(counts: Mapping[str, int]) -> bool:
    """Return whether every value of a column is a known word for yes or no."""
    codes = {code(text) for text in counts if not _unknown(text)}
    return bool(codes) and {says(told) for told in codes} <= SAYS_YES | SAYS_NO


def death_question(source: Source, counts: Mapping[str, int]) -> str:
    """Return what must be asked before a column can be read as died or alive, or "".

    A word that is not known is asked about however rare it is, since rare words are mostly those of the dead. Only one
    that says doubt is neither, and its row is lost.
    """
    if source.event is not None or _blank_is_alive(source, counts):
        return ""
    told, choices = known_counts(counts), death_choices(counts)
    values = ", ".join(f"{shown(value)} ({count})" for value, count in choices.items())
    words_of_life = bool(told) and {says(value) for value in told} <= OF_LIFE
    if any(word in normalised(source.column) for word in TURNED_ROUND) and not words_of_life:
        return f"a column of this name may count the other way round. Which of its values means died: {values}?"
    strange = {says(value) for value in told} - SAYS_YES - SAYS_NO - DOUBT
    if strange or (choices and not told) or _is_often_coded(told, choices):
        unknown = [value for value in choices if value not in told]
        rest = f" {' and '.join(unknown)}, if not named, is read as not known." if unknown else ""
        words = f"it cannot be known which value means died. Its values are {values}; name all that mean died.{rest}"
        return words + _blank_words(told, counts)
    blank = _blank_words(told, counts)
    if len(told) == 1 and (blank or (normalised(source.column) != "died" and not words_of_life)):
        return f"every value is {values}. Does it mean died or alive?{blank}"
    return ""


def nobody_alive(source: Source, counts: Mapping[str, int]) -> bool:
    """Return whether every value that is known means died, while many rows only say that they are not known."""
    read = flag_reader(source, counts)
    values = {text: read(text).value for text in counts}
    unknown = sum(count for text, count in counts.items() if values[text] is None)
    return set(values.values()) == {True, None} and unknown > RARE * sum(counts.values())


def _blank_words(told: Mapping[str, int], counts: Mapping[str, int]) -> str:
    """Return what is said of blanks beside a sole value, or ""."""
    empty = sum(count for text, count in counts.items() if says_nothing(text))
    words = f" If it means died, {count_words(empty, 'row')} without a value will be read as alive."
    return words if empty and len(told) == 1 else ""


def _is_often_coded(told: Mapping[str, int], choices: Mapping[str, int]) -> bool:
    """Return whether a code such as 9 is in too many rows to stand for unknown."""
    coded = sum(choices.values()) - sum(told.values())
    return coded > 1 and coded > RARE * sum(choices.values())


def death_choices(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the values that can be named as died, with their counts; a 9 can be, though it mostly says unknown."""
    told: dict[str, int] = {}
    for text, count in counts.items():
        if not is_missing(text):
            told[code(text)] = told.get(code(text), 0) + count
    return dict(sorted(told.items()))


def death_note(source: Source, counts: Mapping[str, int]) -> str:
    """Return how the values of a column are read as died and alive, or "" where they say so themselves."""
    told = known_counts(counts)
    if source.event is not None or (normalised(source.column) == "died" and set(told) <= PLAIN):
        return ""
    dead = " and ".join(f'"{shown(value)}"' for value in told if says(value) in SAYS_YES)
    alive = " and ".join(f'"{shown(value)}"' for value in told if says(value) in SAYS_NO)
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
