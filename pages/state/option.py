"""An option of a page: what it is called, what it may be, what that means, and how it reads in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from analysis import Cohort
from analysis.cohort.address import value_text

Answer = TypeVar("Answer", covariant=True)

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Answers:
    """What is set for a cohort, by option: ``answers[INTERVAL]``.

    An option that does not apply has no answer; `get` then returns None.
    """

    cohort: Cohort
    given: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, option: Option[Answer]) -> Answer:
        answer: Answer = self.given[option.key]
        return answer

    def get(self, option: Option[Answer]) -> Answer | None:
        """Return the answer, or None where the option does not apply."""
        return self.given.get(option.key)

    def having(self, option: Option[Any], answer: Any) -> Answers:
        """Return these answers and one more."""
        return replace(self, given={**self.given, option.key: answer})


# What may be chosen, or what makes it of the cohort and of the options that come before.
Values: TypeAlias = Collection[Any] | Callable[[Answers], Collection[Any]]


def _of(value: Any, answers: Answers) -> Any:
    return value(answers) if callable(value) else value


def _always(_: Answers) -> bool:
    return True


def _never(_: Answers) -> bool:
    return False


def _itself(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Option(Generic[Answer]):
    """What every kind of option has.

    Attributes
    ----------
    key
        What it is known by: its control, and its word in the address.
    label
        What its control is called.
    default
        What its control holds where nothing was set.
    help
        What is said when the mouse rests on it.
    means
        The answer that a value of the control stands for.
    applies
        Whether it is asked at all.
    disabled
        Whether it can be seen and not be set; the answer is then that of its default.
    """

    key: str
    label: str
    _: KW_ONLY
    default: Any = None
    help: str | None = None
    means: Callable[[Any], Answer] = _itself
    applies: Callable[[Answers], bool] = _always
    disabled: Callable[[Answers], bool] = _never

    def worded(self, label: str) -> Option[Answer]:
        """Return the same option under another label, for another place."""
        return replace(self, label=label)

    def default_of(self, answers: Answers) -> Any:
        """Return what the control holds where nothing was set."""
        return _of(self.default, answers)

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether the control may hold a value."""
        raise NotImplementedError

    def read(self, texts: Sequence[str], answers: Answers) -> Any:
        """Return the value that stands in the address; None where it may not be that."""
        raise NotImplementedError

    def texts(self, value: Any) -> list[str]:
        """Return a value as it stands in the address."""
        return [value_text(value)]

    def answer(self, value: Any, answers: Answers) -> Answer:
        """Return the answer that a value of the control gives."""
        return self.means(self.default_of(answers) if self.disabled(answers) else value)


@dataclass(frozen=True)
class _OfValues(Option[Answer]):
    """What options have that are chosen from a few values.

    Attributes
    ----------
    values
        What may be chosen.
    words
        How each reads.
    drawn
        As a list to open, or side by side in a row.
    """

    _: KW_ONLY
    values: Values
    words: Callable[[Any], str] = str
    drawn: Literal["list", "row"] = "list"

    def values_of(self, answers: Answers) -> list[Any]:
        """Return what may be chosen."""
        return list(_of(self.values, answers))

    def by_text(self, answers: Answers) -> dict[str, Any]:
        """Return what may be chosen, by how it stands in the address."""
        return {value_text(value): value for value in self.values_of(answers)}


@dataclass(frozen=True)
class Choice(_OfValues[Answer]):
    """One of several values; the first of them where no default is named."""

    def default_of(self, answers: Answers) -> Any:
        """Return the default, or the first of the values."""
        named = super().default_of(answers)
        return self.values_of(answers)[0] if named is None else named

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether it is one of the values."""
        return value in self.values_of(answers)

    def read(self, texts: Sequence[str], answers: Answers) -> Any:
        """Return the value of this text."""
        return self.by_text(answers).get(texts[0])


@dataclass(frozen=True)
class UsableChoice(Choice[Answer]):
    """One of several values, of which the cohort lacks the columns for some; the first usable one stands for these.

    Attributes
    ----------
    lacking
        The columns that a value needs and the cohort lacks.
    """

    _: KW_ONLY
    lacking: Callable[[Answers, Any], Collection[str]]

    def usable(self, answers: Answers) -> list[Any]:
        """Return the values that lack nothing; the first one where all lack something."""
        values = self.values_of(answers)
        return [value for value in values if not self.lacking(answers, value)] or values[:1]

    def default_of(self, answers: Answers) -> Any:
        """Return the first usable value."""
        return self.usable(answers)[0]

    def answer(self, value: Any, answers: Answers) -> Answer:
        """Return the answer of the value, or of the first usable one in its place."""
        usable = self.usable(answers)
        return super().answer(value if value in usable else usable[0], answers)


@dataclass(frozen=True)
class Several(_OfValues[Answer]):
    """Some of several values; none of them where no default is named."""

    def default_of(self, answers: Answers) -> list[Any]:
        """Return the values that are chosen where nothing was."""
        return list(super().default_of(answers) or ())

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether all are among the values."""
        return all(each in self.values_of(answers) for each in value)

    def read(self, texts: Sequence[str], answers: Answers) -> list[Any] | None:
        """Return the values of these texts."""
        values, named = self.by_text(answers), [text for text in texts if text]
        return [values[text] for text in named] if all(text in values for text in named) else None

    def texts(self, value: Any) -> list[str]:
        """Return a text for each value, and an empty one for none of them."""
        return [value_text(each) for each in value] or [""]


@dataclass(frozen=True)
class Number(Option[Answer]):
    """A number within limits; a whole one where its default is one.

    Attributes
    ----------
    low, high
        The limits.
    step
        How far a click goes.
    """

    low: float
    high: float
    _: KW_ONLY
    step: float | None = None

    def fits(self, value: Any, _: Answers) -> bool:
        """Return whether it is within the limits."""
        return value is not None and self.low <= value <= self.high

    def read(self, texts: Sequence[str], answers: Answers) -> float | None:
        """Return the number, where it is one within the limits."""
        kind: type[float] = type(self.default_of(answers))
        try:
            value = kind(texts[0])
        except ValueError:
            return None
        return value if self.fits(value, answers) else None


@dataclass(frozen=True)
class Switch(Option[bool]):
    """Yes or no."""

    _: KW_ONLY
    default: bool = False

    def fits(self, value: Any, _: Answers) -> bool:
        """Return that it is always one of the two."""
        return isinstance(value, bool)

    def read(self, texts: Sequence[str], _: Answers) -> bool | None:
        """Return what the word means."""
        return {YES: True, NO: False}.get(texts[0])


@dataclass(frozen=True)
class Text(Option[Answer]):
    """A text to type.

    Attributes
    ----------
    longest
        How many characters it may have; None without a limit.
    """

    _: KW_ONLY
    longest: int | None = None

    def fits(self, *_: Any) -> bool:
        """Return that any text may be typed."""
        return True

    def read(self, texts: Sequence[str], _: Answers) -> str:
        """Return the text."""
        return texts[0]


@dataclass(frozen=True)
class Lookup(Option[str]):
    """One of very many texts.

    Attributes
    ----------
    known
        Whether a text is one of them.
    """

    _: KW_ONLY
    known: Callable[[Answers, str], bool]

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether it is one of them."""
        return self.known(answers, value)

    def read(self, texts: Sequence[str], answers: Answers) -> str | None:
        """Return the text, where it is one of them."""
        return texts[0] if self.known(answers, texts[0]) else None


@dataclass(frozen=True)
class PageOptions:
    """The options of a page, in the order in which they are asked.

    Attributes
    ----------
    name
        What their places on the page are known by.
    in_view
        In one row at the top, beside "More".
    below
        In a row of their own under these, where they apply.
    more
        Behind "More", under their headings; under "" without one.
    apart
        Elsewhere on the page.
    """

    name: str
    in_view: tuple[Option[Any], ...] = ()
    below: tuple[Option[Any], ...] = ()
    more: Mapping[str, tuple[Option[Any], ...]] = field(default_factory=dict)
    apart: tuple[Option[Any], ...] = ()

    @property
    def together(self) -> tuple[Option[Any], ...]:
        """All but those that stand apart."""
        return *self.in_view, *self.below, *(option for under in self.more.values() for option in under)
