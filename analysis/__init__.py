"""Estimates for cohorts of lupus patients who received mesenchymal stem cells; the public names."""

from analysis.cohort.filters import (
    AllOf,
    AnyOf,
    Between,
    BetweenDates,
    Filters,
    NoneOf,
    OneOf,
)
from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.grouping import Cut, Grouping, Pinned
from analysis.cohort.model import Cohort
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.description.adverse_events import adverse_events
from analysis.estimates.description.baseline_table import baseline_table
from analysis.estimates.description.filter_counts import attrition, option_counts
from analysis.estimates.scores.trajectory import trajectory
from analysis.estimates.survival.follow_up import follow_up
from analysis.estimates.survival.hazard_ratios import hazard_ratios
from analysis.estimates.survival.incidence import cumulative_incidence
from analysis.estimates.survival.kaplan_meier import kaplan_meier
from analysis.estimates.survival.log_rank import log_rank
from analysis.estimates.survival.restricted_mean import restricted_mean
from analysis.estimates.yearly.yearly_relapse import yearly_relapse
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.facts.endpoints import Landmark, TimeToEvent
from analysis.facts.remission import doris_2021, lldas, sledai_at_most
from analysis.intake.assemble import load_sample, read_cohort
from analysis.intake.source import Source

__all__ = [
    "AllOf",
    "AnyOf",
    "Between",
    "BetweenDates",
    "Cohort",
    "CohortError",
    "Cut",
    "Filters",
    "Finding",
    "Grouping",
    "Landmark",
    "NoneOf",
    "OneOf",
    "Pinned",
    "SmallNumbers",
    "Source",
    "TimeToEvent",
    "adverse_events",
    "attrition",
    "baseline_table",
    "cumulative_incidence",
    "doris_2021",
    "follow_up",
    "hazard_ratios",
    "kaplan_meier",
    "lldas",
    "load_sample",
    "log_rank",
    "option_counts",
    "read_cohort",
    "restricted_mean",
    "sledai_at_most",
    "trajectory",
    "yearly_relapse",
    "yearly_remission",
]
