"""The Survival page: Kaplan-Meier curves, or cumulative incidence with competing events, and their comparison."""

import streamlit as st

from analysis.figures.common.markdown import plain
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.survival.curve_tables import steps_table
from analysis.listings.event_times import left_out_of_curves
from pages.controls import page_options, survival_papers
from pages.shown import behind, figure, month_slider, survival_comparison, survival_figure
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.survival_options import SURVIVAL, endpoint, events_counted

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
chosen = page_options.ask(SURVIVAL, view.whole)
asked = endpoint(chosen)
outcome = survival_figure.outcome(view, chosen)
if words := events_counted(chosen):
    st.caption(plain(words))

left, right = figure.pair("survival")
with left:
    month_slider.of_months(view.whole, chosen, lambda answers: survival_figure.draw(view, answers, outcome))
told = survival_figure.told(view, chosen, outcome)
with right:
    figure.choosable(
        view,
        "survival_times",
        "At chosen times (95 % interval)",
        told.times_words,
        lambda row, _: behind.time(view, asked).behind(dict(told.times.iloc[row])),
    )
    if told.medians is not None:
        figure.numbers("Patients, events, medians in months", told.medians)

methods = survival_comparison.show(view, chosen, outcome)
methods |= survival_papers.show(view, chosen)
with figure.folded("steps", "Every step of the curve as a table") as place:
    if place.open:
        figure.choosable(
            view,
            "steps",
            "Choose a number to see who left then",
            steps_table(told.steps),
            lambda row, _: behind.step(view, told.steps, asked).behind(dict(told.steps.iloc[row])),
        )
shown = told.shown
figure.how_made(view, {shown.question: shown.method, **methods}, shown.time_zero)
figure.left_out(view, told.left_out, lambda: left_out_of_curves(view.cohort, asked, by=view.by))
