"""How R computes the curves of a figure again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class RTwin:
    """How R computes the curves of a figure again; `analysis.export.r_script` writes the script.

    Attributes
    ----------
    data
        The data file of the script: group, months and further columns, one row per patient, without ids.
    estimate, words, before
        The column of the estimate, its axis title, and its value at month 0 before any event.
    groups
        All groups in order.
    time_zero
        The event from which months are counted.
    level
        Confidence level of the intervals.
    curve, summary
        The numbers on the screen, by group, that are compared; NaN is not compared, infinity means not reached.
    fit
        R code: the function ``curve_of``, from the patients of a group to their curve.
    in_summary
        R code: columns of the summary in addition to patients and events, from ``curve``.
    not_compared
        What is not compared and why; "" if everything is.
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
