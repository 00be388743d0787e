"""How far the yearly share could move if those not seen were, or were not, in remission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.yearly.ledger import asked_for
from analysis.estimates.yearly.yearly import WINDOW_MONTHS
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.facts.remission import RemissionRule

UNSEEN = {
    "lost_before": "lost before the year",
    "visit_missing": "followed but not seen near the year",
    "ended_unknown": "no longer followed for an unknown reason",
}


@dataclass(frozen=True)
class RemissionRange:
    """The shares that are possible.

    Attributes
    ----------
    question, method
        What the range answers, and how.
    left_out
        patient_id, reason: patients who are in no year.
    table
        group, year, events, assessed (the denominator of the estimand), share, lost_before, visit_missing,
        ended_unknown (those supposed; 0 for a place that is not), patients (assessed and supposed), lowest, highest.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def remission_range(
    cohort: Cohort,
    *,
    estimand: str = "assessed",
    suppose: Sequence[str] = tuple(UNSEEN),
    rule: str | RemissionRule = "recorded",
    response: str = "complete",
    window_months: float = WINDOW_MONTHS,
    by: By | None = None,
    years: Sequence[int] | None = None,
) -> RemissionRange:
    """Return the lowest and highest share if none, or all, of those not seen were in remission.

    It is no confidence interval: chance comes on top. Who has died is known not to be in remission, and who is not yet
    due is missing by the calendar alone; neither is supposed to be anything.

    Parameters
    ----------
    cohort
        The patients.
    estimand
        "assessed", or "deaths_counted" to keep the dead in the denominator.
    suppose
        Of "lost_before", "visit_missing" and "ended_unknown", those whose state is supposed.
    rule, response, window_months, by, years
        As for `yearly_remission`.

    Raises
    ------
    ValueError
        If an argument is not one of those above.
    """
    if estimand not in ("assessed", "deaths_counted"):
        raise ValueError('The range is of the estimand "assessed" or "deaths_counted".')
    if unknown := set(suppose) - set(UNSEEN):
        raise ValueError(f"Nothing is supposed of {', '.join(sorted(unknown))}; known: {', '.join(UNSEEN)}.")
    cohort = asked_for(cohort, by)
    base = yearly_remission(
        cohort, estimand=estimand, rule=rule, response=response, window_months=window_months, by=by, years=years
    )
    unseen = base.ledger[list(UNSEEN)].mul([int(place in suppose) for place in UNSEEN])
    supposed = unseen.sum(axis=1)
    patients = base.bars["patients"] + supposed
    some = patients.where(patients > 0)
    table = pd.concat(
        [base.bars[["group", "year", "events"]], base.bars["patients"].rename("assessed"), base.bars["share"], unseen],
        axis=1,
    ).assign(
        patients=patients,
        lowest=base.bars["events"] / some,
        highest=(base.bars["events"] + supposed) / some,
    )
    who = "; ".join(UNSEEN[place] for place in UNSEEN if place in suppose)
    kept = "the dead counted as not in remission" if estimand == "deaths_counted" else "the dead not counted"
    method = (
        f"The share if none and if all of these were in remission: {who or 'nobody'}; {kept}, those not yet due not "
        f"counted; {count_words(len(cohort) - len(base.left_out), 'patient')}."
    )
    return RemissionRange(
        "How far could the share move if those not seen were, or were not, in remission?", method, base.left_out, table
    )
