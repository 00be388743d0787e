"""All counts from which a yearly estimate is computed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.additive import additive
from analysis.counts.known_states import KnownStates
from analysis.counts.leaving import Leaving
from analysis.counts.places import Places
from analysis.counts.stays import Stays
from analysis.facts.endpoints import PotentialFollowUp
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission_by_year import RemissionByYear

FIRST_EVENTS, STAYS = "first events", "stays"  # tables that only some estimands need


@dataclass(frozen=True, eq=False)
class YearlyCounts:
    """The tables of counts of a yearly estimate.

    Attributes
    ----------
    places
        The ledger and the facts by year.
    follow_up
        Potential follow-up.
    first_events
        Time to first remission or relapse; None if the estimand does not need it.
    stays
        Sojourns in and out of remission; None if the estimand does not need them.
    recorded
        Whether the cohort records relapses, if recorded ones are counted; if not, all shares are missing.
    tells_states
        Whether any visit has a known state; without one, relapses are neither before nor after remission.
    not_applied
        Parts of the definition of remission that cannot be applied, in words.
    """

    places: Places
    follow_up: Leaving
    first_events: Leaving | None = None
    stays: Stays | None = None
    recorded: bool = True
    tells_states: bool = True
    not_applied: tuple[str, ...] = ()

    @classmethod
    @additive
    def of(
        cls,
        cohort: Cohort,
        asked: RemissionByYear | RelapseByYear,
        *,
        columns: tuple[str, ...],
        tables: Collection[str] = (),
        by: By | None = None,
    ) -> YearlyCounts:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        asked
            The definition of remission or relapse by year.
        columns, tables
            The facts to be counted in `places`, and the further tables: "first events", "stays".
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the grouping column is unknown, or the cohort lacks a column that a rule needs.
        """
        if isinstance(asked, RemissionByYear):
            rule, not_applied, recorded = asked.rule, asked.rule.not_applied(cohort), True
        else:
            rule, not_applied, recorded = asked.remission, (), asked.is_recorded(cohort)
        needed = tables if recorded else ()
        return cls(
            Places.of(cohort, asked, columns if recorded else (), by=by),
            Leaving.of(cohort, PotentialFollowUp(), by),
            Leaving.of(cohort, asked.first_event, by) if FIRST_EVENTS in needed else None,
            Stays.of(cohort, rule, asked.response, by) if STAYS in needed else None,
            recorded,
            recorded and KnownStates.of(cohort.whole, rule).visits > 0,
            not_applied,
        )

    def __add__(self, other: YearlyCounts) -> YearlyCounts:
        """Return the counts of the patients of both.

        Raises
        ------
        ValueError
            If they count different things.
        """
        if self.recorded != other.recorded:
            raise ValueError("Counts add up where all cohorts record what is counted, or none does.")
        return YearlyCounts(
            self.places + other.places,
            self.follow_up + other.follow_up,
            self.first_events + other.first_events if self.first_events and other.first_events else None,
            self.stays + other.stays if self.stays and other.stays else None,
            self.recorded,
            self.tells_states or other.tells_states,
            tuple(dict.fromkeys([*self.not_applied, *other.not_applied])),
        )
