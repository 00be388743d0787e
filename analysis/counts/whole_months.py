"""Counts of times on a grid of whole months, which does not tell the time of any patient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.times import SAME
from analysis.counts.leaving import Leaving, of_each_kind
from analysis.facts.observed_times import Wording


def in_whole_months(counts: Leaving, last: int) -> Leaving:
    """Return counts with times rounded up to whole months and entry rounded down, followed to a last month at most.

    Parameters
    ----------
    counts
        The counts at each distinct time.
    last
        The last month. Whoever leaves later is censored at it.

    Returns
    -------
    Leaving
        Its months are 0 to `last`, whoever the patients are, and the words of its endpoint say so.

    Examples
    --------
    >>> from analysis import load_sample
    >>> from analysis.estimates.survival.kaplan_meier import KaplanMeier
    >>> curve = KaplanMeier.of(in_whole_months(Leaving.of(load_sample()), 48)).curve
    >>> curve.loc[curve["events"] > 0, ["months", "at_risk", "events"]].to_numpy().tolist()
    [[5.0, 87.0, 1.0], [9.0, 85.0, 1.0], [18.0, 71.0, 1.0], [29.0, 36.0, 1.0], [41.0, 15.0, 1.0]]
    """
    leaving = np.ceil(counts.months * (1 - SAME)).astype(np.intp)
    placed = _placed(counts, months_to(last), leaving, _begun(counts.months))
    return replace(placed, outcome=month_words(counts.outcome, last))


def months_to(last: int) -> Floats:
    """Return the months 0 to a last one."""
    return np.arange(last + 1.0)


def half_months_to(last: int) -> Floats:
    """Return beginning and middle of the months 0 to a last one."""
    return np.arange(2 * last + 2) / 2


def month_words(outcome: Wording, last: int) -> Wording:
    """Return the words of an endpoint whose times are whole months."""
    name = f"{outcome.name} in whole months up to {last}"
    return replace(outcome, name=name, time_zero=f"{outcome.time_zero}, times rounded up to whole months")


def in_middles_of_months(counts: Leaving, last: int) -> Leaving:
    """Return counts with each time in the middle of its month and entry at its beginning, up to a last month.

    Whether a time comes before a whole month remains as it is, so that the share who could have been followed to the
    end of a year (`analysis.estimates.yearly.maturity`) changes by the order of times within a month only.

    Parameters
    ----------
    counts, last
        As for `in_whole_months`.
    """
    begun = _begun(counts.months)
    return _placed(counts, half_months_to(last), np.minimum(2 * begun, 2 * last) + 1, 2 * begun)


def _begun(months: Floats) -> Rows:
    """Return the whole month in which each time lies."""
    return np.floor(months * (1 + SAME)).astype(np.intp)


def _placed(counts: Leaving, months: Floats, leaving: Rows, entering: Rows) -> Leaving:
    """Return counts at other months, given the place of each time among them; later ones are at the last, censored."""
    last = len(months) - 1
    late = leaving > last

    def placed(kind: str) -> Integers:
        table, held = np.zeros((len(months), len(counts.groups.names)), dtype=np.int64), getattr(counts, kind)
        if kind == "entered":
            np.add.at(table, np.minimum(entering, last), held)
            table[0] = 0  # who enters within the first month counts as observed from its beginning
        else:
            np.add.at(table, leaving[~late], held[~late])
        if kind == "censored":
            table[last] += counts.leaving[late].sum(axis=0)
        return table

    events, competing, censored, entered = of_each_kind(placed)
    return replace(counts, months=months, events=events, competing=competing, censored=censored, entered=entered)
