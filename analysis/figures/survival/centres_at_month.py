"""Survival at a month in several centres, together, and what a next centre would see (forest)."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.disclosure.refused import NOT_WORKED_OUT
from analysis.estimates.pooling.binomial_normal import CENTRES
from analysis.estimates.pooling.pooled_survival import pool_survival
from analysis.estimates.survival.kaplan_meier import KaplanMeier
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
from analysis.figures.common.number_words import count_or_hidden, share_words
from analysis.figures.common.theme import Look, group_order, palette

NOT_FOLLOWED = "nobody followed so far"


def centres_at_month(by_centre: KaplanMeier, months: float) -> Centres:
    """Return the survival of the centres at a month.

    Parameters
    ----------
    by_centre
        Kaplan-Meier curves with a group for each centre.
    months
        The month.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> found = centres_at_month(kaplan_meier(load_sample(), by="msc_source"), 12)
    >>> found.each[["group", "counts", "words"]].to_numpy().tolist()
    [['BM', '44 at risk', '98 % (85–100)'], ['UC', '40 at risk', '98 % (84–100)']]
    """
    sizes = dict(zip(by_centre.summary["group"].astype(str), by_centre.summary["patients"], strict=True))
    at = by_centre.at([months]).astype({"group": str})
    at = at[at["survival"].notna() & at["at_risk"].notna()].rename(
        columns={"survival": "share", "cumulative_events": "events"}
    )
    at = at.assign(patients=at["group"].map(sizes))
    at = at.assign(words=share_words(at), counts=[f"{count_or_hidden(number)} at risk" for number in at["at_risk"]])
    together = pool_survival(by_centre, months, CENTRES) if len(at) and at["events"].notna().all() else None
    return Centres(months, "Month", tuple(group_order(by_centre.curve["group"])), at, together, NOT_FOLLOWED)


def centre_survival_chart(
    by_centre: KaplanMeier,
    *,
    months: float = 12.0,
    y_title: str = "Alive (%)",
    look: Look = Look(),
    height: float | None = None,
) -> alt.LayerChart:
    """Return a row for each centre and for all together.

    Parameters
    ----------
    by_centre, months
        As for `centres_at_month`.
    y_title
        Title of the axis of shares.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels; by default as many as the rows take.
    """
    shown, groups = [centres_at_month(by_centre, months)], group_order(by_centre.curve["group"])
    return forest_chart(
        centre_rows(shown),
        inks=dict(zip(groups, palette(look).lines(groups), strict=True)),
        title=y_title,
        look=look,
        height=height,
        note=centres_note(shown, f"{by_centre.interval} Kaplan-Meier"),
    )


def centre_survival_description(by_centre: KaplanMeier, *, months: float = 12.0) -> str:
    """Return the alternative text; parameters as of `centres_at_month`."""
    return centres_described([centres_at_month(by_centre, months)], "Month")


def centre_survival_reading(by_centre: KaplanMeier, *, months: float = 12.0) -> str:
    """Return what the centres say together, what a next one would see, and how much they differ.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> centre_survival_reading(kaplan_meier(load_sample(), by="msc_source"), months=12)
    'Month 12: 98 % in 2 centres. The spread between centres takes at least 3 of them.'
    """
    return centres_told([centres_at_month(by_centre, months)])


def centre_survival_table(by_centre: KaplanMeier, months: float) -> pd.DataFrame:
    """Return the same in a table in words; parameters as of `centres_at_month`."""
    return centres_table([centres_at_month(by_centre, months)], "Events / N")


def _numbers(by_centre: KaplanMeier, *, months: float = 12.0, **_: object) -> pd.DataFrame:
    return forest_numbers(centre_rows([centres_at_month(by_centre, months)]), "months", "centre", "used")


CENTRE_SURVIVAL = FigureKind(
    name="centre_survival",
    chart=centre_survival_chart,
    description=centre_survival_description,
    reading=centre_survival_reading,
    numbers=_numbers,
    columns=meanings(
        "months",
        "lower",
        "upper",
        **FOREST,
        centre="a centre, or all together",
        events="patients with the event up to the month",
        patients="all patients of the centre",
        share="Kaplan-Meier estimate at the month, or what is pooled, as a fraction of 1",
    ),
    disclosure=NOT_WORKED_OUT,
    in_r=None,
    verdict=no_verdict,
)
