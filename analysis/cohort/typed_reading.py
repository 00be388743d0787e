"""Reads a typed text from left to right: what is asked of which column, and what is not understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.cohort.column_words import column_label
from analysis.cohort.measures import CHOICE, SETS
from analysis.cohort.names import normalised
from analysis.cohort.typed_tokens import Token, tokens
from analysis.cohort.typed_words import LONGEST, Lexicon, Meaning, unit_factor

AGE = "age_years"
MOST_LISTED = 6  # things that are told in one sentence
SIGNS = ("<", "<=", ">", ">=", "=")
NEGATIONS = ("-", "no", "not", "without", "except", "nor")
AND, OR, SKIPPED = ("and", "&"), ("or", "nor"), ("with",)


@dataclass(frozen=True)
class Limit:
    """A sign and what stands behind it.

    Attributes
    ----------
    sign
        One of <, <=, >, >= and =.
    text
        The number, or the day as year-month-day, as it was typed.
    factor
        What one of its unit is in the unit of the column.
    """

    sign: str
    text: str
    factor: float = 1.0


@dataclass
class Asked:
    """What is asked of one column; `joined` has the words between two of its values, "and" or "or"."""

    limits: list[Limit] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    without: list[object] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)


@dataclass
class Reading:
    """What a text asks, by column; words that name nothing or several things; and what cannot be asked."""

    words: Lexicon
    left: list[Token]
    asked: dict[str, Asked] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    unclear: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    last: tuple[Meaning, bool] | None = None  # the last value, and whether it is excluded

    def term(self) -> None:
        """Read one value or limit, with the words before it."""
        joined = self._joined()
        negated = self._negated()
        exclude = negated or (joined == "or" and self.last is not None and self.last[1])
        if not self.left:
            self.unknown += ["no"] if negated else []
            return
        if self.left[0].is_name:
            self._name(exclude, "and not" if joined == "and" and negated else joined)
            return
        self.last = None
        if self.left[0].kind in ("sign", "range"):
            sign = self.left.pop(0).text if self.left[0].kind == "sign" else ""
            self._limits(AGE, sign, exclude)
        else:
            text = self.left.pop(0).text
            self.refused.append(f'"{text}" alone is no limit: write <{text} or >={text}.')

    def _joined(self) -> str:
        joined = ""
        while self.left and self.left[0].kind == "word" and self.left[0].word in (*AND, *OR, *SKIPPED):
            word = self.left.pop(0).word
            joined = "and" if word in AND else "or" if word in OR else joined
        return joined

    def _negated(self) -> bool:
        negated = False
        while self.left and self.left[0].kind in ("word", "minus") and self.left[0].word in NEGATIONS:
            if any(size > 1 and self.words.exactly(text) for size, text in _names(self.left)):
                break  # a value such as "no response"
            self.left.pop(0)
            negated = True
        return negated

    def _name(self, exclude: bool, joined: str) -> None:
        """Read a value, or the name of a column and what is asked of it; of several names, the longest."""
        for size, text in _names(self.left):
            columns = self._columns(text, self.left[size].kind if size < len(self.left) else "")
            if columns or self.words.exactly(text):
                del self.left[:size]
                if columns:
                    self._of_column(text, columns, exclude, joined)
                else:
                    self._value(text, self.words.exactly(text), exclude, joined)
                return
        text = self.left.pop(0).text
        if self.left and self.left[0].kind == "sign":
            self.left.pop(0)
            self._operand()
            self.unknown.append(text)
        else:
            self._value(text, self.words.begun(text), exclude, joined)

    def _columns(self, text: str, after: str) -> tuple[str, ...]:
        """Return the columns that a text names where it stands; without a sign after it, values go first."""
        if after == "sign":
            return self.words.columns_named(text)
        return () if self.words.exactly(text) else self.words.columns.get(normalised(text), ())

    def _of_column(self, text: str, columns: tuple[str, ...], exclude: bool, joined: str) -> None:
        """Read what is asked of a column whose name was read."""
        sign = self.left.pop(0).text if self.left and self.left[0].kind == "sign" else ""
        if len(columns) > 1:
            self.unclear[text] = tuple(f'"{column_label(name)}"' for name in columns)
            self._operand()
        elif self.words.kinds[columns[0]] in (CHOICE, SETS) and sign in ("", ":", "="):
            self._value_of(columns[0], sign, exclude, joined)
        else:
            self.last = None
            self._limits(columns[0], sign, exclude)

    def _value_of(self, name: str, sign: str, exclude: bool, joined: str) -> None:
        """Read a value of one column."""
        for _ in range(2):
            for size, text in _names(self.left, "number"):
                if meanings := self.words.of_column(name, text):
                    del self.left[:size]
                    self._value(text, meanings, exclude, joined)
                    return
            if not sign or not self._negated():
                break
            exclude = not exclude
        if sign and (typed := self._operand()):
            self.unknown.append(f"{column_label(name)} {typed}")
        else:
            values = listed([each.value_typed() for each in self.words.all_of(name)])
            self.refused.append(f"{column_label(name)} needs a value: {values}.")

    def _value(self, text: str, meanings: Sequence[Meaning], exclude: bool, joined: str) -> None:
        """Note a value, if the text means one and only one."""
        if len(meanings) != 1:
            if meanings:
                self.unclear[text] = tuple(each.typed() for each in meanings)
            else:
                self.unknown.append(text)
            self.last = None
            return
        (meaning,) = meanings
        before, self.last = self.last, (meaning, exclude)
        if joined and before is not None and (why := self._not_joined(before, meaning, exclude, joined)):
            self.refused.append(why)
            return
        asked = self.asked.setdefault(meaning.column, Asked())
        (asked.without if exclude else asked.values).append(meaning.value)
        if not exclude and len(asked.values) > 1:
            asked.joined.add(joined or "or")

    def _not_joined(self, before: tuple[Meaning, bool], meaning: Meaning, exclude: bool, joined: str) -> str:
        """Return why two values cannot be joined by this word; "" if they can."""
        (first, excluded), pair = before, (before[0].value_typed(), meaning.value_typed())
        same = first.column == meaning.column
        if joined == "or" and not same:
            return (
                f'"{pair[0]} or {pair[1]}": only values of one column can be alternatives, so {pair[1]} is not asked.'
            )
        if joined == "and" and same and excluded and not exclude:
            return f'"not {pair[0]} and {pair[1]}" can be read in two ways: write -{pair[1]} to exclude both.'
        if joined == "and" and same and self.words.kinds[meaning.column] == CHOICE:
            return f"nobody is both {pair[0]} and {pair[1]}; with or between them, either is asked."
        return ""

    def _limits(self, name: str, sign: str, exclude: bool) -> None:
        """Read the limits of a column behind a sign, or a range."""
        label = column_label(name)
        token = self._operand_token()
        if token is None:
            self.refused.append(f"{label} needs a limit, such as {name}>10.")
            return
        factor = self._unit(name)
        typed = f"{sign}{token.text}"
        if name not in self.words.kinds:
            self.refused.append(f"there is no age here: put the name of a column before {typed}.")
        elif self.words.kinds[name] == SETS:
            self.refused.append(f"{label} is no number: {typed} cannot be asked of it.")
        elif exclude:
            self.refused.append(f"{label} {typed} cannot be excluded: turn the sign round.")
        elif token.kind == "range" and sign in ("", ":", "="):
            limits = [Limit(">=", token.low, factor), Limit("<=", token.high, factor)]
            self.asked.setdefault(name, Asked()).limits.extend(limits)
        elif token.kind in ("number", "day"):
            self.asked.setdefault(name, Asked()).limits.append(
                Limit(sign if sign in SIGNS else "=", token.text, factor)
            )
        else:
            self.refused.append(f"{label} {typed}: a number is needed there.")

    def _operand_token(self) -> Token | None:
        """Take what stands behind a sign; a minus before a number belongs to it."""
        if not self.left:
            return None
        token = self.left.pop(0)
        if token.kind == "minus" and self.left and self.left[0].kind == "number":
            token = Token("number", f"-{self.left.pop(0).text}")
        return token

    def _operand(self) -> str:
        token = self._operand_token()
        return token.text if token else ""

    def _unit(self, name: str) -> float:
        """Take the unit behind a number, if one stands there."""
        factor = unit_factor(name, self.left[0].text) if self.left and self.left[0].kind == "word" else None
        if factor is not None:
            self.left.pop(0)
        return 1.0 if factor is None else factor


def read(words: Lexicon, text: str) -> Reading:
    """Return what a text asks of a cohort with these words."""
    reading = Reading(words, tokens(text))
    while reading.left:
        reading.term()
    return reading


def listed(names: Sequence[str]) -> str:
    """Return names in a sentence: "a, b or c"; of many, the first."""
    shown = list(names[:MOST_LISTED])
    if len(names) > MOST_LISTED:
        return f"{', '.join(shown)} and {len(names) - MOST_LISTED} more"
    return " or ".join([*([", ".join(shown[:-1])] if len(shown) > 1 else []), shown[-1]]) if shown else "none"


def _names(left: Sequence[Token], *kinds: str) -> list[tuple[int, str]]:
    """Return the names that may stand here, the longest first, each with the number of its tokens."""
    count = next((at for at, token in enumerate(left) if not (token.is_name or token.kind in kinds)), len(left))
    return [(size, " ".join(token.text for token in left[:size])) for size in range(min(count, LONGEST), 0, -1)]
