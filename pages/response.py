"""The Remission & relapse page: both per year, with the denominator shown."""

from functools import partial

import streamlit as st

from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.states.lost_response import QUESTION as LOST
from analysis.listings.years import left_out_of_years
from pages.controls import page_options, published_papers
from pages.shown import figure, lost_response, relapses, response_figures, response_parts, seen_at_visits, steroids
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.response_options import RESPONSE, relapse_rule

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
chosen = page_options.ask(RESPONSE, view.whole)
response_figures.check_remission(view, chosen)

drawn: dict[str, response_parts.Drawn] = {}
left, right = figure.halves("response")
with left, figure.in_its_place("Remission per year"):
    drawn["Remission"] = response_parts.remission(view, chosen)
with right, figure.in_its_place("Relapse per year"):
    if relapse_rule(chosen).missing_columns(view.whole):
        st.info(response_figures.NO_RELAPSE)
    else:
        drawn["Relapse"] = response_parts.relapse(view, chosen)
        figure.parts({"Relapses in all": response_parts.all_relapses}, view, chosen)

methods = {f"{outcome}.": each.method for outcome, each in drawn.items()}
if view.by is not None:
    methods |= response_parts.differences(drawn, chosen)
if "Relapse" in drawn:
    methods |= figure.parts({"Every relapse": relapses.every_relapse}, view, chosen)
if "Remission" in drawn:
    response_parts.ledger(view, drawn["Remission"].result)
parts: dict[str, figure.Part] = {
    "How much does the way of counting change?": response_parts.strip,
    published_papers.QUESTION: partial(published_papers.show, kinds=response_figures.KINDS[: 1 + ("Relapse" in drawn)]),
    "Who is where over time?": response_parts.states,
    LOST: lost_response.losses,
    "How long are they in remission?": response_parts.time_in_states,
    steroids.QUESTION: steroids.sparing,
    seen_at_visits.TITLE: seen_at_visits.between_visits,
}
methods |= figure.parts(parts, view, chosen)
figure.how_made(view, methods)
if "Remission" in drawn:
    result = drawn["Remission"].result
    patients = int(result.left_out["patients"].sum())
    figure.left_out(view, patients, lambda: left_out_of_years(view.cohort, result))
