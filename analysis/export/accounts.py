"""The account of every kind of estimate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.centres.comparable import Papers
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.description.adverse_events import adverse_events
from analysis.estimates.description.baseline_table import baseline_table
from analysis.estimates.description.deaths import deaths
from analysis.estimates.description.treatment_shares import treatment_shares
from analysis.estimates.scores.change_differences import change_differences
from analysis.estimates.scores.cumulative_dose import cumulative_dose
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.scores.severity_bands import severity_bands
from analysis.estimates.scores.trajectory import trajectory
from analysis.estimates.states.share_of_time import share_of_time
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.states.time_in_remission import time_in_remission
from analysis.estimates.survival.curve_differences import curve_differences
from analysis.estimates.survival.follow_up import follow_up
from analysis.estimates.survival.hazard_ratios import hazard_ratios
from analysis.estimates.survival.incidence import cumulative_incidence
from analysis.estimates.survival.kaplan_meier import kaplan_meier
from analysis.estimates.survival.log_rank import log_rank
from analysis.estimates.survival.mean_relapses import mean_relapses
from analysis.estimates.survival.relapse_gaps import relapse_gaps
from analysis.estimates.survival.relapse_rates import relapse_rates
from analysis.estimates.survival.restricted_mean import restricted_mean
from analysis.estimates.survival.turnbull import turnbull
from analysis.estimates.yearly.maturity import maturity
from analysis.estimates.yearly.reclassified import reclassified
from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.share_differences import share_differences
from analysis.estimates.yearly.yearly_relapse import yearly_relapse
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.export import accounts_of_curves as curves
from analysis.export import accounts_of_measures as measures
from analysis.export import accounts_of_years as years
from analysis.export.account import Account
from analysis.export.exhibit import Exhibit
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.estimate import Estimate
from analysis.listings.lanes import lanes
from analysis.listings.last_values import last_values
from analysis.listings.patient_changes import patient_changes
from analysis.listings.trajectory_lines import trajectory_lines

ACCOUNTS: dict[Callable[..., Any], Account | Callable[[Estimate], Account]] = {
    adverse_events: curves.ADVERSE_EVENTS,
    baseline_table: measures.of_baseline,
    change_differences: measures.of_change_differences,
    cumulative_incidence: curves.of_incidence,
    curve_differences: curves.of_curve_differences,
    deaths: curves.DEATHS,
    cumulative_dose: measures.of_cumulative_dose,
    dropout: measures.of_dropout,
    follow_up: curves.FOLLOW_UP,
    hazard_ratios: curves.of_hazard_ratios,
    kaplan_meier: curves.of_kaplan_meier,
    lanes: years.of_courses,
    last_values: measures.of_dropout,
    log_rank: curves.of_log_rank,
    maturity: curves.MATURITY,
    mean_relapses: years.of_mean_relapses,
    mixed_model: measures.of_mixed_model,
    reclassified: years.of_reclassified,
    patient_changes: measures.of_patient_changes,
    relapse_counts: years.of_relapse_counts,
    relapse_gaps: years.of_relapse_gaps,
    relapse_rates: years.of_relapse_rates,
    remission_range: years.of_remission_range,
    response_share: measures.of_response_share,
    restricted_mean: curves.of_restricted_mean,
    severity_bands: measures.of_severity_bands,
    share_differences: years.of_share_differences,
    time_in_remission: years.of_time_in_remission,
    share_of_time: years.of_share_of_time,
    state_counts: years.of_courses,
    state_probabilities: years.of_state_probabilities,
    trajectory: measures.of_trajectory,
    treatment_shares: measures.of_treatment_shares,
    trajectory_lines: Account(),
    turnbull: years.of_turnbull,
    yearly_relapse: years.of_yearly_relapse,
    yearly_remission: years.of_yearly_remission,
}
# By the name of a kind of figure: what is said of the pooling of centres that it draws.
OF_CENTRES: dict[str, Account] = {
    "centre_shares": years.OF_CENTRE_SHARES,
    "centre_survival": years.OF_CENTRE_SURVIVAL,
}
# How far apart groups are is worked out from the estimate itself, and told in the verdict of its figure.
DIFFERENCES: dict[Callable[..., Any], Callable[[Estimate, SmallNumbers], Account]] = {
    cumulative_incidence: lambda estimate, _: curves.of_curve_differences(estimate),
    kaplan_meier: lambda estimate, _: curves.of_curve_differences(estimate),
    mean_relapses: lambda estimate, _: years.of_mean_differences(estimate),
    yearly_relapse: years.of_yearly_differences,
    yearly_remission: years.of_yearly_differences,
}


def account(estimate: Estimate) -> Account:
    """Return the account of an estimate."""
    found = ACCOUNTS[estimate.function]
    return found if isinstance(found, Account) else found(estimate)


def accounts_of(exhibit: Exhibit) -> list[Account]:
    """Return the accounts of a figure's estimates, of its verdict, and of a curve always drawn with one of them."""
    drawing = exhibit.drawing
    drawn = drawing.estimates
    return [
        *map(account, drawn),
        *(_of_verdict(drawing) if drawing.verdict else ()),
        *(map(curves.of_naive, drawn) if drawing.options.get("naive") else ()),
        *(years.of_published(held) for held in drawing.options.values() if isinstance(held, Papers)),
        *([curves.OF_RECONSTRUCTED] if drawing.options.get("reconstructed") else ()),
        *([OF_CENTRES[drawing.kind.name]] if drawing.kind.name in OF_CENTRES else ()),
    ]


def _of_verdict(drawing: Drawing) -> list[Account]:
    told = drawing.telling.get("limits")
    limits = told if isinstance(told, SmallNumbers) else SmallNumbers()
    return [DIFFERENCES[each.function](each, limits) for each in drawing.estimates if each.function in DIFFERENCES]
