"""Pinned cohorts against counts made from the sample's files."""

import pytest

from analysis import Cohort, Cut, Filters, Grouping, OneOf, Pinned, load_sample
from analysis.cohort.question import PINNED, Pin, Question, cut_points, pin_names


@pytest.fixture(scope="module")
def sample() -> Cohort:
    return load_sample()


UC, WOMEN = Filters({"msc_source": OneOf("UC")}), Filters({"sex": OneOf("female")})


def test_a_pinned_cohort_beside_the_present_one_and_the_rest(sample: Cohort) -> None:
    table = sample.patients
    uc, women = (
        set(table.loc[table[name] == value, "patient_id"]) for name, value in (("msc_source", "UC"), ("sex", "female"))
    )
    pin = Pin(UC, ("UC", "women"))
    ids = table["patient_id"]
    beside = pin.beside(WOMEN)
    assert (beside.first, beside.second) == ("UC", "women")
    assert [set(ids[held]) for held in beside.flags(sample)] == [uc, women]
    assert beside.sizes(sample) == (len(uc), len(women), len(uc & women))
    assert set(beside.either(sample).patients["patient_id"]) == uc | women
    rest = Pin(UC, rest=True).beside(WOMEN)
    assert [set(ids[held]) for held in rest.flags(sample)] == [uc, women - uc]
    part = sample.subset(table["age_years"] > 30)
    assert [set(part.patients["patient_id"][held]) for held in rest.flags(part)] == [
        each & set(part.patients["patient_id"]) for each in (uc, women - uc)
    ]


@pytest.mark.parametrize(
    ("question", "by"),
    [
        (Question(), None),
        (Question(compare="sex"), "sex"),
        (Question(compare="organ:renal"), Grouping("renal")),
        (Question(compare="number:age_years"), Cut("age_years", "median")),
        (Question(compare="number:age_years", cut="45, 30"), Cut("age_years", (30, 45))),
        (Question(compare="number:age_years", cut="typed"), None),
        (Question(compare=PINNED), None),
    ],
)
def test_what_a_question_compares_by(question: Question, by: object) -> None:
    assert question.by() == by


def test_a_pinned_cohort_stays_while_something_else_is_compared() -> None:
    question = Question(compare="sex", pin=Pin(UC))
    assert question.by() == "sex"
    assert isinstance(Question(compare=PINNED, pin=question.pin).by(), Pinned)


@pytest.mark.parametrize(
    ("typed", "points"), [("30", (30,)), (" 45 , 30,", (45, 30)), ("", ()), ("x", ()), ("nan", ())]
)
def test_typed_cut_points(typed: str, points: tuple[float, ...]) -> None:
    assert cut_points(typed) == points


@pytest.mark.parametrize("end", ["\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_name_of_a_pinned_cohort_stands_on_one_line(end: str) -> None:
    # U+2028 and U+2029 in a name leave the bars of a browser's chart empty.
    assert pin_names([f"renal{end}UC", " BM "]) == ("renal UC", "BM")
    assert pin_names([f"UC{end}", "UC"]) == ("A", "B")
