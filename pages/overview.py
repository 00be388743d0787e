"""The Overview page: the cohort at a glance."""

import streamlit as st

from analysis import adverse_events, follow_up, kaplan_meier, yearly_relapse, yearly_remission
from analysis.estimates.description.deaths import deaths
from analysis.facts.recorded_events import has_remission
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.description.headlines import headlines
from analysis.figures.description.safety_tables import deaths_reading, deaths_table, events_reading, events_table
from analysis.figures.yearly.ledger_table import ledger_table
from pages.controls import page_options
from pages.shown import behind, figure, standard
from pages.shown.standard import ASSESSED
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.response_options import ESTIMAND
from pages.state.session import Figure

HEIGHT = 150  # pixels of a plot

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)

cohort, by, height = view.cohort, view.by, HEIGHT
everyone = session.drawn(
    headlines,
    session.estimate(follow_up, view.present),
    session.estimate(kaplan_meier, view.present, by=None),
    session.estimate(yearly_remission, view.present, by=None),
)
with st.container(key="headline"):
    for column, each in zip(st.columns(4), everyone, strict=False):
        column.metric(each.label, each.value, each.detail, help=each.term, delta_color="off", delta_arrow="off")

lines = st.container()
with st.container(key="way", horizontal=True, vertical_alignment="center"):
    estimand = page_options.ask_one(ESTIMAND, view.whole, width="content") if has_remission(view.whole) else ASSESSED
    if view.synthetic:
        own = "[Drop your own file on the Cohort page](cohort)."
        st.caption(
            f"**Synthetic sample**, made to match published totals; no row is a real person. {own}", width="stretch"
        )
remission = session.estimate(yearly_remission, cohort, estimand=estimand, by=by)
figures: dict[str, Figure | str] = {
    "Survival": standard.survival(view, height),
    "Remission": standard.remission(view, height, estimand),
    "Relapse": standard.relapse(view, height),
    "SLEDAI": standard.activity(view, height),
}
who = (
    behind.step(view, session.estimate(kaplan_meier, cohort, by=by).curve),
    behind.bar(view, remission),
    behind.bar(view, session.estimate(yearly_relapse, cohort, by=by)),
    behind.PATIENT,
)
with lines:
    figure.answers({name: shown for name, shown in figures.items() if isinstance(shown, Figure)})
with st.container(key="glance"):
    places = st.columns(len(figures), gap="small")
for place, (name, shown), people in zip(places, figures.items(), who, strict=True):
    with place:
        if isinstance(shown, str):
            figure.absent(name, shown)
        else:
            figure.small(view, shown, people)

if has_remission(view.whole):
    told = " ".join(each.reading for each in standard.ledgers(view))
    with figure.folded("ledger_numbers", "Where is everybody each year?", told) as place:
        if place.open:
            figure.numbers("Patients by place", session.drawn(ledger_table, remission))
died = session.estimate(deaths, cohort, by=by)
events = session.estimate(adverse_events, cohort, by=by)
with figure.folded("safety", "Is it safe?", f"{session.drawn(deaths_reading, died)} {events_reading(events)}") as place:
    if place.open:
        figure.numbers(died.question, session.drawn(deaths_table, died))
        if events.recorded:
            figure.numbers(events.question, events_table(events))
methods = {each.question: each.method for each in figures.values() if isinstance(each, Figure)}
figure.how_made(view, {**methods, died.question: died.method})
