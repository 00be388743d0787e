"""Numbers of visits with a known state of remission."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.counts.additive import additive
from analysis.facts.remission import RemissionRule, visit_states


@dataclass(frozen=True)
class KnownStates:
    """The number of visits with a known state.

    Examples
    --------
    >>> from analysis import load_sample, sledai_at_most
    >>> KnownStates.of(load_sample(), sledai_at_most(4)).visits
    470
    """

    visits: int

    @classmethod
    @additive
    def of(cls, cohort: Cohort, rule: RemissionRule) -> KnownStates:
        """Return the number of a cohort."""
        return cls(len(visit_states(cohort, rule)))

    def __add__(self, other: KnownStates) -> KnownStates:
        """Return the number of both."""
        return KnownStates(self.visits + other.visits)

    def to_table(self) -> pd.DataFrame:
        """Return one row of visits."""
        return pd.DataFrame([asdict(self)])
