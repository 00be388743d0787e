"""The Overview page: the cohort at a glance."""

import streamlit as st

from analysis import adverse_events, follow_up, kaplan_meier, yearly_relapse, yearly_remission
from analysis.estimates.description.deaths import deaths
from analysis.facts.recorded_events import has_remission
from analysis.figures.common.markdown import plain
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.description.headlines import headlines
from analysis.figures.description.safety_tables import deaths_reading, deaths_table, events_reading, events_table
from analysis.figures.yearly.ledger_table import ledger_table
from pages.shown import behind, figure, standard
from pages.state import session
from pages.state.ending import NothingToShowError
from pages.state.session import Figure

HEIGHT = 210  # pixels of a plot

view = session.view()
if view.synthetic:
    own = "" if view.look.presenting else "[Drop your own file on the Cohort page](cohort)."
    st.markdown(f"**Synthetic sample**, made to match published totals; no row is a real person. {own}")
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)

cohort, by, height = view.cohort, view.by, view.look.height(HEIGHT)
figures: dict[str, Figure | str] = {
    "How many are alive over time?": standard.survival(view, height),
    standard.REMISSION: standard.remission(view, height),
    standard.ACTIVITY: standard.activity(view, height),
    standard.RELAPSE: standard.relapse(view, height),
}
remission = session.estimate(yearly_remission, cohort, by=by)
who = (
    behind.step(view),
    behind.bar(view, remission),
    behind.patient,
    behind.bar(view, session.estimate(yearly_relapse, cohort, by=by)),
)
everyone = headlines(
    session.estimate(follow_up, view.present),
    session.estimate(kaplan_meier, view.present, by=None),
    session.estimate(yearly_remission, view.present, by=None),
)

with st.container(key="headline"):
    for column, each in zip(st.columns(4), everyone, strict=False):
        column.metric(each.label, each.value, each.detail, help=each.term, delta_color="off", delta_arrow="off")

figure.verdicts([shown for shown in figures.values() if isinstance(shown, Figure)])
with st.container(key="glance"):
    *places, rest = st.columns(len(figures) + 1, gap="medium")
for place, (question, shown), people in zip(places, figures.items(), who, strict=True):
    with place:
        if isinstance(shown, str):
            figure.absent(question, shown)
        else:
            figure.small(view, shown, people)
with rest:
    if has_remission(view.whole):
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
figure.how_made(
    view,
    {
        **{question: each.method for question, each in figures.items() if isinstance(each, Figure)},
        died.question: died.method,
    },
)
