"""The figures of the Remission & relapse page."""

from __future__ import annotations

from typing import Any

from analysis import yearly_relapse, yearly_remission
from analysis.estimates.states.state_counts import StateCounts, state_counts
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.remission import remission_words
from analysis.figures.states.state_counts import STATE_COUNTS
from analysis.figures.yearly.beside_published import BESIDE_PUBLISHED, published_line
from analysis.figures.yearly.ways_of_counting import WAYS_OF_COUNTING
from analysis.figures.yearly.ways_reading import way_line, ways_line
from analysis.figures.yearly.yearly import YEARLY
from analysis.figures.yearly.yearly_bars import Kind
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.published_options import BESIDE, PUBLISHED, YEARS_BESIDE, papers
from pages.state.response_options import (
    ESTIMAND,
    RELAPSE_ESTIMAND,
    RESPONSE_COUNTED,
    SHARE_INTERVAL,
    SHOWS_RANGE,
    WINDOW,
    of_relapse,
    of_remission,
    relapse_rule,
    remission_rule,
    small_numbers,
)

NO_RELAPSE = "This cohort records no relapse: the patients have no relapse_months and the visits no relapse."
HOW_POOLED = (
    "Published shares with exact (Clopper-Pearson) limits; from three on taken together by a binomial-normal model "
    "with random effects, whose prediction interval is that of the true share in a next centre."
)
KINDS: tuple[Kind, ...] = ("remission", "relapse")


def check_remission(view: session.View, chosen: Answers) -> None:
    """Raise NothingToShowError if the cohort lacks a column of the chosen rule."""
    lacking = remission_rule(chosen).missing_columns(view.whole)
    if lacking:
        raise NothingToShowError(
            f"Remission per year needs visits with the column {', '.join(lacking)}. The Cohort page tells what was "
            "read."
        )


def remission_result(view: session.View, chosen: Answers, estimand: str) -> Yearly:
    """Return remission per year by one estimand."""
    return session.estimate(
        yearly_remission,
        view.cohort,
        estimand=estimand,
        interval=chosen[SHARE_INTERVAL],
        by=view.by,
        **of_remission(chosen),
    )


def relapse_result(view: session.View, chosen: Answers, estimand: str) -> Yearly:
    """Return relapse per year by one estimand."""
    return session.estimate(
        yearly_relapse,
        view.cohort,
        estimand=estimand,
        **of_relapse(chosen),
        window_months=chosen[WINDOW],
        interval=chosen[SHARE_INTERVAL],
        by=view.by,
    )


def of_remission_by_year(view: session.View, chosen: Answers) -> session.Figure:
    """Return the figure of remission per year."""
    estimand = chosen[ESTIMAND]
    result = remission_result(view, chosen, estimand)
    words = remission_words(remission_rule(chosen), chosen[RESPONSE_COUNTED])
    possible = None
    if chosen[SHOWS_RANGE]:
        possible = session.estimate(
            remission_range,
            view.cohort,
            estimand=estimand,
            by=view.by,
            **of_remission(chosen),
        )
    shown = session.Figure(
        key="remission",
        question=result.question,
        chart=session.chart(
            YEARLY, result, kind="remission", remission=words, possible=possible, look=view.look, **marks(view, chosen)
        ),
        alt_text=session.drawn(YEARLY.description, result, **marks(view, chosen)),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading.format(remission=words)),
        method=result.method if possible is None else f"{result.method} {possible.method}",
    )
    return shown if view.by is None else session.compared(shown, result, remission=words, limits=small_numbers(chosen))


def of_relapse_by_year(view: session.View, chosen: Answers, estimand: str) -> session.Figure:
    """Return the figure of relapse per year."""
    result = relapse_result(view, chosen, estimand)
    shown = session.Figure(
        key="relapse",
        question=result.question,
        chart=session.chart(YEARLY, result, kind="relapse", look=view.look, **marks(view, chosen)),
        alt_text=session.drawn(YEARLY.description, result, **marks(view, chosen)),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading),
        method=result.method,
    )
    return shown if view.by is None else session.compared(shown, result, limits=small_numbers(chosen))


def marks(view: session.View, chosen: Answers) -> dict[str, Any]:
    """Return the option of yearly bars for published marks, if these are asked for."""
    if not chosen[PUBLISHED]:
        return {}
    return {"published": papers(settled(BESIDE, view.whole), synthetic=view.synthetic)}


def of_beside(view: session.View, chosen: Answers, kind: Kind, years: tuple[int, ...] | None = None) -> session.Figure:
    """Return the figure of remission or relapse beside what was published, of the chosen years or of others."""
    asked = settled(BESIDE, view.whole)
    told = {
        "papers": papers(asked, synthetic=view.synthetic),
        "years": asked[YEARS_BESIDE] if years is None else years,
    }
    if kind == "remission":
        result = remission_result(view, chosen, chosen[ESTIMAND])
        words = {"remission": remission_words(remission_rule(chosen), chosen[RESPONSE_COUNTED])}
    else:
        result, words = relapse_result(view, chosen, chosen[RELAPSE_ESTIMAND]), {}
    return session.Figure(
        key=f"beside_{kind}",
        question=f"How does {kind} stand beside what was published?",
        chart=session.chart(BESIDE_PUBLISHED, result, kind=kind, look=view.look, **told, **words),
        alt_text=session.drawn(BESIDE_PUBLISHED.description, result, **told),
        reading=session.drawn(BESIDE_PUBLISHED.reading, result, **told),
        method=f"{result.method} {HOW_POOLED}",
    )


def beside_line(view: session.View, chosen: Answers, kind: Kind) -> str:
    """Return what was published of remission or relapse, in a line."""
    shown = of_beside(view, chosen, kind)
    asked = settled(BESIDE, view.whole)
    return session.drawn(
        published_line, shown.result, papers=papers(asked, synthetic=view.synthetic), years=asked[YEARS_BESIDE]
    )


def of_states(view: session.View, chosen: Answers, group: str) -> session.Figure:
    """Return the figure of one group's states over time."""
    states = states_result(view, chosen)
    return session.Figure(
        key=f"states_{group}",
        question="Who is where over time?",
        chart=session.chart(STATE_COUNTS, states, group=group, look=view.look),
        alt_text=session.drawn(STATE_COUNTS.description, states, group=group),
        reading=session.drawn(STATE_COUNTS.reading, states, group=group),
        method=states.method,
    )


def states_result(view: session.View, chosen: Answers) -> StateCounts:
    """Return how many patients are in each state over time."""
    return session.estimate(
        state_counts, view.cohort, rule=remission_rule(chosen), relapse=relapse_rule(chosen), by=view.by
    )


def in_every_way(view: session.View, chosen: Answers, kind: Kind) -> dict[str, Yearly]:
    """Return remission or relapse per year by all estimands, by their labels."""
    if kind == "remission":
        return {each.label: remission_result(view, chosen, name) for name, each in REMISSION_ESTIMANDS.items()}
    return {each.label: relapse_result(view, chosen, name) for name, each in RELAPSE_ESTIMANDS.items()}


def of_every_way(view: session.View, chosen: Answers, kind: Kind, reached: str = "") -> session.Figure:
    """Return the figure of remission or relapse by all estimands, or up to the one that is reached by its label."""
    counted = in_every_way(view, chosen, kind)
    titles, results = list(counted), list(counted.values())
    told = titles[: titles.index(reached) + 1] if reached else titles
    *before, last = (counted[title] for title in told)
    return session.Figure(
        key=f"every_{kind}",
        question=f"How many have a {kind}, counted in every way?",
        chart=session.chart(WAYS_OF_COUNTING, *results, titles=titles, reached=reached, look=view.look),
        alt_text=session.drawn(WAYS_OF_COUNTING.description, *before, last, titles=told),
        reading=_told_ways(view, last, before, reached),
        method=" ".join(dict.fromkeys(result.method for result in results)),
    )


def _told_ways(view: session.View, last: Yearly, before: list[Yearly], reached: str) -> str:
    """Return what the ways say; on the stage each says its own, and all of them only how the same patients part."""
    if reached:
        return session.drawn(way_line, last, *before)
    return session.drawn(ways_line if view.look.on_stage else WAYS_OF_COUNTING.reading, *before, last)
