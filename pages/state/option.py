"""Options of a page: label, values, default, the answer that a value stands for, and the query parameter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from analysis import Cohort
from analysis.cohort.wording import value_text

Answer = TypeVar("Answer", covariant=True)

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Answers:
    """The answers to options for a cohort, by option: ``answers[INTERVAL]``.

    An option that does not apply has no answer; `get` then returns None.
    """

    cohort: Cohort
    given: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, option: Option[Answer]) -> Answer:
        answer: Answer = self.given[option.key]
        return answer

    def get(self, option: Option[Answer]) -> Answer | None:
        """Return the answer, or None if the option does not apply."""
        return self.given.get(option.key)

    def having(self, option: Option[Any], answer: Any) -> Answers:
        """Return these answers and one more."""
        return replace(self, given={**self.given, option.key: answer})


# The values, or a function of the cohort and of the answers to earlier options that returns them.
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
    """An option; the base of every kind.

    Attributes
    ----------
    key
        The key of its control, and of its query parameter.
    label
        The label of its control.
    default
        The value of its control if none was set.
    help
        The tooltip of its control.
    means
        Turns a value of the control into the answer.
    applies
        Whether it is asked at all.
    disabled
        Whether its control is greyed; the answer is then that of its default.
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
        """Return the same option with another label, for another place."""
        return replace(self, label=label)

    def default_of(self, answers: Answers) -> Any:
        """Return the value of the control if none was set."""
        return _of(self.default, answers)

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether the control may hold a value."""
        raise NotImplementedError

    def read(self, texts: Sequence[str], answers: Answers) -> Any:
        """Return the value of a query parameter; None if the control may not hold it."""
        raise NotImplementedError

    def texts(self, value: Any) -> list[str]:
        """Return a value as query parameter."""
        return [value_text(value)]

    def answer(self, value: Any, answers: Answers) -> Answer:
        """Return the answer that a value of the control stands for."""
        return self.means(self.default_of(answers) if self.disabled(answers) else value)


@dataclass(frozen=True)
class _OfValues(Option[Answer]):
    """An option with a list of values.

    Attributes
    ----------
    values
        The values that can be chosen.
    words
        Turns a value into its words.
    drawn
        As a "list" that opens, or side by side in a "row".
    """

    _: KW_ONLY
    values: Values
    words: Callable[[Any], str] = str
    drawn: Literal["list", "row"] = "list"

    def values_of(self, answers: Answers) -> list[Any]:
        """Return the values that can be chosen."""
        return list(_of(self.values, answers))

    def by_text(self, answers: Answers) -> dict[str, Any]:
        """Return the values that can be chosen, by their text in the address."""
        return {value_text(value): value for value in self.values_of(answers)}


@dataclass(frozen=True)
class Choice(_OfValues[Answer]):
    """One of several values; the default is the first one unless named."""

    def default_of(self, answers: Answers) -> Any:
        """Return the default, or the first value."""
        named = super().default_of(answers)
        return self.values_of(answers)[0] if named is None else named

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether it is one of the values."""
        return value in self.values_of(answers)

    def read(self, texts: Sequence[str], answers: Answers) -> Any:
        """Return the value with this text."""
        return self.by_text(answers).get(texts[0])


@dataclass(frozen=True)
class UsableChoice(Choice[Answer]):
    """One of several values, some of which need columns that the cohort lacks; the first usable one replaces these.

    Attributes
    ----------
    lacking
        Returns the columns that a value needs and the cohort lacks.
    """

    _: KW_ONLY
    lacking: Callable[[Answers, Any], Collection[str]]

    def usable(self, answers: Answers) -> list[Any]:
        """Return the values that lack no column; if all do, the first one."""
        values = self.values_of(answers)
        return [value for value in values if not self.lacking(answers, value)] or values[:1]

    def default_of(self, answers: Answers) -> Any:
        """Return the first usable value."""
        return self.usable(answers)[0]

    def answer(self, value: Any, answers: Answers) -> Answer:
        """Return the answer of the value if it is usable, else of the first usable one."""
        usable = self.usable(answers)
        return super().answer(value if value in usable else usable[0], answers)


@dataclass(frozen=True)
class Several(_OfValues[Answer]):
    """Any number of several values; the default is none unless named."""

    def default_of(self, answers: Answers) -> list[Any]:
        """Return the default, or an empty list."""
        return list(super().default_of(answers) or ())

    def fits(self, value: Any, answers: Answers) -> bool:
        """Return whether all are among the values."""
        return all(each in self.values_of(answers) for each in value)

    def read(self, texts: Sequence[str], answers: Answers) -> list[Any] | None:
        """Return the values with these texts."""
        values, named = self.by_text(answers), [text for text in texts if text]
        return [values[text] for text in named] if all(text in values for text in named) else None

    def texts(self, value: Any) -> list[str]:
        """Return a text for each value; one empty text if there is none."""
        return [value_text(each) for each in value] or [""]


@dataclass(frozen=True)
class Number(Option[Answer]):
    """A number within limits; whole if its default is whole.

    Attributes
    ----------
    low, high
        The limits, both included.
    step
        The step of the control.
    """

    low: float
    high: float
    _: KW_ONLY
    step: float | None = None

    def fits(self, value: Any, _: Answers) -> bool:
        """Return whether it is within the limits."""
        return value is not None and self.low <= value <= self.high

    def read(self, texts: Sequence[str], answers: Answers) -> float | None:
        """Return the number, if it is within the limits."""
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
        """Return True: a switch may be on or off."""
        return isinstance(value, bool)

    def read(self, texts: Sequence[str], _: Answers) -> bool | None:
        """Return the value of this text."""
        return {YES: True, NO: False}.get(texts[0])


@dataclass(frozen=True)
class Text(Option[Answer]):
    """A text to type.

    Attributes
    ----------
    longest
        The greatest number of characters; None for no limit.
    """

    _: KW_ONLY
    longest: int | None = None

    def fits(self, *_: Any) -> bool:
        """Return True: any text may be typed."""
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
        """Return the text, if it is one of them."""
        return texts[0] if self.known(answers, texts[0]) else None


@dataclass(frozen=True)
class PageOptions:
    """The options of a page, in the order in which they are drawn.

    Attributes
    ----------
    name
        The prefix of the keys of their places on the page.
    in_view
        In one row at the top, beside "More".
    below
        In a row below these, if they apply.
    more
        Under "More", by heading; "" for none.
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
        """All options except those elsewhere on the page."""
        return *self.in_view, *self.below, *(option for under in self.more.values() for option in under)
