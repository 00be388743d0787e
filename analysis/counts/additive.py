"""Who makes a table of counts: the patients of a cohort, or several centres that each made it from theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial, wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, runtime_checkable

P = ParamSpec("P")
Counts = TypeVar("Counts")

COUNTS_OF = "counts_of"  # the method of `CountedElsewhere`
CHOICES_FROM = 2  # the parameters of ``of`` before the choices: the class and the cohort


@dataclass(frozen=True)
class CountsAsked:
    """What a table of counts was asked for.

    Attributes
    ----------
    kind
        The class of the table.
    choices
        The arguments of its ``of`` after the cohort, by name, with defaults.
    """

    kind: type
    choices: dict[str, Any]


@runtime_checkable
class CountedElsewhere(Protocol):
    """Patients of whom only tables of counts are here."""

    def counts_of(self, asked: CountsAsked) -> Any:
        """Return the table that was asked for.

        Raises
        ------
        ValueError
            If it was not made.
        """


_heard: ContextVar[list[tuple[CountsAsked, Any]] | None] = ContextVar("heard", default=None)


def additive(
    of: Callable[Concatenate[type[Counts], Any, P], Counts],
) -> Callable[Concatenate[type[Counts], Any, P], Counts]:
    """Turn ``of(cls, cohort, *choices)``, which makes a table of counts, into a question that others can answer.

    Parameters
    ----------
    of
        Makes the table from the patients of a cohort. Tables of any partition of the patients add up.

    Returns
    -------
    callable
        With the same arguments; of patients `CountedElsewhere` it returns their table.
    """
    takes = signature(of)

    @wraps(of)
    def ask(cls: type[Counts], cohort: Any, *args: P.args, **named: P.kwargs) -> Counts:
        heard = _heard.get()
        elsewhere = hasattr(cohort, COUNTS_OF)  # asking a protocol takes ten times as long
        if heard is None and not elsewhere:
            return of(cls, cohort, *args, **named)
        bound = takes.bind(cls, cohort, *args, **named)
        bound.apply_defaults()
        asked = CountsAsked(cls, dict(list(bound.arguments.items())[CHOICES_FROM:]))
        if elsewhere:
            made: Counts = cohort.counts_of(asked)
            return made
        # The tables of which a table consists are not heard on their own.
        outer = _heard.set(None)
        try:
            made = of(cls, cohort, *args, **named)
        finally:
            _heard.reset(outer)
        if heard is not None:
            heard.append((asked, made))
        return made

    return cast(Callable[Concatenate[type[Counts], Any, P], Counts], ask)


def unasked(kind: type) -> Callable[..., Any]:
    """Return the method ``of`` of a kind of counts without its first argument, as it is for patients who are here.

    Of patients `CountedElsewhere` it asks for the tables of which its own consists.
    """
    of: Any = vars(kind)["of"].__func__.__wrapped__
    return partial(of, kind)


@contextmanager
def listening() -> Iterator[list[tuple[CountsAsked, Any]]]:
    """Hear which tables of counts are asked for, and what they hold, while estimates are computed."""
    heard: list[tuple[CountsAsked, Any]] = []
    outer = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(outer)
