"""The figure of the Survival page: Kaplan-Meier, or cumulative incidence where an event competes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import cumulative_incidence, follow_up, kaplan_meier
from analysis.facts.observed_times import Endpoint
from analysis.figures.survival.curve_readings import incidence_reading, survival_reading
from analysis.figures.survival.curve_tables import changing_steps, incidence_table, median_table, survival_table
from analysis.figures.survival.incidence import incidence_chart, incidence_description
from analysis.figures.survival.kaplan_meier import survival_chart, survival_description
from pages.controls.survival_options import Options
from pages.shown import figure
from pages.state import session


@dataclass(frozen=True)
class Drawn:
    """A figure that was drawn.

    Attributes
    ----------
    picked
        The steps that were clicked: group, months.
    steps
        The rows of the curve at which anything happens.
    times
        group, months and further columns at the chosen times, and the same in words.
    times_words
        The table of `times` for the screen.
    medians
        Patients, events and medians in words; None where there is none, as of an incidence.
    left_out
        patient_id, reason.
    """

    picked: list[dict[str, Any]]
    steps: pd.DataFrame
    times: pd.DataFrame
    times_words: pd.DataFrame
    medians: pd.DataFrame | None
    left_out: pd.DataFrame


def survival(view: session.View, chosen: Options, outcome: Endpoint) -> Drawn:
    """Draw Kaplan-Meier curves."""
    result = session.estimate(kaplan_meier, view.cohort, chosen.endpoint, by=view.by, interval=chosen.interval)
    share = outcome.event_words if chosen.failure else chosen.state_words(outcome)
    picked = figure.pickable(
        view,
        session.Figure(
            key="survival",
            question=f"{outcome.question} (Kaplan-Meier)",
            chart=session.chart(
                survival_chart,
                result,
                look=view.look,
                whole=session.estimate(kaplan_meier, view.whole, chosen.endpoint) if view.has_whole_behind else None,
                failure=chosen.failure,
                y_title=f"{share[0].upper()}{share[1:]} (%)",
                until=chosen.until,
                few_at_risk=chosen.limits.patients,
            ),
            alt_text=session.drawn(
                survival_description,
                result,
                failure=chosen.failure,
                until=chosen.until,
                few_at_risk=chosen.limits.patients,
            ),
            reading=session.drawn(
                survival_reading,
                result,
                share,
                outcome.events_noun,
                failure=chosen.failure,
                months=chosen.times,
                few=chosen.limits.patients,
                until=chosen.until,
            ),
            method=result.method,
            time_zero=result.time_zero,
        ),
    )
    return Drawn(
        picked=picked,
        steps=session.drawn(changing_steps, result.curve),
        times=result.at(chosen.times),
        times_words=session.drawn(
            survival_table, result, chosen.times, failure=chosen.failure, name=chosen.survival_words
        ),
        medians=session.drawn(median_table, result, session.estimate(follow_up, view.cohort, by=view.by)),
        left_out=result.left_out,
    )


def incidence(view: session.View, chosen: Options, outcome: Endpoint) -> Drawn:
    """Draw cumulative incidence curves."""
    result = session.estimate(cumulative_incidence, view.cohort, chosen.endpoint, by=view.by, limits=chosen.limits)
    state = chosen.state_words(outcome)
    picked = figure.pickable(
        view,
        session.Figure(
            key="incidence",
            question=f"{outcome.question} (Aalen-Johansen)",
            chart=session.chart(
                incidence_chart,
                result,
                look=view.look,
                whole=session.estimate(cumulative_incidence, view.whole, chosen.endpoint)
                if view.has_whole_behind
                else None,
                naive=chosen.naive,
                y_title=f"{state[0].upper()}{state[1:]} (%)",
                until=chosen.until,
                few_at_risk=chosen.limits.patients,
            ),
            alt_text=session.drawn(
                incidence_description,
                result,
                naive=chosen.naive,
                until=chosen.until,
                few_at_risk=chosen.limits.patients,
            ),
            reading=session.drawn(
                incidence_reading,
                result,
                state,
                outcome.events_noun,
                months=chosen.times,
                few=chosen.limits.patients,
                until=chosen.until,
            ),
            method=result.method,
            time_zero=result.time_zero,
        ),
    )
    return Drawn(
        picked=picked,
        steps=session.drawn(changing_steps, result.curve),
        times=result.at(chosen.times),
        times_words=session.drawn(incidence_table, result, chosen.times),
        medians=None,
        left_out=result.left_out,
    )
