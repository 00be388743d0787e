"""Which published shares stand beside the bars of a year, and where."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.centres.comparable import ALIKE, ONE_EACH, Papers, comparable
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.published_marks import marks_note, published_marks
from analysis.figures.yearly.bar_words import is_rate
from analysis.figures.yearly.own_definition import present_of

GAP = 0.3  # of the distance from year to year: between bars, and after the last one
CLEAR = 0.15  # of the gap: between a bar and the first mark
_PLACE = f"{CLEAR} + {1 - 1.5 * CLEAR} * (datum.place + 0.5) / datum.number"
SHIFT = f"bandwidth('x') * (0.5 + {GAP / (1 - GAP):.4f} * ({_PLACE}))"


def published_years(result: Yearly, papers: Papers) -> pd.DataFrame:
    """Return the published shares that stand beside the bars: one of a paper, and of papers that share patients one.

    Where every paper is pooled, those that share patients are there too. Nothing stands beside a rate.

    Parameters
    ----------
    result
        The shares.
    papers
        The published numbers.

    Returns
    -------
    DataFrame
        As of `published_marks`, with the year.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.centres.published_list import published_facts
    >>> marks = published_years(yearly_remission(load_sample()), Papers(published_facts()))
    >>> marks[["year", "letter", "part", "told"]].head(2).to_numpy().tolist()
    [[1, 'a', 'Wang 2013', '28 % (18–39)'], [1, 'b', 'Barbado 2018', '67 % (9–99)']]
    """
    asked = replace(papers, pooled=ONE_EACH if papers.pooled == ALIKE else papers.pooled, with_own=False)
    present, window = present_of(result), result.settings.of_each.window_months
    years = () if is_rate(result) else result.years
    found = [
        (float(year), each)
        for year in years
        for each in comparable(asked, present, 12.0 * year, window)
        if each.stands_beside
    ]
    marks = published_marks(found)
    return marks.assign(year=marks["at"].astype(int))


def years_note(result: Yearly, marks: pd.DataFrame) -> list[str]:
    """Return what the letters of the marks mean, or why there are none."""
    return ["no published shares beside a rate"] if is_rate(result) else marks_note(marks)
