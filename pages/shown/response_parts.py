"""The parts of the Remission & relapse page: figures with tables, folds, and the patients behind bars and cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from analysis.estimates.states.share_of_time import share_of_time
from analysis.estimates.states.time_in_remission import time_in_remission
from analysis.estimates.yearly.reclassified import reclassified
from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.estimates.yearly.share_differences import share_differences
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.remission import RECORDED
from analysis.figures.common.markdown import plain
from analysis.figures.states.share_of_time import share_of_time_line, share_of_time_table
from analysis.figures.states.state_counts import states_table
from analysis.figures.states.time_in_remission import time_difference_table, time_line, time_table
from analysis.figures.yearly.behind_bars import reclassified_people
from analysis.figures.yearly.ledger_table import LEDGER_WORDS, ledger_table
from analysis.figures.yearly.relapse_counts import relapse_counts_table
from analysis.figures.yearly.share_differences import share_difference_table, share_differences_line
from analysis.figures.yearly.ways_reading import ways_line
from analysis.figures.yearly.yearly_tables import estimands_table, yearly_table
from analysis.listings.people import People
from analysis.listings.reclassified_patients import reclassified_patients
from pages.shown import behind, figure, people, standard, take_home
from pages.shown.response_figures import (
    KINDS,
    in_every_way,
    of_every_way,
    of_relapse_by_year,
    of_remission_by_year,
    of_states,
    relapse_result,
    remission_result,
    states_result,
)
from pages.state import session
from pages.state.option import Answers
from pages.state.response_options import (
    ESTIMAND,
    RELAPSE_ESTIMAND,
    RESPONSE_COUNTED,
    TIME_TO,
    WINDOW,
    of_relapse,
    remission_rule,
    small_numbers,
)

PLACES = {words: place for place, words in LEDGER_WORDS.items()}


@dataclass(frozen=True)
class Drawn:
    """A figure by year that was drawn.

    Attributes
    ----------
    result
        Its numbers.
    method
        How its numbers were computed.
    """

    result: Yearly
    method: str


def remission(view: session.View, chosen: Answers) -> Drawn:
    """Draw remission per year and its table."""
    result, shown = remission_result(view, chosen, chosen[ESTIMAND]), of_remission_by_year(view, chosen)
    _with_table(view, shown, "remission_table", result)
    if remission_rule(chosen) != RECORDED and "remission" in view.cohort.visit_columns:
        _reclassified(view, chosen, [int(year) for year in result.ledger["year"].unique()])
    return Drawn(result, shown.method)


def relapse(view: session.View, chosen: Answers) -> Drawn:
    """Draw relapse per year and its table."""
    estimand = chosen[RELAPSE_ESTIMAND]
    result, shown = relapse_result(view, chosen, estimand), of_relapse_by_year(view, chosen, estimand)
    _with_table(view, shown, "relapse_table", result)
    return Drawn(result, shown.method)


def all_relapses(view: session.View, chosen: Answers) -> None:
    """Draw how many relapses there are in all."""
    counts = session.estimate(relapse_counts, view.cohort, **of_relapse(chosen), by=view.by)
    figure.numbers("Relapses in all", relapse_counts_table(counts))


def _with_table(view: session.View, shown: session.Figure, table: str, result: Yearly) -> None:
    """Draw a yearly figure with its numbers; a bar and a cell open the drawer of those who are behind it."""
    who = behind.bar(view, result)
    figure.pickable(view, shown, who)
    words = session.drawn(yearly_table, result)
    figure.choosable(
        view, table, "By year (95 % interval)", words, lambda row, _: who.behind(dict(result.bars.iloc[row]))
    )


def differences(drawn: Mapping[str, Drawn], chosen: Answers) -> dict[str, str]:
    """Draw the differences between groups by outcome, if there are two groups; return how they were computed."""
    found = {outcome: share_differences(each.result, limits=small_numbers(chosen)) for outcome, each in drawn.items()}
    held = {outcome: each for outcome, each in found.items() if len(each.table)}
    if not held:
        return {}
    told = " ".join(f"{outcome}: {share_differences_line(each)}" for outcome, each in held.items())
    with figure.folded("differences", next(iter(held.values())).question, told) as place:
        if place.open:
            for side, (outcome, each) in zip(figure.halves("differences"), held.items(), strict=False):
                with side:
                    figure.numbers(outcome, share_difference_table(each))
    return {f"Differences in {outcome.lower()}.": each.method for outcome, each in held.items()}


def strip(view: session.View, chosen: Answers) -> None:
    """Draw remission and relapse by every way of counting."""
    ways = {kind: in_every_way(view, chosen, kind) for kind in KINDS}
    told = [f"{kind.capitalize()}. {session.drawn(ways_line, *counted.values())}" for kind, counted in ways.items()]
    with figure.folded(
        "ways", "How much does the way of counting change?", " ".join(told), told_inside=False
    ) as folded:
        if folded.open:
            for kind in KINDS:
                shown = of_every_way(view, chosen, kind)
                figure.small(view, shown)
                figure.answer(shown)
            every = {
                f"{kind.capitalize()}: {label.lower()}": result
                for kind, counted in ways.items()
                for label, result in counted.items()
            }
            figure.listing(estimands_table(*every.values(), titles=list(every)))


def ledger(view: session.View, result: Yearly) -> None:
    """Draw where all patients are in each year, and the patients behind what was clicked."""
    figures = {group: standard.ledger(view, result, group) for group in result.ledger["group"].astype(str).unique()}
    told = " ".join(each.reading for each in figures.values())
    with figure.folded("ledger", "Who is counted each year, and where are the others?", told) as place:
        if not place.open:
            return
        for group, side in figure.side_by_side("ledger", list(figures)):
            with side:
                figure.draw_pickable(view, figures[group], behind.place(view, result))
                take_home.offer(view, figures[group])
        title = "Patients by place (choose a number to see who)"
        figure.choosable(view, "ledger_table", title, session.drawn(ledger_table, result), partial(_at, view, result))


def _at(view: session.View, result: Yearly, row: int, column: str) -> People | None:
    """Return who is behind a number of the ledger."""
    year = dict(result.ledger.iloc[row])
    return behind.place(view, result).behind({**year, "place": PLACES[column]}) if column in PLACES else None


def states(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw how many are in which state over time; return how that was computed."""
    result = states_result(view, chosen)
    figures = {group: of_states(view, chosen, group) for group in result.table["group"].astype(str).unique()}
    told = " ".join(each.reading for each in figures.values())
    with figure.folded("states", "Who is where over time?", told) as place:
        if place.open:
            for group, side in figure.side_by_side("states", list(figures)):
                with side:
                    figure.draw(figures[group])
                    take_home.offer(view, figures[group])
                    figure.numbers("Patients by state", states_table(result, group=group))
    return {"States over time.": result.method}


def time_in_states(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw the mean time in each state and the share of observed time; return how they were computed."""
    asked = {"rule": remission_rule(chosen), "response": chosen[RESPONSE_COUNTED], "by": view.by}
    limits = small_numbers(chosen)
    mean = session.estimate(time_in_remission, view.cohort, months=chosen[TIME_TO], limits=limits, **asked)
    share = session.estimate(share_of_time, view.cohort, **asked)
    told = f"{session.drawn(time_line, mean)} {session.drawn(share_of_time_line, share)}"
    with figure.folded("time", mean.question, told) as place:
        if place.open:
            figure.numbers("Mean months (95 % interval)", session.drawn(time_table, mean, view.alone))
            if len(mean.differences):
                figure.numbers("Months in remission: difference", session.drawn(time_difference_table, mean))
            figure.numbers(share.question, session.drawn(share_of_time_table, share, view.alone))
    return {"Mean time in remission.": mean.method, "Share of observed time.": share.method}


def _reclassified(view: session.View, chosen: Answers, years: list[int]) -> None:
    rule, response, window_months = remission_rule(chosen), chosen[RESPONSE_COUNTED], chosen[WINDOW]
    found = session.estimate(reclassified, view.cohort, rule, response=response, window_months=window_months)
    shown = [int(year) for year in found.counts["year"] if int(year) in years]
    st.markdown("#### Against the recorded state, the rule")
    for year in shown:
        st.markdown(plain(f"Year {year}: {found.words(year)}"))
    if figure.rows_here(view, "Which patients they are") and st.button("Which patients", key="reclassified"):
        who = reclassified_patients(view.cohort, rule, response=response, window_months=window_months)
        people.show(view, reclassified_people(who, rule))
