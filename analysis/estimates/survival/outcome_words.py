"""What is said of an endpoint: its name within a sentence, how a number was made of it, and where it rests on few."""

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
    """Return the name of an endpoint as it stands within a sentence."""
    return mid_sentence(outcome.name)


def hazard_name(outcome: Wording) -> str:
    """Return what a test of hazards is of: where an event competes, not of the share of patients with the event."""
    name = outcome_name(outcome)
    return f"the cause-specific hazards of {name}" if outcome.competing_words else name


class Counted(Protocol):
    """Counts of an endpoint."""

    @property
    def outcome(self) -> Wording:
        """The endpoint in words."""

    @property
    def number_of_patients(self) -> int | None:
        """Patients of all groups; one in two groups is two. None where it is hidden."""

    @property
    def number_of_events(self) -> int | None:
        """Their events; None where the number is hidden."""

    @property
    def late_entries(self) -> bool:
        """Whether any patient came under observation later than time zero."""

    @property
    def left_out(self) -> LeftOut:
        """How many are not counted, by reason."""


class CountedByGroup(Counted, Protocol):
    """Counts of an endpoint by group."""

    @property
    def groups(self) -> Groups:
        """The groups."""


def method_of_counts(counts: Counted, estimate: str, *details: str, competing: str = "censors") -> str:
    """Return the sentence that says how a number was made of counts.

    Parameters
    ----------
    counts
        Who comes and goes.
    estimate
        The estimate; what the event is, time zero and counts are added here.
    details
        What else there is to say of it.
    competing
        What the estimate does with a competing event.
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
    """Return where few are at risk before others come under observation, in a sentence; else ""."""
    small = counts.few_before_others(FEW_AT_RISK)
    if not small:
        return ""
    where = ", ".join(
        f"{fewest:,}{'' if group == EVERYBODY else f' in {group}'} up to month {months:g}"
        for group, (fewest, months) in small.items()
    )
    return f"Few are at risk until others come under observation (as few as {where}): all later months rest on them."
