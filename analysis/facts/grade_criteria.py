"""Criteria of BILAG grades, system by system, against the patient's baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.facts.criteria import Criterion, since_baseline
from analysis.facts.visit_values import GRADES, VisitValues

A, B = GRADES.index("A"), GRADES.index("B")  # as numbers; the higher, the less active


@dataclass(frozen=True)
class _OfGrades(Criterion):
    """A criterion of the grades A to E of several systems against those at baseline, all of which must be known.

    Attributes
    ----------
    systems
        The visit columns of grades.
    """

    systems: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The visit columns of grades."""
        return self.systems

    @property
    def from_baseline(self) -> bool:
        """True."""
        return True

    def judged(self, visits: VisitValues) -> Flags:
        """Return whether every grade is known at baseline."""
        return np.asarray(~np.isnan(self._baseline(visits)).any(axis=1))

    def _baseline(self, visits: VisitValues) -> Floats:
        return np.column_stack([visits.baseline(system) for system in self.systems])

    def _grades(self, visits: VisitValues) -> Floats:
        return np.column_stack([visits.of(system) for system in self.systems])


@dataclass(frozen=True)
class NoNewGrades(_OfGrades):
    """No system with a new A, and not too many with a new B, since baseline.

    An A is new if it was none at baseline; a B if it was C, D or E.

    Attributes
    ----------
    most_new_b
        The greatest number of systems with a new B.
    """

    most_new_b: int = 1

    def met(self, visits: VisitValues) -> Floats:
        """Return whether there is no new A and few new B; missing if a grade is missing, unless others tell."""
        now, then = self._grades(visits), self._baseline(visits)
        new_a, new_b = (now == A) & (then > A), (now == B) & (then > B)
        failed = new_a.any(axis=1) | (new_b.sum(axis=1) > self.most_new_b)
        return since_baseline(np.select([failed, np.isnan(now).any(axis=1)], [0.0, np.nan], 1.0), visits)


@dataclass(frozen=True)
class GradesImproved(_OfGrades):
    """Every system with A or B at baseline has improved: A to B or better, B to C or better.

    Who has neither A nor B at baseline cannot be judged, as there is nothing to improve.
    """

    def judged(self, visits: VisitValues) -> Flags:
        """Return whether every grade is known at baseline, and one of them is A or B."""
        return super().judged(visits) & np.asarray((self._baseline(visits) <= B).any(axis=1))

    def met(self, visits: VisitValues) -> Floats:
        """Return whether all have improved; missing if one of their grades is missing, unless another tells."""
        now, then = self._grades(visits), self._baseline(visits)
        active = then <= B
        failed = (active & (now <= then)).any(axis=1)
        unknown = (active & np.isnan(now)).any(axis=1)
        return since_baseline(np.select([failed, unknown], [0.0, np.nan], 1.0), visits)
