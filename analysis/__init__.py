"""Estimates for cohorts of lupus patients who received mesenchymal stem cells; the public names."""

from analysis.cohort.endpoints import Landmark, TimeToEvent
from analysis.cohort.filters import (
    AllOf,
    AnyOf,
    Between,
    BetweenDates,
    Filters,
    NoneOf,
    OneOf,
    attrition,
    option_counts,
)
from analysis.cohort.grouping import Cut, Grouping, Pinned
from analysis.cohort.model import Cohort, CohortError, Finding
from analysis.cohort.rules import doris_2021, lldas, sledai_at_most
from analysis.estimates.baseline import baseline_table
from analysis.estimates.comparison import log_rank
from analysis.estimates.followup import follow_up
from analysis.estimates.hazard import hazard_ratios
from analysis.estimates.incidence import cumulative_incidence
from analysis.estimates.limits import SmallNumbers
from analysis.estimates.restricted import restricted_mean
from analysis.estimates.safety import adverse_events
from analysis.estimates.survival import kaplan_meier
from analysis.estimates.trajectory import trajectory
from analysis.estimates.yearly_relapse import yearly_relapse
from analysis.estimates.yearly_remission import yearly_remission
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
