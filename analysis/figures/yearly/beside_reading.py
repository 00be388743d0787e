"""The forest of one's own and published shares in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.centres.comparable import Comparable, Papers, comparable
from analysis.cohort.wording import count_words
from analysis.estimates.pooling.binomial_normal import FEWEST
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.number_words import percent
from analysis.figures.yearly.bar_words import is_rate
from analysis.figures.yearly.beside_rows import (
    WHOLE,
    Beside,
    beside_each_year,
    forest_rows,
    pooled_words,
)
from analysis.figures.yearly.own_definition import present_of

NO_SHARES = "A rate per 100 patient-years has no published share beside it: choose another way of counting."


def beside_reading(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2)) -> str:
    """Return for each year one's own share, what was published, and what a next centre would see.

    Parameters
    ----------
    result
        One's own shares.
    papers, years
        As for `analysis.figures.yearly.beside_published.beside_chart`.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.centres.published_list import published_facts
    >>> beside_reading(yearly_remission(load_sample()), papers=Papers(published_facts()), years=[2])
    'Year 2: here 31 % (19–46), published 31 % in 1 paper. What a next centre would see takes 3 pooled; there is 1.'
    """
    if is_rate(result):
        return NO_SHARES
    told = [_year(each) for each in beside_each_year(result, papers, years)]
    if papers.imitated:
        told.append(f"The synthetic sample imitates {papers.imitated}: that both agree says nothing.")
    return " ".join(told)


def published_line(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2)) -> str:
    """Return what was published of each year in one line; parameters as of `beside_reading`.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.centres.published_list import published_facts
    >>> published_line(yearly_remission(load_sample()), papers=Papers(published_facts()), years=[2])
    'Year 2: published 31 % in 1 paper.'
    """
    if is_rate(result):
        return NO_SHARES
    present, window = present_of(result), result.settings.of_each.window_months
    told = "; ".join(f"year {year}: {_published(comparable(papers, present, 12.0 * year, window))}" for year in years)
    return f"{told[:1].upper()}{told[1:]}." if told else "No year is chosen."


def _year(each: Beside) -> str:
    here = "; ".join(
        words if group == "All" else f"{group} {words}"
        for group, words in zip(each.own["group"], each.own["words"], strict=True)
    )
    start = f"Year {each.year}: here {here or 'nobody'}"
    if not each.published:
        return f"{start}; nothing was published that can stand beside it."
    return f"{start}, {_published(each.published)}. {_together(each)}"


def _published(found: Sequence[Comparable]) -> str:
    """Return the lowest and the highest published share of a year, and in how many papers."""
    if not found:
        return "nothing published"
    shares = [100 * each.fact.events / each.fact.patients for each in found]
    papers = len({each.fact.study for each in found})
    low, high = f"{min(shares):.0f}", f"{max(shares):.0f}"
    return f"published {low if low == high else f'{low} to {high}'} % in {count_words(papers, 'paper')}"


def _together(each: Beside) -> str:
    number = len(each.pooled)
    if each.together is None:
        there = "there is 1" if number == 1 else f"there are {number}" if number else "there is none"
        return f"What a next centre would see takes {FEWEST} pooled; {there}."
    row = each.together.summary.iloc[0]
    if math.isnan(row["share"]):
        return f"{number} cannot be pooled: {row['withheld']}."
    pooled = f"{number} pooled: {pooled_words(float(row['share']), float(row['lower']), float(row['upper']))}"
    if each.prediction is None:
        return f"{pooled}; {row['withheld']}."
    low, high = (percent(limit, WHOLE) for limit in each.prediction)
    return f"{pooled}; the true share of a next centre is expected between {low} and {high} %{_where(each)}."


def _where(each: Beside) -> str:
    """Return whether one's own share is between the limits of a next centre; "" with several groups."""
    if each.prediction is None or len(each.own) != 1:
        return ""
    share, (low, high) = float(each.own["share"].iloc[0]), each.prediction
    if math.isnan(share):
        return ""
    return ", and that of here is among them" if low <= share <= high else ", and that of here is not"


def beside_description(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2)) -> str:
    """Return the alternative text; parameters as of `beside_reading`."""
    if is_rate(result):
        return NO_SHARES
    rows = forest_rows(result, papers, years)
    told = [
        f"Year {year}, {name}: {' '.join(words.split())}."
        for year, name, words in zip(rows["year"], rows["name"], rows["words"], strict=True)
        if words
    ]
    return " ".join(["A forest of shares in percent, this cohort beside published ones.", *told])
