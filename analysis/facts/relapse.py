"""Relapse rules, and every relapse of each patient by one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.columns import Columns
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.cohort.times import SAME, by_patient, first_of_each
from analysis.facts.recorded_events import alive_at_visits, first_relapse, relapse_visits
from analysis.facts.reference_visits import relapses_after
from analysis.facts.remission import RECORDED, RemissionRule, among, levels, remission_words, visit_states

Relapses: TypeAlias = dict[str, Any]  # arrays by name, a row a relapse

MILD, SEVERE = "mild or moderate", "severe"
SEVERE_ABOVE = 12  # the score itself, not its rise


@dataclass(frozen=True)
class RelapseRule:
    """A definition of relapse.

    Attributes
    ----------
    name, words
        Its name in a list of options, and words that continue "relapses".
    measured
        The visit column that shows a relapse; "" if any visit can.
    """

    name: str
    words: str
    measured: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """The visit columns that the rule cannot do without."""
        return (self.measured,) if self.measured else ()

    def missing_columns(self, cohort: Cohort) -> tuple[str, ...]:
        """Return the needed columns that the cohort lacks; the rule is usable if there are none."""
        return tuple(column for column in self.needed if column not in cohort.visit_columns)

    def find(self, cohort: Cohort) -> Relapses:
        """Return row (position of the patient), months and severity ("" if the rule has none) of every relapse."""
        raise NotImplementedError


class _RecordedRelapse(RelapseRule):
    def missing_columns(self, cohort: Cohort) -> tuple[str, ...]:
        recorded = "relapse_months" in cohort.patient_columns or "relapse" in cohort.visit_columns
        return () if recorded else ("relapse_months",)

    def find(self, cohort: Cohort) -> Relapses:
        first = first_relapse(cohort).to_numpy(dtype=float)
        row = np.flatnonzero(~np.isnan(first))
        at_first = relapsed(row, first[row])
        if "relapse" not in cohort.visit_columns:
            return at_first
        # A visit records a relapse since the previous visit. It is a further one only if that previous visit was not
        # before the first relapse.
        visits = in_time(cohort, alive_at_visits(cohort))
        before = visits["months"].shift().where(visits["row"] == visits["row"].shift())
        told = relapse_visits(cohort)[visits.index] & (before >= first[visits["row"]] * (1 - SAME))
        others = relapsed(visits["row"][told], visits["months"][told])
        return {name: np.concatenate([at_first[name], others[name]]) for name in at_first}


class _RelapseAtVisits(RelapseRule):
    def find(self, cohort: Cohort) -> Relapses:
        visits = in_time(cohort, relapse_visits(cohort))
        return relapsed(visits["row"], visits["months"])


@dataclass(frozen=True)
class RiseAfterRemission(RelapseRule):
    """A rise of SLEDAI after remission.

    Attributes
    ----------
    points
        The rise above the score at the last visit in remission must exceed this.
    remission, response
        The definition of remission.
    """

    points: float = 3
    remission: RemissionRule = RECORDED
    response: str = "complete"

    @property
    def needed(self) -> tuple[str, ...]:
        """The visit columns that the rule cannot do without."""
        return tuple(dict.fromkeys((self.measured, *self.remission.needed)))

    def find(self, cohort: Cohort) -> Relapses:
        """Return the relapses; after one, the next needs another visit in remission first."""
        scored = _scored(cohort)
        states = visit_states(cohort, self.remission)
        inside = states.index[among(states["state"].array, levels(self.response))]
        row, months, score = (scored[name].to_numpy() for name in ("row", "months", "sledai"))
        found = relapses_after(row, months, score[None], scored.index.isin(inside), self._severity)
        rises = np.flatnonzero(found)
        return relapsed(row[rises], months[rises])

    def _severity(self, scores: Floats, references: Floats) -> Integers:
        return (scores[0] > references[0] + self.points).astype(np.int64)


class _SelenaFlare(RelapseRule):
    def find(self, cohort: Cohort) -> Relapses:
        scored = _scored(cohort)
        before = scored["sledai"].shift().where(scored["row"] == scored["row"].shift())
        rise = scored["sledai"] - before > 3
        to_severe = (before <= SEVERE_ABOVE) & (scored["sledai"] > SEVERE_ABOVE)
        flares = scored[(rise | to_severe) & (scored["months"] > 0)]
        severity = np.where(flares["sledai"] > SEVERE_ABOVE, SEVERE, MILD)
        return relapsed(flares["row"], flares["months"]) | {"severity": severity.astype(object)}


RECORDED_RELAPSE = _RecordedRelapse("recorded", "as recorded for the patient, else for the visits")
RELAPSE_AT_VISITS = _RelapseAtVisits("visits", "as recorded at the visits, dated to the visit", "relapse")


def rise_after_remission(
    points: float = 3, remission: RemissionRule = RECORDED, response: str = "complete"
) -> RiseAfterRemission:
    """Return the rule of a SLEDAI that exceeds that at the last visit in remission by more than some points.

    Parameters
    ----------
    points
        The rise that must be exceeded.
    remission, response
        The definition of remission: a rule, and which of its states count, "complete" or "any".

    Raises
    ------
    ValueError
        If the points are below 0 or the response is unknown.

    Examples
    --------
    >>> rise_after_remission(4).name
    'SLEDAI rise of more than 4'
    """
    if not points >= 0:
        raise ValueError("A rise is a number of points from 0.")
    inside = remission_words(remission, response)
    words = f"by a SLEDAI more than {points:g} points above the last visit in {inside}"
    return RiseAfterRemission(
        f"SLEDAI rise of more than {points:g}", words, "sledai", float(points), remission, response
    )


def selena_flare() -> RelapseRule:
    """Return the rule of SELENA-type flares, by the score alone.

    Mild or moderate: a SLEDAI more than 3 points above the previous visit. Severe: a rise to a score above 12, of any
    size. The full flare index also counts new symptoms and changes of treatment, which the score does not show.

    References
    ----------
    Petri et al. (2005).

    Examples
    --------
    >>> selena_flare().name
    'SELENA-type flare'
    """
    words = "by a SLEDAI more than 3 points above the visit before, or one that rises above 12 (severe)"
    return _SelenaFlare("SELENA-type flare", words, "sledai")


def relapse_rule(rule: str | RelapseRule) -> RelapseRule:
    """Return a rule as it is, or the rule with the name "recorded" or "visits".

    Raises
    ------
    ValueError
        If there is no rule with that name.
    """
    if isinstance(rule, RelapseRule):
        return rule
    named = {each.name: each for each in (RECORDED_RELAPSE, RELAPSE_AT_VISITS)}
    if rule not in named:
        raise ValueError(
            f'Unknown rule {rule!r}; a rule is "recorded", "visits" or made by a function such as selena_flare.'
        )
    return named[rule]


def find_relapses(
    cohort: Cohort, rule: RelapseRule, remission: RemissionRule = RECORDED, response: str = "complete"
) -> pd.DataFrame:
    """Return every relapse of every patient, sorted by patient and time.

    Parameters
    ----------
    rule
        The definition of relapse.
    remission, response
        The definition of remission, to tell which relapses follow one.

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), months, number (1 for the first), severity (""
    if the rule has none), after_remission (whether an earlier visit was in remission; missing if the cohort has no
    states), patient_id.

    Raises
    ------
    ValueError
        If the rule needs columns that the cohort lacks.
    """
    return _relapses_with_ids(cohort, rule, remission, response)


@cached
def _relapses_with_ids(cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> pd.DataFrame:
    found = relapse_columns(cohort, rule, remission, response).table()
    return found.assign(patient_id=cohort.patient_ids.to_numpy()[found["row"]])


def check_columns(cohort: Cohort, rule: RelapseRule) -> None:
    """Raise a ValueError if a rule needs columns that a cohort lacks."""
    if missing := rule.missing_columns(cohort):
        raise ValueError(f"{rule.name} needs {' and '.join(missing)}, which this cohort does not have.")


def tells_states(cohort: Cohort, remission: RemissionRule) -> bool:
    """Return whether any visit has a known state; without one, relapses are neither before nor after remission."""
    return len(visit_states(cohort.whole, remission)) > 0


def relapse_columns(cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> Columns:
    """Return the columns of `find_relapses` without patient_id."""
    check_columns(cohort, rule)
    return _relapses(cohort, rule, remission, response)


@per_patient
def _relapses(cohort: Cohort, rule: RelapseRule, remission: RemissionRule, response: str) -> Relapses:
    found = rule.find(cohort)
    order = by_patient(found["row"], found["months"])
    row, months, severity = (found[name][order] for name in ("row", "months", "severity"))
    begins = np.flatnonzero(first_of_each(row))
    number = np.arange(len(row)) - np.repeat(begins, np.diff(np.append(begins, len(row)))) + 1
    states = visit_states(cohort, remission)
    inside = np.flatnonzero(among(states["state"].array, levels(response)))
    first = np.full(len(cohort), np.inf)
    np.minimum.at(first, states["row"].to_numpy()[inside], states["months"].to_numpy()[inside])
    unknown = np.full(len(row), not tells_states(cohort, remission))
    begun = pd.arrays.BooleanArray(first[row] < months * (1 - SAME), unknown)
    return {"row": row, "months": months, "number": number, "severity": severity, "after_remission": begun}


def in_time(cohort: Cohort, visits: Flags) -> pd.DataFrame:
    """Return row and months of the flagged visits, sorted by patient and time, indexed like ``cohort.visits``."""
    months = cohort.visits["months"].astype(float)
    table = pd.DataFrame({"row": cohort.visit_rows, "months": months})[visits]
    return table.iloc[by_patient(table["row"].to_numpy(), table["months"].to_numpy())]


def _scored(cohort: Cohort) -> pd.DataFrame:
    scored = in_time(cohort, alive_at_visits(cohort) & cohort.visits["sledai"].notna().to_numpy())
    return scored.assign(sledai=cohort.visits["sledai"].astype(float))


def relapsed(row: Rows | pd.Series, months: Floats | pd.Series) -> Relapses:
    """Return relapses without a severity, given row (position of the patient) and months of each."""
    return {
        "row": np.asarray(row, dtype=np.intp),
        "months": np.asarray(months, dtype=float),
        "severity": np.full(len(row), "", dtype=object),
    }
