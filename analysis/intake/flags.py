"""Yes-or-no columns: which values mean that the event happened."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.cohort.names import normalised
from analysis.cohort.spellings import ALIVE, DEAD, LISTED, NO, YES
from analysis.cohort.wording import count_words
from analysis.intake.noticed import shown
from analysis.intake.numerals import NUMBER
from analysis.intake.source import Source
from analysis.intake.values import Read, Reader, is_missing, missing

UNKNOWN_CODES = frozenset({"9", "99", "999", "9999", "-9", "-99", "-999", "-9999"})
# Columns with such names may be reversed: yes means censored or alive.
TURNED_ROUND = tuple(map(normalised, LISTED["other_way_round"]))
MOST_CODES = 12  # A column with more distinct values is not a flag.
# A code with its words, as in "1:DECEASED" or "Dead (1)".
LABELLED = re.compile(r"\(?\d+\)?[\s:=.–-]*(?P<behind>[^\W\d].*)|(?P<before>\D*[^\W\d]) ?\(\d+\)")
ONE_SIDED = frozenset({"dthfl"})  # CDISC: Y for a death, and nothing else
NOTHING = frozenset({"", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "nat", "null", ".", "-", "--", "'--"})
DOUBT = frozenset(LISTED["doubt"])
RARE = 0.1  # A code for unknown is in at most this share of the rows.


def code(text: str) -> str:
    """Return the normal form by which codes are compared: 1, 1.0 and " 1 " are equal."""
    cleaned = text.strip().casefold()
    if not NUMBER.fullmatch(cleaned):
        return re.sub(r"\s+", " ", cleaned)
    number = float(cleaned)
    return str(int(number)) if number.is_integer() else repr(number)


def says(value: str) -> str:
    """Return the label of a code, as in "1:deceased" or "dead (1)"; without one, the code itself."""
    labelled = LABELLED.fullmatch(value)
    words = (labelled["behind"] or labelled["before"]) if labelled else value
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
        If it has `event`, these values mean yes and every other value means no. Without it, 0 and 1, true and false,
        yes and no, and words for dead and alive are read.
    counts
        Frequency of each text.
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
    word = says(code(text))
    if word in SAYS_YES | SAYS_NO:
        return Read(word in SAYS_YES)
    return Read(problem="is neither yes (1) nor no (0)")


def _blank_is_alive(source: Source, counts: Mapping[str, int]) -> bool:
    """Return whether a column is known to be yes for deaths and blank for patients alive."""
    known = known_counts(counts)
    return normalised(source.column) in ONE_SIDED and len(known) == 1 and set(known) <= SAYS_YES


def says_nothing(text: str) -> bool:
    """Return whether a value is blank or NA, which means no in a column with a single value; "unknown" does not."""
    return text.strip().casefold() in NOTHING


def could_be_flag(counts: Mapping[str, int]) -> bool:
    """Return whether a column can be a flag: it has few distinct codes, whose meaning may have to be asked."""
    codes = {code(text) for text in counts if not _unknown(text)}
    return 0 < len(codes) <= MOST_CODES and not any("." in each and NUMBER.fullmatch(each) for each in codes)


def says_yes_or_no(counts: Mapping[str, int]) -> bool:
    """Return whether every value of a column is a known word for yes or no."""
    codes = {code(text) for text in counts if not _unknown(text)}
    return bool(codes) and {says(each) for each in codes} <= SAYS_YES | SAYS_NO


def death_question(source: Source, counts: Mapping[str, int]) -> str:
    """Return the question to answer before a column can be read as died or alive; "" if there is none.

    Every unknown word is asked about, even a rare one, because deaths are often the rare value. Only words of doubt,
    such as "maybe", are neither, and their rows are lost.
    """
    if source.event is not None or _blank_is_alive(source, counts):
        return ""
    known, choices = known_counts(counts), death_choices(counts)
    values = ", ".join(f"{shown(value)} ({count})" for value, count in choices.items())
    words_of_life = bool(known) and {says(value) for value in known} <= OF_LIFE
    if any(word in normalised(source.column) for word in TURNED_ROUND) and not words_of_life:
        return f"a column of this name may count the other way round. Which of its values means died: {values}?"
    strange = {says(value) for value in known} - SAYS_YES - SAYS_NO - DOUBT
    if strange or (choices and not known) or _is_often_coded(known, choices):
        unknown = [value for value in choices if value not in known]
        rest = f" {' and '.join(unknown)}, if not named, is read as not known." if unknown else ""
        words = f"it cannot be known which value means died. Its values are {values}; name all that mean died.{rest}"
        return words + _blank_words(known, counts)
    blank = _blank_words(known, counts)
    if len(known) == 1 and (blank or (normalised(source.column) != "died" and not words_of_life)):
        return f"every value is {values}. Does it mean died or alive?{blank}"
    return ""


def nobody_alive(source: Source, counts: Mapping[str, int]) -> bool:
    """Return whether every known value means died, and many of the other rows are recorded as unknown."""
    read = flag_reader(source, counts)
    values = {text: read(text).value for text in counts}
    unknown = sum(count for text, count in counts.items() if values[text] is None)
    return set(values.values()) == {True, None} and unknown > RARE * sum(counts.values())


def _blank_words(known: Mapping[str, int], counts: Mapping[str, int]) -> str:
    """Return the sentence on blanks in a column with a single value, or ""."""
    empty = sum(count for text, count in counts.items() if says_nothing(text))
    words = f" If it means died, {count_words(empty, 'row')} without a value will be read as alive."
    return words if empty and len(known) == 1 else ""


def _is_often_coded(known: Mapping[str, int], choices: Mapping[str, int]) -> bool:
    """Return whether codes such as 9 are too frequent to mean unknown."""
    coded = sum(choices.values()) - sum(known.values())
    return coded > 1 and coded > RARE * sum(choices.values())


def death_choices(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the frequency of each value that can be chosen as died, including codes such as 9."""
    choices: dict[str, int] = {}
    for text, count in counts.items():
        if not is_missing(text):
            choices[code(text)] = choices.get(code(text), 0) + count
    return dict(sorted(choices.items()))


def death_note(source: Source, counts: Mapping[str, int]) -> str:
    """Return how the values of a column are read as died and alive; "" if they are plain 0 and 1."""
    known = known_counts(counts)
    if source.event is not None or (normalised(source.column) == "died" and set(known) <= PLAIN):
        return ""
    dead = " and ".join(f'"{shown(value)}"' for value in known if says(value) in SAYS_YES)
    alive = " and ".join(f'"{shown(value)}"' for value in known if says(value) in SAYS_NO)
    parts = [f"{values} is read as {word}" for values, word in ((dead, "died"), (alive, "alive")) if values]
    return f"{', '.join(parts)}." if parts else ""


def known_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the frequency of each code that is neither missing nor a code for unknown, sorted by code."""
    known: dict[str, int] = {}
    for text, count in counts.items():
        if not _unknown(text):
            known[code(text)] = known.get(code(text), 0) + count
    return dict(sorted(known.items()))


def _unknown(text: str) -> bool:
    return is_missing(text) or code(text) in UNKNOWN_CODES
