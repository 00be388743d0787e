"""Words for an endpoint: its name within a sentence, the method sentence, and a warning of small risk sets."""

from __future__ import annotations

from typing import Protocol

from analysis.cohort.column_words import mid_sentence
from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import count_words
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.method_words import LATE_ENTRIES, method_words
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.facts.observed_times import Wording


def outcome_name(outcome: Wording) -> str:
    """Return the name of an endpoint within a sentence."""
    return mid_sentence(outcome.name)


def hazard_name(outcome: Wording) -> str:
    """Return what a test of hazards compares: cause-specific hazards if another event competes."""
    name = outcome_name(outcome)
    return f"the cause-specific hazards of {name}" if outcome.competing_words else name


class Counted(Protocol):
    """Counts of an endpoint."""

    @property
    def outcome(self) -> Wording:
        """The endpoint in words."""

    @property
    def number_of_patients(self) -> int | None:
        """Sum over groups of their patients; None if hidden."""

    @property
    def number_of_events(self) -> int | None:
        """Sum over groups of their events; None if hidden."""

    @property
    def late_entries(self) -> bool:
        """Whether a patient came under observation after time zero."""

    @property
    def left_out(self) -> LeftOut:
        """The numbers of patients left out, by reason."""


class CountedByGroup(Counted, Protocol):
    """Counts of an endpoint by group."""

    @property
    def groups(self) -> Groups:
        """The groups."""


def method_of_counts(counts: Counted, estimate: str, *details: str, competing: str = "censors") -> str:
    """Return the method sentence of an estimate.

    Parameters
    ----------
    counts
        The counts at each time.
    estimate
        Its name; the event, time zero and the numbers of patients and events are added here.
    details
        Further parts of the sentence.
    competing
        The verb for a competing event: it "censors" or "competes".
    """
    outcome = counts.outcome
    parts = [f"{estimate} ({outcome.event_words})", f"months from {outcome.time_zero}", *details]
    if outcome.competing_words:
        parts.append(f"{outcome.competing_words} {competing}")
    if counts.late_entries:
        parts.append(LATE_ENTRIES)
    parts += [count_words(counts.number_of_patients, "patient"), count_words(counts.number_of_events, "event")]
    return method_words(", ".join(parts), counts.left_out.table)


def caution(counts: Leaving) -> str:
    """Return a warning of small risk sets before later entries, or ""."""
    small = counts.few_before_others(FEW_AT_RISK)
    if not small:
        return ""
    where = ", ".join(
        f"{fewest:,}{'' if group == EVERYBODY else f' in {group}'} up to month {months:g}"
        for group, (fewest, months) in small.items()
    )
    return f"Few are at risk until others come under observation (as few as {where}): all later months rest on them."
