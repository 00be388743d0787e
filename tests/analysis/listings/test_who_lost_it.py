"""Who lost a response: worked by hand, against the states themselves, and in words."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Cohort, lldas, read_cohort, renal_response_kdigo_2024, sustained, who_lost_it
from analysis.facts.remission import STATES, remission_rule, visit_states
from analysis.figures.states.lost_response import lost_line, lost_people, lost_table
from tests.analysis.facts.test_rules_of_each_patient import RULES
from tests.analysis.made import SAMPLE


def made(visits: dict[str, list[tuple]], columns: list[str], end: float = 36.0, **patients: list) -> Cohort:
    rows = [(patient, *visit) for patient, held in visits.items() for visit in held]
    people = pd.DataFrame({"patient_id": list(visits), "follow_up_months": end, "died": 0, **patients})
    return read_cohort(people, pd.DataFrame(rows, columns=["patient_id", "months", *columns]))


# UPCR, eGFR and prednisone at each visit; every baseline is 2.0 g/g and 90.
KDIGO = {
    "keeps": [(0, 2.0, 90, 40), (6, 0.4, 90, 10), (12, 0.3, 88, 5)],
    "loses by urine": [(0, 2.0, 90, 40), (3, 0.4, 90, 20), (6, 0.3, 90, 10), (12, 0.8, 90, 7.5), (18, 0.2, 90, 5)],
    "loses by both": [(0, 2.0, 90, 40), (6, 0.4, 90, 10), (12, 0.9, 70, None)],
    "never": [(0, 2.0, 90, 40), (6, 1.4, 90, 20)],
    "not known between": [(0, 2.0, 90, 40), (6, 0.4, 90, 10), (9, None, None, 8), (12, 0.6, 90, 5)],
    "before only": [(-1, 0.4, 90, 40), (0, 2.0, 90, 40), (6, 1.4, 90, 20)],
}


def kdigo(**patients: list) -> Cohort:
    return made(KDIGO, ["upcr_g_per_g", "egfr_ml_per_min_per_1_73m2", "prednisone_mg_per_day"], **patients)


def test_those_who_lost_a_renal_response_by_hand() -> None:
    found = who_lost_it(kdigo(), rule=renal_response_kdigo_2024())
    table = found.table.set_index("patient_id").drop(columns="group")
    assert found.reached.to_numpy().tolist() == [["All", 4, 3]]
    assert table.drop(columns="no_longer_met").astype(object).where(lambda held: held.notna(), None).T.to_dict(
        "list"
    ) == {
        "loses by urine": [3, 6, 12, 18, 10, 7.5],
        "loses by both": [6, 6, 12, None, 10, None],
        "not known between": [6, 6, 12, None, 10, 5],
    }
    assert table["no_longer_met"].to_dict() == {
        "loses by urine": "urine protein/creatinine ratio below 0.5 g/g (0.8)",
        "loses by both": "urine protein/creatinine ratio below 0.5 g/g (0.9); "
        "eGFR no more than 15 % below baseline (70, baseline 90)",
        "not known between": "urine protein/creatinine ratio below 0.5 g/g (0.6)",
    }


def test_a_partial_response_is_lost_when_its_own_criteria_fail() -> None:
    found = who_lost_it(kdigo(), rule=renal_response_kdigo_2024(), response="any")
    # UPCR of 0.8 or 0.6 is at most half of 2.0; only the eGFR of 70 ends a partial response.
    assert found.table["patient_id"].tolist() == ["loses by both"]
    assert found.table["no_longer_met"].tolist() == ["eGFR no more than 15 % below baseline (70, baseline 90)"]


def test_after_the_end_of_follow_up_nothing_is_lost() -> None:
    visits = {"a": [(6, "complete"), (12, "none")], "b": [(6, "complete"), (12, "none")]}
    cohort = made(visits, ["remission"], end=[24.0, 11.0])
    assert who_lost_it(cohort).reached.to_numpy().tolist() == [["All", 2, 1]]


def test_a_sustained_response_is_lost_at_the_first_visit_without_it() -> None:
    visits = {"a": [(3, "complete"), (9, "complete"), (12, "complete"), (15, "partial"), (18, "complete")]}
    table = who_lost_it(made(visits, ["remission"]), rule=sustained(remission_rule("recorded"), 6)).table
    assert table[["since_months", "last_months", "lost_months"]].to_numpy().tolist() == [[9, 12, 15]]
    assert table["again_months"].isna().all()
    assert table["no_longer_met"].tolist() == ["complete remission on record (partial)"]


@given(st.lists(st.lists(st.sampled_from(STATES), min_size=1, max_size=6), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_it_is_the_first_fall_out_of_remission(courses: list[list[str]]) -> None:
    visits = {
        f"p{place}": [(3.0 * (at + 1), state) for at, state in enumerate(held)] for place, held in enumerate(courses)
    }
    found = who_lost_it(made(visits, ["remission"]), response="any").table.set_index("patient_id")
    for patient, held in visits.items():
        inside = "".join("-" if state == "none" else "+" for _, state in held)
        fall = inside.find("+-")
        assert (patient in found.index) == (fall >= 0)
        if fall >= 0:
            assert found.loc[patient, ["last_months", "lost_months"]].tolist() == [held[fall][0], held[fall + 1][0]]


@pytest.mark.parametrize("rule", ["recorded", lldas()])
def test_whoever_lost_it_was_seen_in_it_and_then_without(rule: object) -> None:
    found = who_lost_it(SAMPLE, rule=rule, by="msc_source")
    states = visit_states(SAMPLE, remission_rule(rule))
    ids = SAMPLE.patient_ids.to_numpy()[states["row"]]
    state = dict(zip(zip(ids, states["months"], strict=True), states["state"].astype(str), strict=True))
    for row in found.table.itertuples():
        assert state[row.patient_id, row.since_months] == state[row.patient_id, row.last_months] == "complete"
        assert state[row.patient_id, row.lost_months] != "complete"
        assert row.no_longer_met
    assert found.reached["lost"].sum() == len(found.table)


def test_in_words_by_group() -> None:
    found = who_lost_it(kdigo(arm=["x", "x", "x", "y", "y", "y"]), rule=renal_response_kdigo_2024(), by="arm")
    state = "complete renal response"
    assert lost_line(found) == (
        f"x: 2 of 3 who reached {state} lost it; first seen without it at month 12 (median; 12 to 12), prednisone then "
        f"7.5 mg/day (of 1 with a dose). y: 1 of 1 who reached {state} lost it; first seen without it at month 12, "
        "prednisone then 5 mg/day."
    )
    table = lost_table(found)
    assert table["Dose without it"].tolist() == ["7.5", "not recorded", "5"]
    assert table["In it again"].tolist() == ["18", "no", "no"]
    people = lost_people(found)
    assert people.title == f"Lost {state}: 3 patients"
    assert people.parts[0].members["months"].tolist() == [12, 12, 12]


def test_nobody_is_said_to_be_nobody() -> None:
    cohort = made({"a": [(6, "none")]}, ["remission"])
    assert lost_line(who_lost_it(cohort)) == "Nobody has reached complete remission after transplantation."
    assert lost_table(who_lost_it(cohort)).empty
    kept = made({"a": [(6, "complete")]}, ["remission"])
    assert lost_line(who_lost_it(kept)) == "0 of 1 who reached complete remission lost it."


def test_every_criterion_has_words() -> None:
    assert all(criterion.words for rule in RULES for criterion in rule.all_criteria)
