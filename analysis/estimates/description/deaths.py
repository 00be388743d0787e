"""Deaths by cause and by relation to the transplantation."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, members
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.tidy_tables import with_groups

ANY_DEATH, CAUSE, RELATION = "any", "cause", "relation"
RELATED, UNRELATED, UNKNOWN = "related", "not related", "not recorded"


@dataclass(frozen=True)
class Deaths:
    """Deaths of the patients.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who are in no group.
    table
        group, by, value, deaths, patients, share, lower, upper. ``by`` is "any" (value "any death"), "relation" (value
        "related" to the transplantation, "not related", "not recorded") or "cause" (the most frequent first, "not
        recorded" last); what is recorded of no death at all is not counted as none. The deaths of the relations, and
        those of the causes, add up to all.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def deaths(cohort: Cohort, *, by: By | None = None) -> Deaths:
    """Return deaths in follow-up by cause and relation, as shares of all patients with Clopper-Pearson limits (1934).

    They are counted, not estimated over time: `kaplan_meier` allows for how long patients were followed. Causes that
    differ in capitals only are one.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the grouping column is unknown.
    """
    who = members(cohort, by)
    left_out = who.left_out(cohort)
    groups = who.group.categories
    died = cohort.died[who.rows]
    dead = _described(cohort.patients.iloc[who.rows[died]]).assign(group=who.group[died])
    rows = [(ANY_DEATH, "any death"), *_relations(dead["relation"]), *_causes(dead["cause"])]
    table = pd.DataFrame(
        [
            (group, kind, value, _number(dead[dead["group"] == group], kind, value), size)
            for group, size in zip(groups, who.sizes, strict=True)
            for kind, value in rows
        ],
        columns=["group", "by", "value", "deaths", "patients"],
    )
    table["share"] = table["deaths"] / table["patients"].where(table["patients"] > 0)
    table["lower"], table["upper"] = proportion_interval(
        table["deaths"].tolist(), table["patients"].tolist(), "clopper-pearson"
    )
    method = (
        "Deaths between transplantation and the end of follow-up of all patients, however long they were followed, "
        f"95 % Clopper-Pearson interval, {count_words(number_of_patients(who.rows), 'patient')}"
    )
    return Deaths(
        "How many died, of what, and was it the transplantation?",
        method_words(method, left_out),
        left_out,
        with_groups(table, groups),
    )


def _described(patients: pd.DataFrame) -> pd.DataFrame:
    """Return relation and cause of every death, under one spelling each."""
    nothing = pd.Series(None, index=patients.index, dtype=object)
    cause = patients.get("cause_of_death", nothing).astype(object)
    cause = cause.where(cause.notna(), UNKNOWN).astype(str).str.strip()
    related = patients.get("death_related", nothing).astype(object)
    named = related.map(lambda value: RELATED if value else UNRELATED, na_action="ignore")
    return pd.DataFrame(
        {
            "relation": named.where(named.notna(), UNKNOWN),
            "cause": cause.groupby(cause.str.casefold()).transform("first"),
        }
    )


def _relations(relation: pd.Series) -> list[tuple[str, str]]:
    """Return the relations to count: with no death none was related, of deaths without a record nobody knows."""
    recorded = relation.empty or bool((relation != UNKNOWN).any())
    known = [(RELATION, RELATED), (RELATION, UNRELATED)] if recorded else []
    return [*known, *([(RELATION, UNKNOWN)] if (relation == UNKNOWN).any() else [])]


def _causes(cause: pd.Series) -> list[tuple[str, str]]:
    counts = cause.value_counts()
    ordered = sorted(counts.index, key=lambda name: (name == UNKNOWN, -counts[name], name))
    return [(CAUSE, str(name)) for name in ordered]


def _number(dead: pd.DataFrame, kind: str, value: str) -> int:
    return len(dead) if kind == ANY_DEATH else int((dead[kind] == value).sum())
