"""The numbers of one centre that go into a masked sum, at the places that `analysis.centres.masked_layout` gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.centres.counted_apart import counted_apart
from analysis.centres.masked_layout import (
    ALL,
    ALWAYS_0,
    BY_GROUP,
    DECIMALS,
    HALF_WORD,
    LARGEST,
    PATIENTS,
    POTENTIAL,
    STATES,
    SUMS,
    WHAT,
    ZEROS,
    endpoints_of,
    layout_of,
    measured,
    mentions_of,
    of_each_year,
    ways,
)
from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import EVERYBODY, NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.counts.groups import Groups, membership
from analysis.counts.leaving import KINDS, Leaving
from analysis.counts.measured_values import Values
from analysis.counts.presence import required
from analysis.counts.reasons import LeftOut
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.counts.whole_months import in_middles_of_months, in_whole_months
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.common.means import MEAN
from analysis.estimates.scores.trajectory import steps_to_be_counted
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.settings import Outcome, YearlySettings
from analysis.estimates.yearly.yearly_numbers import Numbers
from analysis.facts.endpoints import PotentialFollowUp
from analysis.facts.place_by_year import PLACES
from analysis.facts.relapse import tells_states
from analysis.facts.scheduled_values import VALUE
from analysis.facts.scheduled_visits import ScheduledMeasure


@dataclass(frozen=True, eq=False)
class CentreNumbers:
    """The numbers of one centre before they are masked.

    Attributes
    ----------
    by
        The groups; None without a comparison.
    not_applied
        Parts of the definition of remission that the columns of the centre do not allow, in words.
    tables
        The numbers by what they count, with the shapes of `layout_of`.
    """

    by: By | None
    not_applied: tuple[str, ...]
    tables: Mapping[str, Integers]

    @property
    def in_order(self) -> Integers:
        """All numbers, in the order of the layout."""
        return np.concatenate([table.ravel() for table in self.tables.values()]).astype(np.int64)

    def to_table(self) -> pd.DataFrame:
        """Return what goes into the sum, as the centre should see it before its numbers are masked.

        Returns
        -------
        DataFrame with counted (what), place (the indices in its table, from 1), number; all others are 0.
        """
        rows = [
            (name, ", ".join(str(index + 1) for index in place), int(table[tuple(place)]))
            for name, table in self.tables.items()
            for place in np.argwhere(table)
        ]
        return pd.DataFrame(rows, columns=["counted", "place", "number"])


def numbers_of(cohort: Cohort, question: CentreQuestion) -> CentreNumbers:
    """Return the numbers of a centre for a masked sum.

    Parameters
    ----------
    cohort
        All patients of the centre.
    question
        What is asked.

    Raises
    ------
    CentreFileError
        If the cohort cannot answer, or has groups that the question does not name.

    Examples
    --------
    >>> from analysis import load_sample
    >>> numbers = numbers_of(load_sample(), CentreQuestion("Remission"))
    >>> int(numbers.tables["patients"]), numbers.tables["all, remission, assessed, events"].tolist()
    (87, [[23, 12, 5, 3, 0]])
    """
    asked = question.asked_of(cohort)
    if (asked.by is None) != (not question.groups):
        raise CentreFileError(
            f"The question {question.name} has to name the groups that it compares: how many groups a centre has would "
            "be told by the form of its answer."
        )
    counted = counted_apart(asked.present, asked.by)
    try:
        made = _tables(counted, question, asked.by)
    except CentreFileError:
        raise
    except ValueError as error:
        raise CentreFileError(f"This cohort cannot answer the question {question.name}: {error}") from error
    tables = {
        name: np.asarray(made[name], dtype=np.int64).reshape(shape) for name, shape in layout_of(question).items()
    }
    return CentreNumbers(asked.by, tuple(question.rule.not_applied(counted)), tables)


def _tables(cohort: Cohort, question: CentreQuestion, by: By | None) -> dict[str, Any]:
    known = tells_states(cohort, question.rule)
    made: dict[str, Any] = {PATIENTS: len(cohort), STATES: int(known), ZEROS: np.zeros(ALWAYS_0)}
    for name, groups, each in ((ALL, (EVERYBODY,), None), (BY_GROUP, question.groups, by)):
        if groups:
            made |= {f"{name}, {table}": held for table, held in _of_groups(cohort, question, each, groups)}
    return made


def _of_groups(
    cohort: Cohort, question: CentreQuestion, by: By | None, names: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    who = membership(cohort, by)
    unknown = [name for name, members in zip(who.names, who.groups().members, strict=True) if members]
    unknown = [name for name in unknown if name not in names]
    if unknown:
        raise CentreFileError(
            f"This cohort has patients in groups that the question {question.name} does not name: {', '.join(unknown)}."
        )
    yield "members", _aligned(who.groups().members, who.groups(), names)
    yield "without a group", len(who.without)
    last = 12 * question.years
    for endpoint in endpoints_of(question):
        yield from _leaving(endpoint, in_whole_months(Leaving.of(cohort, endpoint, by), last), names)
    yield from _leaving(POTENTIAL, in_middles_of_months(Leaving.of(cohort, PotentialFollowUp(), by), last), names)
    for outcome, way in ways():
        yield from _shares(cohort, question, outcome, way, by, names)
    for measure in question.measures:
        yield from _values(cohort, measured(question, measure), by, names)


def _leaving(name: str, counts: Leaving, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for kind in KINDS:
        yield f"{name}, {kind}", _aligned(getattr(counts, kind), counts.groups, names, axis=1)
    yield f"{name}, left out", _with_and_without_group(counts.left_out)


def _with_and_without_group(left_out: LeftOut) -> tuple[int, int]:
    """Return how many are left out for another reason than their group, and for that."""
    numbers = [number or 0 for number in left_out.patients]
    groupless = sum(number for reason, number in zip(left_out.reasons, numbers, strict=True) if reason == NO_GROUP)
    return sum(numbers) - groupless, groupless


def _shares(
    cohort: Cohort, question: CentreQuestion, outcome: Outcome, way: Estimand, by: By | None, names: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    asked = of_each_year(question, outcome)
    # What depends on whether any centre knows states is counted here, and left out of the sum where none does.
    counts = replace(YearlyCounts.of(cohort, asked, columns=way.columns, by=by), tells_states=True)
    years = tuple(range(1, 1 + question.years))
    numbers = way.numbers(counts, YearlySettings(way.name, asked, by, years))
    name = f"{outcome}, {way.name}"

    def of_groups(table: Integers) -> Integers:
        return _aligned(table, numbers.groups, names)

    yield f"{name}, places", np.stack([of_groups(np.asarray(numbers.places[place])) for place in PLACES])
    yield f"{name}, patients", of_groups(np.asarray(numbers.patients))
    yield f"{name}, events", of_groups(np.asarray(numbers.events))
    for part in way.beside:
        yield f"{name}, {part}", of_groups(np.asarray(numbers.beside[part]))
    yield f"{name}, mentioned", [numbers.mentioned[each] for each in mentions_of(way)]
    yield f"{name}, enrolled", numbers.number_of_patients
    yield f"{name}, late", numbers.late
    yield f"{name}, left out", _in_three(numbers)


def _in_three(numbers: Numbers) -> tuple[int | None, ...]:
    without_group, without_baseline, absent = numbers.left_out.patients
    return without_group, without_baseline, absent


def _values(cohort: Cohort, asked: ScheduledMeasure, by: By | None, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    counts = TrajectoryCounts.of(cohort, asked, by)
    for what, values in zip(WHAT, (counts.values, counts.changes), strict=True):
        for part, table in _sums(values).items():
            yield f"{asked.measure}, {what}, {part}", _aligned(table, values.groups, names)
    steps = steps_to_be_counted(counts.values, MEAN)
    needed = required(steps)
    yield f"{asked.measure}, patients", counts.presence.number(needed)
    yield f"{asked.measure}, left out", _with_and_without_group(counts.presence.left_out(steps))
    yield f"{asked.measure}, at limit", counts.presence.values_at_limit(needed)


def _sums(values: Values) -> dict[str, Integers]:
    """Return number, sum and sum of squares at each month, in units of the last decimal: groups by months."""
    units = np.rint(values.value * 10**DECIMALS)
    if (np.abs(units) > (LARGEST if values.what == VALUE else 2 * LARGEST)).any():
        raise ValueError(f"{values.asked.measure} has values beyond {LARGEST // 10**DECIMALS:,}")
    whole = units.astype(np.int64)
    squares = whole * whole
    parts = (np.ones_like(whole), whole, squares >> HALF_WORD, squares & ((1 << HALF_WORD) - 1))
    tables = {}
    for name, part in zip(SUMS, parts, strict=True):
        table = np.zeros((len(values.groups.names) + 1, len(values.asked.months)), dtype=np.int64)
        np.add.at(table, (values.group, values.month), part * values.patients)
        tables[name] = table[:-1]
    return tables


def _aligned(table: NDArray[Any], groups: Groups, names: Sequence[str], axis: int = 0) -> Integers:
    """Return a table of the groups of a cohort as one of the groups of a question."""
    held = [place for place, name in enumerate(groups.names) if name in names]
    shape = [*table.shape]
    shape[axis] = len(names)
    among = np.zeros(shape, dtype=np.int64)
    places = [names.index(groups.names[place]) for place in held]
    among[(slice(None),) * axis + (places,)] = np.take(table, held, axis=axis)
    return among
