"""What the values of a category mean: its levels, their spellings, labelled codes, and unknown codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.cohort.canonical_column import Column
from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import ORGANS
from analysis.intake.flags import DOUBT, MOST_CODES, SAYS_NO, SAYS_YES, UNKNOWN_CODES, code, says
from analysis.intake.noticed import shown
from analysis.intake.numerals import NUMBER
from analysis.intake.source import Source
from analysis.intake.values import NO_ORGAN, is_missing, key, level_of, organs_in, spelling_of

YES_OR_NO = ("yes", "no")
RECURRING = 3  # least rows with unknown words that are asked about; in fewer they are reported as typing errors
# Columns with the name of one sex are yes-or-no columns: the sex for yes, and for no.
SEX_FLAGS = {
    **dict.fromkeys(("is_male", "male", "mannlich"), ("male", "female")),
    **dict.fromkeys(("is_female", "female", "weiblich"), ("female", "male")),
}
BOX = "___"  # between field and code in the name of a REDCap checkbox
CDISC_UNKNOWN = "u"  # in CDISC's codelists of sex and of yes or no
Codes = Mapping[str, str | None]


@dataclass(frozen=True)
class Value:
    """A distinct value of a category.

    Attributes
    ----------
    text
        As in the file.
    rows
        Number of rows with it.
    meaning
        A level, or another word that is kept; "" if it says that nothing was recorded; None if it is not known.
    """

    text: str
    rows: int
    meaning: str | None


def levels_of(column: Column) -> tuple[str, ...]:
    """Return the levels that a value of a column can mean; none if codes are not asked about here, as for died."""
    if column.kind == "boolean" and column.name != "died":
        return YES_OR_NO
    return ORGANS if column.kind == "set" else column.levels


def values_of(column: Column, source: Source, counts: Mapping[str, int]) -> list[Value]:
    """Return the distinct values of a category, each with its meaning.

    Parameters
    ----------
    column
        The column; of a set, each element is a value.
    source
        Its source; `codes` holds the user's answers.
    counts
        Frequency of each text.
    """
    means = meanings(column, source)
    rows: dict[str, int] = {}
    first: dict[str, str] = {}
    for text, count in counts.items():
        for part in organs_in(text) if column.kind == "set" else [text]:
            if not is_missing(part) and not (column.kind == "set" and key(part) in NO_ORGAN):
                first.setdefault(code(part), " ".join(part.split()))
                rows[code(part)] = rows.get(code(part), 0) + count
    return [Value(first[each], rows[each], means(first[each])) for each in sorted(rows, key=_by_number)]


def are_asked(values: list[Value]) -> bool:
    """Return whether the user is asked what the unknown values of a category mean.

    Numbers always are asked about, words only if they recur. Many different words are no codes.
    """
    unknown = [each for each in values if each.meaning is None]
    recurring = sum(each.rows for each in unknown) >= RECURRING
    return len(unknown) <= MOST_CODES and (recurring or any(is_code(each.text) for each in unknown))


def could_be_coded(counts: Mapping[str, int], column: Column) -> bool:
    """Return whether a column with the name of a category holds codes of its levels, or words that recur.

    Unknown words count only if the category has no words beside its levels: "source" may tell who sent the patient.
    """
    sets = column.kind == "set"
    held: dict[str, int] = {}
    for text, count in counts.items():
        for part in organs_in(text) if sets else [text]:
            if not is_missing(part):
                held[code(part)] = held.get(code(part), 0) + count
    yes_or_no = column.kind == "boolean"
    if not levels_of(column) or not 1 < len(held) <= (len(YES_OR_NO) + 1 if yes_or_no else MOST_CODES):
        return False
    words = not yes_or_no and not sets and not column.others and sum(held.values()) >= RECURRING * len(held)
    means, levels = meanings(column, Source(column.name)), (*levels_of(column), "")
    return words or all(is_code(text) or (means(text) in levels and not sets) for text in held)


def is_code(text: str) -> bool:
    """Return whether a text is a whole number, which can mean anything."""
    return bool(NUMBER.fullmatch(code(text))) and float(text).is_integer()


def meanings(column: Column, source: Source) -> Callable[[str], str | None]:
    """Return a function from a text to its `Value.meaning`."""
    told = by_code(source.codes or {}, column)
    known = _known_flag if column.kind == "boolean" else _known_level(column, source)

    def means(text: str) -> str | None:
        if is_missing(text):
            return ""
        bare = without_field(text, column)
        return told[code(bare)] if code(bare) in told else known(bare)

    return means


def by_code(codes: Codes, column: Column | None) -> dict[str, str]:
    """Return the meaning of each code of a column, by its normal form; "" for not recorded."""
    return {code(without_field(each, column)): meaning or "" for each, meaning in codes.items()}


def without_field(text: str, column: Column | None) -> str:
    """Return the code in the name of an organ's checkbox, such as ``organs___1``; any other text unchanged."""
    return text.rpartition(BOX)[2] if column is not None and column.kind == "set" else text


def told_words(codes: Codes) -> str:
    """Return codes with their meanings, in words."""
    return ", ".join(f"{shown(each)} is {shown(meaning or 'not recorded')}" for each, meaning in codes.items())


def _known_flag(text: str) -> str | None:
    word = says(code(text))
    if word in SAYS_YES | SAYS_NO:
        return YES_OR_NO[word in SAYS_NO]
    return "" if code(text) in UNKNOWN_CODES | {CDISC_UNKNOWN} | DOUBT else None


def _known_level(column: Column, source: Source) -> Callable[[str], str | None]:
    spelling = spelling_of(column) | ({key(each): each for each in ORGANS} if column.kind == "set" else {})
    flag = SEX_FLAGS.get(normalised(source.column)) if column.name == "sex" else None
    sex = column.name == "sex"
    kept = column.others or column.kind == "set"  # words beside the levels

    def means(text: str) -> str | None:
        if flag and (word := _known_flag(text)):
            return flag[YES_OR_NO.index(word)]
        for word in (text, says(code(text))):
            if (level := level_of(word, spelling)) is not None:
                return level
        if sex and code(text) == CDISC_UNKNOWN:
            return ""
        return None if is_code(text) or not kept else text

    return means


def _by_number(text: str) -> tuple[bool, float, str]:
    return (False, float(text), "") if NUMBER.fullmatch(text) else (True, 0.0, text)
