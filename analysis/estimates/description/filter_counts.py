"""Attrition by filters, and numbers of patients for each option of a filter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.counts.filter_steps import FilterSteps
from analysis.counts.options import OptionCounts, RangeCounts


def attrition(cohort: Cohort, filters: Filters) -> pd.DataFrame:
    """Return the number of patients lost at each filter, in the order in which they were chosen.

    Parameters
    ----------
    cohort
        The whole cohort.
    filters
        The filters.

    Returns
    -------
    DataFrame
        step, filter (in words), before, after, lost (patients); step 0 is the whole cohort.

    Raises
    ------
    ValueError
        If the cohort lacks a column of the filters.

    Examples
    --------
    >>> from analysis import Between, Filters, OneOf, attrition, load_sample
    >>> attrition(load_sample(), Filters({"msc_source": OneOf("UC"), "age_years": Between(18, 40)}))
       step              filter  before  after  lost
    0     0        All patients      87     87     0
    1     1       MSC source UC      87     42    45
    2     2  Age 18 to 40 years      42     31    11
    """
    steps = FilterSteps.of(cohort, filters)
    lost = np.array([0, *steps.lost])
    after = steps.kept + lost.sum() - lost.cumsum()
    names = ["All patients", *steps.words]
    return pd.DataFrame(
        {"step": range(len(names)), "filter": names, "before": after + lost, "after": after, "lost": lost}
    )


def option_counts(cohort: Cohort, filters: Filters, col: str) -> pd.DataFrame:
    """Return the number of patients with each value of a column, in all and under the other filters.

    Parameters
    ----------
    cohort
        The whole cohort.
    filters
        The current filters; the one on `col` itself is ignored.
    col
        A column of values or of sets, or the baseline of a visit measure.

    Returns
    -------
    DataFrame
        value, of_all, now (patients), sorted by value; patients without a value are not counted.

    Raises
    ------
    ValueError
        If the cohort lacks the column, or one of the filters.

    Examples
    --------
    >>> from analysis import Filters, OneOf, load_sample, option_counts
    >>> option_counts(load_sample(), Filters({"sex": OneOf("male")}), "msc_source")
      value  of_all  now
    0    BM      45    5
    1    UC      42    5
    """
    counts = OptionCounts.of(cohort, filters, col)
    of_all = counts.patients.sum(axis=0)
    held = np.flatnonzero(of_all)
    return pd.DataFrame({"value": counts.options[held], "of_all": of_all[held], "now": counts.patients[1, held]})


def range_counts(cohort: Cohort, filters: Filters, col: str) -> pd.DataFrame:
    """Return the number of patients in each bin of a numeric column, in all and under the other filters.

    Parameters
    ----------
    cohort, filters
        As for `option_counts`.
    col
        A column of numbers, or of days written as year-month-day, which count from 1970.

    Returns
    -------
    DataFrame
        low, high (in the unit of the column), of_all, now (patients): 24 bins of equal width. Bins include their lower
        edge, the last one also its upper edge.

    Raises
    ------
    ValueError
        If the cohort lacks the column, or one of the filters.

    Examples
    --------
    >>> from analysis import Filters, OneOf, load_sample
    >>> parts = range_counts(load_sample(), Filters({"msc_source": OneOf("UC")}), "age_years")
    >>> len(parts), int(parts["of_all"].sum()), int(parts["now"].sum())
    (24, 87, 42)
    """
    counts = RangeCounts.of(cohort, filters, col)
    of_all, now = counts.patients.sum(axis=0), counts.patients[1]
    return pd.DataFrame({"low": counts.edges[:-1], "high": counts.edges[1:], "of_all": of_all, "now": now})
