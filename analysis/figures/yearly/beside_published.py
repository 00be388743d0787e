"""One's own share of a year beside what was published, taken together, and what a next centre would see (forest)."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.centres.comparable import Papers, comparable
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.beside import OWN, Beside, beside_rows, pooled_beside
from analysis.figures.common.beside_tables import beside_table, leave_one_out, not_drawn
from analysis.figures.common.beside_words import beside_described, beside_note, beside_told, published_told
from analysis.figures.common.forest import forest_chart, forest_numbers
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import FOREST, meanings
from analysis.figures.common.theme import Look, group_order, palette
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate
from analysis.figures.yearly.own_definition import present_of
from analysis.figures.yearly.yearly_bars import STATES, Kind

NO_SHARES = "A rate per 100 patient-years has no published share beside it: choose another way of counting."


def beside_each_year(result: Yearly, papers: Papers, years: Sequence[int]) -> list[Beside]:
    """Return what was published of each of some years beside one's own shares.

    Parameters
    ----------
    result
        One's own shares; of a rate there is nothing to compare.
    papers
        The published numbers, and how they are pooled.
    years
        The years.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.centres.published_list import published_facts
    >>> every = Papers(published_facts(), "every")
    >>> first, second = beside_each_year(yearly_remission(load_sample()), every, [1, 2])
    >>> first.pooled
    ('Wang 2013', 'Wang 2014', 'Gu 2014', 'Barbado 2018', 'Wen 2019')
    >>> second.pooled, second.together
    (('Wang 2013',), None)
    """
    return [] if is_rate(result) else [_beside(result, papers, year) for year in years]


def _beside(result: Yearly, papers: Papers, year: int) -> Beside:
    present, window = present_of(result), result.settings.of_each.window_months
    published = comparable(papers, present, 12.0 * year, window)
    bars = bar_words(result)
    own = bars[bars["year"] == year]
    with_own = papers.with_own and can_be_pooled(result, own)
    counts = (int(own["events"].iloc[0]), int(own["patients"].iloc[0])) if with_own else None
    together, pooled = pooled_beside(published, counts)
    groups = tuple(group_order(result.bars["group"]))
    return Beside(year, "Year", groups, own, tuple(published), together, pooled, present.same)


def can_be_pooled(result: Yearly, own: pd.DataFrame) -> bool:
    """Return whether one's own number of a year is a single fraction of patients, all of it told."""
    fraction = not is_estimated(result) and len(group_order(result.bars["group"])) == 1 and len(own) == 1
    return fraction and bool(own[["events", "patients"]].notna().all(axis=None)) and int(own["patients"].iloc[0]) > 0


def beside_chart(
    result: Yearly,
    *,
    kind: Kind,
    papers: Papers,
    years: Sequence[int] = (1, 2),
    remission: str = "complete remission",
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return a row for one's own share, for each published one and for all taken together, under a heading a year.

    Parameters
    ----------
    result
        One's own shares.
    kind
        The outcome, which gives one's own share its colour.
    papers
        The published numbers, and how they are pooled.
    years
        The years that are compared.
    remission
        The definition of remission, in words.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; by default as many as the rows take.
    """
    shown, colours = beside_each_year(result, papers, years), palette(look)
    groups = group_order(result.bars["group"])
    inks = dict(zip(groups, colours.lines(groups), strict=True))
    return forest_chart(
        beside_rows(shown),
        inks=inks if len(groups) > 1 else {OWN: colours.states[STATES[kind]]},
        title=f"{result.estimand.title.format(remission=remission)} (%)",
        look=look,
        height=height,
        note=["no published shares beside a rate"] if is_rate(result) else beside_note(shown, papers),
    )


def beside_reading(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2)) -> str:
    """Return for each year one's own share, what was published, and what a next centre would see.

    Parameters
    ----------
    result
        One's own shares.
    papers, years
        As for `beside_chart`.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.centres.published_list import published_facts
    >>> beside_reading(yearly_remission(load_sample()), papers=Papers(published_facts()), years=[2])
    'Year 2: here 31 % (19–46), published 31 % in 1 paper. What a next centre would see takes 3 pooled; there is 1.'
    """
    return NO_SHARES if is_rate(result) else beside_told(beside_each_year(result, papers, years), papers)


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
    found = [(f"Year {year}", comparable(papers, present, 12.0 * year, window)) for year in years]
    return published_told(found) or "No year is chosen."


def beside_description(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2)) -> str:
    """Return the alternative text; parameters as of `beside_reading`."""
    return NO_SHARES if is_rate(result) else beside_described(beside_each_year(result, papers, years), "Year")


def years_table(result: Yearly, papers: Papers, years: Sequence[int]) -> pd.DataFrame:
    """Return the rows of the forest as words; parameters as of `beside_each_year`."""
    return beside_table(beside_each_year(result, papers, years), "Year")


def years_without_one(result: Yearly, papers: Papers, years: Sequence[int]) -> pd.DataFrame:
    """Return all but one study taken together; parameters as of `beside_each_year`."""
    return leave_one_out(beside_each_year(result, papers, years))


def years_not_drawn(result: Yearly, papers: Papers, years: Sequence[int]) -> pd.DataFrame:
    """Return the published numbers that are in no row, and why; parameters as of `beside_each_year`."""
    window = result.settings.of_each.window_months
    return not_drawn(beside_each_year(result, papers, years), papers, present_of(result).measure, window)


def _numbers(result: Yearly, *, papers: Papers, years: Sequence[int] = (1, 2), **_: object) -> pd.DataFrame:
    rows = beside_rows(beside_each_year(result, papers, years))
    return forest_numbers(rows, "year", "study", "counted", "defined", "differs", "used")


BESIDE_PUBLISHED = FigureKind(
    name="beside_published",
    chart=beside_chart,
    description=beside_description,
    reading=beside_reading,
    numbers=_numbers,
    columns=meanings(
        "year",
        "events",
        "patients",
        "lower",
        "upper",
        **FOREST,
        study="this cohort or one of its groups, a paper, or all that are pooled",
        share="of the denominator, as a fraction of 1",
    ),
    disclosure=shared_yearly,
    in_r=None,
    verdict=no_verdict,
)
