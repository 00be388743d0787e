"""The share of observed time in remission, by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Integers
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.times_in_state import INSIDE, OBSERVED, PER_MONTH, TimesInState
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.facts.remission import RemissionRule, remission_rule, remission_words, state_words


@dataclass(frozen=True, repr=False)
class ShareOfTime(Result):
    """The share of observed time in remission.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, patients (with any observed time), months_observed, months_inside (sums over these), share, lower, upper
        (missing with fewer than two patients, or where all or none of the time is in remission).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(cls, counts: TimesInState, rule: RemissionRule, *, response: str, level: float = 0.95) -> ShareOfTime:
        """Return the shares from counts.

        Parameters
        ----------
        counts
            Numbers of patients by observed time and time in remission.
        rule, response, level
            As for `share_of_time`.
        """
        shown = counts.groups.shown
        both = len(counts.groups.names)
        rows = [_of_group(counts, (counts.member == group) | (counts.member == both), level) for group in shown]
        table = pd.DataFrame(rows, columns=["patients", "months_observed", "months_inside", "share", "lower", "upper"])
        table.insert(0, "group", counts.groups.column(shown))
        left_out = counts.left_out.table
        observed = int(counts.distinct(counts.columns[OBSERVED] > 0))
        method = (
            f"In {state_words(rule, response)} {rule.words}; sum of the time in it over the sum of observed time, from "
            "a visit with a known state to the next, in the state of the earlier one, nothing after the last; "
            f"{100 * level:g} % interval of a ratio, each patient's times taken together (t, logit scale); "
            f"{count_words(observed, 'patient')}"
        )
        question = f"What share of the observed time is spent in {remission_words(rule, response)}?"
        return cls(question, method_words(method, left_out), left_out, table)


def share_of_time(
    cohort: Cohort,
    *,
    rule: str | RemissionRule = "recorded",
    response: str = "complete",
    level: float = 0.95,
    by: By | None = None,
) -> ShareOfTime:
    """Return the share of observed time that is spent in remission.

    Observed is the time from a visit with a known state to the next, and it is in the state of the earlier one; what
    comes after the last such visit is not. It describes the time that was seen: who died or was lost adds what was seen
    before, so that groups with unequal follow-up are better compared by `time_in_remission`.

    Parameters
    ----------
    cohort
        The patients.
    rule, response
        The definition of remission, as for `yearly_remission`.
    level
        Confidence level, between 0 and 1.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    ShareOfTime; ``table`` has one row per group, times in months.

    Raises
    ------
    ValueError
        If the rule, the response or the grouping column is unknown, the visits lack a column that the rule needs, or
        the level is not between 0 and 1.

    References
    ----------
    Cochran WG (1977), Sampling Techniques, 3rd ed., section 6.4: the variance of a ratio.

    Examples
    --------
    >>> from analysis import load_sample
    >>> share_of_time(load_sample()).table[["patients", "share"]].round(3).to_numpy().tolist()
    [[87.0, 0.163]]
    """
    if not 0 < level < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
    chosen = remission_rule(rule)
    return ShareOfTime.of(TimesInState.of(cohort, chosen, response, by), chosen, response=response, level=level)


def _of_group(counts: TimesInState, rows: Flags, level: float) -> tuple[int, float, float, float, float, float]:
    """Return patients, months observed and in remission, their share, and its limits."""
    held = rows & (counts.columns[OBSERVED] > 0)
    patients: Integers = counts.patients[held]
    observed, inside = (counts.columns[name][held] for name in (OBSERVED, INSIDE))
    n, of, part = int(patients.sum()), int((observed * patients).sum()), int((inside * patients).sum())
    if not n:
        return n, 0.0, 0.0, np.nan, np.nan, np.nan
    share = part / of
    lower = upper = np.nan
    if n > 1 and 0 < share < 1:
        from scipy.special import stdtrit

        squares = float((patients * ((inside - share * observed) / of) ** 2).sum())
        error = np.sqrt(n / (n - 1) * squares) / (share * (1 - share))
        reach = float(stdtrit(n - 1, (1 + level) / 2)) * error
        lower, upper = (float(1 / (1 + np.exp(-(np.log(share / (1 - share)) + side)))) for side in (-reach, reach))
    return n, of / PER_MONTH, part / PER_MONTH, share, lower, upper
