"""The cohort at a glance."""

import streamlit as st

from analysis import adverse_events, follow_up, kaplan_meier, trajectory, yearly_relapse, yearly_remission
from analysis.cohort.states import has_relapses
from analysis.estimates.deaths import deaths
from analysis.figures.readings import NO_PATIENTS, survival_reading, trajectory_reading, yearly_reading
from analysis.figures.safety_tables import deaths_reading, deaths_table, events_reading, events_table
from analysis.figures.survival import survival_chart, survival_description
from analysis.figures.tables import headlines, ledger_table
from analysis.figures.trajectory import trajectory_chart, trajectory_description
from analysis.figures.yearly import yearly_chart, yearly_description
from pages.parts import figure, session
from pages.parts.words import plain

HEIGHT = 210  # pixels of a plot
REMISSION = "How many are in complete remission each year?"
ACTIVITY = "How active is the disease? (SLEDAI)"
RELAPSE = "How many have a first relapse each year?"

view = session.view()
if view.synthetic:
    own = "" if view.look.presenting else "[Drop your own file on the Cohort page](cohort)."
    st.markdown(f"**Synthetic sample**, made to match published totals; no row is a real person. {own}")
if not len(view.present):
    st.warning(NO_PATIENTS)
    st.stop()

cohort, by, height = view.cohort, view.by, view.look.height(HEIGHT)
survival = session.estimate(kaplan_meier, cohort, by=by)
remission = session.estimate(yearly_remission, cohort, by=by)
relapse = session.estimate(yearly_relapse, cohort, by=by)
scores = session.estimate(trajectory, cohort, by=by) if "sledai" in cohort.visits else None
whole_survival = session.estimate(kaplan_meier, view.whole) if view.has_whole_behind else None
everyone = headlines(
    session.estimate(follow_up, view.present),
    session.estimate(kaplan_meier, view.present, by=None),
    session.estimate(yearly_remission, view.present, by=None),
)

with st.container(key="headline"):
    for column, figures in zip(st.columns(4), everyone, strict=False):
        column.metric(
            figures.label, figures.value, figures.detail, help=figures.term, delta_color="off", delta_arrow="off"
        )

with st.container(key="glance"):
    first, second, third, fourth, rest = st.columns(5, gap="medium")
with first:
    figure.small(
        key="overview_survival",
        question="How many are alive over time? (Kaplan-Meier)",
        chart=session.chart(
            survival_chart, survival, look=view.look, whole=whole_survival, height=height, compact=True
        ),
        alt_text=session.drawn(survival_description, survival),
        reading=session.drawn(survival_reading, survival, "alive"),
    )
with second:
    if remission.bars.empty:
        figure.absent(REMISSION, session.drawn(yearly_reading, remission, ""))
    else:
        figure.small(
            key="overview_remission",
            question=REMISSION,
            chart=session.chart(yearly_chart, remission, kind="remission", look=view.look, height=height),
            alt_text=session.drawn(yearly_description, remission),
            reading=session.drawn(yearly_reading, remission, "in complete remission"),
        )
with third:
    if scores is None:
        figure.absent(ACTIVITY, "This cohort has no SLEDAI scores.")
    else:
        figure.small(
            key="overview_sledai",
            question=ACTIVITY,
            chart=session.chart(trajectory_chart, scores, label="SLEDAI", unit="points", look=view.look, height=height),
            alt_text=session.drawn(trajectory_description, scores),
            reading=session.drawn(trajectory_reading, scores, "mean SLEDAI"),
        )
with fourth:
    if relapse.bars.empty or not has_relapses(view.whole):
        figure.absent(RELAPSE, "This cohort has no relapses on record, or nobody was seen near the end of a year.")
    else:
        figure.small(
            key="overview_relapse",
            question=RELAPSE,
            chart=session.chart(yearly_chart, relapse, kind="relapse", look=view.look, height=height),
            alt_text=session.drawn(yearly_description, relapse),
            reading=session.drawn(yearly_reading, relapse, "first relapse in"),
        )
with rest:
    if len(remission.ledger):
        figure.numbers("Where is everybody each year?", session.drawn(ledger_table, remission))
died = session.estimate(deaths, cohort, by=by)
events = session.estimate(adverse_events, cohort, by=by)
st.markdown("#### Is it safe?")
st.markdown(plain(f"{deaths_reading(died)} {events_reading(events)}"))
with figure.folded("safety", "Deaths by cause, and adverse events") as place:
    if place.open:
        figure.numbers(died.question, session.drawn(deaths_table, died))
        if events.recorded:
            figure.numbers(events.question, events_table(events))
methods = [survival.method, remission.method, *([scores.method] if scores else []), relapse.method, died.method]
figure.sources(view, methods)
