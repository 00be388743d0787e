"""An endpoint by group: who is in which group, with which time, and who is in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.cohort.endpoints import AnyEndpoint, endpoint_times
from analysis.cohort.grouping import By, group_members, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.outcome import Endpoint
from analysis.cohort.vocabulary import mid_sentence
from analysis.estimates.counts import Counts, count_patients
from analysis.estimates.words import count_words, method_words

LATE_ENTRIES = "patients at risk from their entry on (left truncation)"


@dataclass(frozen=True, eq=False)
class GroupedOutcome:
    """An endpoint by group.

    Attributes
    ----------
    endpoint
        The endpoint, with the times of every patient who has it.
    times
        Its times, of the patients who are in a group; one who is in two groups is there twice.
    labels
        Their groups, an ordered categorical in the order of `times`.
    left_out
        patient_id, reason: patients who have no time or no group.
    """

    endpoint: Endpoint
    times: pd.DataFrame
    labels: pd.Series
    left_out: pd.DataFrame

    @property
    def name(self) -> str:
        """The endpoint's name as it stands within a sentence."""
        return mid_sentence(self.endpoint.name)

    @cached_property
    def counts(self) -> Counts:
        """How many of each group come and go at each distinct time."""
        return count_patients(self.labels, self.times)

    def counts_where(self, keep: pd.Series) -> Counts:
        """Return the counts of the patients where `keep` (in the order of `times`) holds."""
        return count_patients(self.labels[keep], self.times[keep])

    def shared(self, groups: Sequence[object]) -> int:
        """Return how many patients are in more than one of these groups."""
        index = self.times.index
        return 0 if index.is_unique else int(index[self.labels.isin(groups)].duplicated().sum())

    def only(self, keep: pd.Series, reason: str) -> GroupedOutcome:
        """Return the outcome of the patients where `keep` (in the order of `times`) holds, the others left out."""
        without = pd.DataFrame({"patient_id": self.times["patient_id"], "reason": reason})[~keep]
        left_out = pd.concat([self.left_out, without], ignore_index=True)
        return GroupedOutcome(self.endpoint, self.times[keep], self.labels[keep], left_out)

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
        endpoint = self.endpoint
        parts = [f"{estimate} ({endpoint.event_words})", f"months from {endpoint.time_zero}", *details]
        if endpoint.competing_words:
            parts.append(f"{endpoint.competing_words} {competing}")
        if endpoint.late_entries:
            parts.append(LATE_ENTRIES)
        counts = self.counts
        parts += [
            count_words(int(counts.patients.sum()), "patient"),
            count_words(int(counts.events.sum()), "event"),
        ]
        return method_words(", ".join(parts), self.left_out)


def grouped_outcome(cohort: Cohort, endpoint: AnyEndpoint, by: By | None) -> GroupedOutcome:
    """Return an endpoint by group.

    Raises
    ------
    ValueError
        If the endpoint or the grouping column is unknown.
    """
    return cohort.remembered(_grouped_outcome, endpoint, by)


def _grouped_outcome(cohort: Cohort, endpoint: AnyEndpoint, by: By | None) -> GroupedOutcome:
    outcome = endpoint_times(cohort, endpoint)
    labels = group_members(cohort, by)
    groupless = without_group(cohort, labels)
    if outcome.left_out.empty and groupless.empty and labels.index.equals(outcome.times.index):
        return GroupedOutcome(outcome, outcome.times, labels, groupless)
    asked = cohort.patients.loc[labels.index, "patient_id"]
    timeless = outcome.left_out[outcome.left_out["patient_id"].isin(asked)]
    left_out = pd.concat([timeless, groupless[~groupless["patient_id"].isin(timeless["patient_id"])]])
    held = labels[labels.notna() & labels.index.isin(outcome.times.index)]
    return GroupedOutcome(outcome, outcome.times.loc[held.index], held, left_out.reset_index(drop=True))
