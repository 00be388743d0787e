"""The Disease activity page: SLEDAI and every other numeric measure over time."""

from typing import Any

import streamlit as st

from analysis import trajectory
from analysis.cohort.column_words import in_unit, measure_words, unit_words
from analysis.cohort.egfr import COMPUTED, egfr_is_computed
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.scores.severity_bands import severity_bands
from analysis.figures.common.markdown import plain, sentence
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.common.table_cells import told_rows
from analysis.figures.scores.change_differences import change_difference_table
from analysis.figures.scores.dropout import leavers_line, leavers_table, reasons_table
from analysis.figures.scores.mixed_model import model_table
from analysis.figures.scores.response_share import response_line, response_table
from analysis.figures.scores.severity_bands import band_line, band_table
from analysis.figures.scores.trajectory_tables import change_table, trajectory_table
from analysis.figures.scores.waterfall import WATERFALL, waterfall_table
from analysis.listings.left_out import left_out_of_trajectory
from analysis.listings.patient_changes import patient_changes
from pages.controls import page_options
from pages.shown import activity_figures, behind, figure, month_slider, treatments
from pages.state import session
from pages.state.activity_options import (
    ACTIVITY,
    MEASURE,
    MODELS,
    MONTH,
    SCHEME,
    SUMMARY,
    better,
    centre,
    response,
)
from pages.state.ending import NothingToShowError

view = session.view()
cohort, by = view.cohort, view.by
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
activity_figures.check_measures(view)

chosen = page_options.ask(ACTIVITY, view.whole)
measure, month = chosen[MEASURE], chosen[MONTH]
scheme, counts = chosen.get(SCHEME), response(chosen)  # only some measures have these
asked = activity_figures.scheduled(view, chosen)
measured, unit = measure_words(measure), unit_words(measure)
quantity, quantity_unit = activity_figures.quantity(chosen)
shown = activity_figures.of_values(view, chosen)
result = activity_figures.over_time_result(view, chosen)
left_early = session.estimate(dropout, cohort, measure, **asked)

mean_changes = session.estimate(trajectory, cohort, measure, change=True, **asked)
told_response = ""
methods = {result.question: result.method, "Change of each patient.": mean_changes.method}
if egfr_is_computed(cohort, measure):
    methods["Where does eGFR come from?"] = COMPUTED

left, right = figure.pair("trajectory")
with left:
    month_slider.of_visits(
        view.whole,
        lambda answers: figure.pickable(
            view, activity_figures.over_time(view, answers), behind.PATIENT, month_slider.read_visit
        ),
    )
    figure.rows_here(view, "Lines of single patients")
with right:
    if counts:
        responded = session.estimate(response_share, cohort, measure, response=counts, **asked)
        told_response = response_line(responded, month)
        methods[responded.question] = responded.method
        st.markdown(f"#### {plain(responded.question)}")
        st.markdown(sentence(told_response))
    figure.numbers(
        f"{chosen[SUMMARY]} of {quantity}{f' in {quantity_unit}' if quantity_unit else ''}",
        session.drawn(trajectory_table, result),
    )

apart = activity_figures.differences(view, chosen) if by is not None else None
told = told_rows(change_difference_table(apart), "Compared", "Difference") if apart is not None else ""
if apart is not None:
    methods[apart.question] = apart.method
with figure.folded("change", f"How much does {in_unit(measure)} change from month to month?", told) as place:
    if place.open:
        if apart is not None and len(apart.table):
            figure.numbers(apart.question, change_difference_table(apart))
        figure.numbers("Change from baseline (mean, 95 % interval)", session.drawn(change_table, result))

with figure.folded("waterfall", f"How much has {measured} changed in each patient?", told_response) as place:
    if place.open and figure.rows_here(view, "A bar for each patient"):
        percent = bool(counts and counts.in_percent)
        changes = session.estimate(patient_changes, cohort, measure, months=month, in_percent=percent, **asked)
        bars: dict[str, Any] = {
            "label": measured,
            "unit": "%" if percent else unit,
            "response": counts,
            "better": better(chosen),
        }
        left, right = figure.pair("waterfall")
        with left:
            figure.pickable(
                view,
                session.Figure(
                    key="waterfall",
                    question=f"How much has {measured} changed in each patient by month {month:g}?",
                    chart=session.chart(WATERFALL, changes, month, look=view.look, **bars),
                    alt_text=session.drawn(WATERFALL.description, changes, month, **bars),
                    reading="Click a bar, or a line above, to see that patient.",
                    method=mean_changes.method,
                ),
                behind.PATIENT,
            )
        with right:
            if counts:
                figure.numbers(responded.question, session.drawn(response_table, responded))
        figure.listing(waterfall_table(changes, month, **bars))

with figure.folded("dropout", left_early.question, leavers_line(left_early, month)) as place:
    if place.open:
        left, right = figure.pair("dropout")
        with left:
            figure.numbers(
                f"Mean {in_unit(measure)} of those who come again and those who do not",
                session.drawn(leavers_table, left_early),
            )
        with right:
            figure.numbers("Why no later value follows", session.drawn(reasons_table, left_early))
methods[left_early.question] = left_early.method

if scheme:
    bands = session.estimate(severity_bands, cohort, scheme=scheme, **asked)
    methods[bands.question] = bands.method
    with figure.folded("bands", bands.question, band_line(bands, month)) as place:
        if place.open:
            figure.numbers(bands.question, session.drawn(band_table, bands))
methods |= treatments.treatments(view)
if chosen[MODELS]:
    model = session.estimate(mixed_model, cohort, measure, **asked)
    figure.numbers(model.question, model_table(model))
    st.caption(plain(model.withheld or model.assumption))
    methods[model.question] = model.method
figure.how_made(view, methods)
figure.left_out(
    view,
    int(result.left_out["patients"].sum()),
    lambda: session.estimate(left_out_of_trajectory, cohort, measure, centre=centre(chosen), **shown),
)
