"""The people behind a step of a curve, or at risk at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.wording import count_words
from analysis.facts.observed_times import TRANSPLANTATION, Wording
from analysis.listings.event_times import ENDS, at_risk_at, leaving_at
from analysis.listings.people import DEATH, Part, People, members_table, of_group

MOST_CHOICES = 40
DEATHS = "deaths"  # the noun of overall survival


def behind_step(members: pd.DataFrame, outcome: Wording, group: str, months: float) -> People:
    """Return the patients whose time ends at a step: with the event, with a competing one, or last seen.

    Parameters
    ----------
    members
        As from `event_times`.
    outcome
        The endpoint in words.
    group, months
        The group and the month of the step; unknown ones have no patients.
    """
    there, at = leaving_at(members, group, months), f"at {months:g} months"
    words = dict(zip(ENDS, (outcome.event_words, outcome.competing_words, "last seen"), strict=True))
    return _left(there, outcome, group, at, words)


def step_choices(curve: pd.DataFrame, outcome: Wording) -> dict[str, dict[str, Any]]:
    """Return the group and month of each step with an event, by words; of many steps the first."""
    steps = curve[curve["events"] > 0].head(MOST_CHOICES)
    return {
        of_group(str(step.group), f"{step.months:g} months: {step.events:,} {outcome.event_words}"): {
            "group": str(step.group),
            "months": step.months,
        }
        for step in steps.itertuples()
    }


def _left(there: pd.DataFrame, outcome: Wording, group: str, at: str, words: Mapping[str, str]) -> People:
    ends = {end: there[there["ended"] == end] for end in words}
    told = [f"{len(who):,} {words[end]}" for end, who in ends.items() if len(who)]
    return People(
        of_group(group, f"{', '.join(told) or 'nobody'} {at}"),
        tuple(
            Part(words[end], of_group(group, f"{words[end]} {at}"), _members(who, outcome)) for end, who in ends.items()
        ),
        _event(outcome),
    )


def behind_time(members: pd.DataFrame, group: str, months: float) -> People:
    """Return the risk set of a group at a month; parameters as of `behind_step`."""
    there, words = at_risk_at(members, group, months), f"at risk at {months:g} months"
    part = Part("at risk", of_group(group, words), members_table(there["patient_id"].to_numpy()))
    return People(of_group(group, f"{count_words(len(there), 'patient')} {words}"), (part,))


def _members(there: pd.DataFrame, outcome: Wording) -> pd.DataFrame:
    """Return the members, with the month of the event if months are counted from transplantation."""
    counted = there["ended"].eq(ENDS[0]) & (outcome.time_zero == TRANSPLANTATION)
    return members_table(there["patient_id"].to_numpy(), np.where(counted, there["months"], np.nan))


def _event(outcome: Wording) -> str:
    if outcome.time_zero != TRANSPLANTATION:
        return ""
    return DEATH if outcome.events_noun == DEATHS else outcome.event_words
