"""Who lost a response, when, on how much prednisone, and what was no longer met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.groups import membership
from analysis.facts.criteria import Criterion
from analysis.facts.prednisone_taken import DOSE
from analysis.facts.remission import COMPLETE, RemissionRule, levels, remission_rule, state_words
from analysis.facts.response_losses import NO_VISIT, response_losses
from analysis.facts.visit_values import VisitValues

COLUMNS = [
    "group", "patient_id", "since_months", "last_months", "lost_months", "again_months",
    "last_prednisone_mg_per_day", "lost_prednisone_mg_per_day", "no_longer_met",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class LostResponse:
    """Who lost a response.

    Attributes
    ----------
    table
        One row per patient who lost it, by group and month of the loss: group, patient_id, since_months (first visit in
        response), last_months (last visit in it), lost_months (first visit without it), again_months (next visit in
        it; missing if none), last_prednisone_mg_per_day and lost_prednisone_mg_per_day (at these two visits; missing if
        not recorded there), no_longer_met (the criteria that failed, in words with the value).
    reached
        group, reached, lost: numbers of patients.
    state
        The response in words that follow "in".
    rule
        Its definition.
    """

    table: pd.DataFrame
    reached: pd.DataFrame
    state: str
    rule: RemissionRule


def who_lost_it(
    cohort: Cohort, *, rule: str | RemissionRule = "recorded", response: str = "complete", by: By | None = None
) -> LostResponse:
    """Return the patients who reached a response after transplantation and were later seen without it.

    It is the first loss of each. A state is known at visits only, so that the loss lies between the last visit in
    response and the first one without it. Who died in response, or was not seen again, has not lost it.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition: "recorded", or made by a function such as `renal_response_kdigo_2024`.
    response
        "complete", or "any" for complete or partial.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Raises
    ------
    ValueError
        If the rule, the response or the grouping column is unknown, or the cohort lacks a column that the rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> found = who_lost_it(load_sample())
    >>> found.reached.to_numpy().tolist()
    [['All', 32, 9]]
    >>> found.table.columns[:4].tolist()
    ['group', 'patient_id', 'since_months', 'last_months']
    """
    chosen = remission_rule(rule)
    found = response_losses(cohort, chosen, response)
    lost = found[found["lost"] != NO_VISIT]
    months = cohort.visits["months"].to_numpy(dtype=float)
    doses = VisitValues(cohort).of(DOSE) if DOSE in cohort.visit_columns else np.full(len(months), np.nan)
    places = {name: lost[name].to_numpy() for name in ("reached", "last", "lost", "again")}
    rows = pd.DataFrame(
        {
            "row": lost["row"],
            "patient_id": cohort.values("patient_id")[lost["row"]],
            "since_months": months[places["reached"]],
            "last_months": months[places["last"]],
            "lost_months": months[places["lost"]],
            "again_months": _at(months, places["again"]),
            "last_prednisone_mg_per_day": doses[places["last"]],
            "lost_prednisone_mg_per_day": doses[places["lost"]],
            "no_longer_met": _failed(cohort, chosen, response, places["lost"]),
        }
    )
    who = membership(cohort, by)
    of_each = pd.DataFrame({"row": who.rows, "group": who.groups().column(who.code)})
    table = rows.merge(of_each, on="row").sort_values(["group", "lost_months"], kind="stable", ignore_index=True)
    flags = found.assign(lost=found["lost"] != NO_VISIT, reached=True)[["row", "reached", "lost"]].merge(
        of_each, on="row"
    )
    reached = flags.groupby("group", observed=True)[["reached", "lost"]].sum().reset_index()
    return LostResponse(table[COLUMNS], reached, state_words(chosen, response), chosen)


def _at(values: Floats, places: Rows) -> Floats:
    return np.where(places == NO_VISIT, np.nan, np.append(values, np.nan)[places])


def _failed(cohort: Cohort, rule: RemissionRule, response: str, lost: Rows) -> list[str]:
    """Return the criteria that failed at each of these visits, in words."""
    visits = VisitValues(cohort)
    partial = rule.partial and levels(response) != (COMPLETE,)
    told: list[list[str]] = [[] for _ in lost]
    for criterion in rule.partial if partial else rule.criteria:
        if not criterion.lacking(visits.columns):
            failed = criterion.met(visits)[lost] == 0
            for place in np.flatnonzero(failed):
                told[place].append(f"{criterion.words}{_value(criterion, visits, int(lost[place]))}")
    return ["; ".join(each) for each in told]


def _value(criterion: Criterion, visits: VisitValues, visit: int) -> str:
    """Return the value of a criterion of one column at a visit, in brackets; with its baseline where that counts."""
    if len(criterion.columns) != 1 or criterion.columns[0] not in visits.columns:
        return ""
    (column,) = criterion.columns
    here = visits.cohort.visits[column].iloc[visit]
    if isinstance(here, str):
        return f" ({here})"
    baseline = f", baseline {visits.baseline(column)[visit]:.3g}" if criterion.from_baseline else ""
    return f" ({float(here):.3g}{baseline})"
