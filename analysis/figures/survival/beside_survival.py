"""One's own survival at published months beside what was published of it (forest)."""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd

from analysis.centres.comparable import Papers, comparable
from analysis.disclosure.shared_curves import shared_survival
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.beside import OWN, Beside, beside_rows, pooled_beside
from analysis.figures.common.beside_tables import beside_table, leave_one_out, not_drawn
from analysis.figures.common.beside_words import beside_described, beside_note, beside_told, published_told
from analysis.figures.common.forest import forest_chart, forest_numbers
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import FOREST, meanings
from analysis.figures.common.number_words import count_or_hidden, share_words
from analysis.figures.common.theme import Look, group_order, palette
from analysis.figures.survival.published_survival import CRUDE, DEATHS, published_months

NOTE = "published: shares of those enrolled, here Kaplan-Meier"


def beside_each_month(result: KaplanMeier, papers: Papers) -> list[Beside]:
    """Return what was published of survival at each month that a paper tells, beside one's own.

    One's own survival is an estimate and no fraction of patients: it is never pooled with the published shares.

    Parameters
    ----------
    result
        One's own overall survival.
    papers
        The published numbers, and how they are pooled.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.centres.published_list import published_facts
    >>> for each in beside_each_month(kaplan_meier(load_sample()), Papers(published_facts(), "every")):
    ...     print(each.name, [published.name for published in each.published])
    Month 6 ['Deng 2017', 'Deng 2017 (placebo)']
    Month 12 ['Wang 2014', 'Gu 2014']
    Month 60 ['Wang 2018']
    """
    return [_beside(result, replace(papers, with_own=False), month) for month in published_months(papers)]


def _beside(result: KaplanMeier, papers: Papers, month: float) -> Beside:
    published = comparable(papers, DEATHS, month, 0.0)
    together, pooled = pooled_beside(published, without=True)
    at = result.at([month]).astype({"group": str}).rename(columns={"survival": "share", "cumulative_events": "events"})
    sizes = dict(zip(result.summary["group"].astype(str), result.summary["patients"], strict=True))
    at = at[at["share"].notna()].assign(patients=lambda own: own["group"].map(sizes))
    own = at.assign(words=share_words(at), counts=[f"{count_or_hidden(number)} at risk" for number in at["at_risk"]])
    return Beside(
        at=month,
        unit="Month",
        groups=tuple(group_order(result.curve["group"])),
        own=own,
        published=tuple(published),
        together=together,
        pooled=pooled,
        same=DEATHS.same,
        without=True,
        always=(CRUDE,),
        nobody="nobody followed so far",
    )


def beside_survival_chart(
    result: KaplanMeier,
    *,
    papers: Papers,
    y_title: str = "Alive (%)",
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return a row for one's own survival, for each published one and for all taken together, under a heading a month.

    Parameters
    ----------
    result, papers
        As for `beside_each_month`.
    y_title
        Title of the axis of shares.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; by default as many as the rows take.
    """
    shown, colours = beside_each_month(result, papers), palette(look)
    groups = group_order(result.curve["group"])
    inks = dict(zip(groups, colours.lines(groups), strict=True))
    return forest_chart(
        beside_rows(shown),
        inks=inks if len(groups) > 1 else {OWN: colours.lines(groups)[0]},
        title=y_title,
        look=look,
        height=height,
        note=[*beside_note(shown, replace(papers, with_own=False)), NOTE],
    )


def beside_survival_reading(result: KaplanMeier, *, papers: Papers) -> str:
    """Return for each month one's own survival, what was published, and what a next centre would see.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.centres.published_list import published_facts
    >>> facts = tuple(fact for fact in published_facts() if fact.months == 6)
    >>> beside_survival_reading(kaplan_meier(load_sample()), papers=Papers(facts))
    'Month 6: here 99 % (92–100), published 92 % in 1 paper, with placebo 100 % in 1 paper. What a next centre would \
see takes 3 pooled; there is none.'
    """
    return beside_told(beside_each_month(result, papers), papers)


def beside_survival_description(result: KaplanMeier, *, papers: Papers) -> str:
    """Return the alternative text; parameters as of `beside_each_month`."""
    return beside_described(beside_each_month(result, papers), "Month")


def published_survival_line(papers: Papers) -> str:
    """Return what was published of survival in one line."""
    found = [(f"Month {month:g}", comparable(papers, DEATHS, month, 0.0)) for month in published_months(papers)]
    return published_told(found, without=True) or "Nothing was published."


def months_table(result: KaplanMeier, papers: Papers) -> pd.DataFrame:
    """Return the rows of the forest as words; parameters as of `beside_each_month`."""
    return beside_table(beside_each_month(result, papers), "Month")


def months_without_one(result: KaplanMeier, papers: Papers) -> pd.DataFrame:
    """Return all but one study taken together; parameters as of `beside_each_month`."""
    return leave_one_out(beside_each_month(result, papers))


def months_not_drawn(result: KaplanMeier, papers: Papers) -> pd.DataFrame:
    """Return the published numbers of deaths that are in no row, and why; parameters as of `beside_each_month`."""
    return not_drawn(beside_each_month(result, papers), papers, DEATHS.measure, 0.0)


def _numbers(result: KaplanMeier, *, papers: Papers, **_: object) -> pd.DataFrame:
    rows = beside_rows(beside_each_month(result, papers))
    return forest_numbers(rows, "months", "study", "counted", "defined", "differs", "used")


BESIDE_SURVIVAL = FigureKind(
    name="beside_survival",
    chart=beside_survival_chart,
    description=beside_survival_description,
    reading=beside_survival_reading,
    numbers=_numbers,
    columns=meanings(
        "months",
        "lower",
        "upper",
        **FOREST,
        study="this cohort or one of its groups, a paper, or all that are pooled",
        events="patients who died up to the month",
        patients="all patients; of papers those enrolled",
        share="alive at the month, as a fraction of 1; of this cohort the Kaplan-Meier estimate",
    ),
    disclosure=shared_survival,
    in_r=None,
    verdict=no_verdict,
)
