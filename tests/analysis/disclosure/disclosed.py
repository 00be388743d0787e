"""Results as they may be shared, by what they are."""

from collections.abc import Mapping
from typing import Any

from analysis.disclosure.refused import NOT_WORKED_OUT, Disclosure
from analysis.disclosure.shared_baseline import shared_baseline
from analysis.disclosure.shared_curves import shared_incidence, shared_survival
from analysis.disclosure.shared_states import shared_states
from analysis.disclosure.shared_visits import shared_trajectory
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.description.baseline_table import BaselineTable
from analysis.estimates.scores.trajectory import Trajectory
from analysis.estimates.states.state_counts import StateCounts
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.yearly.yearly import Yearly
from analysis.export.sharing import Sharing, protected

DISCLOSURES: dict[type, Disclosure] = {
    Yearly: shared_yearly,
    KaplanMeier: shared_survival,
    CumulativeIncidence: shared_incidence,
    StateCounts: shared_states,
    Trajectory: shared_trajectory,
    BaselineTable: shared_baseline,
}


def safe_of(result: Any, sharing: Sharing, replaced: Mapping[str, str] | None = None) -> Any:
    return protected(result, DISCLOSURES.get(type(result), NOT_WORKED_OUT), sharing, replaced)
