"""The Remission & relapse page: both per year, with the denominator shown."""

import streamlit as st

from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.yearly.relapse_counts import relapse_counts_table
from analysis.listings.years import left_out_of_years
from pages.controls import page_options, published_papers
from pages.shown import figure, lost_response, relapses, response_figures, response_parts, seen_at_visits, steroids
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.response_options import RESPONSE, of_relapse, relapse_rule

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
chosen = page_options.ask(RESPONSE, view.whole)
response_figures.check_remission(view, chosen)

relapse = None
left, right = figure.halves("response")
with left:
    remission = response_parts.remission(view, chosen)
with right:
    if relapse_rule(chosen).missing_columns(view.whole):
        st.info(response_figures.NO_RELAPSE)
    else:
        relapse = response_parts.relapse(view, chosen)
        counts = session.estimate(relapse_counts, view.cohort, **of_relapse(chosen), by=view.by)
        figure.numbers("Relapses in all", relapse_counts_table(counts))

methods = {"Remission.": remission.method}
if relapse:
    methods["Relapse."] = relapse.method
if view.by is not None:
    methods |= response_parts.differences(remission, relapse, chosen)
if relapse:
    methods |= relapses.every_relapse(view, chosen)
response_parts.ledger(view, remission.result)
response_parts.strip(view, chosen)
methods["Beside what was published."] = published_papers.show(view, chosen, response_figures.KINDS[: 1 + bool(relapse)])
methods["States over time."] = response_parts.states(view, chosen)
lost_response.losses(view, chosen)
methods |= response_parts.time_in_states(view, chosen)
methods |= steroids.sparing(view, chosen)
methods |= seen_at_visits.between_visits(view, chosen)
figure.how_made(view, methods)
left_out = remission.result.left_out
figure.left_out(view, int(left_out["patients"].sum()), lambda: left_out_of_years(view.cohort, remission.result))
