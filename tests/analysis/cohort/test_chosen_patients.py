"""Patients chosen one by one: kept, told and linked to by places, and only in their own cohort."""

import pandas as pd
import pytest

from analysis import Filters, OneOf, attrition, load_sample, read_cohort
from analysis.cohort.address import question_words, read_question
from analysis.cohort.chosen_patients import MOST_CHOSEN, ChosenPatients
from analysis.cohort.model import Cohort
from analysis.cohort.question import Pin, Question, comparisons

SAMPLE = load_sample().fingerprint[:8]  # as links name it


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    """Return patients that are not in the order of their numbers."""
    ids = ["d", "a", "c", "b"]
    return read_cohort(
        pd.DataFrame({"patient_id": ids, "follow_up_months": [4.0, 1.0, 3.0, 2.0], "died": [0, 0, 1, 0]})
    )


def kept(cohort: Cohort, chosen: ChosenPatients) -> list[str]:
    return cohort.where(Filters({"patient_id": chosen})).patients["patient_id"].tolist()


def test_places_are_those_in_the_order_of_the_numbers(cohort: Cohort) -> None:
    chosen = ChosenPatients.of(cohort, ["d", "b"])
    assert chosen.places == (1, 3)
    assert kept(cohort, chosen) == ["d", "b"]
    assert kept(cohort.where(Filters({"died": OneOf(False)})), chosen) == ["d", "b"]


def test_another_order_of_rows_is_the_same_cohort(cohort: Cohort) -> None:
    turned = read_cohort(cohort.patients.iloc[::-1])
    assert turned.fingerprint == cohort.fingerprint
    assert kept(turned, ChosenPatients.of(cohort, ["d", "b"])) == ["b", "d"]


def test_another_cohort_is_refused(cohort: Cohort) -> None:
    chosen = ChosenPatients.of(cohort, ["d"])
    with pytest.raises(ValueError, match="another cohort"):
        kept(load_sample(), chosen)
    question, ignored = read_question(question_words(Question(Filters({"patient_id": chosen}))), load_sample(), [""])
    assert not question.filters
    assert ignored == {"who": ["(patients chosen in another file)"]}


def test_a_question_with_chosen_patients_comes_back_as_it_was_asked(cohort: Cohort) -> None:
    chosen = Filters({"died": OneOf(False), "patient_id": ChosenPatients.of(cohort, ["d", "b"], "seen late")})
    for question in (Question(chosen), Question(Filters(), "pinned", pin=Pin(chosen))):
        words = question_words(question)
        assert read_question(words, cohort, comparisons(cohort)) == (question, {})


def test_the_address_names_nobody() -> None:
    sample = load_sample()
    words = question_words(Question(Filters({"patient_id": ChosenPatients.of(sample, ["S009", "S024"], "year 2")})))
    assert words == {"who": [sample.fingerprint[:8], "8.15", "year 2"]}


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [SAMPLE],
        [SAMPLE, ""],
        [SAMPLE, "86.1"],
        [SAMPLE, "3.0"],
        [SAMPLE, "-1"],
        [SAMPLE, "²"],
        [SAMPLE, "9" * 400],
        ["", "3"],
        [SAMPLE, "3", "why", "more"],
        [SAMPLE, ".".join(["1"] * (MOST_CHOSEN + 1))],
    ],
)
def test_unreadable_places_are_nobody(texts: list[str]) -> None:
    assert ChosenPatients.read(texts, load_sample()) is None


def test_the_words_of_a_link_stay_on_one_short_line() -> None:
    read = ChosenPatients.read([SAMPLE, "86", f"a\u2028b{'x' * 500}"], load_sample())
    assert read is not None
    assert read.words().startswith("1 chosen patient: a b")
    assert len(read.reason) == 120


def test_the_cost_of_choosing_stands_among_the_filters(cohort: Cohort) -> None:
    steps = attrition(cohort, Filters({"patient_id": ChosenPatients.of(cohort, ["d", "b"], "seen late")}))
    assert steps[["filter", "before", "after"]].values.tolist()[1:] == [["2 chosen patients: seen late", 4, 2]]


def test_too_many_or_unknown_patients_are_refused(cohort: Cohort) -> None:
    with pytest.raises(ValueError, match="lacks"):
        ChosenPatients.of(cohort, ["z"])
    with pytest.raises(ValueError, match="Nobody"):
        ChosenPatients.of(cohort, [])
    ids = [f"p{number}" for number in range(MOST_CHOSEN + 1)]
    many = read_cohort(pd.DataFrame({"patient_id": ids, "follow_up_months": 1.0, "died": 0}))
    with pytest.raises(ValueError, match="At most 2,000"):
        ChosenPatients.of(many, ids)
