"""SLEDAI and every other measured score over time."""

import streamlit as st

from analysis import trajectory
from analysis.cohort.measures import numeric_measures
from analysis.cohort.vocabulary import column_label, column_unit
from analysis.figures.readings import NO_PATIENTS, trajectory_reading
from analysis.figures.tables import change_table, trajectory_table
from analysis.figures.trajectory import trajectory_chart, trajectory_description
from pages.parts import figure, session

# what the line and the band are: (centre, spread)
SUMMARIES = {
    "mean": ("Mean (95 % interval)", "mean", "ci"),
    "mean_sd": ("Mean (standard deviation)", "mean", "sd"),
    "median": ("Median (quartiles)", "median", "iqr"),
}

view = session.view()
if not len(view.cohort):
    st.warning(NO_PATIENTS)
    st.stop()
measures = numeric_measures(view.whole)
if not measures:
    st.info("This cohort has no visit with a measured number, such as a column named sledai.")
    st.stop()

left, right = st.columns(2, gap="large")
measure = left.selectbox(
    "Measure", measures, format_func=column_label, key="measure", persist_state="session", bind="query-params"
)
summary = right.selectbox(
    "Line and band",
    list(SUMMARIES),
    format_func=lambda name: SUMMARIES[name][0],
    key="summary",
    persist_state="session",
    bind="query-params",
)
summary_words, centre, spread = SUMMARIES[summary]
result = session.estimate(trajectory, view.cohort, measure, centre=centre, spread=spread, by=view.by)
label, unit = column_label(measure), column_unit(measure)

left, right = figure.pair("trajectory")
with left:
    figure.show(
        view,
        key="trajectory",
        question=f"How does {label} change after transplantation?",
        chart=trajectory_chart(result, label=label, unit=unit, dark=view.dark),
        alt_text=trajectory_description(result),
        reading=trajectory_reading(result, f"{centre} {label}"),
        method=result.method,
    )
with right:
    figure.numbers("trajectory", summary_words, trajectory_table(result))
    figure.numbers("change", "Change from baseline", change_table(result))
figure.left_out(result.left_out)
