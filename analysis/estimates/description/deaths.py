"""Deaths by cause and by relation to the transplantation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.death_counts import DeathCounts
from analysis.counts.leaving import Leaving
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.facts.patient_events import RELATED, RELATIONS, UNKNOWN, UNRELATED

ANY_DEATH, CAUSE, RELATION = "any", "cause", "relation"


@dataclass(frozen=True, repr=False)
class Deaths(Result):
    """Shares of patients who died, by cause and relation.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, by, value, deaths, patients, share, lower, upper. ``by`` is "any" (value "any death"), "relation" (value
        "related" to the transplantation, "not related", "not recorded") or "cause" (the most frequent first, "not
        recorded" last). If the relation is recorded for no death, all are "not recorded". The deaths by relation, and
        those by cause, add up to all deaths.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, counts: DeathCounts) -> Deaths:
        """Return the shares from counts."""
        groups, rows = counts.groups, [(ANY_DEATH, "any death"), *_relations(counts), *_causes(counts)]
        shown = np.repeat(groups.shown, len(rows))
        patients = groups.members[shown]
        deaths = np.array([_number(counts, group, *row) for group in groups.shown for row in rows], dtype=np.int64)
        lower, upper = proportion_interval(deaths, patients, "clopper-pearson")
        table = pd.DataFrame(
            {
                "group": groups.column(shown),
                "by": [kind for _ in groups.shown for kind, _ in rows],
                "value": [value for _ in groups.shown for _, value in rows],
                "deaths": deaths,
                "patients": patients,
                "share": np.divide(deaths, patients, out=np.full(len(shown), np.nan), where=patients > 0),
                "lower": lower,
                "upper": upper,
            }
        )
        left_out = LeftOut((NO_GROUP,), (counts.without_group,)).table
        method = (
            "Deaths between transplantation and the end of follow-up of all patients, however long they were followed, "
            f"95 % Clopper-Pearson interval, {count_words(groups.patients, 'patient')}"
        )
        question = "How many died, of what, and was it the transplantation?"
        return cls(question, method_words(method, left_out), left_out, table)


def deaths(cohort: Cohort, *, by: By | None = None) -> Deaths:
    """Return deaths within follow-up by cause and relation, as shares of all patients with Clopper-Pearson limits.

    These are plain counts, whatever the length of follow-up; `kaplan_meier` allows for it. The case of causes is
    ignored.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    Deaths
        Shares as fractions of 1, with one row per group and kind of death.

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    References
    ----------
    Clopper CJ, Pearson ES (1934), Biometrika 26:404-413.

    Examples
    --------
    >>> from analysis import load_sample
    >>> deaths(load_sample()).table[["value", "deaths", "patients"]].values.tolist()[0]
    ['any death', 5, 87]
    """
    return Deaths.of(DeathCounts.of(cohort, by))


def number_of_deaths(cohort: Cohort) -> int:
    """Return how many patients died within follow-up, as survival counts them."""
    return Leaving.of(cohort).number_of_events


def _relations(counts: DeathCounts) -> list[tuple[str, str]]:
    """Return the relations to count; "related" and "not related" only if recorded for any death, or without deaths."""
    held = {RELATIONS[place] for place in counts.relation}
    known = [(RELATION, RELATED), (RELATION, UNRELATED)] if held != {UNKNOWN} else []
    return [*known, *([(RELATION, UNKNOWN)] if UNKNOWN in held else [])]


def _causes(counts: DeathCounts) -> list[tuple[str, str]]:
    deaths = np.bincount(counts.cause, counts.deaths, minlength=len(counts.causes))
    of_cause = dict(zip(counts.causes, deaths.tolist(), strict=True))
    ordered = sorted(of_cause, key=lambda name: (name == UNKNOWN, -of_cause[name], name))
    return [(CAUSE, name) for name in ordered]


def _number(counts: DeathCounts, group: int, kind: str, value: str) -> int:
    held = counts.group == group
    if kind == RELATION:
        held = held & (counts.relation == RELATIONS.index(value))
    if kind == CAUSE:
        held = held & (counts.cause == counts.causes.index(value))
    return int(counts.deaths[held].sum())
