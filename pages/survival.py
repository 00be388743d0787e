"""Kaplan-Meier and what stands beside it."""

import streamlit as st

from analysis import follow_up, kaplan_meier
from analysis.figures.readings import NO_PATIENTS, survival_reading
from analysis.figures.survival import survival_chart, survival_description
from analysis.figures.tables import median_table, survival_table
from pages.parts import figure, session

# endpoint: (words on the control, question, state that the curve is of)
ENDPOINTS = {
    "overall_survival": ("Overall survival", "How many are alive over time? (Kaplan-Meier)", "alive"),
    "relapse_free_survival": (
        "Relapse-free survival",
        "How many are alive without relapse over time? (Kaplan-Meier)",
        "alive without relapse",
    ),
}
INTERVALS = {"log-log": "log-log", "log": "log", "plain": "plain", "exact": "exact (beta product)"}
YEARS = (12, 24, 36, 48)

view = session.view()
if not len(view.cohort):
    st.warning(NO_PATIENTS)
    st.stop()

offered = [name for name in ENDPOINTS if name == "overall_survival" or "relapse_months" in view.whole.patients]
left, right = st.columns([2, 1], gap="large")
endpoint = left.segmented_control(
    "Endpoint",
    offered,
    format_func=lambda name: ENDPOINTS[name][0],
    default="overall_survival",
    required=True,
    key="endpoint",
    persist_state="session",
    bind="query-params",
)
interval = right.selectbox(
    "95 % interval",
    list(INTERVALS),
    format_func=INTERVALS.__getitem__,
    key="interval",
    persist_state="session",
    bind="query-params",
)
_, question, outcome = ENDPOINTS[endpoint]

result = session.estimate(kaplan_meier, view.cohort, endpoint, by=view.by, interval=interval)
whole = (
    session.estimate(kaplan_meier, view.whole, endpoint, interval=interval)
    if view.filters and view.by is None
    else None
)

left, right = figure.pair("survival")
with left:
    figure.show(
        view,
        key="survival",
        question=question,
        chart=survival_chart(result, dark=view.dark, whole=whole, y_title=f"{outcome.capitalize()} (%)"),
        alt_text=survival_description(result),
        reading=survival_reading(result, outcome),
        method=result.method,
    )
with right:
    figure.numbers("survival_years", "Survival at whole years (95 % interval)", survival_table(result, YEARS))
    figure.numbers(
        "survival_groups",
        "Patients, events, medians in months",
        median_table(result, session.estimate(follow_up, view.cohort, by=view.by)),
    )
figure.left_out(result.left_out)
