"""What is asked of a cohort's columns is the same where its rows are elsewhere; rows themselves are refused."""

from collections.abc import Callable
from typing import Any

import pytest

from analysis import Against, Between, Cohort, Cut, Filters, Grouping, OneOf, Pinned
from analysis.cohort.address import question_words, read_question
from analysis.cohort.changes import are_versions
from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.drugs import drug_columns
from analysis.cohort.filter_columns import number_range, without_value
from analysis.cohort.filter_names import filters_name
from analysis.cohort.grouping import By, group_sizes
from analysis.cohort.measures import (
    characteristics,
    filterable,
    flag_columns,
    numeric_characteristics,
    numeric_measures,
    organ_domains,
    time_columns,
)
from analysis.cohort.question import Question, comparisons
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.cohort.typed_filters import typed_filters
from analysis.cohort.typed_words import limit_suggestions, suggestions
from tests.analysis.elsewhere import SampleElsewhere
from tests.analysis.made import SAMPLE

ELSEWHERE = SampleElsewhere(SAMPLE)
UMBILICAL = Filters({"msc_source": OneOf("UC"), "age_years": Between(18, 40)})
WOMEN = Filters({"sex": OneOf("female")})
ASKED_OF_COLUMNS: list[Callable[[Cohort], Any]] = [
    *(filterable, characteristics, numeric_characteristics, numeric_measures, organ_domains, time_columns),
    *(flag_columns, comparisons, drug_columns, suggestions, limit_suggestions),
    lambda cohort: [number_range(cohort, name) for name, kind in filterable(SAMPLE).items() if kind == "range"],
    lambda cohort: without_value(cohort, "sex", "disease_duration_months"),
    lambda cohort: filters_name(UMBILICAL, cohort),
    lambda cohort: typed_filters(cohort, "UC no renal age>30").filters.words(),
]


@pytest.mark.parametrize("ask", ASKED_OF_COLUMNS)
def test_a_question_of_columns_is_answered_without_rows(ask: Callable[[Cohort], Any]) -> None:
    assert ask(ELSEWHERE) == ask(SAMPLE)


@pytest.mark.parametrize(
    "by",
    [
        *(None, "msc_source", Grouping("skin"), Against(UMBILICAL, "UC"), Cut("age_years", "tertiles")),
        Pinned("young", "women", UMBILICAL, WOMEN),
    ],
)
def test_groups_have_the_same_sizes(by: By | None) -> None:
    expected = group_sizes(SAMPLE, by)
    assert group_sizes(ELSEWHERE, by) == expected
    assert sum(expected.patients) - expected.shared <= len(SAMPLE)


def test_sizes_worked_by_hand() -> None:
    """45 patients with bone marrow, 42 with umbilical cord, as published."""
    sizes = group_sizes(SAMPLE, "msc_source")
    assert dict(zip(sizes.names, sizes.patients, strict=True)) == {"BM": 45, "UC": 42}


@pytest.mark.parametrize("words", [{"source": ["UC"], "age": ["18..40"]}, {"source": ["UC"], "pin": ["sex=female"]}])
def test_a_question_is_read_and_asked_of_the_same_patients(words: dict[str, list[str]]) -> None:
    words |= {"compare": ["pinned" if "pin" in words else "everybody_else"]}
    question, stale = read_question(words, ELSEWHERE, comparisons(ELSEWHERE))
    assert not stale
    assert question_words(question) == words
    asked, expected = question.of(ELSEWHERE), question.of(SAMPLE)
    assert asked.by == expected.by
    assert (len(asked.present), len(asked.cohort)) == (len(expected.present), len(expected.cohort))
    assert asked.cohort.fingerprint == expected.cohort.fingerprint
    assert asked.present.whole is ELSEWHERE


def test_patients_chosen_one_by_one_are_not_found() -> None:
    texts = ChosenPatients.of(SAMPLE, ["S001"]).texts()
    assert ChosenPatients.read(texts, SAMPLE) is not None
    assert ChosenPatients.read(texts, ELSEWHERE) is None


@pytest.mark.parametrize(
    "rows",
    [
        *("patients", "visits", "events", "treatments", "infusions", "kept", "died", "index", "patient_ids"),
        "visit_rows",
    ],
)
def test_rows_are_refused_in_one_sentence(rows: str) -> None:
    with pytest.raises(RowsElsewhereError, match="only counts are here"):
        getattr(ELSEWHERE, rows)


def test_what_else_it_says_of_itself() -> None:
    assert len(ELSEWHERE.findings) == len(ELSEWHERE.left_out) == ELSEWHERE.bytes_in_memory == 0
    assert {*ELSEWHERE.findings} == {*SAMPLE.findings}
    assert {*ELSEWHERE.left_out} == {*SAMPLE.left_out}
    assert not are_versions(ELSEWHERE, SAMPLE)
    assert repr(ELSEWHERE) == "<SampleElsewhere: Synthetic sample (87 patients), 87 patients>"
    assert Question().of(ELSEWHERE).present is ELSEWHERE
