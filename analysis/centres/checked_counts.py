"""Whether the tables in an answer are those that the question asks for, and can be counts of patients."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.counts.additive import CountsAsked
from analysis.counts.baseline_counts import BaselineCounts
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving
from analysis.counts.places import LATE, PLACE
from analysis.counts.possible import check_possible
from analysis.counts.state_changes import StateChanges
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.counts.yearly_counts import FIRST_EVENTS, YearlyCounts
from analysis.facts.courses import state_names
from analysis.facts.endpoints import PotentialFollowUp, endpoint_words
from analysis.facts.months_in_states import DEAD, GONE, NOT_YET
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission import RemissionRule
from analysis.facts.scheduled_values import CHANGE


def check_counts(counts: Any, asked: CountsAsked, patients: int) -> None:
    """Raise a ValueError if a table is not what was asked for, or cannot hold the counts of so many patients.

    Examples
    --------
    >>> from analysis import load_sample
    >>> asked = CountsAsked(Leaving, {"endpoint": "overall_survival", "by": None})
    >>> check_counts(Leaving.of(load_sample()), asked, 87)
    >>> check_counts(Leaving.of(load_sample(), "relapse_free_survival"), asked, 87)
    Traceback (most recent call last):
    ...
    ValueError: it counts something else than what was asked for
    """
    if type(counts) is not asked.kind or not _is_asked(counts, asked.choices):
        raise ValueError("it counts something else than what was asked for")
    check_possible(counts, patients)


@singledispatch
def _is_asked(_counts: Any, _choices: dict[str, Any]) -> bool:
    return False  # no question asks centres for it


@_is_asked.register
def _leaving(counts: Leaving, choices: dict[str, Any]) -> bool:
    return counts.outcome == endpoint_words(choices["endpoint"]) and _by(choices, counts.groups)


@_is_asked.register
def _yearly(counts: YearlyCounts, choices: dict[str, Any]) -> bool:
    asked = choices["asked"]
    recorded = counts.recorded or not isinstance(asked, RelapseByYear)
    first = asked.first_event if recorded and FIRST_EVENTS in choices["tables"] else None
    held = counts.first_events.outcome if counts.first_events else None
    rule = asked.remission if isinstance(asked, RelapseByYear) else asked.rule
    return (
        list(counts.places.columns) == [PLACE, LATE, *(choices["columns"] if recorded else ())]
        and counts.follow_up.outcome == endpoint_words(PotentialFollowUp())
        and held == (endpoint_words(first) if first else None)
        and {*counts.not_applied} <= words_not_applied(rule)
        and _by(choices, counts.places.groups, counts.follow_up.groups)
    )


def words_not_applied(rule: RemissionRule) -> set[str]:
    """Return all words for parts of a definition of remission that the columns of a centre may not allow."""
    return {
        *rule.never_checked,
        *(each.not_applied(columns) for each in rule.all_criteria for columns in ((), each.columns)),
    }


@_is_asked.register
def _trajectory(counts: TrajectoryCounts, choices: dict[str, Any]) -> bool:
    values, changes, presence = counts.values, counts.changes, counts.presence
    return (
        values.asked == changes.asked == presence.asked == choices["asked"]
        and (values.what, changes.what) == (choices["what"], CHANGE)
        and values.same_patients == changes.same_patients == choices["same_patients"]
        and _by(choices, values.groups, changes.groups, presence.groups)
    )


@_is_asked.register
def _states(counts: StateChanges, choices: dict[str, Any]) -> bool:
    states = (*state_names(choices["rule"]).values(), DEAD, GONE, NOT_YET)
    return counts.states == states and counts.every_month and choices["months"] is None and _by(choices, counts.groups)


@_is_asked.register
def _baseline(counts: BaselineCounts, choices: dict[str, Any]) -> bool:
    known = all(name in (VISITS if measured else PATIENTS) for name, measured in (each.key for each in counts.columns))
    return known and _by(choices, counts.groups)


def _by(choices: dict[str, Any], *groups: Groups) -> bool:
    return all(each.by == choices["by"] for each in groups)
