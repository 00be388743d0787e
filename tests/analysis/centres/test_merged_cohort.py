"""Centres put together are their patients put together, to the bit."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, kaplan_meier, log_rank
from analysis.centres.centre_answer import CentreAnswer, answer_question
from analysis.centres.centre_question import AskedEstimate, CentreFileError, CentreQuestion
from analysis.centres.counted_apart import counted_apart
from analysis.centres.merged_cohort import CENTRE, MergedCohort, merge
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from tests.analysis.made import SAMPLE

NAMES = ("North", "South", "East")
QUESTION = CentreQuestion("Remission by source", {"compare": ("msc_source",)})


def in_parts(cohort: Cohort, centres: int) -> list[Cohort]:
    return [cohort.subset(pd.Series(np.arange(len(cohort)) % centres == place)) for place in range(centres)]


@pytest.fixture(scope="module")
def answers() -> list[CentreAnswer]:
    parts = in_parts(SAMPLE, len(NAMES))
    return [answer_question(part, QUESTION, name) for part, name in zip(parts, NAMES, strict=True)]


@pytest.fixture(scope="module")
def merged(answers: list[CentreAnswer]) -> MergedCohort:
    return merge({each.centre: each.to_file() for each in answers})


@pytest.fixture(scope="module")
def pooled() -> Cohort:
    return counted_apart(SAMPLE)


@pytest.fixture(scope="module")
def parts() -> list[Cohort]:
    return [counted_apart(part) for part in in_parts(SAMPLE, len(NAMES))]


@pytest.mark.parametrize("by", [None, "msc_source"])
@pytest.mark.parametrize("asked", QUESTION.estimates, ids=lambda asked: asked.key)
def test_every_estimate_is_that_of_all_patients(
    merged: MergedCohort, pooled: Cohort, asked: AskedEstimate, by: str | None
) -> None:
    of_all, of_parts = asked.of(pooled, by), asked.of(merged, by)
    for name, table in vars(of_all).items():
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(table, getattr(of_parts, name), check_exact=True)
        elif isinstance(table, str):
            assert table == getattr(of_parts, name)


@pytest.mark.parametrize("asked", QUESTION.estimates, ids=lambda asked: asked.key)
def test_a_centre_among_others_has_its_own_numbers(
    merged: MergedCohort, parts: list[Cohort], asked: AskedEstimate
) -> None:
    together = asked.of(merged, CENTRE)
    for name, part in zip(NAMES, parts, strict=True):
        alone = asked.of(part, None)
        tables = [key for key, held in vars(alone).items() if isinstance(held, pd.DataFrame) and "group" in held]
        for key in tables:
            of_all = getattr(together, key)
            own = of_all[of_all["group"] == name].drop(columns="group").reset_index(drop=True)
            expected = getattr(alone, key).drop(columns="group")
            if "year" in own or "months" in own:  # others may be followed for longer
                own = own.iloc[: len(expected)]
            pd.testing.assert_frame_equal(own, expected, check_exact=True, check_dtype=False)


def test_the_log_rank_test_within_centres_is_that_of_a_column_of_centres(merged: MergedCohort) -> None:
    cohort = SAMPLE
    column = pd.Series([NAMES[place % len(NAMES)] for place in range(len(cohort))], dtype="category")
    told = replace(cohort, patients=cohort.patients.assign(centre=column), fingerprint="with centres")
    expected = log_rank(told, by="msc_source", stratify="centre").table
    found = log_rank(merged, by="msc_source", stratify=CENTRE).table
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-12)


def test_what_needs_rows_cannot_be_had(merged: MergedCohort) -> None:
    with pytest.raises(RowsElsewhereError, match="rows are with their centres"):
        merged.patients.head()
    with pytest.raises(RowsElsewhereError, match="was not asked for this"):
        kaplan_meier(merged, by="sex")


def test_nothing_travels_but_counts(answers: list[CentreAnswer]) -> None:
    sample = SAMPLE
    for answer in answers:
        text = answer.to_file().decode()
        assert not [patient for patient in sample.patients["patient_id"] if f'"{patient}"' in text]
        assert "date" not in "".join(answer.columns[0] + answer.columns[1])


def test_answers_that_do_not_belong_together_are_refused(answers: list[CentreAnswer]) -> None:
    north, south, _ = answers
    other = answer_question(SAMPLE, CentreQuestion("Another"), "West")
    with pytest.raises(CentreFileError, match="West answered another question"):
        MergedCohort([north, other])
    with pytest.raises(CentreFileError, match="Two answers are named North"):
        MergedCohort([north, north])
    with pytest.raises(CentreFileError, match="same counts"):
        MergedCohort([north, CentreAnswer("West", north.question, north.patients, False, north.columns, north.counts)])
    with pytest.raises(CentreFileError, match=r"a\.json: This answer was changed"):
        merge({"a.json": south.to_file().replace(b'"patients":29', b'"patients":28')})
