"""Patients of whom a rule tells no state are not given away by the number of the others."""

import pytest

from analysis import Cohort, renal_response_ranjbar_2022, yearly_remission
from analysis.disclosure.refused import NotSharedError
from analysis.disclosure.shared_states import shared_states
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.yearly.estimands import REMISSION_ESTIMANDS
from tests.analysis.facts.visit_tables import cohort_of

RULE = renal_response_ranjbar_2022()


def with_untold(number: int) -> Cohort:
    """Return 40 patients in two arms; of so many of the first arm there is no baseline."""
    visits = {
        f"p{place:02}": [*([] if place < number else [(0, 2.0)]), (12, 0.2 if place % 2 else 2.0), (24, 0.2)]
        for place in range(40)
    }
    return cohort_of(("proteinuria_g_per_24h",), visits, arm=["x"] * 20 + ["y"] * 20, follow_up_ended="ongoing")


@pytest.mark.parametrize("by", [None, "arm"])
@pytest.mark.parametrize("estimand", REMISSION_ESTIMANDS)
def test_few_are_refused_and_many_are_not_told(estimand: str, by: str | None) -> None:
    for number in (1, 4):
        with pytest.raises(NotSharedError, match="no baseline"):
            shared_yearly(yearly_remission(with_untold(number), estimand=estimand, rule=RULE, by=by), 5)
    for number in (0, 5, 10):
        shared = shared_yearly(yearly_remission(with_untold(number), estimand=estimand, rule=RULE, by=by), 5)
        assert f"{40 - number} patients" in shared.method
        assert shared.left_out.empty


def test_states_over_time_with_few_of_them_are_not_shared() -> None:
    with pytest.raises(NotSharedError):
        shared_states(state_counts(with_untold(3), rule=RULE), 5)


def test_a_rule_that_needs_no_baseline_is_shared_as_before() -> None:
    cohort = cohort_of(
        ("remission",), {f"p{place}": [(12, "complete" if place % 2 else "none")] for place in range(20)}
    )
    assert shared_yearly(yearly_remission(cohort), 5).bars["events"].tolist()[0] == 10
