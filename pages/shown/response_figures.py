"""The figures of the Remission & relapse page, and the patients behind their bars and cells."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis import Cohort, yearly_relapse, yearly_remission
from analysis.estimates.states.state_counts import StateCounts, state_counts
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.reclassified import reclassified
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.share_differences import share_differences
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.remission import RECORDED, remission_words
from analysis.figures.common.markdown import plain
from analysis.figures.description.patient_tables import patient_list
from analysis.figures.states.state_counts import STATE_COUNTS
from analysis.figures.yearly.behind_bars import behind_bar, behind_place
from analysis.figures.yearly.estimand_strip import ESTIMAND_STRIP
from analysis.figures.yearly.ledger_table import LEDGER_WORDS, ledger_table
from analysis.figures.yearly.share_differences import share_difference_table
from analysis.figures.yearly.yearly import YEARLY
from analysis.figures.yearly.yearly_bars import Kind
from analysis.figures.yearly.yearly_tables import estimands_table, yearly_table
from analysis.listings.reclassified_patients import reclassified_patients
from analysis.listings.years import yearly_members
from pages.shown import figure, standard, take_home
from pages.state import session
from pages.state.option import Answers
from pages.state.response_options import (
    ESTIMAND,
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

KINDS: tuple[Kind, ...] = ("remission", "relapse")
PLACES = {words: place for place, words in LEDGER_WORDS.items()}


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
    return session.Figure(
        key="remission",
        question=result.question,
        chart=session.chart(YEARLY, result, kind="remission", remission=words, possible=possible, look=view.look),
        alt_text=session.drawn(YEARLY.description, result),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading.format(remission=words)),
        method=result.method if possible is None else f"{result.method} {possible.method}",
    )


def of_relapse_by_year(view: session.View, chosen: Answers, estimand: str) -> session.Figure:
    """Return the figure of relapse per year."""
    result = relapse_result(view, chosen, estimand)
    return session.Figure(
        key="relapse",
        question=result.question,
        chart=session.chart(YEARLY, result, kind="relapse", look=view.look),
        alt_text=session.drawn(YEARLY.description, result),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading),
        method=result.method,
    )


def remission(view: session.View, chosen: Answers) -> Yearly:
    """Draw remission per year, its table, and the patients behind what was clicked."""
    result = remission_result(view, chosen, chosen[ESTIMAND])
    years = [int(year) for year in result.ledger["year"].unique()]
    left, right = figure.pair("remission")
    with left:
        picked = figure.pickable(view, of_remission_by_year(view, chosen))
    with right:
        cell = figure.choosable("remission_table", "By year (95 % interval)", session.drawn(yearly_table, result))
        if remission_rule(chosen) != RECORDED and "remission" in view.cohort.visit_columns:
            _reclassified(view.cohort, chosen, years)
    behind(view.cohort, result, picked, cell)
    return result


def relapse(view: session.View, chosen: Answers, estimand: str) -> Yearly:
    """Draw relapse per year, its table, and the patients behind what was clicked."""
    result = relapse_result(view, chosen, estimand)
    left, right = figure.pair("relapse")
    with left:
        picked = figure.pickable(view, of_relapse_by_year(view, chosen, estimand))
    with right:
        cell = figure.choosable("relapse_table", "By year (95 % interval)", session.drawn(yearly_table, result))
    behind(view.cohort, result, picked, cell)
    return result


def of_states(view: session.View, chosen: Answers, group: str) -> session.Figure:
    """Return the figure of one group's states over time."""
    states = states_result(view, chosen)
    return session.Figure(
        key=f"states_{group}",
        question="Who is where over time?",
        chart=session.chart(STATE_COUNTS, states, group=group, look=view.look),
        alt_text=session.drawn(STATE_COUNTS.description, states, group=group),
        reading="",
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


def of_every_way(view: session.View, chosen: Answers, kind: Kind) -> session.Figure:
    """Return the figure of remission or relapse by all estimands."""
    counted = in_every_way(view, chosen, kind)
    titles, results = list(counted), list(counted.values())
    return session.Figure(
        key=f"every_{kind}",
        question=f"How many have a {kind}, counted in every way?",
        chart=session.chart(ESTIMAND_STRIP, *results, titles=titles, kind=kind, look=view.look),
        alt_text=session.drawn(ESTIMAND_STRIP.description, *results, titles=titles),
        reading=session.drawn(ESTIMAND_STRIP.reading, *results),
        method=" ".join(dict.fromkeys(result.method for result in results)),
    )


def strip(view: session.View, chosen: Answers) -> None:
    """Draw all estimands of remission and relapse as small figures."""
    st.markdown("#### The same patients, counted in every way")
    for kind in KINDS:
        shown = of_every_way(view, chosen, kind)
        figure.draw(shown)
        if shown.reading:
            st.markdown(plain(shown.reading))
        take_home.offer(view, shown)
    with figure.folded("estimands_table", "The same as a table") as folded:
        if folded.open:
            every = {
                f"{kind.capitalize()}: {label.lower()}": result
                for kind in KINDS
                for label, result in in_every_way(view, chosen, kind).items()
            }
            figure.listing(estimands_table(*every.values(), titles=list(every)))


def ledger(view: session.View, result: Yearly) -> None:
    """Draw where all patients are in each year, and the patients behind what was clicked."""
    st.markdown("### Who is counted each year, and where are the others?")
    picked: list[dict[str, Any]] = []
    for group in result.ledger["group"].astype(str).unique():
        if group != "All":
            st.markdown(f"**{plain(group)}**")
        shown = standard.ledger(view, result, group)
        picked += figure.draw_pickable(shown)
        take_home.offer(view, shown)
    cell = None
    with figure.folded("ledger_table", "The same as a table") as place:
        if place.open:
            title = "Patients by place (choose a number to see who)"
            cell = figure.choosable("ledger_table", title, session.drawn(ledger_table, result))
    if cell and cell[1] in PLACES:
        row = result.ledger.iloc[cell[0]]
        picked.append({"group": str(row["group"]), "year": int(row["year"]), "place": PLACES[cell[1]]})
    for pick in picked:
        members = yearly_members(view.cohort, result)
        title, who = behind_place(members, str(pick["group"]), int(pick["year"]), pick["place"])
        figure.patients(title, patient_list(view.cohort, who))


def differences(result: Yearly, chosen: Answers) -> None:
    """Draw the differences between groups, if there are two."""
    found = share_differences(result, limits=small_numbers(chosen))
    if len(found.table):
        figure.numbers(found.question, share_difference_table(found))
        st.caption(plain(found.method))


def behind(cohort: Cohort, result: Yearly, picked: list[dict[str, Any]], cell: tuple[int, str] | None) -> None:
    """List the patients in numerator and denominator of the chosen bars and cells."""
    counted = result.estimand.numerator(result.settings.of_each.remission_words)
    chosen = list(picked)
    if cell:
        row = result.bars.iloc[cell[0]]
        chosen.append({"group": str(row["group"]), "year": int(row["year"])})
    for pick in chosen:
        title, who = behind_bar(yearly_members(cohort, result), str(pick["group"]), int(pick["year"]), counted)
        figure.patients(title, patient_list(cohort, who))


def _reclassified(cohort: Cohort, chosen: Answers, years: list[int]) -> None:
    rule, response, window_months = remission_rule(chosen), chosen[RESPONSE_COUNTED], chosen[WINDOW]
    found = session.estimate(reclassified, cohort, rule, response=response, window_months=window_months)
    shown = [int(year) for year in found.counts["year"] if int(year) in years]
    st.markdown("#### Against the recorded state, the rule")
    for year in shown:
        st.markdown(plain(f"Year {year}: {found.words(year)}"))
    with figure.folded("reclassified", "Which patients") as place:
        if place.open:
            who = reclassified_patients(cohort, rule, response=response, window_months=window_months)
            figure.patients("Reclassified", patient_list(cohort, who))
