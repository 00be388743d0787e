"""The Overview page: the cohort at a glance."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from analysis import adverse_events, follow_up, kaplan_meier, yearly_relapse, yearly_remission
from analysis.estimates.description.deaths import deaths
from analysis.facts.recorded_events import has_remission
from analysis.figures.common.markdown import plain
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.description.headlines import headlines
from analysis.figures.description.published_safety import PUBLISHED_SAFETY, published_safety_table
from analysis.figures.description.safety_tables import deaths_reading, deaths_table, events_reading, events_table
from analysis.figures.yearly.ledger_table import ledger_table
from pages.controls import page_options
from pages.shown import behind, figure, standard
from pages.shown.people import Who
from pages.shown.standard import ASSESSED
from pages.state import own_published, session
from pages.state.ending import NothingToShowError
from pages.state.response_options import ESTIMAND
from pages.state.session import Figure

HEIGHT = 150  # pixels of a plot
LEDGER, SAFETY = "Where is everybody each year?", "Is it safe?"

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)

cohort, by, height = view.cohort, view.by, HEIGHT
with st.container(key="headline", horizontal=True), figure.in_its_place():
    everyone = session.drawn(
        headlines,
        session.estimate(follow_up, view.present),
        session.estimate(kaplan_meier, view.present, by=None),
        session.estimate(yearly_remission, view.present, by=None),
    )
    for each in everyone:
        st.metric(each.label, each.value, each.detail, help=each.term, delta_color="off", delta_arrow="off")

lines = st.container(key="answers")
with st.container(key="way", horizontal=True, vertical_alignment="center"):
    estimand = page_options.ask_one(ESTIMAND, view.whole, width="content") if has_remission(view.whole) else ASSESSED
    if view.synthetic:
        own = "[Drop your own file on the Cohort page](cohort)."
        st.caption(
            f"**Synthetic sample**, made to match published totals; no row is a real person. {own}", width="stretch"
        )
    if view.no_rows:
        st.caption(plain(view.no_rows), width="stretch")
of_remission = partial(session.estimate, yearly_remission, cohort, estimand=estimand, by=by)
asked: dict[str, tuple[Callable[[], Figure | str], Callable[[], Who]]] = {
    "Survival": (
        lambda: standard.survival(view, height),
        lambda: behind.step(view, session.estimate(kaplan_meier, cohort, by=by).curve),
    ),
    "Remission": (lambda: standard.remission(view, height, estimand), lambda: behind.bar(view, of_remission())),
    "Relapse": (
        lambda: standard.relapse(view, height),
        lambda: behind.bar(view, session.estimate(yearly_relapse, cohort, by=by)),
    ),
    "SLEDAI": (lambda: standard.activity(view, height), lambda: behind.PATIENT),
}
with st.container(key="glance"):
    places = st.columns(len(asked), gap="small")
figures: dict[str, Figure] = {}
# One after the other, so that the browser draws a figure while the next is worked out; what they say comes last.
for place, (name, (make, who)) in zip(places, asked.items(), strict=True):
    with place, figure.in_its_place(name):
        shown = make()
        if isinstance(shown, str):
            figure.absent(name, shown)
        else:
            figure.small(view, shown, who())
            figures[name] = shown
with lines:
    figure.answers(figures)

methods = {each.question: each.method for each in figures.values()}
if has_remission(view.whole):
    with figure.in_its_place(LEDGER):
        told = " ".join(each.reading for each in standard.ledgers(view))
        with figure.folded("ledger_numbers", LEDGER, told) as place:
            if place.open:
                figure.numbers("Patients by place", session.drawn(ledger_table, of_remission()))
with figure.in_its_place(SAFETY):
    died = session.estimate(deaths, cohort, by=by)
    events = session.estimate(adverse_events, cohort, by=by)
    methods[died.question] = died.method
    with figure.folded("safety", SAFETY, f"{session.drawn(deaths_reading, died)} {events_reading(events)}") as place:
        if place.open:
            figure.numbers(died.question, session.drawn(deaths_table, died))
            if events.recorded:
                figure.numbers(events.question, events_table(events))
            figure.numbers(PUBLISHED_SAFETY, published_safety_table(own_published.every()))
figure.how_made(view, methods)
