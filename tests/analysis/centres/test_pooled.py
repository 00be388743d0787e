"""Centres of any patients put together are those patients in one cohort, to the bit, whatever is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Cohort,
    doris_2021,
    hazard_ratios,
    lldas,
    log_rank,
    read_cohort,
    restricted_mean,
    rise_after_remission,
    selena_flare,
    sledai_at_most,
    sustained,
    with_prednisone_at_most,
)
from analysis.centres.centre_answer import answer_question
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.counted_apart import counted_apart
from analysis.centres.merged_cohort import CENTRE, MergedCohort, merge
from analysis.cohort.grouping import By
from analysis.facts.remission import RECORDED, RemissionRule
from analysis.facts.renal_flare import renal_flare_kdigo_2012
from analysis.facts.renal_rules import renal_response_eular_2019, renal_response_kdigo_2024
from analysis.facts.responder_rules import bicla, sri_4, sri_4_without_bilag
from tests.analysis.centres.registry import centres_of, registry
from tests.properties import FEW

pytestmark = pytest.mark.newest  # the same counts and files on any versions: long

CENTRES = 20
BY_SOURCE = {"compare": ("msc_source",)}
RULES: dict[str, RemissionRule] = {
    "low prednisone": sledai_at_most(4, prednisone_mg_per_day=7.5),
    "capped": with_prednisone_at_most(RECORDED, 5),
    "DORIS": doris_2021(),
    "sustained LLDAS": sustained(lldas(), 6),
    "renal, KDIGO": renal_response_kdigo_2024(),
    "renal, EULAR": renal_response_eular_2019(),
    "SRI": sri_4(),
    "SRI without BILAG": sri_4_without_bilag(),
    "BICLA": bicla(),
}
RELAPSES = {
    "rise": rise_after_remission(),
    "SELENA": selena_flare(),
    "renal flare": renal_flare_kdigo_2012(),
}
SHORT: dict[str, Any] = {"endpoints": ("time_to_remission",), "measures": ()}
QUESTIONS = {
    "by source": CentreQuestion("Source", BY_SOURCE, measures=("sledai", "c3_g_per_l", "prednisone_mg_per_day")),
    "by age": CentreQuestion("Age", {"compare": ("number:age_years",), "cut": ("30,45",)}, response="any"),
    "by score": CentreQuestion("Score", {"compare": ("number:baseline_sledai",), "cut": ("8",)}, window_months=1.5),
    "by organ": CentreQuestion("Organ", {"compare": ("organ:renal",), "age": ("18..50",)}, schedule=(0.0, 6.0, 12.0)),
    "some": CentreQuestion("Some", {"source": ("BM", "UC"), "organ": ("renal", "skin"), "organs": ("all",)}),
    "kept": CentreQuestion("Kept", {"f.nephritis_class": ("III", "IV"), "missing": ("keep",), "compare": ("sex",)}),
    **{name: CentreQuestion(name, BY_SOURCE, rule, **SHORT) for name, rule in RULES.items()},
    **{name: CentreQuestion(name, BY_SOURCE, relapse=rule, **SHORT) for name, rule in RELAPSES.items()},
}


def answered(parts: dict[str, Cohort], question: CentreQuestion) -> MergedCohort:
    return merge({name: answer_question(part, question, name).to_file() for name, part in parts.items()})


def assert_equal(found: Any, expected: Any) -> None:
    """Assert that two results are equal to the bit in every table, number and sentence."""
    assert type(found) is type(expected)
    for name, held in vars(expected).items():
        other = getattr(found, name)
        if isinstance(held, pd.DataFrame):
            pd.testing.assert_frame_equal(other, held, check_exact=True)
        elif isinstance(held, str | int | tuple):
            assert other == held


def assert_pooled(cohort: Cohort, merged: MergedCohort, question: CentreQuestion) -> By | None:
    """Assert that every estimate of a question is that of all patients; return its groups."""
    asked = question.asked_of(cohort)
    pooled = counted_apart(asked.present, asked.by)
    assert len(merged) == len(pooled)
    assert merged.by == asked.by
    for estimate in question.estimates:
        for by in dict.fromkeys((None, asked.by)):
            assert_equal(estimate.of(merged, by), estimate.of(pooled, by))
    if asked.by is not None:
        for endpoint in question.endpoints:
            assert_equal(log_rank(merged, endpoint, by=asked.by), log_rank(pooled, endpoint, by=asked.by))
            assert_equal(hazard_ratios(merged, endpoint, by=asked.by), hazard_ratios(pooled, endpoint, by=asked.by))
    return asked.by


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return registry(seed=1, size=240)


@pytest.fixture(scope="module")
def parts(cohort: Cohort) -> dict[str, Cohort]:
    """Return 20 centres of very different sizes; the rarest sources are in one centre each."""
    random = np.random.default_rng(2)
    centre = np.minimum(random.geometric(0.15, len(cohort)) - 1, CENTRES - 1)
    for place, rare in enumerate(["All", "<b>x</b>", "UC; AD"]):
        centre[np.asarray(cohort.patients["msc_source"] == rare)] = place
    centre[:CENTRES] = np.arange(CENTRES)
    return centres_of(cohort, centre)


def test_twenty_centres_are_their_patients_in_one_cohort(cohort: Cohort, parts: dict[str, Cohort]) -> None:
    question = QUESTIONS["by source"]
    assert assert_pooled(cohort, answered(parts, question), question) == "msc_source"


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_definition_group_and_filter_is_counted_together(name: str) -> None:
    cohort, question = registry(seed=3, size=90), QUESTIONS[name]
    parts = centres_of(cohort, np.repeat([0, 1, 1, 2, 2, 2], 15))
    assert_pooled(cohort, answered(parts, question), question)


def _anybody(part: Cohort, question: CentreQuestion) -> bool:
    try:
        return bool(len(question.asked_of(part).present))
    except ValueError as error:
        assert "No patient of this cohort passes" in str(error)  # noqa: PT017 - any other reason is a fault
        return False


@FEW
@given(st.integers(0, 10**6), st.lists(st.integers(0, 4), min_size=6, max_size=30), st.sampled_from(list(QUESTIONS)))
def test_any_partition_gives_the_same(seed: int, centre: list[int], name: str) -> None:
    cohort, question = registry(seed, len(centre)), QUESTIONS[name]
    able = {each: part for each, part in centres_of(cohort, np.array(centre)).items() if _anybody(part, question)}
    if len(able) > 1:
        kept = np.any([part.kept for part in able.values()], axis=0)
        assert_pooled(cohort.subset(kept), answered(able, question), question)


def test_centres_side_by_side_and_as_strata_are_those_of_a_column_of_centres(
    cohort: Cohort, parts: dict[str, Cohort]
) -> None:
    question = QUESTIONS["by source"]
    merged = answered(parts, question)
    number = np.select([part.kept for part in parts.values()], list(range(len(parts))))
    column = pd.Categorical.from_codes(number, list(parts), ordered=True)
    pooled = counted_apart(cohort, "msc_source")
    told = replace(pooled, patients=pooled.patients.assign(centre=column), fingerprint="with centres")
    for estimate in question.estimates:
        if estimate.key != "baseline":  # which has the column of centres too
            assert_equal(estimate.of(merged, CENTRE), estimate.of(told, "centre"))
    for endpoint in ("overall_survival", "relapse_free_survival"):
        assert_equal(log_rank(merged, endpoint, by=CENTRE), log_rank(told, endpoint, by="centre"))
        assert_equal(hazard_ratios(merged, endpoint, by=CENTRE), hazard_ratios(told, endpoint, by="centre"))
        by, stratify = "msc_source", CENTRE
        assert_equal(
            log_rank(merged, endpoint, by=by, stratify=stratify), log_rank(told, endpoint, by=by, stratify=stratify)
        )
        assert_equal(
            restricted_mean(merged, endpoint, by=by, months=12), restricted_mean(told, endpoint, by=by, months=12)
        )


def test_a_centre_with_one_group_answers_a_comparison() -> None:
    one, other = (_of(source, [30 + place, 40]) for place, source in enumerate(("UC", "BM")))
    merged = answered({"One": one, "Other": other}, CentreQuestion("Source", BY_SOURCE, **SHORT))
    assert merged.by == "msc_source"
    table = log_rank(merged, "time_to_remission", by="msc_source").table
    assert table[["group_a", "group_b"]].to_numpy().tolist() == [["BM", "UC"]]


def test_a_filter_looks_for_values_that_a_centre_does_not_have() -> None:
    cohort = _of("UC", [30, 40])
    both = CentreQuestion("Both", {"source": ("UC", "BM"), "age": ("18..35",)})
    assert len(both.asked_of(cohort).present) == 1
    none = CentreQuestion("None", {"source": ("BM",)})
    with pytest.raises(ValueError, match="No patient of this cohort passes"):
        none.asked_of(cohort)
    organs = CentreQuestion("Organs", {"organ": ("renal", "vasculitis"), "organs": ("all",)})
    with pytest.raises(ValueError, match="No patient of this cohort passes"):
        organs.asked_of(cohort)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"who": ("P1",)}, "chosen one by one"),
        ({"compare": ("pinned",)}, "not by pinned cohorts"),
        ({"compare": ("everybody_else",)}, "not by pinned cohorts"),
        ({"compare": ("centre",)}, "compared with each other in any question"),
        ({"compare": ("number:age_years",)}, "cut the number at values that all centres share"),
        ({"compare": ("number:age_years",), "cut": ("tertiles",)}, "cut the number at values"),
        ({"compare": ("arm",)}, "a column that every centre knows, not by arm"),
        ({"compare": ("died",)}, "a column that every centre knows, not by died"),
        ({"nonsense": ("1",)}, "A question has no nonsense"),
    ],
)
def test_what_several_centres_cannot_be_asked(words: dict[str, tuple[str, ...]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        CentreQuestion("Asked", words)


def _of(source: str, ages: list[int]) -> Cohort:
    ids = [f"{source}{place}" for place in range(len(ages))]
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": [24.0] * len(ids),
            "died": 0,
            "msc_source": source,
            "age_years": ages,
            "relapse_months": 3.0,
            "organs": "renal",
        }
    )
    visits = pd.DataFrame({"patient_id": ids, "months": 12.0, "remission": "complete", "sledai": 2})
    return read_cohort(patients, visits)
