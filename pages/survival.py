"""Kaplan-Meier, cumulative incidence where an event competes, and all that stands beside them."""

import streamlit as st

from analysis import cumulative_incidence, follow_up, kaplan_meier
from analysis.cohort.endpoints import endpoint_times
from analysis.estimates.members import at_risk_at, event_times, leaving_at
from analysis.figures.incidence import incidence_chart, incidence_description
from analysis.figures.patient_tables import patient_list
from analysis.figures.readings import NO_PATIENTS, incidence_reading, survival_reading
from analysis.figures.survival import survival_chart, survival_description
from analysis.figures.tables import incidence_table, median_table, survival_table
from pages.parts import figure, session, survival_comparison, survival_options

view = session.view()
if not len(view.cohort):
    st.warning(NO_PATIENTS)
    st.stop()
chosen = survival_options.ask(view.whole)
cohort, by, endpoint = view.cohort, view.by, chosen.endpoint
outcome = endpoint_times(cohort, endpoint)
if outcome.times.empty:
    st.warning(f"{outcome.name}: no patient under these filters has this outcome.")
    st.stop()
has_rival = bool(outcome.competing_words)
behind = None
state = chosen.state_words(has_rival)

if has_rival:
    result = session.estimate(cumulative_incidence, cohort, endpoint, by=by, limits=chosen.limits)
    if view.filters and by is None:
        behind = session.estimate(cumulative_incidence, view.whole, endpoint)
    figure_words = {
        "question": f"{outcome.question} (Aalen-Johansen)",
        "chart": incidence_chart(
            result,
            dark=view.dark,
            whole=behind,
            naive=chosen.naive,
            y_title=f"{state.capitalize()} (%)",
            until=chosen.until,
            few_at_risk=chosen.limits.patients,
        ),
        "alt_text": incidence_description(result, naive=chosen.naive, until=chosen.until),
        "reading": incidence_reading(result, state, outcome.events_noun),
    }
    numbers = incidence_table(result, chosen.times)
else:
    result = session.estimate(kaplan_meier, cohort, endpoint, by=by, interval=chosen.interval)
    if view.filters and by is None:
        behind = session.estimate(kaplan_meier, view.whole, endpoint)
    figure_words = {
        "question": f"{outcome.question} (Kaplan-Meier)",
        "chart": survival_chart(
            result,
            dark=view.dark,
            whole=behind,
            failure=chosen.failure,
            y_title=f"{(outcome.event_words if chosen.failure else state).capitalize()} (%)",
            until=chosen.until,
            few_at_risk=chosen.limits.patients,
        ),
        "alt_text": survival_description(result, failure=chosen.failure, until=chosen.until),
        "reading": survival_reading(result, state, outcome.events_noun),
    }
    numbers = survival_table(result, chosen.times)

left, right = figure.pair("survival")
with left:
    picked = figure.pickable(view, key="survival", method=result.method, **figure_words)
with right:
    cell = figure.choosable("survival_years", f"{outcome.name} at chosen times", numbers)
    if not has_rival:
        followed = session.estimate(follow_up, cohort, by=by)
        figure.numbers("survival_groups", "Patients, events, medians in months", median_table(result, followed))

if picked or cell:
    members = session.estimate(event_times, cohort, endpoint, by=by)
    for pick in picked:
        leaving = leaving_at(members, str(pick["group"]), float(pick["months"]))
        title = f"{pick['group']}, at {pick['months']:g} months: the event, a competing event, or last seen"
        figure.patients(title, patient_list(cohort, leaving))
    if cell:
        at = result.at(chosen.times).iloc[cell[0]]
        there = at_risk_at(members, str(at["group"]), float(at["months"]))
        figure.patients(f"{at['group']}, at risk at {at['months']:g} months", patient_list(cohort, there))
else:
    st.caption("Click a step of the curve or a cell of the table to see which patients are behind it.")

survival_comparison.show(cohort, by, chosen, has_rival)
figure.left_out(result.left_out)
