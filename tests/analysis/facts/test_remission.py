"""Remission rules, visit by visit."""

import pandas as pd
import pytest

from analysis import Cohort, doris_2021, lldas, read_cohort, sledai_at_most
from analysis.facts.remission import RECORDED, RemissionRule, remission_rule, remission_words, visit_states


def one_patient(**measures: list[object]) -> Cohort:
    """Return a cohort of one patient with monthly visits."""
    number = len(next(iter(measures.values())))
    patients = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [60], "died": [0]})
    return read_cohort(patients, pd.DataFrame({"patient_id": "a", "months": range(1, number + 1), **measures}))


def states(cohort: Cohort, rule: RemissionRule) -> list[str | None]:
    """Return the state at each visit; None if missing."""
    found = visit_states(cohort, rule)["state"].reindex(cohort.visits.index)
    return [None if pd.isna(state) else state for state in found]


def test_the_recorded_state_is_as_recorded() -> None:
    cohort = one_patient(remission=["none", None, "partial", "complete"], sledai=[0, 0, 0, 9])
    assert states(cohort, RECORDED) == ["none", None, "partial", "complete"]


def test_a_score_at_the_limit_is_in_remission() -> None:
    assert states(one_patient(sledai=[3, 4, 5, None]), sledai_at_most(4)) == ["complete", "complete", "none", None]


def test_a_dose_caps_the_score() -> None:
    cohort = one_patient(sledai=[4, 4, 4, 5, None], prednisone_mg_per_day=[10, 10.5, None, None, 20])
    # Without a dose a low score is not enough; a high score or dose decides alone.
    assert states(cohort, sledai_at_most(4, prednisone_mg_per_day=10)) == ["complete", "none", None, "none", "none"]


def test_doris_2021() -> None:
    cohort = one_patient(
        clinical_sledai=[0, 1, 0, 0, 0, None],
        pga=[0.4, 0.4, 0.5, 0.4, None, None],
        prednisone_mg_per_day=[5, 5, 5, 5.5, 5, 5],
    )
    # PGA must be below 0.5; a dose of 5 is allowed.
    assert states(cohort, doris_2021()) == ["complete", "none", "none", "none", None, None]
    assert doris_2021().not_applied(cohort) == ("stable immunosuppressants",)


def test_lldas_without_its_optional_columns() -> None:
    cohort = one_patient(sledai=[4, 5, 4, 4], pga=[1, 1, 1.1, 1], prednisone_mg_per_day=[7.5, 7.5, 7.5, 8])
    assert states(cohort, lldas()) == ["complete", "none", "none", "none"]
    assert lldas().not_applied(cohort) == (
        "no activity in a major organ",
        "no new activity since the visit before",
        "well tolerated maintenance doses of immunosuppressants",
    )


def test_lldas_with_its_optional_columns() -> None:
    cohort = one_patient(
        sledai=[4, 4, 4, 4],
        pga=[1, 1, 1, 1],
        prednisone_mg_per_day=[5, 5, 5, 5],
        major_organ_activity=[0, 1, 0, None],
        new_activity=[0, 0, 1, 0],
    )
    assert states(cohort, lldas()) == ["complete", "none", "none", None]
    assert lldas().not_applied(cohort) == ("well tolerated maintenance doses of immunosuppressants",)


def test_a_rule_names_its_missing_columns() -> None:
    cohort = one_patient(sledai=[4], prednisone_mg_per_day=[5])
    assert sledai_at_most(4, 10).missing_columns(cohort) == ()
    assert doris_2021().missing_columns(cohort) == ("clinical_sledai", "pga")
    assert lldas().missing_columns(cohort) == ("pga",)
    assert RECORDED.missing_columns(cohort) == ("remission",)
    with pytest.raises(ValueError, match="DORIS 2021 needs clinical_sledai and pga"):
        visit_states(cohort, doris_2021())
    assert visit_states(cohort, RECORDED).empty


def test_no_state_is_known_after_death() -> None:
    patients = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [2], "died": [1]})
    visits = pd.DataFrame({"patient_id": ["a", "a"], "months": [2, 3], "sledai": [0, 0]})
    assert visit_states(read_cohort(patients, visits), sledai_at_most(0))["months"].tolist() == [2]


def test_rules_are_equal_by_their_content() -> None:
    assert sledai_at_most(4) == sledai_at_most(4.0)
    assert len({sledai_at_most(4), sledai_at_most(4), sledai_at_most(4, 10), doris_2021(), lldas(), RECORDED}) == 5


def test_rules_in_words() -> None:
    assert sledai_at_most(4, 7.5).name == "SLEDAI at most 4 with prednisone at most 7.5 mg/day"
    assert remission_words(RECORDED, "any") == "complete or partial remission"
    assert remission_words(doris_2021(), "complete") == "remission by DORIS 2021"
    assert remission_words(lldas(), "any") == "low disease activity by LLDAS"


def test_an_unknown_rule_is_refused() -> None:
    assert remission_rule("recorded") is RECORDED
    with pytest.raises(ValueError, match="Unknown rule 'doris'"):
        remission_rule("doris")
    with pytest.raises(ValueError, match="Unknown response"):
        remission_words(RECORDED, "partial")
    for points, dose in ((-1, None), (4, -1), (float("nan"), None)):
        with pytest.raises(ValueError, match="at most a number from 0"):
            sledai_at_most(points, dose)
