"""Yearly remission and relapse in cohorts counted by hand."""

import pandas as pd
import pytest

from analysis import Cohort, read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.place_by_year import PLACES
from analysis.listings.years import yearly_members


def places(cohort: Cohort, result: Yearly, year: int) -> dict[str, str]:
    members = yearly_members(cohort, result)
    members = members[members["year"] == year]
    return dict(zip(members["patient_id"], members["place"], strict=True))


@pytest.fixture
def eight() -> Cohort:
    """One patient for each place in the ledger of year 1, and more."""
    patients = pd.DataFrame(
        [
            ("complete", 30, 0, "ongoing", None),
            ("partial", 30, 0, "ongoing", 12.0),
            ("missed", 30, 0, "ongoing", 9.0),
            ("died", 8, 1, "died", None),
            ("lost", 10, 0, "lost", None),
            ("not due", 11, 0, "ongoing", None),
            ("no reason", 11, 0, None, None),
            ("died later", 14, 1, "died", 12.1),
        ],
        columns=["patient_id", "follow_up_months", "died", "follow_up_ended", "relapse_months"],
    )
    visits = pd.DataFrame(
        [
            ("complete", 9.0, "complete"),  # on the edge of the window
            ("complete", 24.0, "none"),
            ("partial", 11.0, "complete"),
            ("partial", 12.5, "partial"),  # nearer than the visit before it
            ("missed", 15.1, "complete"),  # just outside
            ("died", 8.0, "complete"),
            ("died later", 10.0, "complete"),
            ("died later", 14.0, "none"),  # as near as the one at 10, and later
        ],
        columns=["patient_id", "months", "remission"],
    )
    return read_cohort(patients, visits)


def test_every_patient_has_a_place_in_the_ledger(eight: Cohort) -> None:
    assert places(eight, yearly_remission(eight), 1) == {
        "complete": "assessed",
        "partial": "assessed",
        "missed": "visit_missing",
        "died": "died_before",
        "lost": "lost_before",
        "not due": "not_yet_due",
        "no reason": "ended_unknown",
        "died later": "assessed",
    }


def test_remission_is_the_state_at_the_nearest_visit_the_earlier_of_a_tie(eight: Cohort) -> None:
    result = yearly_remission(eight)
    assert result.bars[["year", "events", "patients"]].to_numpy().tolist() == [[1, 2, 3], [2, 0, 1]]
    members = yearly_members(eight, result)
    counted = members[members["counted"]]
    assert counted[["year", "patient_id"]].to_numpy().tolist() == [[1, "complete"], [1, "died later"]]


def test_second_year(eight: Cohort) -> None:
    ledger = yearly_remission(eight).ledger.iloc[1]
    assert ledger[["enrolled", *PLACES]].tolist() == [8, 1, 2, 2, 1, 1, 1]


def test_a_relapse_at_12_months_is_in_year_1(eight: Cohort) -> None:
    bars = yearly_relapse(eight).bars
    assert bars[["year", "events", "patients"]].to_numpy().tolist() == [[1, 1, 3], [2, 0, 1]]


def test_relapses_of_patients_not_assessed_are_reported(eight: Cohort) -> None:
    # "missed" relapsed at 9 without a visit in the window, "died later" in a year without one.
    assert "2 first relapses of patients not seen then in no bar" in yearly_relapse(eight).method


def test_a_narrower_window_assesses_fewer(eight: Cohort) -> None:
    assert yearly_remission(eight, window_months=1).bars["patients"].tolist() == [1, 1]


def test_a_visit_dated_after_death_is_no_assessment() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [11, 20], "died": [1, 0]})
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [12, 12], "remission": ["complete", "complete"]})
    bars = yearly_remission(read_cohort(patients, visits)).bars
    assert bars[["events", "patients"]].to_numpy().tolist() == [[1, 1]]


def test_a_visit_without_a_recorded_state_is_no_assessment_of_remission() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [20, 20], "died": [0, 0]})
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [12, 12], "remission": ["complete", None]})
    cohort = read_cohort(patients, visits)
    assert places(cohort, yearly_remission(cohort), 1) == {"a": "assessed", "b": "visit_missing"}
    assert places(cohort, yearly_relapse(cohort), 1) == {"a": "assessed", "b": "assessed"}


def test_relapses_come_from_the_visits_without_a_patient_column() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [30, 30], "died": [0, 0]})
    visits = pd.DataFrame({"patient_id": ["a", "a", "b", "b"], "months": [12, 24, 12, 24], "relapse": [0, 1, 0, 0]})
    bars = yearly_relapse(read_cohort(patients, visits)).bars
    assert bars[["events", "patients"]].to_numpy().tolist() == [[0, 2], [1, 2]]


def test_all_groups_have_the_same_years(eight: Cohort) -> None:
    source = ["UC", "BM", "UC", "BM", "UC", "BM", "UC", "UC"]
    cohort = read_cohort(
        eight.patients.assign(msc_source=source, follow_up_ended=eight.patients["follow_up_ended"].astype(object)),
        eight.visits.astype({"remission": object}),
    )
    bars = yearly_remission(cohort, by="msc_source").bars
    assert bars[["group", "year", "patients"]].to_numpy().tolist() == [
        ["BM", 1, 1], ["BM", 2, 0], ["UC", 1, 2], ["UC", 2, 1],
    ]  # fmt: skip
    empty = bars[bars["patients"] == 0]
    assert empty[["share", "lower", "upper"]].isna().all(axis=None)


def test_years_can_be_chosen(eight: Cohort) -> None:
    assert yearly_remission(eight, years=[1, 2, 3]).bars["patients"].tolist() == [3, 1, 0]


def test_without_visits_year_1_has_its_ledger() -> None:
    cohort = read_cohort(pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [20, 3], "died": [0, 1]}))
    for result in (yearly_remission(cohort), yearly_relapse(cohort)):
        assert result.bars[["year", "events", "patients"]].to_numpy().tolist() == [[1, 0, 0]]
        assert result.bars[["share", "lower", "upper"]].isna().all(axis=None)
        assert result.ledger[["enrolled", *PLACES]].to_numpy().tolist() == [[2, 0, 1, 1, 0, 0, 0]]


def test_a_follow_up_of_less_than_a_year_has_nobody_assessed() -> None:
    patients = pd.DataFrame(
        {"patient_id": list("abcd"), "follow_up_months": [8, 3, 6, 7], "died": [0, 1, 0, 0]}
    ).assign(follow_up_ended=["ongoing", "died", "lost", None], centre=list("xxyy"))
    visits = pd.DataFrame({"patient_id": list("abcd"), "months": [3, 3, 3, 3], "remission": "complete"})
    result = yearly_remission(read_cohort(patients, visits), by="centre")
    assert result.ledger[["enrolled", *PLACES]].to_numpy().tolist() == [[2, 0, 0, 1, 0, 1, 0], [2, 0, 0, 0, 1, 0, 1]]


@pytest.mark.parametrize(
    "arguments", [{"estimand": "guess"}, {"rule": "guess"}, {"interval": "wald"}, {"window_months": 7}]
)
def test_unknown_arguments_are_refused_by_name(eight: Cohort, arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|window"):
        yearly_remission(eight, **arguments)
