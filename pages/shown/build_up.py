"""How a figure is built up on the stage: everybody, the group, everybody else, its parts, then all numbers."""

from __future__ import annotations

from collections.abc import Sequence
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
    part
        The part of the figure that is reached; "" for all of it.
    """

    question: Question
    numbers: bool = False
    part: str = ""


def steps(asked: Question, *, levels: int, told: bool, parts: Sequence[str] = ()) -> list[Step]:
    """Return the steps that a question is built up by, those that change nothing left out.

    Parameters
    ----------
    asked
        The question as it was asked.
    levels
        By how much: `EVERYBODY_ONLY`, `FILTERED`, or `COMPARED` if the figure shows groups beside each other.
    told
        Whether there are numbers to show in the last step.
    parts
        Parts of the figure, each with numbers of its own, that are reached one after the other.

    Examples
    --------
    >>> from analysis import Filters, OneOf
    >>> uc = Question(filters=Filters({"msc_source": OneOf("UC")}))
    >>> [(step.question.compare, bool(step.question.filters), step.numbers) for step in
    ...  steps(uc, levels=COMPARED, told=True)]
    [('', False, False), ('', True, False), ('everybody_else', True, False), ('everybody_else', True, True)]
    >>> len(steps(Question(), levels=COMPARED, told=False))
    1
    >>> [(bool(step.question.filters), step.part) for step in
    ...  steps(uc, levels=FILTERED, told=True, parts=["Assessed", "All due"])]
    [(False, 'Assessed'), (True, 'Assessed'), (True, 'All due'), (True, '')]
    """
    pin = asked.pin if asked.compare == PINNED else None
    group = pin.filters if pin else asked.filters
    built = [Question(), Question(filters=group), _compared(replace(asked, pin=pin))][:levels]
    questions = [question for question, _ in groupby(built)]
    if parts:
        first, *others = parts
        reached = [*((question, first) for question in questions), *((questions[-1], part) for part in others)]
        return [*(Step(question, True, part) for question, part in reached), Step(questions[-1], numbers=True)]
    shown = [Step(question) for question in questions]
    return [*shown, replace(shown[-1], numbers=True)] if told else shown


def _compared(asked: Question) -> Question:
    """Return the question with its comparison; filtered patients that are compared by nothing, with everybody else."""
    if asked.compare or not asked.filters:
        return asked
    return replace(asked, compare=ELSE)
