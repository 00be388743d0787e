"""The range of yearly shares of remission over all possible states of patients not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.common.result import Result
from analysis.estimates.yearly.estimands import REMISSION_ESTIMANDS, choose_estimand
from analysis.estimates.yearly.yearly import Yearly
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.facts.place_by_year import WINDOW_MONTHS
from analysis.facts.remission import RemissionRule

UNSEEN = {
    "lost_before": "lost before the year",
    "visit_missing": "followed but not seen near the year",
    "ended_unknown": "no longer followed for an unknown reason",
}


@dataclass(frozen=True, repr=False)
class RemissionRange(Result):
    """The lowest and highest possible shares.

    Attributes
    ----------
    question, method
        What the range answers, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, year, events, assessed (the denominator of the estimand), share, lost_before, visit_missing,
        ended_unknown (patients whose state is supposed; 0 if it is not), patients (assessed and supposed), lowest,
        highest.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, base: Yearly, suppose: Sequence[str]) -> RemissionRange:
        """Return the possible shares from those of the patients assessed, and the places in the ledger to suppose."""
        unseen = base.ledger[list(UNSEEN)].mul([int(place in suppose) for place in UNSEEN])
        supposed = unseen.sum(axis=1)
        patients = base.bars["patients"] + supposed
        some = patients.where(patients > 0)
        assessed = base.bars["patients"].rename("assessed")
        table = pd.concat(
            [base.bars[["group", "year", "events"]], assessed, base.bars["share"], unseen], axis=1
        ).assign(
            patients=patients,
            lowest=base.bars["events"] / some,
            highest=(base.bars["events"] + supposed) / some,
        )
        who = "; ".join(UNSEEN[place] for place in UNSEEN if place in suppose)
        method = (
            f"The share if none and if all of these were in remission: {who or 'nobody'}; {base.estimand.range}, those "
            f"not yet due not counted; {count_words(base.numbers.number_of_patients, 'patient')}."
        )
        question = "How far could the share move if those not seen were, or were not, in remission?"
        return cls(question, method, base.left_out, table)


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

    It is not a confidence interval: chance comes in addition. Nothing is supposed of the dead, who are not in
    remission, and of patients not yet due, who are missing by the calendar alone.

    Parameters
    ----------
    cohort
        The patients.
    estimand
        "assessed", or "deaths_counted" to keep the dead in the denominator.
    suppose
        The patients whose state is supposed: any of "lost_before", "visit_missing" and "ended_unknown".
    rule, response, window_months, by, years
        As for `yearly_remission`.

    Returns
    -------
    RemissionRange; ``table`` has one row per group and year (patients, and shares as fractions of 1).

    Raises
    ------
    ValueError
        If the estimand has no range, a name in `suppose` is unknown, or an argument of `yearly_remission` is invalid.

    Examples
    --------
    >>> from analysis import load_sample
    >>> remission_range(load_sample(), years=[1]).table[["lowest", "highest"]].round(2).to_numpy().tolist()
    [[0.27, 0.29]]
    """
    way = choose_estimand("remission", estimand)
    if not way.range:
        known = " or ".join(f'"{name}"' for name, each in REMISSION_ESTIMANDS.items() if each.range)
        raise ValueError(f"The range is of the estimand {known}.")
    if unknown := set(suppose) - set(UNSEEN):
        raise ValueError(f"Nothing is supposed of {', '.join(sorted(unknown))}; known: {', '.join(UNSEEN)}.")
    base = yearly_remission(
        cohort, estimand=estimand, rule=rule, response=response, window_months=window_months, by=by, years=years
    )
    return RemissionRange.of(base, suppose)
