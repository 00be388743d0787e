"""A masked sum is the counts of all patients together, on the grid that the question fixes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Cohort,
    cumulative_incidence,
    follow_up,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.centres.centre_keys import KeyRing, PrivateKey
from analysis.centres.centre_question import CentreFileError, CentreQuestion, read_centre_question
from analysis.centres.counted_apart import counted_apart
from analysis.centres.hashed_file import hash_of
from analysis.centres.masked_answer import MaskedAnswer, answer_masked, key_of_centre, read_masked_answer
from analysis.centres.masked_layout import layout_of, size_of, ways
from analysis.centres.masked_numbers import numbers_of
from analysis.centres.masked_sum import NOT_IN_A_SUM, MaskedSum
from analysis.centres.summed_cohort import SummedCohort, sum_masked
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.counts.leaving import Leaving
from analysis.counts.whole_months import in_middles_of_months, in_whole_months
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.yearly.maturity import could_be_followed
from analysis.facts.endpoints import PotentialFollowUp
from tests.analysis.made import SAMPLE, cohort_of
from tests.properties import FEW

BY = "msc_source"
ALONE = CentreQuestion("Remission", measures=("sledai", "albumin_g_per_l"))
QUESTION = replace(ALONE, name="By source", words={"compare": (BY,)}, groups=("BM", "UC"), years=4)
YEARS = range(1, 1 + QUESTION.years)


@cache
def late_cohort() -> Cohort:
    """Return the sample with late entry, and with patients whose source is not recorded."""
    sample = SAMPLE
    place = np.arange(len(sample))
    entry = np.where(place % 5 == 0, np.minimum(place % 17, sample.patients["follow_up_months"]) / 1.3, 0.0)
    source = sample.patients[BY].mask(place % 11 == 3)
    return replace(
        sample, patients=sample.patients.assign(entry_months=entry, msc_source=source), fingerprint="sample, late"
    )


@cache
def pooled_cohort() -> Cohort:
    return counted_apart(late_cohort())


@cache
def numbers_of_all() -> Mapping[str, Any]:
    return numbers_of(late_cohort(), QUESTION).tables


def in_parts(cohort: Cohort, where: np.ndarray) -> list[Cohort]:
    return [cohort.subset(where == place) for place in np.unique(where)]


def keys_of(parts: list[Cohort], question: CentreQuestion) -> list[PrivateKey]:
    return [key_of_centre(part, question, f"Centre {place}") for place, part in enumerate(parts, start=1)]


def answers_of(parts: list[Cohort], question: CentreQuestion) -> list[MaskedAnswer]:
    keys = keys_of(parts, question)
    ring = KeyRing(tuple(key.public for key in keys))
    return [answer_masked(part, question, key, ring)[0] for part, key in zip(parts, keys, strict=True)]


def files_of(answers: list[MaskedAnswer]) -> dict[str, bytes]:
    return {f"{answer.centre}.json": answer.to_file() for answer in answers}


@pytest.fixture(scope="module")
def answers() -> list[MaskedAnswer]:
    cohort = late_cohort()
    return answers_of(in_parts(cohort, np.arange(len(cohort)) % 3), QUESTION)


@pytest.fixture(scope="module")
def summed(answers: list[MaskedAnswer]) -> SummedCohort:
    return sum_masked(files_of(answers))


@pytest.mark.parametrize(
    ("centres", "question"), [(3, QUESTION), (7, ALONE), (20, QUESTION)], ids=["3 by group", "7, all", "20 by group"]
)
def test_the_sum_is_the_counts_of_all_patients(centres: int, question: CentreQuestion) -> None:
    cohort = late_cohort()
    found = sum_masked(files_of(answers_of(in_parts(cohort, np.arange(len(cohort)) % centres), question))).total
    expected = numbers_of(cohort, question).tables
    of_centres = "centres that know a state"
    assert found.tables.keys() == expected.keys() == layout_of(question).keys()
    for name in expected.keys() - {of_centres}:
        assert found.tables[name].tolist() == expected[name].tolist(), name
    assert found.tables[of_centres] == centres


@FEW
@given(st.lists(st.integers(0, 4), min_size=87, max_size=87))
def test_numbers_of_any_parts_add_up(where: list[int]) -> None:
    parts = [numbers_of(part, QUESTION).tables for part in in_parts(late_cohort(), np.array(where))]
    for name, expected in numbers_of_all().items():
        if name != "centres that know a state":
            assert sum(part[name] for part in parts).tolist() == expected.tolist(), name


def test_the_layout_is_the_same_for_any_patients(answers: list[MaskedAnswer]) -> None:
    other = numbers_of(SAMPLE.subset(SAMPLE.died), QUESTION)
    assert other.by == BY
    assert len(other.in_order) == size_of(QUESTION) == len(answers[0].numbers)
    texts = [json.loads(answer.to_file()) for answer in answers]
    open_parts = [
        {name: held for name, held in text.items() if name not in ("numbers", "hash", "centre")} for text in texts
    ]
    assert open_parts[0] == open_parts[1] == open_parts[2]


def test_a_centre_sees_every_number_that_is_added() -> None:
    numbers = numbers_of(SAMPLE, QUESTION)
    table = numbers.to_table()
    assert table["number"].sum() == numbers.in_order.sum()
    assert len(table) == np.count_nonzero(numbers.in_order)
    deaths = table[table["counted"] == "all, overall_survival, events"]
    assert deaths["place"].tolist() == ["6, 1", "10, 1", "19, 1", "30, 1", "42, 1"]  # months 5, 9, 18, 29 and 41
    assert table.iloc[0].tolist() == ["patients", "", 87]


@pytest.mark.parametrize(
    "words", [{"compare": ("organ:renal",)}, {"compare": ("number:age_years",), "cut": ("30, 45",)}], ids=str
)
def test_groups_of_an_organ_and_of_cut_points_add_up(words: dict[str, tuple[str, ...]]) -> None:
    sample = SAMPLE
    groups = CentreQuestion("Groups", words).groups_of(sample)
    question = CentreQuestion("Groups", words, groups=groups)
    summed = sum_masked(files_of(answers_of(in_parts(sample, np.arange(len(sample)) % 3), question)))
    pooled = in_whole_months(Leaving.of(counted_apart(sample), by=summed.by), 60)
    assert_equal_tables(kaplan_meier(summed, by=summed.by), KaplanMeier.of(pooled))


def assert_equal_tables(found: Any, expected: Any, *, leave: tuple[str, ...] = (), close: bool = False) -> None:
    assert expected
    for name, table in vars(expected).items():
        if isinstance(table, pd.DataFrame):
            held = [each.drop(columns=[*leave], errors="ignore") for each in (getattr(found, name), table)]
            pd.testing.assert_frame_equal(*held, check_exact=not close, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("by", [None, BY])
@pytest.mark.parametrize("endpoint", QUESTION.endpoints)
def test_times_are_those_of_all_patients_in_whole_months(summed: SummedCohort, endpoint: str, by: str | None) -> None:
    counts = in_whole_months(Leaving.of(pooled_cohort(), endpoint, by), 12 * QUESTION.years)
    rates = endpoint == "time_to_remission"
    estimate, kind = (cumulative_incidence, CumulativeIncidence) if rates else (kaplan_meier, KaplanMeier)
    found, expected = estimate(summed, endpoint, by=by), kind.of(counts)
    assert_equal_tables(found, expected, leave=("reason",))
    assert "in whole months up to 48" in found.method
    assert "rounded up to whole months" in found.method


@pytest.mark.parametrize("by", [None, BY])
@pytest.mark.parametrize(("outcome", "estimand"), [(outcome, way.name) for outcome, way in ways()])
def test_yearly_shares_are_those_of_all_patients(
    summed: SummedCohort, outcome: Any, estimand: str, by: str | None
) -> None:
    pooled = pooled_cohort()
    estimate = yearly_remission if outcome == "remission" else yearly_relapse
    expected = estimate(pooled, estimand=estimand, by=by, years=YEARS)
    found = summed.yearly(outcome, estimand, by=by)
    assert_equal_tables(found, expected, leave=("immature",))
    assert found.method.startswith(expected.method)
    assert "told from times in whole months" in found.method
    followed = in_middles_of_months(Leaving.of(pooled, PotentialFollowUp(), by), 12 * QUESTION.years)
    assert found.bars["immature"].tolist() == (~(could_be_followed(followed, YEARS) >= 0.5)).tolist()


@pytest.mark.parametrize("spread", ["ci", "sd"])
@pytest.mark.parametrize("by", [None, BY])
@pytest.mark.parametrize("measure", QUESTION.measures)
def test_means_are_those_of_all_patients(summed: SummedCohort, measure: str, by: str | None, spread: str) -> None:
    expected = trajectory(pooled_cohort(), measure, by=by, spread=spread)
    found = summed.means(measure, by=by, spread=spread)
    assert_equal_tables(found, expected, leave=("p",), close=True)
    assert found.change["p"].isna().all()
    assert found.method == f"{expected.method} Values were rounded to 3 decimals before they were added."


def test_values_are_rounded_and_squares_do_not_overflow() -> None:
    large, visits = 999_999.9996, ("patient_id", "months", "platelets_10e9_per_l")
    sample = SAMPLE
    told = sample.visits.assign(albumin_g_per_l=large)
    cohort = replace(sample, visits=told, fingerprint=f"large {visits}")
    tables = numbers_of(cohort, ALONE).tables
    high, low, number = (
        int(tables[f"all, albumin_g_per_l, value, {part}"][0, 0]) for part in ("squares high", "squares low", "number")
    )
    assert (high << 32) + low == number * (10**9) ** 2
    beyond = replace(sample, visits=sample.visits.assign(albumin_g_per_l=2 * large), fingerprint="beyond")
    with pytest.raises(CentreFileError, match="albumin_g_per_l has values beyond 1,000,000"):
        numbers_of(beyond, ALONE)


def test_a_log_rank_test_and_a_hazard_ratio_are_of_whole_months(summed: SummedCohort) -> None:
    ended = log_rank(summed, "relapse_free_survival", by=BY)
    assert ended.table["statistic"].notna().all()
    assert "in whole months up to 48" in ended.method
    assert "in whole months up to 48" in hazard_ratios(summed, "relapse_free_survival", by=BY).method
    assert "rounded up to whole months" in follow_up(summed).method


def test_what_cannot_be_had_says_why(summed: SummedCohort) -> None:
    for cannot, words in (
        (lambda: kaplan_meier(summed, by="centre"), "Each centre's own numbers.*only the sum of all"),
        (lambda: log_rank(summed, by=BY, stratify="centre"), "Each centre's own numbers"),
        (lambda: kaplan_meier(summed, by="sex"), "Other filters, groups, endpoints and months.*settled before"),
        (lambda: kaplan_meier(summed, "relapse"), "Other filters, groups, endpoints"),
        (lambda: summed.means("sledai", spread="iqr"), "Medians, quartiles and rank tests"),
        (lambda: trajectory(summed, "sledai"), "Medians, quartiles and rank tests"),
        (lambda: summed.yearly("remission", "current"), "States between visits.*path of each patient"),
        (lambda: summed.estimate("baseline"), "The baseline table.*not known before"),
        (lambda: hazard_ratios(summed, covariates=["sex"]), "Models with covariates"),
        (lambda: summed.visits, "rows are with their centres"),
    ):
        with pytest.raises(RowsElsewhereError, match=words):
            cannot()
    with pytest.raises(ValueError, match="no estimate 'doses'"):
        summed.estimate("doses")
    assert all(words.endswith(tuple("abcdefghijklmnopqrstuvwxyz")) for words in NOT_IN_A_SUM.values())


def test_every_estimate_of_the_question_is_had_or_refused_in_words(summed: SummedCohort) -> None:
    refused = set()
    for asked in QUESTION.estimates:
        for by in (None, BY):
            try:
                assert summed.estimate(asked.key, by).method
            except RowsElsewhereError:
                refused.add(asked.key)
    assert refused == {"states", "baseline"}


def test_all_must_answer_and_each_once(answers: list[MaskedAnswer]) -> None:
    files = files_of(answers)
    missing = {name: data for name, data in files.items() if name != "Centre 2.json"}
    with pytest.raises(CentreFileError, match=r"The answer of Centre 2 is missing\. Nothing can be read before"):
        sum_masked(missing)
    with pytest.raises(CentreFileError, match="Two answers are named Centre 1"):
        sum_masked(files | {"again.json": files["Centre 1.json"]})
    with pytest.raises(CentreFileError, match="no masked answer"):
        sum_masked({})


def test_answers_that_do_not_belong_together_are_refused(answers: list[MaskedAnswer]) -> None:
    cohort = SAMPLE
    parts = in_parts(cohort, np.arange(len(cohort)) % 3)
    anew, asked_otherwise = answers_of(parts, QUESTION), answers_of(parts, ALONE)
    with pytest.raises(CentreFileError, match="Centre 3 answered with other keys than Centre 1"):
        MaskedSum.of([*answers[:2], anew[2]])
    with pytest.raises(CentreFileError, match="Centre 3 answered another question"):
        MaskedSum.of([*answers[:2], asked_otherwise[2]])
    with pytest.raises(CentreFileError, match="Centre 3 counted other groups"):
        MaskedSum.of([*answers[:2], replace(answers[2], by="sex")])
    with pytest.raises(CentreFileError, match="masks of these answers do not cancel"):
        MaskedSum.of([*answers[:2], replace(answers[2], numbers=anew[2].numbers)])


def changed(data: bytes, **parts: object) -> bytes:
    """Return a file with other parts and the hash that belongs to them."""
    held = json.loads(data) | parts
    return json.dumps(held | {"hash": hash_of({name: each for name, each in held.items() if name != "hash"})}).encode()


def test_a_file_that_was_changed_is_refused(answers: list[MaskedAnswer]) -> None:
    data = answers[0].to_file()
    assert read_masked_answer(data).numbers.tolist() == answers[0].numbers.tolist()
    held = json.loads(data)
    numbers = held["numbers"]
    one_more = json.dumps(held | {"numbers": [(numbers[0] + 1) % 2**64, *numbers[1:]]}).encode()
    keys = held["keys"]
    for other, words in (
        (one_more, "masked answer of one centre was changed"),
        (changed(data, made_with="0.0.0"), "made with version 0.0.0"),
        (changed(data, file="answer of one centre"), "is an answer of one centre, and no masked answer of one centre"),
        (changed(data, numbers=numbers[1:]), "does not hold the .* numbers"),
        (changed(data, numbers=[-1, *numbers[1:]]), "something else than masked numbers"),
        (changed(data, numbers=[1.0, *numbers[1:]]), "something else than masked numbers"),
        (changed(data, keys=keys[1:]), "3 to 100 centres, not 2"),
        (changed(data, keys=[["Centre 9", keys[0][1]], *keys[1:]]), "is not among the keys of this answer"),
        (changed(data, keys=5), "does not say for which keys"),
        (changed(data, by={"is": "Everything"}), "groups of the answer of Centre 1 cannot be read"),
        (changed(data, by=["sex"]), "does not say by which groups"),
        (changed(data, synthetic=1), "does not say whether its patients are synthetic"),
        (changed(data, not_applied=5), "does not say what could not be applied"),
    ):
        with pytest.raises(CentreFileError, match=rf"a\.json: .*{words}"):
            sum_masked({"a.json": other})


def test_a_cohort_that_cannot_answer_is_told_before_it_sends_a_key() -> None:
    sample = SAMPLE
    for question, words in (
        (replace(QUESTION, groups=()), "has to name the groups that it compares"),
        (replace(ALONE, groups=("BM", "UC")), "has to name the groups that it compares"),
        (replace(QUESTION, groups=("BM",)), "groups that the question By source does not name: UC"),
        (replace(ALONE, measures=("c1q",)), "have no c1q"),
    ):
        with pytest.raises(CentreFileError, match=words):
            key_of_centre(sample, question, "North")
    with pytest.raises(CentreFileError, match="name of a centre"):
        key_of_centre(sample, ALONE, "two\nlines")


def test_other_patients_than_those_of_the_key_are_refused() -> None:
    sample = SAMPLE
    parts = in_parts(sample, np.arange(len(sample)) % 3)
    keys = keys_of(parts, QUESTION)
    ring = KeyRing(tuple(key.public for key in keys))
    with pytest.raises(CentreFileError, match="others than when this key was made"):
        answer_masked(parts[1], QUESTION, keys[0], ring)
    with pytest.raises(CentreFileError, match="made for another question than Remission"):
        answer_masked(parts[0], ALONE, keys[0], ring)


def test_a_centre_that_records_no_relapses_cannot_answer() -> None:
    sample = counted_apart(SAMPLE)
    patients, visits = sample.patients.drop(columns="relapse_months"), sample.visits.drop(columns="relapse")
    without = replace(sample, patients=patients, visits=visits, fingerprint="without relapses")
    with pytest.raises(CentreFileError, match="lacks relapse_months"):
        key_of_centre(without, replace(ALONE, endpoints=()), "North")


def test_relapses_come_before_remission_where_some_centre_knows_states() -> None:
    sample = counted_apart(SAMPLE)
    visits = sample.visits.assign(remission=sample.visits["remission"].mask(sample.visits["months"] > -1))
    unknown = replace(sample, visits=visits, fingerprint="no states")
    question, thirds = replace(ALONE, endpoints=()), np.arange(len(sample)) % 3
    parts = [in_parts(cohort, thirds) for cohort in (sample, unknown)]
    some = sum_masked(files_of(answers_of([parts[0][0], *parts[1][1:]], question))).yearly("relapse")
    none = sum_masked(files_of(answers_of(parts[1], question))).yearly("relapse")
    assert "first relapses before any complete remission" in some.method
    assert "before any" not in none.method
    assert_equal_tables(none, yearly_relapse(unknown, years=range(1, 6)), leave=("immature",))


@pytest.mark.parametrize("fault", [{"years": 0}, {"years": 61}, {"groups": ("A", "A")}, {"groups": ("two\nlines",)}])
def test_a_question_that_cannot_be_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"masked sum|one line"):
        replace(QUESTION, **fault)
    assert read_centre_question(QUESTION.to_file()) == QUESTION


def test_times_of_a_whole_month_stay_and_others_are_rounded_up() -> None:
    cohort = cohort_of([12.0 * (1 + 1e-12), 12.1, 11.9, 0.0, 30.0], [1, 1, 0, 1, 1])
    counts = in_whole_months(Leaving.of(cohort), 24)
    assert {int(month): int(counts.events[month, 0]) for month in np.flatnonzero(counts.events)} == {0: 1, 12: 1, 13: 1}
    assert (counts.censored[12, 0], counts.censored[24, 0]) == (1, 1)
    assert counts.at_risk[[0, 12, 13, 24], 0].tolist() == [5, 4, 2, 1]


def test_who_enters_late_is_at_risk_from_the_beginning_of_that_month() -> None:
    cohort = cohort_of([2.7, 9.0, 30.0], [1, 0, 0], entry_months=[2.3, 0.4, 26.5])
    counts = in_whole_months(Leaving.of(cohort), 24)
    assert counts.at_risk[[0, 2, 3, 9, 24], 0].tolist() == [1, 1, 2, 1, 0]


def test_middles_of_months_keep_what_comes_before_a_whole_month() -> None:
    cohort = cohort_of([12.0 * (1 - 1e-12), 12.1, 11.9, 0.0, 30.0], [0, 1, 0, 1, 0])
    counts = in_middles_of_months(Leaving.of(cohort), 24)
    left = {float(counts.months[place]): int(counts.leaving[place, 0]) for place in np.flatnonzero(counts.leaving)}
    assert left == {0.5: 1, 11.5: 1, 12.5: 2, 24.5: 1}
