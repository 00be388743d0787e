"""Patients without the baseline that a rule needs: in no number, and said so."""

import pytest

from analysis import Cohort, renal_response_kdigo_2024, yearly_remission
from analysis.cohort.grouping import Grouping
from analysis.counts.stays import Stays
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.states.time_in_remission import time_in_remission
from analysis.estimates.yearly.estimands import REMISSION_ESTIMANDS
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.remission import can_be_judged
from analysis.listings.lanes import lanes
from analysis.listings.years import left_out_of_years, yearly_members
from tests.analysis.facts.visit_tables import cohort_of

RULE = renal_response_kdigo_2024()
VISITS = {
    "complete": [(0, 2.0, 80), (12, 0.4, 80), (24, 0.4, 80)],
    "partial": [(0, 2.0, 80), (12, 0.9, 80), (24, 2.0, 80)],
    "never": [(0, 2.0, 80), (12, 2.0, 80), (24, 2.0, 80)],
    "no baseline": [(3, 2.0, 80), (12, 0.2, 80), (24, 0.2, 80)],
    "no nephritis": [(0, 0.1, 80), (12, 0.1, 80), (24, 0.1, 80)],
}


@pytest.fixture
def five() -> Cohort:
    return cohort_of(
        ("upcr_g_per_g", "egfr_ml_per_min_per_1_73m2"), VISITS, organs=["renal", "skin", "renal", "skin", "renal"]
    )


def test_who_can_be_judged(five: Cohort) -> None:
    assert can_be_judged(five, RULE).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("by", [None, Grouping("renal")])
@pytest.mark.parametrize("estimand", REMISSION_ESTIMANDS)
def test_they_are_in_no_year(five: Cohort, estimand: str, by: Grouping | None) -> None:
    result = yearly_remission(five, estimand=estimand, rule=RULE, response="any", by=by)
    bars, ledger = result.bars, result.ledger
    assert bars[bars["year"] == 1][["events", "patients"]].sum().tolist() == [2, 3]
    assert ledger[ledger["year"] == 1]["enrolled"].sum() == 3
    assert result.left_out.to_numpy().tolist() == [[NO_BASELINE, 2]]
    assert f"2 patients: {NO_BASELINE}" in result.method
    assert left_out_of_years(five, result).to_numpy().tolist() == [
        ["no baseline", NO_BASELINE],
        ["no nephritis", NO_BASELINE],
    ]
    assert set(yearly_members(five, result)["patient_id"]) == {"complete", "partial", "never"}


def test_partial_response_counts_where_it_is_asked_for(five: Cohort) -> None:
    shares = {response: yearly_remission(five, rule=RULE, response=response).bars for response in ("complete", "any")}
    assert shares["complete"]["events"].tolist()[:2] == [1, 1]
    assert shares["any"]["events"].tolist()[:2] == [2, 1]


def test_they_have_a_state_of_their_own_over_time(five: Cohort) -> None:
    drawn = lanes(five, rule=RULE)
    assert drawn.stays.groupby("patient_id")["state"].agg(list).to_dict() == {
        "complete": ["active", "complete renal response"],
        "partial": ["active", "partial renal response", "active"],
        "never": ["active"],
        "no baseline": ["not told, no baseline"],
        "no nephritis": ["not told, no baseline"],
    }


def test_they_are_counted_among_the_states_over_time(five: Cohort) -> None:
    table = state_counts(five, rule=RULE, months=[0, 12, 24]).table
    held = table[table["patients"] > 0].groupby("months")
    assert {month: dict(zip(of["state"], of["patients"], strict=True)) for month, of in held} == {
        0: {"active": 3, "not told, no baseline": 2},
        12: {"complete renal response": 1, "partial renal response": 1, "active": 1, "not told, no baseline": 2},
        24: {"complete renal response": 1, "active": 2, "not told, no baseline": 2},
    }


def test_they_have_no_sojourns(five: Cohort) -> None:
    stays = Stays.of(five, RULE)
    assert stays.patients.sum() == 3
    result = state_probabilities(five, rule=RULE, months=[12])
    assert result.left_out.to_numpy().tolist() == [[NO_BASELINE, 2]]
    probability = result.remission["probability"].tolist()
    assert probability == pytest.approx([1 / 3])


def test_a_selection_is_told_as_the_whole(five: Cohort) -> None:
    alone = five.subset([True, False, False, True, False])
    assert can_be_judged(alone, RULE).tolist() == [True, False]
    assert yearly_remission(alone, rule=RULE).bars["patients"].tolist()[0] == 1


@pytest.mark.parametrize("estimand", REMISSION_ESTIMANDS)
def test_a_group_of_which_nobody_can_be_judged(five: Cohort, estimand: str) -> None:
    first = five.subset([True, True, False, True, True])
    bars = yearly_remission(first, estimand=estimand, rule=RULE, by="patient_id").bars
    told = bars[bars["year"] == 1].set_index("group")
    assert told["patients"].to_dict() == {"complete": 1, "partial": 1, "no baseline": 0, "no nephritis": 0}
    assert told.loc[["no baseline", "no nephritis"], "share"].isna().all()


def test_the_numbers_of_patients_are_of_those_judged(five: Cohort) -> None:
    assert ", 3 patients. In no number: 2 patients" in state_probabilities(five, rule=RULE, months=[12]).method
    assert "; 3 patients. In no number: 2 patients" in time_in_remission(five, rule=RULE, months=12).method
