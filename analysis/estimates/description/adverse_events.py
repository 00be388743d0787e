"""Adverse events: shares of patients with at least one, and rates per patient-time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.event_counts import EventCounts
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.intervals import proportion_interval, rate_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.facts.patient_events import ANY as ANY_KIND
from analysis.facts.patient_events import ANY_RELATION, RELATED, RELATIONS, SEVERE_GRADE, UNKNOWN
from analysis.facts.patient_events import SEVERE as SEVERE_KIND

ANY_EVENT = "any event"
SEVERE = f"grade {SEVERE_GRADE} or more"
ANY = "any"
PER_PATIENT_YEARS = 100.0
NO_TABLE = "The cohort has no table of adverse events: that none is recorded does not mean that none happened."
COLUMNS = [
    *("group", "event", "related", "patients", "at_least_one", "share", "lower", "upper"),
    *("events", "person_years", "rate", "rate_lower", "rate_upper"),
]


@dataclass(frozen=True, repr=False)
class AdverseEvents(Result):
    """Shares of patients with adverse events, and rates of events.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, event, related, patients, at_least_one (patients with at least one), share with lower and upper limit,
        events, person_years, rate with rate_lower and rate_upper (per 100 patient-years). ``event`` is "any event",
        then "grade 3 or more" if grades are recorded, then each event, those of most patients first. ``related`` is
        "any", "related" (to the transplantation) if recorded for any event, and "not recorded" for events without it.
    recorded
        Whether the cohort has a table of adverse events; without one `table` is empty.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    recorded: bool

    @classmethod
    def of(cls, counts: EventCounts) -> AdverseEvents:
        """Return shares and rates from counts."""
        question = "How many patients had adverse events, and how often did they come?"
        left_out = LeftOut((NO_GROUP,), (counts.without_group,)).table
        if not counts.recorded:
            return cls(question, NO_TABLE, left_out, pd.DataFrame(columns=COLUMNS), recorded=False)
        return cls(
            question, method_words(", ".join(_method(counts)), left_out), left_out, _table(counts), recorded=True
        )


def adverse_events(cohort: Cohort, *, by: By | None = None) -> AdverseEvents:
    """Return shares of patients with adverse events (Clopper-Pearson limits) and rates (exact Poisson limits).

    Rates count all events, also repeated ones, over the time from transplantation (or late entry) to death or last
    contact. Events before that time are not counted; events dated after it are. The case of names is ignored.

    Parameters
    ----------
    cohort
        The patients, with their events.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    AdverseEvents
        Shares as fractions of 1 and rates per 100 patient-years, with one row per group, event and relation.

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    References
    ----------
    Clopper CJ, Pearson ES (1934), Biometrika 26:404-413.
    Garwood F (1936), Biometrika 28:437-442.

    Examples
    --------
    >>> from analysis import load_sample
    >>> table = adverse_events(load_sample()).table
    >>> table[["event", "related", "patients", "at_least_one", "events"]].head(2).to_numpy().tolist()
    [['any event', 'any', 87, 29, 38], ['any event', 'related', 87, 0, 0]]
    """
    return AdverseEvents.of(EventCounts.of(cohort, by))


def _table(counts: EventCounts) -> pd.DataFrame:
    rows, shown = _rows(counts), counts.groups.shown
    by_relation = [counts.by_member(relation) for relation in range(ANY_RELATION + 1)]
    groups = np.repeat(shown, len(rows))
    cells = [(kind, relation, group) for group in shown for _, kind, relation in rows]
    at_least_one, events = (
        np.array([by_relation[relation][which][kind, group] for kind, relation, group in cells], dtype=np.int64)
        for which in (0, 1)
    )
    patients = counts.groups.members[groups]
    years = np.repeat([_person_years(counts, group) for group in shown], len(rows))
    exposure = years / PER_PATIENT_YEARS
    lower, upper = proportion_interval(at_least_one, patients, "clopper-pearson")
    rate_lower, rate_upper = rate_interval(events.tolist(), exposure.tolist())
    # Without patients there is no share, and without patient-time no rate.
    table = {
        "group": counts.groups.column(groups),
        "event": [name for _ in shown for name, _, _ in rows],
        "related": [(*RELATIONS, ANY)[relation] for _ in shown for _, _, relation in rows],
        "patients": patients,
        "at_least_one": at_least_one,
        "share": np.divide(at_least_one, patients, out=np.full(len(groups), np.nan), where=patients > 0),
        "lower": lower,
        "upper": upper,
        "events": events,
        "person_years": years,
        "rate": np.divide(events, exposure, out=np.full(len(groups), np.nan), where=exposure > 0),
        "rate_lower": rate_lower,
        "rate_upper": rate_upper,
    }
    return pd.DataFrame(table)[COLUMNS]


def _person_years(counts: EventCounts, group: int) -> float:
    observed = counts.observations(group)
    # An exact sum, so that rounding for display does not depend on the order of patients.
    return fsum((observed.values * observed.patients).tolist()) / 12


def _rows(counts: EventCounts) -> list[tuple[str, int, int]]:
    """Return event, kind and relation of each row of a group; relation and grade only if recorded for any event."""
    known = _known(counts, "unrelated")
    relations = [ANY_RELATION, *([RELATIONS.index(RELATED)] if known else [])]
    patients, unknown = (_distinct(counts.by_member(each)[0]) for each in (ANY_RELATION, RELATIONS.index(UNKNOWN)))
    first = SEVERE_KIND + 1
    named = [(name, kind) for kind, name in enumerate(counts.names, start=first) if patients[kind]]
    named.sort(key=lambda each: (-patients[each[1]], each[0]))
    severe = [(SEVERE, SEVERE_KIND)] if _known(counts, "ungraded") else []
    rows = []
    for name, kind in [(ANY_EVENT, ANY_KIND), *severe, *named]:
        rows += [(name, kind, relation) for relation in relations]
        if kind != SEVERE_KIND and unknown[kind]:
            rows.append((name, kind, RELATIONS.index(UNKNOWN)))
    return rows


def _distinct(by_member: Integers) -> Integers:
    """Return numbers by kind of event among the distinct patients of all groups."""
    numbers: Integers = by_member[:, :-1].sum(axis=1) - by_member[:, -1]
    return numbers


def _known(counts: EventCounts, without: str) -> bool:
    """Return whether relation or grade is recorded for any event, or there are no events."""
    events = counts.distinct("events")
    return not events or counts.distinct(without) < events


def _method(counts: EventCounts) -> Sequence[str]:
    late, unrelated, ungraded, early = (counts.distinct(what) for what in ("late", "unrelated", "ungraded", "early"))
    return [
        "Patients with at least one event of all patients, 95 % Clopper-Pearson interval",
        "events per 100 patient-years, 95 % exact Poisson interval (too narrow where events come together in patients)",
        "from transplantation to death or last contact",
        count_words(counts.groups.patients, "patient"),
        *([f"{count_words(late, 'event')} after the end of follow-up counted"] if late else []),
        *([f"relation not recorded of {count_words(unrelated, 'event')}"] if unrelated else []),
        *([f"grade not recorded of {count_words(ungraded, 'event')}"] if ungraded else []),
        *([f"{count_words(early, 'event')} before the start of observation not counted"] if early else []),
    ]
