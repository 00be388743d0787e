"""The Survival page: Kaplan-Meier curves, or cumulative incidence with competing events, and their comparison."""

import streamlit as st

from analysis.facts.endpoints import endpoint_times
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.description.patient_tables import patient_list
from analysis.figures.survival.curve_tables import steps_table
from analysis.listings.event_times import at_risk_at, event_times, leaving_at, left_out_of_curves
from pages.controls import page_options
from pages.shown import figure, survival_comparison, survival_figure
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.survival_options import SURVIVAL, endpoint

WHO = ["patient_id", "months", "ended"]

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
chosen = page_options.ask(SURVIVAL, view.whole)
asked = endpoint(chosen)
outcome = endpoint_times(view.cohort, asked)
if not outcome.has.any():
    raise NothingToShowError(f"{outcome.name}: no patient under these filters has this outcome.")

left, right = figure.pair("survival")
with left:
    drawn = survival_figure.draw(view, chosen, outcome)
with right:
    cell = figure.choosable("survival_times", "At chosen times (95 % interval)", drawn.times_words)
    if drawn.medians is not None:
        figure.numbers("Patients, events, medians in months", drawn.medians)

step = None
with figure.folded("steps", "Every step of the curve as a table") as place:
    if place.open:
        step = figure.choosable("steps", "Choose a number to see who left then", steps_table(drawn.steps))
picked = [*drawn.picked, *([dict(drawn.steps.iloc[step[0]])] if step else [])]

if picked or cell:
    members = session.estimate(event_times, view.cohort, asked, by=view.by)
    for at in picked:
        leaving = leaving_at(members, at["group"], at["months"])
        title = f"{at['group']}, at {at['months']:g} months: with the event, a competing event, or last seen"
        figure.patients(title, patient_list(view.cohort, leaving[WHO]))
    if cell:
        at = drawn.times.iloc[cell[0]]
        there = at_risk_at(members, at["group"], at["months"])
        figure.patients(f"{at['group']}, at risk at {at['months']:g} months", patient_list(view.cohort, there[WHO]))
else:
    st.caption("Click a step of the curve or a cell of the table to see which patients are behind it.")

survival_comparison.show(view, chosen, outcome)
figure.left_out(drawn.left_out, lambda: left_out_of_curves(view.cohort, asked, by=view.by))
