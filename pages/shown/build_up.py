"""How a figure is built up on the stage: everybody, the group, everybody else, then the numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from analysis.cohort.question import ELSE, PINNED, Question

EVERYBODY_ONLY, FILTERED, COMPARED = 1, 2, 3


@dataclass(frozen=True)
class Step:
    """A step of a stop.

    Attributes
    ----------
    question
        The question that the figure answers.
    numbers
        Whether the numbers and the sentence are shown too.
    """

    question: Question
    numbers: bool = False


def steps(asked: Question, *, levels: int, told: bool) -> list[Step]:
    """Return the steps that a question is built up by, those that change nothing left out.

    Parameters
    ----------
    asked
        The question as it was asked.
    levels
        By how much: `EVERYBODY_ONLY`, `FILTERED`, or `COMPARED` if the figure shows groups beside each other.
    told
        Whether there are numbers to show in the last step.

    Examples
    --------
    >>> from analysis import Filters, OneOf
    >>> uc = Question(filters=Filters({"msc_source": OneOf("UC")}))
    >>> [(step.question.compare, bool(step.question.filters), step.numbers) for step in
    ...  steps(uc, levels=COMPARED, told=True)]
    [('', False, False), ('', True, False), ('everybody_else', True, False), ('everybody_else', True, True)]
    >>> len(steps(Question(), levels=COMPARED, told=False))
    1
    """
    pin = asked.pin if asked.compare == PINNED else None
    group = pin.filters if pin else asked.filters
    parts = [Question(), Question(filters=group), _compared(replace(asked, pin=pin))][:levels]
    shown = [Step(question) for question, _ in groupby(parts)]
    return [*shown, replace(shown[-1], numbers=True)] if told else shown


def _compared(asked: Question) -> Question:
    """Return the question with its comparison; filtered patients that are compared by nothing, with everybody else."""
    if asked.compare or not asked.filters:
        return asked
    return replace(asked, compare=ELSE)
