"""Late entry in every yearly estimate."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from analysis import Cohort, read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.yearly.maturity import maturity
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.place_by_year import PLACES
from analysis.listings.years import left_out_of_years, yearly_members


@pytest.fixture(scope="module")
def forty() -> Cohort:
    """20 patients from transplantation on, of whom 10 relapse at 6, and 20 observed from month 20 on."""
    patients = pd.DataFrame(
        {
            "patient_id": [f"{row:02d}" for row in range(40)],
            "follow_up_months": 36,
            "died": 0,
            "entry_months": [0] * 20 + [20] * 20,
            "relapse_months": [6] * 10 + [None] * 30,
        }
    )
    visits = pd.DataFrame(
        [(f"{row:02d}", month, "none" if row < 10 else "complete") for row in range(40) for month in (12, 24, 36)],
        columns=["patient_id", "months", "remission"],
    )
    return read_cohort(patients, visits)


def bar(result: Yearly, year: int) -> pd.Series:
    return result.bars[result.bars["year"] == year].iloc[0]


def test_a_rate_counts_the_time_under_observation(forty: Cohort) -> None:
    result = yearly_relapse(forty, estimand="rate")
    first = bar(result, 1)
    assert first[["events", "patients"]].tolist() == [10, 20]
    assert first["person_years"] == pytest.approx(15)
    assert first["share"] == pytest.approx(float(Fraction(1000, 15)))  # 66.7, not 28.6 per 100
    # Year 2: 10 without a relapse for a year, 20 for the last four months.
    assert bar(result, 2)["person_years"] == pytest.approx(10 + 20 * 4 / 12)
    assert "20 patients observed only from later than transplantation on and counted from then on" in result.method


def test_current_and_cumulative_use_those_under_observation(forty: Cohort) -> None:
    current = yearly_remission(forty, estimand="current")
    assert bar(current, 1)[["events", "patients", "share", "at_risk"]].tolist() == [10, 20, 0.5, 20]
    assert bar(current, 2)["patients"] == 40
    cumulative = yearly_relapse(forty, estimand="cumulative")
    assert bar(cumulative, 1)[["events", "patients", "share", "at_risk"]].tolist() == [10, 20, 0.5, 10]


@pytest.mark.parametrize("estimand", ["assessed", "ever", "current"])
def test_the_ledger_adds_up_to_the_enrolled(forty: Cohort, estimand: str) -> None:
    result = yearly_remission(forty, estimand=estimand)
    assert result.ledger["enrolled"].tolist() == [20, 40, 40]
    assert (result.ledger[list(PLACES)].sum(axis=1) == result.ledger["enrolled"]).all()
    assert len(yearly_members(forty, result)) == 100
    assert result.left_out.empty


def test_a_visit_before_observation_is_no_assessment(forty: Cohort) -> None:
    assert bar(yearly_remission(forty), 1)[["events", "patients"]].tolist() == [10, 20]
    assert bar(yearly_remission(forty), 2)[["events", "patients"]].tolist() == [30, 40]
    assert bar(yearly_relapse(forty), 1)[["events", "patients"]].tolist() == [10, 20]
    assert bar(yearly_relapse(forty, estimand="at_risk"), 2)["patients"] == 10
    assert bar(yearly_relapse(forty, estimand="at_risk"), 3)["patients"] == 30
    assert remission_range(forty).table["patients"].tolist() == [20, 40, 40]


@pytest.mark.parametrize("estimand", ["deaths_counted", "all_due"])
def test_shares_with_deaths_leave_out_late_entries(forty: Cohort, estimand: str) -> None:
    result = yearly_remission(forty, estimand=estimand)
    assert result.bars["patients"].tolist() == [20, 20, 20]
    assert result.ledger["enrolled"].tolist() == [20, 20, 20]
    assert result.left_out["patients"].tolist() == [20]
    assert len(left_out_of_years(forty, result)) == 20
    assert "20 patients: observed only from later than transplantation on" in result.method


@pytest.mark.parametrize("estimand", ["deaths_counted", "all_due"])
def test_shares_with_deaths_end_without_patients_observed_from_the_start(forty: Cohort, estimand: str) -> None:
    late = forty.patients["patient_id"][forty.patients["entry_months"] > 0]
    visits = forty.visits[forty.visits["patient_id"].isin(late) | (forty.visits["months"] < 20)]
    cohort = replace(forty, visits=visits.reset_index(drop=True), fingerprint="seen in the first year")
    assert yearly_remission(cohort).bars["year"].max() > 1
    assert yearly_remission(cohort, estimand=estimand).bars["year"].tolist() == [1]


def test_state_counts_have_patients_not_yet_observed(forty: Cohort) -> None:
    table = state_counts(forty, months=[0, 19, 20, 24]).table
    waiting = table[table["state"] == "not yet observed"]
    assert waiting["patients"].tolist() == [20, 20, 0, 0]
    assert (table.groupby("months")["patients"].sum() == 40).all()
    assert "not yet observed" not in state_counts(forty.subset(pd.Series(range(40)) < 20)).table["state"].tolist()


def test_patients_never_under_observation_are_left_out() -> None:
    patients = pd.DataFrame(
        {"patient_id": ["a", "b"], "follow_up_months": [24, 10], "died": [0, 1], "entry_months": [0, 12]}
    )
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [12, 12], "remission": ["complete", "none"]})
    cohort = read_cohort(patients, visits)
    result = yearly_remission(cohort)
    assert result.ledger["enrolled"].tolist() == [1]
    assert left_out_of_years(cohort, result)["patient_id"].tolist() == ["b"]


def test_nothing_is_estimated_after_a_gap_in_observation() -> None:
    patients = pd.DataFrame(
        {"patient_id": list("abc"), "follow_up_months": [5, 6, 30], "died": [1, 1, 0], "entry_months": [0, 0, 10]}
    )
    visits = pd.DataFrame({"patient_id": list("abc"), "months": [3, 3, 12], "remission": "complete"})
    at = state_probabilities(read_cohort(patients, visits), months=[4, 12, 24]).remission
    assert at["probability"].tolist()[0] == 1
    assert at["probability"].isna().tolist() == [False, True, True]


def test_nothing_is_estimated_before_the_first_late_entry() -> None:
    patients = pd.DataFrame({"patient_id": list("ab"), "follow_up_months": 30, "died": 0, "entry_months": [14, 16]})
    visits = pd.DataFrame({"patient_id": list("ab"), "months": [13, 20], "remission": "complete"})
    result = yearly_remission(read_cohort(patients, visits), estimand="current", years=[1, 2])
    assert pd.isna(bar(result, 1)["share"])
    assert bar(result, 2)["share"] == 1  # a begins in remission, b enters it at 20


def test_maturity_allows_for_late_entry() -> None:
    # At 10 one of two leaves, not of three.
    patients = pd.DataFrame(
        {"patient_id": list("abc"), "follow_up_months": [10, 30, 30], "died": 0, "entry_months": [0, 0, 11]}
    )
    assert maturity(read_cohort(patients), years=[1]).table["could_be_followed"].tolist() == [0.5]
