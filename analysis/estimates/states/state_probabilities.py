"""Probability of being alive and in remission over time, with remission reversible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.stays import Stays
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.states.aalen_johansen import AalenJohansen
from analysis.facts.remission import RemissionRule, remission_rule
from analysis.facts.remission_stays import STATES


@dataclass(frozen=True, repr=False)
class StateProbabilities(Result):
    """The probability of each state over time.

    Attributes
    ----------
    question, method
        What the probabilities answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    curve
        group, months, state, probability: at 0 and at each change of state in the group; the three states ("active",
        "in remission", "dead") add up to 1.
    remission
        group, months, probability, standard_error, lower, upper: of being alive and in remission, at the months asked
        for. Missing beyond the last time of a group, unless everybody has died; with late entry also before the first
        entry, and after a time at which nobody is under observation.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    remission: pd.DataFrame

    @classmethod
    def of(cls, counts: Stays, *, months: Sequence[float], level: float = 0.95) -> StateProbabilities:
        """Return probabilities estimated from counts.

        Parameters
        ----------
        counts
            Numbers of patients by path through the states.
        months, level
            As for `state_probabilities`.
        """
        z = normal_quantile(level)
        estimates = {group: AalenJohansen(paths, patients) for group, paths, patients in counts.of_groups()}
        steps = [(group, *step) for group, own in estimates.items() for step in own.steps()]
        at = [(group, float(month), *own.remission(month, z)) for group, own in estimates.items() for month in months]
        curve = pd.DataFrame(steps, columns=["group", "months", "state", "probability"])
        remitted = pd.DataFrame(at, columns=["group", "months", "probability", "standard_error", "lower", "upper"])
        left_out = counts.left_out.table
        method = (
            f"Probability of being alive and in {counts.definition} (Aalen-Johansen, remission reversible), the state "
            f"changing only at visits, months from transplantation, {100 * level:g} % log-log interval from the "
            f"infinitesimal jackknife, {count_words(int(counts.patients.sum()), 'patient')}"
        )
        return cls(
            f"How many are alive and in {counts.definition} over time?",
            method_words(method, left_out),
            left_out,
            with_groups(curve.assign(state=pd.Categorical(curve["state"], STATES)), list(estimates)),
            with_groups(remitted, list(estimates)),
        )


def state_probabilities(
    cohort: Cohort,
    *,
    months: Sequence[float],
    rule: str | RemissionRule = "recorded",
    response: str = "complete",
    level: float = 0.95,
    by: By | None = None,
) -> StateProbabilities:
    """Return the Aalen-Johansen probability of being alive and in remission, with remission reversible.

    It allows for censoring without a Markov assumption (Datta and Satten 2001). The state changes only at visits and at
    death. A patient with late entry is at risk from then on, in the state of the last visit by then. The standard error
    is by the infinitesimal jackknife, as in R's survfit; limits are on the log-log scale.

    Parameters
    ----------
    cohort
        The patients.
    months
        Times of 0 or more at which to return the probability of remission.
    rule, response
        The definition of remission, as for `yearly_remission`.
    level
        Confidence level, between 0 and 1.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    StateProbabilities; ``remission`` has one row per group and month, with probabilities as fractions of 1.

    Raises
    ------
    ValueError
        If the rule, the response or the grouping column is unknown, the visits lack a column that the rule needs, or
        the level is not between 0 and 1.

    References
    ----------
    Aalen OO, Johansen S (1978), Scandinavian Journal of Statistics 5:141-150. Datta S, Satten GA (2001), Statistics and
    Probability Letters 55:403-411.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = state_probabilities(load_sample(), months=[12])
    >>> result.remission[["months", "probability"]].round(2).to_numpy().tolist()
    [[12.0, 0.22]]
    """
    return StateProbabilities.of(Stays.of(cohort, remission_rule(rule), response, by), months=months, level=level)
