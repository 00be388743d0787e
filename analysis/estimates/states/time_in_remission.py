"""Mean time in remission, in active disease and lost to death, up to a chosen month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.stays import Stays
from analysis.estimates.common.areas import Area, Areas
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.multiplicity import ADJUSTMENTS, check_adjustment
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.states.aalen_johansen import AalenJohansen
from analysis.facts.remission import RemissionRule, remission_rule
from analysis.facts.remission_stays import ACTIVE, DEAD, REMISSION, STATES

# What must have happened for a mean time in a state to have a standard error.
NOUNS = {REMISSION: "remissions", ACTIVE: "changes of state", DEAD: "deaths"}


@dataclass(frozen=True, repr=False)
class TimeInRemission(Result):
    """Restricted mean times in each state.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, state ("in remission", "active", "dead"), months, mean, standard_error, lower, upper (all in months),
        withheld ("" or why a number is missing). The means of a group add up to the month.
    differences
        group_a, group_b, months, difference in the mean time in remission (`group_b` minus `group_a`), lower, upper, p,
        withheld: one row per pair of groups.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    differences: pd.DataFrame

    @classmethod
    def of(
        cls,
        counts: Stays,
        *,
        months: float,
        level: float = 0.95,
        adjust: str = "holm",
        limits: SmallNumbers = SmallNumbers(),
    ) -> TimeInRemission:
        """Return mean times from counts.

        Parameters
        ----------
        counts
            Numbers of patients by path through the states.
        months, level, adjust, limits
            As for `time_in_remission`.

        Raises
        ------
        ValueError
            If the month or the adjustment is invalid.
        """
        _check(months, adjust)
        curves = {group: AalenJohansen(paths, patients) for group, paths, patients in counts.of_groups()}
        areas = {
            state: Areas({group: _area(curve, state, months) for group, curve in curves.items()}, months, level, noun)
            for state, noun in NOUNS.items()
        }
        differences = areas[REMISSION].differences(limits, counts.groups.shared, adjust)
        left_out = counts.left_out.table
        words = [
            f"Mean time in {counts.definition}, in active disease and lost to death in the first {months:g} months",
            "areas under the Aalen-Johansen probabilities of these states",
            "remission is reversible, and the state changes only at visits",
            f"{100 * level:g} % normal interval from the infinitesimal jackknife",
            *(
                [f"p of differences by {ADJUSTMENTS[adjust]}, {limits.words()}, an event being a change to remission"]
                if len(differences)
                else []
            ),
            count_words(int(counts.patients.sum()), "patient"),
        ]
        return cls(
            f"How many of the first {months:g} months are spent in {counts.definition}, on average?",
            method_words("; ".join(words), left_out),
            left_out,
            pd.concat([_of_state(areas[state], STATES[state]) for state in NOUNS]).sort_values(
                "group", kind="stable", ignore_index=True
            ),
            differences,
        )


def time_in_remission(
    cohort: Cohort,
    *,
    months: float,
    rule: str | RemissionRule = "recorded",
    response: str = "complete",
    level: float = 0.95,
    adjust: str = "holm",
    limits: SmallNumbers = SmallNumbers(),
    by: By | None = None,
) -> TimeInRemission:
    """Return the mean time in remission up to a month, with remission reversible, and its differences between groups.

    It is the area under the probability of being alive and in remission (`state_probabilities`): a long remission
    counts for more than a short one, and what comes after death is lost. Limits and p-values (z test) assume normality.

    Parameters
    ----------
    cohort
        The patients.
    months
        The month up to which time is counted. If a group is followed for less, all numbers are withheld.
    rule, response
        The definition of remission, as for `yearly_remission`.
    level
        Confidence level, between 0 and 1.
    adjust
        "holm", "bonferroni" or "benjamini-hochberg", over the differences that are not withheld.
    limits
        Numbers of patients, and of changes to remission, below which limits and p of a difference are withheld.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    TimeInRemission; ``table`` has one row per group and state, in months.

    Raises
    ------
    ValueError
        If the rule, the response, the adjustment or the grouping column is unknown, the visits lack a column that the
        rule needs, or the month is not above 0.

    References
    ----------
    Putter H, Fiocco M, Geskus RB (2007), Statistics in Medicine 26:2389-2430. Beyersmann J, Putter H (2014),
    Demographic Research 30:1681-1696.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = time_in_remission(load_sample(), months=24)
    >>> result.table[["state", "mean"]].round(1).to_numpy().tolist()
    [['in remission', 4.2], ['active', 19.3], ['dead', 0.5]]
    """
    _check(months, adjust)
    counts = Stays.of(cohort, remission_rule(rule), response, by)
    return TimeInRemission.of(counts, months=months, level=level, adjust=adjust, limits=limits)


def _check(months: float, adjust: str) -> None:
    """Raise a ValueError if the month or the adjustment is invalid."""
    check_adjustment(adjust)
    if not 0 < months < np.inf:
        raise ValueError("A mean time is taken up to a number of months above 0.")


def _area(curve: AalenJohansen, state: int, months: float) -> Area:
    mean, variance = curve.time_in(state, months)
    return Area(
        mean=mean,
        variance=variance,
        patients=int(curve.patients.sum()),
        events=curve.entries(state, months),
        known_to=curve.known_to,
        known_from=curve.origin,
    )


def _of_state(areas: Areas, state: str) -> pd.DataFrame:
    table = areas.table()
    table.insert(1, "state", state)
    return table
