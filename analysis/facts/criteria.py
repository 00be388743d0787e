"""Criteria: conditions that are met, not met or unknown at each visit; a rule is made of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.column_words import measure_words, unit_words
from analysis.facts.visit_values import VisitValues

NEAR = 1e-9  # Values with a smaller relative difference are equal: units are converted, and differences computed.


@dataclass(frozen=True)
class Criterion:
    """A condition on the values at a visit; the base of every kind.

    Attributes
    ----------
    unless_absent
        "" if the rule needs the columns; else, in words, the part of the definition that is skipped without them.
    """

    _: KW_ONLY
    unless_absent: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The visit columns that it needs."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """It in words, such as "SLEDAI at most 4 points"."""
        raise NotImplementedError

    def lacking(self, columns: Collection[str]) -> tuple[str, ...]:
        """Return the needed columns that are not among these."""
        return tuple(column for column in self.columns if column not in columns)

    def not_applied(self, columns: Collection[str]) -> str:
        """Return the part of the definition that is skipped with these columns, in words; "" if none is."""
        return self.unless_absent if self.lacking(columns) else ""

    def met(self, visits: VisitValues) -> Floats:
        """Return for each visit 1 where it is met, 0 where it is not, NaN where a value is missing."""
        raise NotImplementedError

    def judged(self, visits: VisitValues) -> Flags:
        """Return for each patient whether there is the baseline without which no state can be told."""
        return np.ones(len(visits.cohort), dtype=bool)

    @property
    def from_baseline(self) -> bool:
        """Whether it depends on the patient's baseline."""
        return False


@dataclass(frozen=True)
class _OfColumn(Criterion):
    """A criterion of one column."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The visit column that it needs."""
        return (self.column,)

    @property
    def _measure(self) -> str:
        return measure_words(self.column)

    def _with_unit(self, value: float) -> str:
        return f"{value:g} {unit_words(self.column)}".rstrip()


@dataclass(frozen=True)
class AtMost(_OfColumn):
    """A value at or below a limit.

    Attributes
    ----------
    column
        The visit column; true and false count as 1 and 0.
    limit
        The highest value that meets the criterion.
    limit_included
        Whether the limit itself meets it.
    """

    limit: float
    limit_included: bool = True

    @property
    def words(self) -> str:
        """The measure and its limit."""
        return f"{self._measure} {'at most' if self.limit_included else 'below'} {self._with_unit(self.limit)}"

    def met(self, visits: VisitValues) -> Floats:
        """Return whether the value is at most the limit, or below it."""
        return at_most(visits.of(self.column), self.limit, self.limit_included)


@dataclass(frozen=True)
class AtLeast(_OfColumn):
    """A value at or above a limit.

    Attributes
    ----------
    column
        The visit column.
    limit
        The lowest value that meets the criterion.
    """

    limit: float

    @property
    def words(self) -> str:
        """The measure and its limit."""
        return f"{self._measure} at least {self._with_unit(self.limit)}"

    def met(self, visits: VisitValues) -> Floats:
        """Return whether the value is at least the limit."""
        return at_most(-visits.of(self.column), -self.limit)


@dataclass(frozen=True)
class Recorded(_OfColumn):
    """A state that the clinic recorded.

    Attributes
    ----------
    column
        The visit column of states.
    state
        The state.
    """

    state: str

    @property
    def words(self) -> str:
        """The state as recorded."""
        return f"{self.state} {self._measure} on record"

    def met(self, visits: VisitValues) -> Floats:
        """Return whether the state was recorded."""
        values = visits.cohort.visits[self.column]
        return _where_known((values == self.state).to_numpy(dtype=bool, na_value=False), values.notna().to_numpy())


@dataclass(frozen=True)
class _SinceBaseline(_OfColumn):
    """A criterion of a value against the baseline: the last known value at or before month 0; not met by then."""

    @property
    def from_baseline(self) -> bool:
        """True."""
        return True

    def judged(self, visits: VisitValues) -> Flags:
        """Return whether each patient's baseline is known."""
        return ~np.isnan(visits.baseline_of_each(self.column))

    def met(self, visits: VisitValues) -> Floats:
        """Return whether the value has changed as asked since baseline."""
        return since_baseline(self._changed(visits.of(self.column), visits.baseline(self.column)), visits)

    def _changed(self, values: Floats, baseline: Floats) -> Floats:
        raise NotImplementedError


@dataclass(frozen=True)
class BaselineAtLeast(_SinceBaseline):
    """A baseline at or above a limit; whoever was below cannot be judged, as there was nothing to respond from.

    Attributes
    ----------
    column
        The visit column.
    limit
        The lowest baseline.
    """

    limit: float

    @property
    def words(self) -> str:
        """The measure at baseline and its limit."""
        return f"{self._measure} at least {self._with_unit(self.limit)} at baseline"

    def judged(self, visits: VisitValues) -> Flags:
        """Return whether each patient's baseline is high enough."""
        return at_most(-visits.baseline_of_each(self.column), -self.limit) == 1

    def met(self, visits: VisitValues) -> Floats:
        """Return 1 for each visit, as others are not judged."""
        return np.ones(len(visits.cohort.visits))


@dataclass(frozen=True)
class FallOfPercent(_SinceBaseline):
    """A fall by some percent of the baseline, or more.

    Attributes
    ----------
    column
        The visit column.
    percent
        The least fall.
    percent_included
        Whether a fall by just this meets the criterion.
    """

    percent: float
    percent_included: bool = True

    @property
    def words(self) -> str:
        """The measure and its fall."""
        return (
            f"{self._measure} {'at least' if self.percent_included else 'more than'} {self.percent:g} % below baseline"
        )

    def _changed(self, values: Floats, baseline: Floats) -> Floats:
        return at_most(values, baseline * (1 - self.percent / 100), self.percent_included)


@dataclass(frozen=True)
class FallOfPoints(_SinceBaseline):
    """A fall by some points below the baseline, or more.

    Attributes
    ----------
    column
        The visit column.
    points
        The least fall.
    """

    points: float

    @property
    def words(self) -> str:
        """The measure and its fall."""
        return f"{self._measure} at least {self._with_unit(self.points)} below baseline"

    def _changed(self, values: Floats, baseline: Floats) -> Floats:
        return at_most(values, baseline - self.points)


@dataclass(frozen=True)
class NotBelowBaseline(_SinceBaseline):
    """A value no more than some percent below the baseline.

    Attributes
    ----------
    column
        The visit column.
    percent
        The greatest fall.
    """

    percent: float

    @property
    def words(self) -> str:
        """The measure and its greatest fall."""
        return f"{self._measure} no more than {self.percent:g} % below baseline"

    def _changed(self, values: Floats, baseline: Floats) -> Floats:
        return at_most(-values, -baseline * (1 - self.percent / 100))


@dataclass(frozen=True)
class NoRise(_SinceBaseline):
    """A value no more than some points above the baseline.

    Attributes
    ----------
    column
        The visit column.
    points
        The greatest rise; 0 for none.
    points_included
        Whether a rise by just these points meets the criterion.
    """

    points: float = 0
    points_included: bool = True

    @property
    def words(self) -> str:
        """The measure and its greatest rise."""
        if not self.points:
            return f"{self._measure} not above baseline"
        how = "no more than" if self.points_included else "less than"
        return f"{self._measure} {how} {self._with_unit(self.points)} above baseline"

    def _changed(self, values: Floats, baseline: Floats) -> Floats:
        return at_most(values, baseline + self.points, self.points_included)


@dataclass(frozen=True)
class Either(Criterion):
    """One of several criteria, or more of them.

    Attributes
    ----------
    criteria
        The criteria.
    """

    criteria: tuple[Criterion, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The visit columns of all of them."""
        return tuple(dict.fromkeys(column for each in self.criteria for column in each.columns))

    @property
    def words(self) -> str:
        """All of them, with "or"."""
        return " or ".join(each.words for each in self.criteria)

    @property
    def from_baseline(self) -> bool:
        """Whether any of them depends on the baseline."""
        return any(each.from_baseline for each in self.criteria)

    def judged(self, visits: VisitValues) -> Flags:
        """Return whether each patient has the baseline of all of them."""
        return np.asarray(np.all([each.judged(visits) for each in self.criteria], axis=0))

    def met(self, visits: VisitValues) -> Floats:
        """Return whether one is met; missing if none is and one is missing."""
        met = np.stack([each.met(visits) for each in self.criteria])
        return np.select([(met == 1).any(axis=0), (met == 0).all(axis=0)], [1.0, 0.0], np.nan)


def at_most(values: Floats, limit: Floats | float, limit_included: bool = True) -> Floats:
    """Return 1 where a value is at most the limit (or below it), 0 where not, NaN where either is missing."""
    near = NEAR * np.maximum(1.0, np.abs(limit))
    met = values <= limit + near if limit_included else values < limit - near
    return _where_known(met, ~np.isnan(values) & ~np.isnan(limit))


def _where_known(met: Flags, known: Flags) -> Floats:
    return np.where(known, met.astype(float), np.nan)


def since_baseline(met: Floats, visits: VisitValues) -> Floats:
    """Return 0 at month 0 and before, where nothing has changed yet."""
    return np.where(visits.after_baseline, met, 0.0)
