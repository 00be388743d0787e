"""Who is behind what can be clicked: functions from what was picked in a figure to the people there."""

from __future__ import annotations

from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_words
from analysis.figures.survival.behind_steps import behind_step, behind_time
from analysis.figures.yearly.behind_bars import behind_bar, behind_place
from analysis.listings.event_times import event_times
from analysis.listings.people import People, one_patient
from analysis.listings.years import yearly_members
from pages.shown.people import Pick, Who
from pages.state.session import View


def bar(view: View, result: Yearly) -> Who:
    """Return who is behind a bar of a yearly figure: a pick with group and year."""
    return lambda pick: behind_bar(yearly_members(view.cohort, result), result, str(pick["group"]), int(pick["year"]))


def place(view: View, result: Yearly) -> Who:
    """Return who is behind a part of the ledger: a pick with group, year and place."""
    return lambda pick: behind_place(
        yearly_members(view.cohort, result), result, str(pick["group"]), int(pick["year"]), str(pick["place"])
    )


def step(view: View, endpoint: AnyEndpoint = OVERALL_SURVIVAL) -> Who:
    """Return who is behind a step of a curve: a pick with group and months."""
    return lambda pick: behind_step(
        event_times(view.cohort, endpoint, by=view.by),
        endpoint_words(endpoint),
        str(pick["group"]),
        float(pick["months"]),
    )


def time(view: View, endpoint: AnyEndpoint) -> Who:
    """Return who is at risk at a time: a pick with group and months."""
    return lambda pick: behind_time(
        event_times(view.cohort, endpoint, by=view.by), str(pick["group"]), float(pick["months"])
    )


def patient(pick: Pick) -> People:
    """Return the patient of a line, a lane or a dot: a pick with patient_id."""
    return one_patient(str(pick["patient_id"]))
