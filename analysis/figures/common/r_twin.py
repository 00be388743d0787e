"""What a script in R needs to find the numbers of a figure anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class RTwin:
    """How R computes the curves of a figure; `analysis.export.r_script` writes it down.

    Attributes
    ----------
    data
        What the script reads: group, months and further columns, a row a patient, without ids.
    estimate, words, before
        The column of the estimate, what it is called on the axis, and its value at month 0 before anything happens.
    groups
        Every group, in order.
    time_zero
        What the months count from.
    level
        Of the intervals.
    curve, summary
        The numbers on screen that are compared, by group; missing ones are not compared, infinite ones not reached.
    fit
        R: the function ``curve_of``, from the patients of one group to their curve.
    in_summary
        R: columns of the summary beside patients and events, from ``curve``.
    not_compared
        What is not compared and why, "" where everything is.
    """

    data: pd.DataFrame
    estimate: str
    words: str
    before: int
    groups: Sequence[str]
    time_zero: str
    level: float
    curve: pd.DataFrame
    summary: pd.DataFrame
    fit: str
    in_summary: Sequence[str]
    not_compared: str
