"""Yearly remission and relapse, with the denominator in the open."""

import streamlit as st

from analysis import yearly_relapse, yearly_remission
from analysis.cohort.states import has_relapses
from analysis.figures.readings import NO_PATIENTS, yearly_reading
from analysis.figures.tables import ledger_table, yearly_table
from analysis.figures.yearly import yearly_chart, yearly_description
from pages.parts import figure, session

INTERVALS = {"wilson": "Wilson", "clopper-pearson": "Clopper-Pearson"}

view = session.view()
if not len(view.cohort):
    st.warning(NO_PATIENTS)
    st.stop()
if "remission" not in view.whole.visits:
    st.info("This cohort records no remission: the visits have no column named remission (none, partial or complete).")
    st.stop()

interval = st.segmented_control(
    "95 % interval",
    list(INTERVALS),
    format_func=INTERVALS.__getitem__,
    default="wilson",
    required=True,
    key="share_interval",
    persist_state="session",
    bind="query-params",
)
remission = session.estimate(yearly_remission, view.cohort, interval=interval, by=view.by)
relapse = session.estimate(yearly_relapse, view.cohort, interval=interval, by=view.by)

left, right = figure.pair("remission")
with left:
    figure.show(
        view,
        key="remission",
        question="How many are in complete remission each year?",
        chart=yearly_chart(remission, kind="remission", dark=view.dark),
        alt_text=yearly_description(remission),
        reading=yearly_reading(remission, "in complete remission"),
        method=remission.method,
    )
with right:
    figure.numbers("remission", "In complete remission (95 % interval)", yearly_table(remission))
figure.numbers("ledger", "Who is counted each year, and where the others are", ledger_table(remission))
figure.left_out(remission.left_out)
if not has_relapses(view.whole):
    st.info("This cohort records no relapse: the patients have no relapse_months and the visits no relapse.")
    st.stop()

left, right = figure.pair("relapse")
with left:
    figure.show(
        view,
        key="relapse",
        question="How many have a first relapse each year?",
        chart=yearly_chart(relapse, kind="relapse", dark=view.dark),
        alt_text=yearly_description(relapse),
        reading=yearly_reading(relapse, "first relapse in"),
        method=relapse.method,
    )
with right:
    figure.numbers("relapse", "First relapse (95 % interval)", yearly_table(relapse))
