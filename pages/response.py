"""The Remission & relapse page: both per year, with the denominator shown."""

import streamlit as st

from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.figures.common.markdown import plain
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.states.state_counts import states_table
from analysis.figures.yearly.relapse_counts import relapse_counts_table
from analysis.listings.years import left_out_of_years
from pages.controls import page_options
from pages.shown import figure, response_figures, take_home
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.response_options import RELAPSE_ESTIMAND, RESPONSE, of_relapse, relapse_rule, remission_rule

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
chosen = page_options.ask(RESPONSE, view.whole)
rule, relapse_by = remission_rule(chosen), relapse_rule(chosen)
lacking = rule.missing_columns(view.whole)
if lacking:
    raise NothingToShowError(
        f"Remission per year needs visits with the column {', '.join(lacking)}. The Cohort page tells what was read."
    )

remission = response_figures.remission(view, chosen)
if view.by is not None:
    response_figures.differences(remission, chosen)
response_figures.ledger(view, remission)

if relapse_by.missing_columns(view.whole):
    st.info("This cohort records no relapse: the patients have no relapse_months and the visits no relapse.")
else:
    relapse = response_figures.relapse(view, chosen, page_options.ask_one(RELAPSE_ESTIMAND, view.whole))
    counts = session.estimate(relapse_counts, view.cohort, **of_relapse(chosen), by=view.by)
    figure.numbers("Relapses in all", relapse_counts_table(counts))
    if view.by is not None:
        response_figures.differences(relapse, chosen)
response_figures.strip(view, chosen)

st.markdown("### Who is where over time?")
states = response_figures.states_result(view, chosen)
for group in states.table["group"].astype(str).unique():
    if group != "All":
        st.markdown(f"**{plain(group)}**")
    shown = response_figures.of_states(view, chosen, group)
    figure.draw(shown)
    take_home.offer(view, shown)
    with figure.folded(f"states_{group}", "The same as a table") as place:
        if place.open:
            figure.numbers("Patients by state", states_table(states, group=group))
figure.sources(view, [states.method])
figure.left_out(int(remission.left_out["patients"].sum()), lambda: left_out_of_years(view.cohort, remission))
