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
        """Return whether every grade of each patient is known at baseline."""
        return np.asarray(~np.isnan(self._baseline_of_each(visits)).any(axis=0))

    def _baseline_of_each(self, visits: VisitValues) -> Floats:
        """Return systems by patients."""
        return np.stack([visits.baseline_of_each(system) for system in self.systems])

    def _now_and_then(self, visits: VisitValues) -> tuple[Floats, Floats]:
        """Return the grades at each visit and at the patient's baseline: systems by visits."""
        now = np.stack([visits.of(system) for system in self.systems])
        return now, self._baseline_of_each(visits)[:, visits.cohort.visit_rows]


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

    @property
    def words(self) -> str:
        """It in words."""
        return f"no new BILAG A, and at most {self.most_new_b:g} new B"

    def met(self, visits: VisitValues) -> Floats:
        """Return whether there is no new A and few new B; missing if a grade is missing, unless others tell."""
        now, then = self._now_and_then(visits)
        new_a, new_b = (now == A) & (then > A), (now == B) & (then > B)
        failed = new_a.any(axis=0) | (new_b.sum(axis=0) > self.most_new_b)
        return since_baseline(np.select([failed, np.isnan(now).any(axis=0)], [0.0, np.nan], 1.0), visits)


@dataclass(frozen=True)
class GradesImproved(_OfGrades):
    """Every system with A or B at baseline has improved: A to B or better, B to C or better.

    Who has neither A nor B at baseline cannot be judged, as there is nothing to improve.
    """

    @property
    def words(self) -> str:
        """It in words."""
        return "every BILAG A and B of baseline improved"

    def judged(self, visits: VisitValues) -> Flags:
        """Return whether every grade of each patient is known at baseline, and one of them is A or B."""
        return super().judged(visits) & np.asarray((self._baseline_of_each(visits) <= B).any(axis=0))

    def met(self, visits: VisitValues) -> Floats:
        """Return whether all have improved; missing if one of their grades is missing, unless another tells."""
        now, then = self._now_and_then(visits)
        active = then <= B
        failed = (active & (now <= then)).any(axis=0)
        unknown = (active & np.isnan(now)).any(axis=0)
        return since_baseline(np.select([failed, unknown], [0.0, np.nan], 1.0), visits)
