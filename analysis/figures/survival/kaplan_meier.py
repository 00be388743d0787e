"""Kaplan-Meier curves above the numbers at risk, with events and censored."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.centres.comparable import Papers
from analysis.centres.published_curve import PublishedCurve
from analysis.disclosure.shared_curves import shared_survival
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.axes import cut_sentence, longest_time, month_ticks, months_title
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.meanings import meanings
from analysis.figures.common.published_marks import marks_described
from analysis.figures.common.theme import Look, group_order
from analysis.figures.survival.curve_readings import survival_reading
from analysis.figures.survival.curve_verdicts import survival_verdict
from analysis.figures.survival.curves import (
    WHOLE,
    StepCurves,
    curve_sentences,
    cut_axis_note,
    number_cells,
    step_chart,
)
from analysis.figures.survival.drawn_curves import lines_behind
from analysis.figures.survival.month_rule import month_words, readings
from analysis.figures.survival.paper_curves import of_papers, paper_words
from analysis.figures.survival.published_survival import published_survival
from analysis.figures.survival.r_curves import survival_in_r
from analysis.figures.survival.told_curves import survival_curves

HEIGHT = 340
ROWS = {"At risk": ("at_risk",), "Events": ("cumulative_events",), "Censored": ("cumulative_censored",)}
TOLD = {"at_risk": "At risk", "events": "Events at that time", "censored": "Censored at that time"}


def survival_chart(
    result: KaplanMeier,
    *,
    look: Look = Look(),
    whole: KaplanMeier | None = None,
    height: float | None = None,
    compact: bool = False,
    y_title: str = "Alive (%)",
    failure: bool = False,
    until: float | None = None,
    few_at_risk: int = FEW_AT_RISK,
    lowest: int = 0,
    read_at: float | None = None,
    published: Papers | None = None,
    reconstructed: tuple[PublishedCurve, ...] = (),
) -> alt.LayerChart:
    """Return the curves with their bands, and the numbers at risk, with the event, and censored.

    Parameters
    ----------
    result
        The curves.
    look
        How the figure is drawn.
    whole
        The curve of the whole cohort, drawn in grey behind a filtered one.
    height
        Height of the plot in pixels, without axis and rows of numbers; the default depends on the look.
    compact
        Only the row of numbers at risk, for a small figure; always so on the stage.
    y_title
        Title of the y axis.
    failure
        Whether the curves show the share with the event, and rise.
    until
        The end of the time axis, in months; the default is the end of the curves.
    few_at_risk
        With fewer at risk, a curve is thin and finely dashed.
    lowest
        Where the axis of curves that fall starts, in percent; the figure says so if that is not 0.
    read_at
        The month at which a rule stands, with all groups' values; under the pointer it moves to other months. A small
        figure has none.
    published
        Published numbers of deaths, drawn as grey marks; they are in no test.
    reconstructed
        Curves that were read off papers, drawn dashed behind; they are in no test.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> chart = survival_chart(kaplan_meier(load_sample(), by="msc_source"), y_title="Alive (%)")
    >>> chart.to_html().lstrip()[:15]
    '<!DOCTYPE html>'
    """
    reads, rows = look.has_rule(read_at), dict(list(ROWS.items())[:1]) if compact else look.rows(ROWS)
    longest = until or longest_time(result.curve["months"], *([whole.curve["months"]] if whole else []))
    curves = StepCurves(
        groups=group_order(result.curve["group"]),
        table=_shares(result, failure),
        behind=[
            *lines_behind({"whole": _shares(whole, failure).assign(group=WHOLE)} if whole else {}, longest),
            *lines_behind({"paper": of_papers(reconstructed, failure=failure)} if reconstructed else {}, longest),
        ],
        papers={curve.label: curve.name for curve in reconstructed},
        rows=number_cells(result.at(month_ticks(longest)), rows),
        told=TOLD,
        patients=dict(zip(result.summary["group"].astype(str), result.summary["patients"], strict=True)),
        time_zero=result.time_zero,
        longest=longest,
        few_at_risk=few_at_risk,
        level=result.level,
        lowest=0 if failure else lowest,
        readings=readings(survival_curves(result, failure), longest, read_at) if reads and not compact else None,
        published=None if published is None else _marks(published, longest, failure, lowest),
    )
    return step_chart(curves, look=look, height=height or look.height(HEIGHT), y_title=y_title)


def survival_description(
    result: KaplanMeier,
    *,
    failure: bool = False,
    until: float | None = None,
    few_at_risk: int = FEW_AT_RISK,
    lowest: int = 0,
    read_at: float | None = None,
    published: Papers | None = None,
    reconstructed: tuple[PublishedCurve, ...] = (),
) -> str:
    """Return the alternative text; options as for `survival_chart`."""
    what = "One minus Kaplan-Meier" if failure else "Kaplan-Meier"
    start = f"{what} curves in per cent over {months_title(result.time_zero).lower()}."
    state = "with the event" if failure else "without the event"
    read = month_words(survival_curves(result, failure), read_at)
    reading = survival_reading(result, state, failure=failure, few=few_at_risk, until=until)
    cut = cut_sentence(cut_axis_note(0 if failure else lowest))
    sentences = curve_sentences(_shares(result, failure), result.summary, until)
    if published is not None:
        longest = until or longest_time(result.curve["months"])
        sentences = [*sentences, *marks_described(published_survival(published, longest, failure=failure), "month")]
    sentences = [*sentences, *map(paper_words, reconstructed)]
    return " ".join(filter(None, [start, *cut, *sentences, reading, read]))


def _shares(result: KaplanMeier, failure: bool) -> pd.DataFrame:
    """Return the curves as the share without the event, or with it, whose limits change places."""
    curve = result.curve.rename(columns={"survival": "share"})
    if not failure:
        return curve
    return curve.assign(share=1 - curve["share"], lower=1 - curve["upper"], upper=1 - curve["lower"])


def _marks(papers: Papers, longest: float, failure: bool, lowest: int) -> pd.DataFrame:
    """Return the published shares, cut where the axis starts."""
    marks = published_survival(papers, longest, failure=failure)
    marks = marks[failure | (marks["share"] > lowest)]
    return marks if failure else marks.assign(lower=marks["lower"].clip(lower=lowest))


def _numbers(result: KaplanMeier, **_: object) -> pd.DataFrame:
    return result.curve


KAPLAN_MEIER = FigureKind(
    name="kaplan_meier",
    chart=survival_chart,
    description=survival_description,
    reading=survival_reading,
    numbers=_numbers,
    columns=meanings(
        "group",
        "months",
        "at_risk",
        "events",
        "censored",
        "lower",
        "upper",
        survival="Kaplan-Meier estimate, as a fraction of 1",
    ),
    disclosure=shared_survival,
    in_r=survival_in_r,
    verdict=survival_verdict,
)
