"""Yearly shares of several centres, together, and what a next centre would see (forest)."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.disclosure.refused import NOT_WORKED_OUT
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.pooling.binomial_normal import CENTRES, pool_shares
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.forest import forest_chart, forest_numbers
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import FOREST, meanings
from analysis.figures.common.next_centre import (
    Centres,
    centre_rows,
    centres_described,
    centres_note,
    centres_table,
    centres_told,
)
from analysis.figures.common.number_words import share_words
from analysis.figures.common.theme import Look, group_order, palette
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate


def centres_each_year(by_centre: Yearly, years: Sequence[int] = ()) -> list[Centres]:
    """Return the centres in some years.

    Parameters
    ----------
    by_centre
        Yearly shares with a group for each centre; a rate is no share.
    years
        The years; () for all.

    Raises
    ------
    ValueError
        If the numbers are a rate.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> [first] = centres_each_year(yearly_remission(load_sample(), by="msc_source"), [1])
    >>> first.each[["group", "counts"]].to_numpy().tolist(), first.differences
    ([['BM', '13/43'], ['UC', '10/40']], 'The spread between centres takes at least 3 of them.')
    """
    if is_rate(by_centre):
        raise ValueError("A rate per 100 patient-years is no share: it is not pooled.")
    bars = _exact(bar_words(by_centre), is_estimated(by_centre))
    groups = tuple(group_order(by_centre.bars["group"]))
    return [_centres(by_centre, bars[bars["year"] == year], year, groups) for year in years or by_centre.years]


def _exact(bars: pd.DataFrame, estimated: bool) -> pd.DataFrame:
    """Return the bars with patients and events, with exact limits of those that are fractions."""
    bars = bars[bars["patients"].gt(0) & bars["events"].notna()]
    if estimated:
        return bars
    events, patients = (bars[name].to_numpy(dtype=float) for name in ("events", "patients"))
    lower, upper = proportion_interval(events, patients, "clopper-pearson")
    bars = bars.assign(lower=lower, upper=upper)
    return bars.assign(words=share_words(bars))


def _centres(by_centre: Yearly, bars: pd.DataFrame, year: int, groups: tuple[str, ...]) -> Centres:
    together = None
    if len(bars) and not is_estimated(by_centre):
        counts = bars["group"].tolist(), bars["events"].astype(int).tolist(), bars["patients"].astype(int).tolist()
        together = pool_shares(*counts, called=CENTRES, one_out=False)
    return Centres(year, "Year", groups, bars, together, by_centre.estimand.nobody)


def centre_shares_chart(
    by_centre: Yearly, *, years: Sequence[int] = (), outcome: str = "", look: Look = Look(), height: float | None = None
) -> alt.LayerChart:
    """Return a row for each centre and for all together, under a heading a year.

    Parameters
    ----------
    by_centre, years
        As for `centres_each_year`.
    outcome
        The definition of remission in words, if remission is counted.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; by default as many as the rows take.
    """
    shown, groups = centres_each_year(by_centre, years), group_order(by_centre.bars["group"])
    return forest_chart(
        centre_rows(shown),
        inks=dict(zip(groups, palette(look).lines(groups), strict=True)),
        title=f"{by_centre.estimand.title.format(remission=outcome)} (%)",
        look=look,
        height=height,
        note=centres_note(shown, "estimates" if is_estimated(by_centre) else "exact (Clopper-Pearson)"),
    )


def centre_shares_description(by_centre: Yearly, *, years: Sequence[int] = ()) -> str:
    """Return the alternative text; parameters as of `centres_each_year`."""
    return centres_described(centres_each_year(by_centre, years), "Year")


def centre_shares_reading(by_centre: Yearly, *, years: Sequence[int] = ()) -> str:
    """Return for each year what the centres say together, what a next one would see, and how much they differ.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> centre_shares_reading(yearly_remission(load_sample(), by="msc_source"), years=[1])
    'Year 1: 25 to 30 % in 2 centres. The spread between centres takes at least 3 of them.'
    """
    return centres_told(centres_each_year(by_centre, years))


def centre_shares_table(by_centre: Yearly, years: Sequence[int] = ()) -> pd.DataFrame:
    """Return the same in a table in words; parameters as of `centres_each_year`."""
    return centres_table(centres_each_year(by_centre, years))


def _numbers(by_centre: Yearly, *, years: Sequence[int] = (), **_: object) -> pd.DataFrame:
    return forest_numbers(centre_rows(centres_each_year(by_centre, years)), "year", "centre", "used")


CENTRE_SHARES = FigureKind(
    name="centre_shares",
    chart=centre_shares_chart,
    description=centre_shares_description,
    reading=centre_shares_reading,
    numbers=_numbers,
    columns=meanings(
        "year",
        "events",
        "patients",
        "lower",
        "upper",
        **FOREST,
        centre="a centre, or all together",
        share="of the denominator, as a fraction of 1",
    ),
    disclosure=NOT_WORKED_OUT,
    in_r=None,
    verdict=no_verdict,
)
