"""Published shares of those alive, as marks beside the curves of overall survival."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.centres.comparable import ALIKE, ONE_EACH, Comparable, Papers, Present, comparable
from analysis.centres.published_fact import ENROLLED
from analysis.figures.common.published_marks import published_marks

DEATHS = Present("death", "death", ("death",), ENROLLED, "enrolled")
CRUDE = "a share of those enrolled, here estimated allowing for those no longer followed"
BETWEEN = 9  # pixels between marks of one month
SHIFT = f"{BETWEEN} * datum.place"


def published_months(papers: Papers) -> list[float]:
    """Return the months after treatment at which a paper tells how many had died."""
    told = {fact.months for fact in papers.facts if fact.measure == DEATHS.measure and fact.months}
    return sorted(told)


def published_survival(papers: Papers, longest: float, *, failure: bool = False) -> pd.DataFrame:
    """Return the published shares alive up to a month; of papers that may share patients one, as in yearly figures.

    Parameters
    ----------
    papers
        The published numbers.
    longest
        The last month.
    failure
        Whether the share of those who died is meant.

    Returns
    -------
    DataFrame
        As of `published_marks`, with months.

    Examples
    --------
    >>> from analysis.centres.published_list import published_facts
    >>> marks = published_survival(Papers(published_facts()), 24)
    >>> marks[["months", "part", "counted", "told"]].to_numpy().tolist()[-1]
    [12.0, 'Wang 2014', '3 of 40 enrolled, month 12', '92 % (80–98)']
    """
    asked = replace(papers, pooled=ONE_EACH if papers.pooled == ALIKE else papers.pooled, with_own=False)
    found: list[tuple[float, Comparable]] = [
        (month, replace(each, differs=(*each.differs, CRUDE)))
        for month in published_months(papers)
        if month <= longest
        for each in comparable(asked, DEATHS, month, 0.0)
        if each.stands_beside
    ]
    marks = published_marks(found, without=not failure)
    others = [len(each.differs) > 1 for _, each in found]
    return marks.assign(months=marks["at"], other=others)
