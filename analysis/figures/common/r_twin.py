"""How R computes and draws a figure again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, eq=False)
class RTwin:
    """How R computes and draws a figure again; `analysis.export.r_script` writes the script.

    Attributes
    ----------
    data
        The data file of the script: group and numbers, without ids.
    rows
        What a row of it is, in words.
    groups
        All groups in order.
    axis_titles
        The titles of the x axis and the y axis.
    level
        Confidence level of the intervals.
    shown
        The numbers on the screen that are compared, by name: group, perhaps months or year, and numbers. NaN is not
        compared, infinity means not reached.
    settings
        Further numbers and texts that the code needs, by name.
    found
        R code: from ``data`` to ``found_NAME`` for each name in `shown`, row by row as on screen.
    drawn
        R code: the picture, opened by ``open_picture``; see `analysis.export.r_picture`.
    package
        The package of R that it needs besides base R; "" for none.
    state
        The state of a patient whose colour a single group has; "" for that of the group.
    not_compared
        What is not compared and why; "" if everything is.
    not_drawn
        What of the figure is not drawn and why; "" if everything is.
    """

    data: pd.DataFrame
    rows: str
    groups: Sequence[str]
    axis_titles: tuple[str, str]
    level: float
    shown: Mapping[str, pd.DataFrame]
    found: str
    drawn: str
    settings: Mapping[str, float | str | Sequence[float] | Sequence[str]] = field(default_factory=dict)
    package: str = ""
    state: str = ""
    not_compared: str = ""
    not_drawn: str = ""
