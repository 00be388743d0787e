"""Estimates beside the yearly shares: reclassification, range, maturity, states over time."""

import pandas as pd
import pytest

from analysis import Cohort, doris_2021, lldas, read_cohort, sledai_at_most
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.yearly.maturity import maturity
from analysis.estimates.yearly.reclassified import reclassified
from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.estimates.yearly.remission_range import remission_range
from analysis.listings.reclassified_patients import reclassified_patients
from analysis.listings.relapse_list import relapse_list


@pytest.fixture(scope="module")
def seven() -> Cohort:
    """One patient for each place in the ledger of year 1, and one more assessed."""
    patients = pd.DataFrame(
        [
            ("complete", 24, 0, "ongoing", None),
            ("partial", 24, 0, "ongoing", 18),
            ("died", 8, 1, "died", None),
            ("lost", 10, 0, "lost", None),
            ("not due", 11, 0, "ongoing", None),
            ("missed", 24, 0, "lost", None),
            ("no reason", 11, 0, None, None),
        ],
        columns=["patient_id", "follow_up_months", "died", "follow_up_ended", "relapse_months"],
    )
    visits = pd.DataFrame(
        [
            ("complete", 12, "complete", 6, 10),
            ("complete", 24, "complete", 2, None),
            ("partial", 6, "complete", 0, 5),
            ("partial", 12, "partial", 4, 5),
            ("partial", 24, "none", 3, 5),
            ("died", 6, "complete", 2, 5),
            ("missed", 6, "partial", 2, 5),
        ],
        columns=["patient_id", "months", "remission", "sledai", "prednisone_mg_per_day"],
    )
    return read_cohort(patients, visits)


def test_reclassified_at_the_same_visits(seven: Cohort) -> None:
    result = reclassified(seven, sledai_at_most(4))
    assert reclassified_patients(seven, sledai_at_most(4)).to_numpy().tolist() == [
        ["complete", 1, "complete", "none", False],
        ["partial", 1, "partial", "complete", True],
        ["partial", 2, "none", "complete", True],
    ]
    assert result.counts.to_numpy().tolist() == [[1, 2, 2, 2, 1, 1], [2, 2, 2, 1, 1, 0]]
    assert (result.words(1), result.words(2)) == ("reclassifies 2 of 2", "reclassifies 1 of 2")
    assert reclassified(seven, sledai_at_most(4), response="any").words(1) == "reclassifies 1 of 2"


def test_visits_without_a_state_by_the_rule_are_reported(seven: Cohort) -> None:
    result = reclassified(seven, sledai_at_most(4, prednisone_mg_per_day=5))
    assert result.words(2) == "reclassifies 1 of 1; 1 patient cannot be judged"
    assert result.counts[["assessed", "judged"]].to_numpy().tolist() == [[2, 2], [2, 1]]
    for rule in (doris_2021(), lldas()):
        with pytest.raises(ValueError, match="pga"):
            reclassified(seven, rule)


def test_the_range_if_those_not_seen_were_or_were_not_in_remission(seven: Cohort) -> None:
    row = remission_range(seven).table.iloc[0]
    assert row[["events", "assessed", "lost_before", "visit_missing", "ended_unknown", "patients"]].tolist() == [
        1,
        2,
        1,
        1,
        1,
        5,
    ]
    assert row[["share", "lowest", "highest"]].tolist() == pytest.approx([1 / 2, 1 / 5, 4 / 5])
    lost = remission_range(seven, suppose=("lost_before",)).table.iloc[0]
    assert lost[["share", "lowest", "highest"]].tolist() == pytest.approx([1 / 2, 1 / 3, 2 / 3])
    assert lost["visit_missing"] == 0
    dead = remission_range(seven, estimand="deaths_counted").table.iloc[0]
    assert dead[["share", "lowest", "highest"]].tolist() == pytest.approx([1 / 3, 1 / 6, 4 / 6])
    either = remission_range(seven, response="any", years=[1]).table.iloc[0]
    assert either[["lowest", "highest"]].tolist() == pytest.approx([2 / 5, 1])


def test_the_range_names_the_patients_supposed(seven: Cohort) -> None:
    assert "lost before the year; the dead not counted" in remission_range(seven, suppose=("lost_before",)).method
    with pytest.raises(ValueError, match="died_before"):
        remission_range(seven, suppose=("died_before",))
    with pytest.raises(ValueError, match="estimand"):
        remission_range(seven, estimand="all_due")


def test_death_and_loss_censor_maturity(seven: Cohort) -> None:
    # 8: one died, 10: one lost, both censored. 11: follow-up of two of five ends. 24: the rest, one lost.
    result = maturity(seven, years=[1, 2, 3])
    assert result.table["could_be_followed"].tolist()[:2] == pytest.approx([3 / 5, 3 / 5])
    assert result.table["immature"].tolist() == [False, False, True]
    assert pd.isna(result.table["could_be_followed"].iloc[2])  # the last one was lost at 24: missing beyond


def test_a_maturity_of_one_half_is_enough() -> None:
    patients = pd.DataFrame({"patient_id": list("abcdef"), "follow_up_months": [6, 7, 8, 12, 12, 30], "died": 0})
    table = maturity(read_cohort(patients), years=[1, 2, 3]).table
    assert table["could_be_followed"].tolist() == pytest.approx([3 / 6, 1 / 6, 0])  # 12 months are a year
    assert table["immature"].tolist() == [False, True, True]


def test_maturity_by_group() -> None:
    patients = pd.DataFrame(
        {"patient_id": list("abc"), "follow_up_months": [6, 30, 30], "died": 0, "arm": ["x", "y", None]}
    )
    result = maturity(read_cohort(patients), years=[1], by="arm")
    assert result.table[["group", "patients", "could_be_followed"]].to_numpy().tolist() == [
        ["x", 1, 0.0],
        ["y", 1, 1.0],
    ]
    assert "1 patient: the group is not recorded" in result.method


def counts_at(cohort: Cohort, month: float, **options: object) -> dict[str, int]:
    table = state_counts(cohort, months=[month], **options).table
    return {str(state): number for state, number in zip(table["state"], table["patients"], strict=True) if number}


def test_state_counts_by_month(seven: Cohort) -> None:
    assert counts_at(seven, 0) == {"active": 7}
    assert counts_at(seven, 6) == {"complete remission": 2, "partial remission": 1, "active": 4}
    assert counts_at(seven, 8)["dead"] == 1
    assert counts_at(seven, 10) == {"complete remission": 1, "partial remission": 1, "active": 4, "dead": 1}
    assert counts_at(seven, 12) == {"complete remission": 1, "partial remission": 2, "dead": 1, "no longer followed": 3}
    assert counts_at(seven, 18) == {
        "complete remission": 1,
        "partial remission": 1,
        "relapsed": 1,
        "dead": 1,
        "no longer followed": 3,
    }
    assert counts_at(seven, 24)["relapsed"] == 1
    assert counts_at(seven, 25) == {"dead": 1, "no longer followed": 6}


def test_a_rule_names_its_own_state(seven: Cohort) -> None:
    assert counts_at(seven, 6, rule=sledai_at_most(4)) == {"remission": 3, "active": 4}


def test_every_month_is_counted_and_adds_up(seven: Cohort) -> None:
    table = state_counts(seven).table
    assert table["months"].unique().tolist() == list(range(25))
    assert (table.groupby("months")["patients"].sum() == 7).all()
    assert table.groupby("months")["share"].sum().tolist() == pytest.approx([1] * 25)


def test_without_recorded_relapses_nobody_is_relapsed() -> None:
    patients = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [2], "died": [0]})
    visits = pd.DataFrame({"patient_id": ["a"], "months": [1], "remission": ["complete"]})
    table = state_counts(read_cohort(patients, visits)).table
    assert table.loc[table["patients"] > 0, "state"].tolist() == ["active", "complete remission", "complete remission"]


def test_without_censoring_a_probability_is_the_share(seven: Cohort) -> None:
    everybody = seven.patients.assign(follow_up_months=24.0, died=False, follow_up_ended=None)
    cohort = read_cohort(everybody.drop(columns="relapse_months"), seven.visits.astype({"remission": object}))
    at = state_probabilities(cohort, months=[6, 12, 24]).remission
    assert at["probability"].tolist() == pytest.approx([2 / 7, 2 / 7, 2 / 7])
    assert at["standard_error"].tolist() == pytest.approx([(2 / 7 * 5 / 7 / 7) ** 0.5] * 3)


def test_an_empty_cohort_has_no_states(seven: Cohort) -> None:
    nobody = seven.subset(seven.patients["died"] & (seven.patients["follow_up_months"] > 100))
    assert remission_range(nobody).table[["year", "patients"]].to_numpy().tolist() == [[1, 0]]
    assert state_counts(nobody).table.empty
    assert state_probabilities(nobody, months=[12]).remission["probability"].isna().all()
    assert maturity(nobody, years=[1]).table["immature"].tolist() == [True]
    assert reclassified(nobody, sledai_at_most(4)).counts.empty


def test_first_and_recurrent_relapses() -> None:
    patients = pd.DataFrame(
        {
            "patient_id": list("abcd"),
            "follow_up_months": 40,
            "died": 0,
            "relapse_months": [9, 20, None, 3],
            "arm": ["x", "y", "y", None],
        }
    )
    visits = pd.DataFrame(
        [("a", 12, "none", 1), ("a", 24, "none", 1), ("b", 12, "complete", 0), ("c", 12, "none", 0)],
        columns=["patient_id", "months", "remission", "relapse"],
    )
    cohort = read_cohort(patients, visits)
    result = relapse_counts(cohort, by="arm")
    assert result.table.to_numpy().tolist() == [["x", 1, 1, 2, 1, 0, 1], ["y", 2, 1, 1, 0, 0, 0]]
    relapses = relapse_list(cohort, by="arm")
    assert relapses[["group", "patient_id", "months", "number", "after_remission"]].to_numpy().tolist() == [
        ["x", "a", 9.0, 1, False],
        ["x", "a", 24.0, 2, False],
        ["y", "b", 20.0, 1, True],
    ]
    assert "1 patient: the group is not recorded" in result.method
    without_states = read_cohort(patients, visits.drop(columns="remission"))
    assert relapse_counts(without_states).table["before_remission"].isna().all()
