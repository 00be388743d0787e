"""Where each number of a masked sum stands: as many, and in the same order, whatever the patients are.

All of it is known from the question alone. A table that only had the times or values of its patients would tell them by
its form, under any mask.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TypeAlias

from analysis.centres.centre_question import CentreQuestion
from analysis.cohort.arrays import Integers
from analysis.counts.leaving import KINDS
from analysis.counts.places import LATE
from analysis.estimates.yearly.estimand import PROPORTION, Estimand
from analysis.estimates.yearly.estimands import ESTIMANDS
from analysis.estimates.yearly.settings import Outcome
from analysis.facts.endpoints import OVERALL_SURVIVAL
from analysis.facts.place_by_year import PLACES
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission_by_year import RemissionByYear
from analysis.facts.scheduled_values import CHANGE, VALUE, What
from analysis.facts.scheduled_visits import ScheduledMeasure

Shape: TypeAlias = tuple[int, ...]

DECIMALS = 3  # of the values that are added up
LARGEST = 10 ** (6 + DECIMALS)  # the largest value, in units of the last decimal
HALF_WORD = 32  # bits: squares are added up in two parts, so that no sum of patients reaches 64
WHAT: tuple[What, ...] = (VALUE, CHANGE)
SUMS = ("number", "sum", "squares high", "squares low")
POTENTIAL = "potential follow-up"
ALL, BY_GROUP = "all", "by group"
PATIENTS, STATES, ZEROS = "patients", "centres that know a state", "zeros"
ALWAYS_0 = 4  # numbers that are 0 at every centre, which show that the masks have gone


def endpoints_of(question: CentreQuestion) -> tuple[str, ...]:
    """Return the endpoints that are counted: those of the question, and survival for the length of follow-up."""
    return tuple(dict.fromkeys((OVERALL_SURVIVAL, *question.endpoints)))


def ways() -> list[tuple[Outcome, Estimand]]:
    """Return the yearly estimands that are counted: those that are shares of patients."""
    return [(outcome, way) for outcome, known in ESTIMANDS.items() for way in known.values() if way.kind == PROPORTION]


def of_each_year(question: CentreQuestion, outcome: Outcome) -> RemissionByYear | RelapseByYear:
    """Return the definition of remission or relapse by year of a question."""
    if outcome == "remission":
        return RemissionByYear(question.rule, question.response, question.window_months)
    return RelapseByYear(question.relapse, question.rule, question.response, question.window_months)


def measured(question: CentreQuestion, measure: str) -> ScheduledMeasure:
    """Return a measure at the months of a question."""
    return ScheduledMeasure.of(measure, question.schedule, None)


def layout_of(question: CentreQuestion) -> dict[str, Shape]:
    """Return the shape of each table of a masked sum, in order.

    Parameters
    ----------
    question
        What is asked: it alone decides which numbers there are.

    Examples
    --------
    >>> layout = layout_of(CentreQuestion("Remission"))
    >>> layout["all, overall_survival, events"], layout["all, remission, assessed, places"]
    ((61, 1), (6, 1, 5))
    """
    shapes: dict[str, Shape] = {PATIENTS: (), STATES: (), ZEROS: (ALWAYS_0,)}
    for name, groups in ((ALL, 1), (BY_GROUP, len(question.groups))):
        if groups:
            shapes |= {f"{name}, {table}": shape for table, shape in _shapes(question, groups)}
    return shapes


def _shapes(question: CentreQuestion, groups: int) -> Iterator[tuple[str, Shape]]:
    months, years = 12 * question.years + 1, question.years
    yield "members", (groups,)
    yield "without a group", ()
    for endpoint, rows in (*((each, months) for each in endpoints_of(question)), (POTENTIAL, 2 * months)):
        for kind in KINDS:
            yield f"{endpoint}, {kind}", (rows, groups)
        yield f"{endpoint}, left out", (2,)
    for outcome, way in ways():
        name = f"{outcome}, {way.name}"
        yield f"{name}, places", (len(PLACES), groups, years)
        for part in ("patients", "events", *way.beside):
            yield f"{name}, {part}", (groups, years)
        yield f"{name}, mentioned", (1 + len(way.mentions),)
        yield f"{name}, enrolled", ()
        yield f"{name}, late", ()
        yield f"{name}, left out", (3,)
    for measure in question.measures:
        for what in WHAT:
            for part in SUMS:
                yield f"{measure}, {what}, {part}", (groups, len(question.schedule))
        yield f"{measure}, patients", ()
        yield f"{measure}, left out", (2,)
        yield f"{measure}, at limit", (2,)


def size_of(question: CentreQuestion) -> int:
    """Return how many numbers a masked sum has."""
    return sum(map(prod, layout_of(question).values()))


def tables_of(question: CentreQuestion, in_order: Integers) -> dict[str, Integers]:
    """Return the tables of a masked sum from all of its numbers in order."""
    tables, start = {}, 0
    for name, shape in layout_of(question).items():
        end = start + prod(shape)
        tables[name], start = in_order[start:end].reshape(shape), end
    return tables


def mentions_of(way: Estimand) -> tuple[str, ...]:
    """Return the numbers that the method sentence of an estimand mentions, by name."""
    return (LATE, *way.mentions)
