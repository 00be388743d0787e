"""A kind of figure: all that is said of it, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.cohort.column_words import column_label, column_unit
from analysis.disclosure.refused import Disclosure
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.r_twin import RTwin


@dataclass(frozen=True, eq=False)
class FigureKind:
    """A kind of figure.

    What is drawn are results of estimates, the *parts*, with options. Page, files, report, slides, sharing and tests
    ask the kind, so that a new one needs its file, a line in `analysis.figures.registry`, and its use on a page.

    Attributes
    ----------
    name
        What it is called among the figures; no two alike.
    chart
        ``chart(*parts, look=..., **options)`` draws it.
    description
        ``description(*parts, ...)`` is the figure in words, for those who do not see it.
    reading
        ``reading(*parts, ...)`` is the sentence that reads it; `no_reading` where it has none.
    numbers
        ``numbers(*parts, **options)`` are the numbers that the chart of the same options shows: a row a time, a year or
        a bar.
    columns
        What each column of the numbers means in this figure, with its unit. A column that is not among them is one of
        the cohort's own.
    disclosure
        ``disclosure(result, least)`` returns a part without small counts; or why the figure is refused.
    in_r
        ``in_r(estimate)`` is how R finds the same numbers; None where no package of R has the estimate.

    Raises
    ------
    ValueError
        If the name is empty, or no column has a meaning.
    """

    name: str
    chart: Callable[..., alt.LayerChart]
    description: Callable[..., str]
    reading: Callable[..., str]
    numbers: Callable[..., pd.DataFrame]
    columns: Mapping[str, str]
    disclosure: Disclosure
    in_r: Callable[[Estimate], RTwin] | None

    def __post_init__(self) -> None:
        """Check what a caller cannot leave out."""
        if not self.name or not self.columns:
            raise ValueError("A kind of figure has a name, and says what its columns mean.")

    def meaning(self, column: str) -> str:
        """Return what a column of the numbers holds, with its unit."""
        if column in self.columns:
            return self.columns[column]
        unit = column_unit(column)
        return f"{column_label(column)} ({unit})" if unit else column_label(column)


def no_reading(*_: object, **__: object) -> str:
    """Return that there is no sentence."""
    return ""
