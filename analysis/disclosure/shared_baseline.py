"""A baseline table that may be shared, made of the counts and statistics that may be disclosed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.grouping import NO_GROUP
from analysis.counts.reasons import LeftOut
from analysis.disclosure.masking import check_groups, few_beyond, few_differ, hidden_of, is_small
from analysis.estimates.description.baseline_table import BaselineTable
from analysis.estimates.description.baseline_words import rounded_as_in_words
from analysis.estimates.description.summaries import STATISTICS, Summary, summaries

BEYOND = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.25}  # the share of numbers on the shorter side
SMALL = 5  # Times the threshold: the largest group whose mean could reveal a hidden number.
DIGITS = 2  # of a standardised difference, as it is printed


def shared_baseline(result: BaselineTable, least: int) -> BaselineTable:
    """Return the table of what may be disclosed; what is hidden in one group is hidden in all.

    Raises
    ------
    NotSharedError
        If a group is small, or patients are in two.
    """
    counts = result.counts
    if counts is None:
        raise TypeError("Of this result small counts are hidden already.")
    groups = counts.groups
    check_groups(groups, least)
    disclosed = [
        _disclosed_numbers(each, least) if each.kind == "number" else _disclosed_levels(each, least)
        for each in summaries(counts)
    ]
    left_out = LeftOut((NO_GROUP,), (counts.without_group,)).hidden()
    table = BaselineTable.of_summaries(groups, left_out, disclosed, None)
    return replace(table, left_out=result.left_out.head(0))


def _disclosed_levels(of: Summary, least: int) -> Summary:
    """Return the numbers at each level, hidden if they, or the rest of those with a value, are few in any group.

    If few patients have no value, or few have one, nothing is disclosed. Levels that exclude each other add up, so that
    all of them are disclosed or none is.
    """
    if _number_is_hidden(of, least):
        return replace(of, recorded=_nothing(of.recorded), holding=_nothing(of.holding))
    hidden = hidden_of(of.holding.T, of.recorded[:, None], least)
    if of.kind == "levels":
        hidden[:] = hidden.any()
    return replace(of, holding=np.where(hidden[:, None], np.nan, of.holding))


def _disclosed_numbers(of: Summary, least: int) -> Summary:
    """Return the statistics as rounded in the table, hidden if few patients differ from the others in any group.

    Medians and quartiles are disclosed if enough patients lie below and above them. If few patients have no value, the
    number with a value is hidden. A mean, as a fraction of it, could reveal it: so with small groups all statistics are
    hidden, and else they have no more decimals than the values.
    """
    unknown = _number_is_hidden(of, least)
    disclosed = replace(of, recorded=_nothing(of.recorded) if unknown else of.recorded, values=())
    small = (is_small(of.recorded, least) | unknown & is_small(of.patients, SMALL * least + 1)).any()
    if small or any(few_differ(each.patients, least) for each in of.values):
        return replace(disclosed, statistics=_nothing(of.statistics), difference=np.nan)
    decimals = min(of.decimals, _recorded_decimals(of)) if unknown else of.decimals
    statistics = np.vectorize(rounded_as_in_words, otypes=[float])(of.statistics, decimals)
    # The smallest possible number, so that what is left out reveals nothing of the hidden one.
    last = (of.patients - least + 1 if unknown else of.recorded) - 1
    for name, place in BEYOND.items():
        statistics[few_beyond(place * last, least), STATISTICS.index(name)] = np.nan
    return replace(disclosed, statistics=statistics, difference=round(of.difference, DIGITS), decimals=decimals)


def _number_is_hidden(of: Summary, least: int) -> bool:
    """Return whether the number of patients with a value is hidden."""
    return bool((is_small(of.missing, least) | is_small(of.recorded, least)).any())


def _recorded_decimals(of: Summary) -> int:
    """Return the number of decimals with which the numbers were recorded."""
    numbers = np.concatenate([each.values for each in of.values])
    return next((places for places in range(of.decimals) if (numbers.round(places) == numbers).all()), of.decimals)


def _nothing(numbers: Integers | Floats) -> Floats:
    return np.full(numbers.shape, np.nan)
