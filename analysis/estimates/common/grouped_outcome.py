"""An endpoint by group: who is in which group, with which time, and who is in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Rows
from analysis.cohort.column_words import mid_sentence
from analysis.cohort.columns import Columns
from analysis.cohort.grouping import By, Pinned, members
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Counts, count_patients
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.facts.endpoints import AnyEndpoint, endpoint_times
from analysis.facts.observed_times import Endpoint

LATE_ENTRIES = "patients at risk from their entry on (left truncation)"


@dataclass(frozen=True, eq=False)
class GroupedOutcome:
    """An endpoint by group.

    Attributes
    ----------
    endpoint
        The endpoint, with the times of every patient who has it.
    by
        What groups the patients.
    group
        The group of each patient who has a time and a group, an ordered categorical; one who is in two groups is there
        twice.
    rows
        The place of each among the patients.
    left_out
        patient_id, reason: patients who have no time or no group.
    """

    endpoint: Endpoint
    by: By | None
    group: pd.Categorical
    rows: Rows
    left_out: pd.DataFrame

    @property
    def name(self) -> str:
        """The endpoint's name as it stands within a sentence."""
        return mid_sentence(self.endpoint.name)

    @property
    def hazard_name(self) -> str:
        """What a test of hazards is of: where an event competes, not of the share of patients with the event."""
        return f"the cause-specific hazards of {self.name}" if self.endpoint.competing_words else self.name

    @cached_property
    def columns(self) -> Columns:
        """The columns of `Endpoint.times`, but for the patient_id, of each of them."""
        columns = self.endpoint.columns
        return columns if len(self.rows) == len(self.endpoint.cohort) and self.by is None else columns.rows(self.rows)

    @property
    def times(self) -> pd.DataFrame:
        """The `Endpoint.times` of each of them."""
        return self.endpoint.times_of(self.rows)

    @cached_property
    def counts(self) -> Counts:
        """How many of each group come and go at each distinct time."""
        return count_patients(self.group, self.columns)

    @cached_property
    def caution(self) -> str:
        """Where few are at risk before others come under observation, in a sentence; else ""."""
        small = self.counts.few_before_others(FEW_AT_RISK)
        if not small:
            return ""
        where = ", ".join(
            f"{fewest:,}{'' if group == 'All' else f' in {group}'} up to month {months:g}"
            for group, (fewest, months) in small.items()
        )
        return (
            f"Few are at risk until others come under observation (as few as {where}): all later months rest on them."
        )

    def counts_where(self, keep: Flags) -> Counts:
        """Return the counts of those for whom `keep` holds."""
        places = np.flatnonzero(keep)
        return count_patients(self.group[places], self.columns.rows(places))

    def shared(self, groups: Sequence[object]) -> int:
        """Return how many patients are in more than one of these groups."""
        if not isinstance(self.by, Pinned):
            return 0
        return int((np.bincount(self.rows[self.group.isin(groups)]) > 1).sum())

    def only(self, keep: Flags, reason: str) -> GroupedOutcome:
        """Return the outcome of those for whom `keep` holds, the others left out."""
        ids = self.endpoint.cohort.values("patient_id")[self.rows[~keep]]
        left_out = pd.concat([self.left_out, pd.DataFrame({"patient_id": ids, "reason": reason})], ignore_index=True)
        return replace(self, group=self.group[keep], rows=self.rows[keep], left_out=left_out)

    def method(self, estimate: str, *details: str, competing: str = "censors") -> str:
        """Return the sentence that says how a number was made.

        Parameters
        ----------
        estimate
            The estimate; what the event is, time zero and counts are added here.
        details
            What else there is to say of it.
        competing
            What the estimate does with a competing event.
        """
        endpoint, counts = self.endpoint, self.counts
        parts = [f"{estimate} ({endpoint.event_words})", f"months from {endpoint.time_zero}", *details]
        if endpoint.competing_words:
            parts.append(f"{endpoint.competing_words} {competing}")
        if counts.late_entries:
            parts.append(LATE_ENTRIES)
        parts += [count_words(int(counts.patients.sum()), "patient"), count_words(int(counts.events.sum()), "event")]
        return method_words(", ".join(parts), self.left_out)


def grouped_outcome(cohort: Cohort, endpoint: AnyEndpoint, by: By | None) -> GroupedOutcome:
    """Return an endpoint by group.

    Raises
    ------
    ValueError
        If the endpoint or the grouping column is unknown.
    """
    return _grouped_outcome(cohort, endpoint, by)


def _grouped_outcome(cohort: Cohort, endpoint: AnyEndpoint, by: By | None) -> GroupedOutcome:
    outcome, who = endpoint_times(cohort, endpoint), members(cohort, by)
    if outcome.has.all():
        return GroupedOutcome(outcome, by, who.group, who.rows, who.left_out(cohort))
    held = outcome.has[who.rows]
    asked = np.zeros(len(cohort), dtype=bool)
    asked[who.rows] = asked[who.without] = True
    groupless = replace(who, without=who.without[outcome.has[who.without]]).left_out(cohort)
    left_out = pd.concat([outcome.without(asked), groupless], ignore_index=True)
    return GroupedOutcome(outcome, by, who.group[held], who.rows[held], left_out)
