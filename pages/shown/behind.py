"""Who is behind what can be clicked: from what was picked in a figure to the people there."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.survival.mean_relapses import MeanRelapses
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_words
from analysis.facts.relapse import RelapseRule
from analysis.figures.survival.behind_relapses import behind_relapses, relapse_choices
from analysis.figures.survival.behind_steps import behind_step, behind_time, step_choices
from analysis.figures.yearly.behind_bars import bar_choices, behind_bar, behind_place
from analysis.listings.event_times import event_times
from analysis.listings.people import People, one_patient
from analysis.listings.relapse_list import relapse_list
from analysis.listings.years import yearly_members
from pages.shown.people import Pick, Who
from pages.state.session import View


def bar(view: View, result: Yearly) -> Who:
    """Return who is behind a bar of a yearly figure: a pick with group and year."""

    def behind(pick: Pick) -> People:
        return behind_bar(yearly_members(view.cohort, result), result, str(pick["group"]), int(pick["year"]))

    return Who(behind, bar_choices(result))


def place(view: View, result: Yearly) -> Who:
    """Return who is behind a part of the ledger: a pick with group, year and place."""

    def behind(pick: Pick) -> People:
        group, year, where = str(pick["group"]), int(pick["year"]), str(pick["place"])
        return behind_place(yearly_members(view.cohort, result), result, group, year, where)

    return Who(behind)


def step(view: View, curve: pd.DataFrame, endpoint: AnyEndpoint = OVERALL_SURVIVAL) -> Who:
    """Return who is behind a step of a curve: a pick with group and months."""
    words = endpoint_words(endpoint)

    def behind(pick: Pick) -> People:
        members = event_times(view.cohort, endpoint, by=view.by)
        return behind_step(members, words, str(pick["group"]), float(pick["months"]))

    return Who(behind, step_choices(curve, words))


def relapses(view: View, result: MeanRelapses, rule: RelapseRule) -> Who:
    """Return who is behind a step of the mean number of relapses: a pick with group and months."""

    def behind(pick: Pick) -> People:
        found, members = relapse_list(view.cohort, rule=rule, by=view.by), event_times(view.cohort, by=view.by)
        return behind_relapses(found, members, rule, str(pick["group"]), float(pick["months"]))

    return Who(behind, relapse_choices(result.curve))


def time(view: View, endpoint: AnyEndpoint) -> Who:
    """Return who is at risk at a time: a pick with group and months."""

    def behind(pick: Pick) -> People:
        members = event_times(view.cohort, endpoint, by=view.by)
        return behind_time(members, str(pick["group"]), float(pick["months"]))

    return Who(behind)


def _patient(pick: Pick) -> People:
    return one_patient(str(pick["patient_id"]))


PATIENT = Who(_patient)  # of a line, a lane or a dot: a pick with patient_id
