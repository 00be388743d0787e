"""SLEDAI and every other measured score over time."""

import streamlit as st

from analysis import trajectory
from analysis.cohort.measures import numeric_measures
from analysis.cohort.vocabulary import column_label, column_unit
from analysis.estimates.change_differences import change_differences
from analysis.estimates.dropout import dropout
from analysis.estimates.mixed_model import mixed_model
from analysis.estimates.response_share import response_share
from analysis.estimates.severity_bands import severity_bands
from analysis.figures.activity_tables import band_table, fall_table, leavers_table, model_table, reasons_table
from analysis.figures.chart_tables import waterfall_table
from analysis.figures.difference_tables import change_difference_table
from analysis.figures.readings import NO_PATIENTS, trajectory_reading
from analysis.figures.tables import change_table, trajectory_table
from analysis.figures.trajectory import trajectory_chart, trajectory_description
from analysis.figures.waterfall import waterfall_chart, waterfall_description
from pages.parts import activity_options, figure, patient, session
from pages.parts.words import plain

view = session.view()
cohort, by = view.cohort, view.by
if not len(view.present):
    st.warning(NO_PATIENTS)
    st.stop()
if not numeric_measures(view.whole):
    st.info("This cohort has no visit with a measured number, such as a column named sledai.")
    st.stop()

chosen = activity_options.ask(view.whole)
asked = {"schedule": chosen.schedule, "window_months": chosen.window_months, "by": by}
label, unit = column_label(chosen.measure), column_unit(chosen.measure)
result = session.estimate(
    trajectory,
    cohort,
    chosen.measure,
    centre=chosen.centre,
    spread=chosen.spread,
    change=chosen.change,
    same_patients=chosen.same_patients,
    **asked,
)
left_early = session.estimate(dropout, cohort, chosen.measure, **asked)

left, right = figure.pair("trajectory")
with left:
    lines = figure.pickable(
        view,
        session.Figure(
            key="trajectory",
            question=result.question,
            chart=session.chart(
                trajectory_chart,
                result,
                label=f"Change of {label}" if chosen.change else label,
                unit="%" if chosen.change == "percent" else unit,
                ends=None if chosen.change else left_early,
                look=view.look,
            ),
            alt_text=session.drawn(trajectory_description, result),
            reading=session.drawn(trajectory_reading, result, f"{chosen.centre} {label}"),
            method=result.method,
        ),
    )
with right:
    figure.numbers(chosen.summary_words, session.drawn(trajectory_table, result))
    figure.numbers("Change from baseline (mean, 95 % interval)", session.drawn(change_table, result))

if by is not None:
    apart = session.estimate(change_differences, cohort, chosen.measure, same_patients=chosen.same_patients, **asked)
    if len(apart.table):
        figure.numbers(apart.question, change_difference_table(apart))
        st.caption(plain(apart.method))

changes = session.estimate(trajectory, cohort, chosen.measure, change=True, **asked)
falls = session.estimate(response_share, cohort, chosen.measure, fall=chosen.fall, **asked)
left, right = figure.pair("waterfall")
with left:
    picked_bars = figure.pickable(
        view,
        session.Figure(
            key="waterfall",
            question=f"How much has each patient changed by month {chosen.month:g}?",
            chart=session.chart(
                waterfall_chart, changes, chosen.month, label=label, unit=unit, fall=chosen.fall, look=view.look
            ),
            alt_text=session.drawn(waterfall_description, changes, chosen.month, label=label, fall=chosen.fall),
            reading="Click a bar, or a line above, to open that patient.",
            method=changes.method,
        ),
    )
    with figure.folded("waterfall_table", "The same as a table") as place:
        if place.open:
            figure.listing(waterfall_table(changes, chosen.month, label=label, unit=unit, fall=chosen.fall))
with right:
    figure.numbers(falls.question, session.drawn(fall_table, falls))
    st.caption(plain(falls.method))
patient.open_pick("trajectory", lines, cohort)
patient.open_pick("waterfall", picked_bars, cohort)

st.markdown("### Were those who left worse?")
left, right = figure.pair("dropout")
with left:
    figure.numbers(
        f"Mean {label} of those who come again and those who do not",
        session.drawn(leavers_table, left_early),
    )
with right:
    figure.numbers("Why no later value follows", session.drawn(reasons_table, left_early))
st.caption(plain(left_early.method))

if "sledai" in cohort.visit_columns:
    bands = session.estimate(severity_bands, cohort, scheme=chosen.scheme, **asked)
    figure.numbers(bands.question, session.drawn(band_table, bands))
    st.caption(plain(bands.method))
if chosen.models:
    model = session.estimate(mixed_model, cohort, chosen.measure, **asked)
    figure.numbers(model.question, model_table(model))
    st.caption(plain(f"{model.withheld or model.assumption} {model.method}"))
figure.left_out(result.left_out)
