"""Shares on each drug over time, worked out by hand for five patients."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Cohort, Filters, OneOf, load_sample, option_counts, read_cohort, treatment_shares
from analysis.counts.treatment_counts import TreatmentCounts
from analysis.estimates.description.treatment_shares import TreatmentShares
from analysis.figures.description.treatments import TREATMENTS, treatment_table

PATIENTS = pd.DataFrame(
    {
        "patient_id": list("abcde"),
        "follow_up_months": [24.0, 24.0, 12.0, 6.0, 24.0],
        "died": [0, 0, 1, 0, 0],
        "arm": ["x", "x", "y", "y", "y"],
    }
)
PERIODS = pd.DataFrame(
    [
        ("a", "prednisone", -2.0, 6.0),  # no longer at month 6
        ("a", "prednisone", 12.0, None),
        ("b", "prednisone", 0.0, None),
        ("b", "mycophenolate", 6.0, 12.0),
        ("c", "mycophenolate", -1.0, 24.0),  # recorded beyond the death, which ends it
        ("d", "prednisone", -5.0, 0.0),  # no longer at transplantation
    ],
    columns=["patient_id", "drug", "start_months", "stop_months"],
)


@pytest.fixture(scope="module")
def five() -> Cohort:
    return read_cohort(PATIENTS, treatments=PERIODS)


def counted(cohort: Cohort, drug: str, **asked: object) -> list[list[int]]:
    table = treatment_shares(cohort, drugs=[drug], months=[0, 6, 12, 24], **asked).table
    return table[["on", "patients"]].to_numpy().tolist()


def test_shares_are_of_those_followed_at_the_month(five: Cohort) -> None:
    assert counted(five, "prednisone") == [[2, 5], [1, 5], [2, 4], [2, 3]]
    assert counted(five, "mycophenolate") == [[1, 5], [2, 5], [1, 4], [0, 3]]
    table = treatment_shares(five, drugs=["prednisone"], months=[0]).table
    # Wilson's interval of 2 of 5, by hand: (0.4 + z^2 / 10 -+ z sqrt(0.048 + z^2 / 100)) / (1 + z^2 / 5).
    assert table[["share", "lower", "upper"]].round(4).to_numpy().tolist() == [[0.4, 0.1176, 0.7693]]


def test_groups_have_their_own_denominators(five: Cohort) -> None:
    table = treatment_shares(five, drugs=["prednisone"], months=[0, 24], by="arm").table
    assert table[["group", "on", "patients"]].to_numpy().tolist() == [
        ["x", 2, 2],
        ["x", 2, 2],
        ["y", 0, 3],
        ["y", 0, 1],
    ]


def test_nobody_recorded_is_told_apart_from_no_table(five: Cohort) -> None:
    assert "1 of them without any recorded treatment, who count as not on it" in treatment_shares(five).method
    assert "without any recorded" not in treatment_shares(five.where(Filters({"arm": OneOf("x")}))).method
    with pytest.raises(ValueError, match="has no table of treatments"):
        treatment_shares(read_cohort(PATIENTS))
    nothing = read_cohort(PATIENTS, treatments=PERIODS.head(0).astype(str))
    result = treatment_shares(nothing)
    assert result.table.empty
    assert "5 of them without any recorded treatment" in result.method


def test_an_unknown_drug_is_an_error(five: Cohort) -> None:
    with pytest.raises(ValueError, match=r"no drug 'aspirin'\. They have prednisone, mycophenolate"):
        treatment_shares(five, drugs=["aspirin"])


def test_nobody_followed_has_no_share(five: Cohort) -> None:
    table = treatment_shares(five, drugs=["prednisone"], months=[0, 60]).table
    assert table["patients"].tolist() == [5, 0]
    assert table["share"].isna().tolist() == [False, True]
    assert TREATMENTS.chart(treatment_shares(five, months=[0, 60])).to_dict()


def test_who_comes_later_is_not_followed_before() -> None:
    late = read_cohort(PATIENTS.assign(entry_months=[0, 0, 0, 0, 9.0]), treatments=PERIODS)
    assert counted(late, "prednisone") == [[2, 4], [1, 4], [2, 4], [2, 3]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_parts_add_up(parts: list[int]) -> None:
    cohort = read_cohort(PATIENTS, treatments=PERIODS)
    months, drugs = [0.0, 6.0, 24.0], ["prednisone", "mycophenolate"]
    for by in (None, "arm"):
        first, *others = (
            TreatmentCounts.of(cohort.subset(np.array(parts) == part), drugs, months, by) for part in range(3)
        )
        for other in others:
            first = first + other
        whole = TreatmentCounts.of(cohort, drugs, months, by)
        pd.testing.assert_frame_equal(first.to_table(), whole.to_table())
        again = TreatmentCounts.from_table(whole.to_table(), by)
        pd.testing.assert_frame_equal(
            TreatmentShares.of(again, months=months).table, TreatmentShares.of(whole, months=months).table
        )


def test_patients_can_be_filtered_by_a_drug_at_transplantation(five: Cohort) -> None:
    column = "prednisone at transplantation"
    taking = five.where(Filters({column: OneOf("yes")}))
    assert taking.patient_ids.tolist() == ["a", "b"]
    # Of the fifth patient nothing is recorded: neither yes nor no.
    told = option_counts(five, Filters({}), column)
    assert told[["value", "of_all"]].to_numpy().tolist() == [["no", 2], ["yes", 2]]
    assert counted(taking, "prednisone") == [[2, 2], [1, 2], [2, 2], [2, 2]]


def test_the_sample_agrees_with_its_visits() -> None:
    """At transplantation everybody is on prednisone, as at the visits of month 0."""
    sample = load_sample()
    table = treatment_shares(sample, drugs=["prednisone"], months=[0]).table
    first = sample.visits[sample.visits["months"] == 0]
    assert table[["on", "patients"]].to_numpy().tolist() == [[int((first["prednisone_mg_per_day"] > 0).sum()), 87]]
    assert treatment_table(treatment_shares(sample)).shape == (7, 6)
