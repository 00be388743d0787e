"""A kind of figure: everything that pages, files and tests need to know of it, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.cohort.column_words import column_label, column_unit
from analysis.disclosure.refused import Disclosure
from analysis.figures.common.r_twin import RTwin
from analysis.figures.common.verdict import Verdict


@dataclass(frozen=True, eq=False)
class FigureKind:
    """A kind of figure.

    Its functions take results of estimates, the *parts*, and options. Pages, files, reports, slides, disclosure control
    and tests use the kind, so that a new one needs only its file, a line in `analysis.figures.registry`, and its use on
    a page.

    Attributes
    ----------
    name
        Its unique name.
    chart
        ``chart(*parts, look=..., **options)`` returns the Altair chart.
    description
        ``description(*parts, ...)`` returns the alternative text: the figure in words.
    reading
        ``reading(*parts, ...)`` returns a sentence that states the main result; `no_reading` for none.
    numbers
        ``numbers(*parts, **options)`` returns the numbers that ``chart`` draws with the same options: one row per time,
        year or bar.
    columns
        Column of the numbers to its meaning in this figure, with unit. Other columns are those of the cohort.
    disclosure
        ``disclosure(result, least)`` returns a part without counts below ``least``, or says why the figure is refused.
    in_r
        ``in_r(*estimates, **options)`` says how R computes and draws the same figure; None if R does not have it.
    verdict
        ``verdict(*parts, ...)`` returns what the figure says of its groups, None with fewer than two; `no_verdict` for
        none. The reading is then "".

    Raises
    ------
    ValueError
        If the name is empty, or no column has a meaning.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
    >>> curve = kaplan_meier(load_sample())
    >>> KAPLAN_MEIER.numbers(curve).columns[:5].tolist()
    ['group', 'months', 'at_risk', 'events', 'censored']
    >>> KAPLAN_MEIER.meaning("months")
    'months since time zero'
    """

    name: str
    chart: Callable[..., alt.LayerChart]
    description: Callable[..., str]
    reading: Callable[..., str]
    numbers: Callable[..., pd.DataFrame]
    columns: Mapping[str, str]
    disclosure: Disclosure
    in_r: Callable[..., RTwin | None] | None
    verdict: Callable[..., Verdict | None]

    def __post_init__(self) -> None:
        """Check that the kind has a name and meanings of its columns."""
        if not self.name or not self.columns:
            raise ValueError("A kind of figure has a name, and says what its columns mean.")

    def meaning(self, column: str) -> str:
        """Return the meaning of a column of the numbers, with its unit."""
        if column in self.columns:
            return self.columns[column]
        unit = column_unit(column)
        return f"{column_label(column)} ({unit})" if unit else column_label(column)


def no_verdict(*_: object, **__: object) -> None:
    """Return None: the figure compares no groups."""


def no_reading(*_: object, **__: object) -> str:
    """Return "": the figure has no sentence."""
    return ""
