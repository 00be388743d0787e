"""What a question is about: pinned cohorts, and everybody else, against counts made from the sample's files."""

import pandas as pd
import pytest

from analysis import (
    Against,
    Cohort,
    Cut,
    Filters,
    Grouping,
    OneOf,
    Pinned,
    SmallNumbers,
    kaplan_meier,
    log_rank,
    read_cohort,
)
from analysis.cohort.grouping import group_labels
from analysis.cohort.question import ELSE, PINNED, Pin, Question, comparisons, cut_points, pin_names
from analysis.counts.groups import membership
from tests.analysis.made import SAMPLE


@pytest.fixture
def sample() -> Cohort:
    return SAMPLE


UC, WOMEN = Filters({"msc_source": OneOf("UC")}), Filters({"sex": OneOf("female")})


def test_a_pinned_cohort_beside_the_present_one_and_the_rest(sample: Cohort) -> None:
    table = sample.patients
    uc, women = (
        set(table.loc[table[name] == value, "patient_id"]) for name, value in (("msc_source", "UC"), ("sex", "female"))
    )
    pin = Pin(UC, ("UC", "women"))
    ids = table["patient_id"]
    beside = pin.beside(WOMEN, sample)
    assert (beside.first, beside.second) == ("UC", "women")
    assert [set(ids[held]) for held in beside.flags(sample)] == [uc, women]
    assert beside.sizes(sample) == (len(uc), len(women), len(uc & women))
    assert set(beside.either(sample).patients["patient_id"]) == uc | women
    rest = Pin(UC, rest=True).beside(WOMEN, sample)
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
        (Question(UC, compare=ELSE), Against(UC, "UC")),
        (Question(compare=ELSE), None),
    ],
)
def test_what_a_question_compares_by(sample: Cohort, question: Question, by: object) -> None:
    assert question.by(sample) == by


def test_a_pinned_cohort_stays_while_something_else_is_compared(sample: Cohort) -> None:
    question = Question(compare="sex", pin=Pin(UC))
    assert question.by(sample) == "sex"
    assert isinstance(Question(compare=PINNED, pin=question.pin).by(sample), Pinned)


def test_everybody_else_is_the_complement_and_shares_nobody(sample: Cohort) -> None:
    asked = Question(UC, compare=ELSE).of(sample)
    assert asked.cohort is sample
    groups = group_labels(sample, asked.by)
    assert groups.cat.categories.tolist() == ["everybody else", "UC"]
    assert (groups == "UC").tolist() == (sample.patients["msc_source"] == "UC").tolist()
    assert membership(sample, asked.by).groups().shared == 0
    assert log_rank(sample, by=asked.by, limits=SmallNumbers(0, 1)).table["p"].notna().all()
    # The same two groups as those of the column, the other way round.
    survived = kaplan_meier(sample, by=asked.by).at([24])["survival"].tolist()
    assert survived == kaplan_meier(sample, by="msc_source").at([24])["survival"].tolist()


def test_who_has_no_value_to_filter_by_is_among_everybody_else() -> None:
    cohort = read_cohort(
        pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": 12, "died": 0, "ward": ["n", "s", None, "n"]})
    )
    by = Question(Filters({"ward": OneOf("n")}), compare=ELSE).by(cohort)
    assert group_labels(cohort, by).tolist() == ["ward n", "everybody else", "everybody else", "ward n"]
    assert isinstance(by, Against)
    assert by.words(cohort) == (
        "ward n (2): ward n",
        "everybody else (2): all other patients, also those without a value to filter by",
    )


def test_without_filters_or_without_others_there_is_no_everybody_else(sample: Cohort) -> None:
    assert Question(UC, compare=ELSE).filtered(Filters()) == Question()
    assert Question(UC, compare="sex").filtered(Filters()) == Question(compare="sex")
    everybody = Filters({"msc_source": OneOf("BM", "UC")})
    assert Question(everybody, compare=ELSE).of(sample).by is None
    nobody = Filters({"msc_source": OneOf("AD")})
    assert Question(nobody, compare=ELSE).of(sample).by is None


def test_a_column_cannot_take_the_word_of_another_comparison() -> None:
    own = pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": 12, "died": 0})
    cohort = read_cohort(own.assign(everybody_else=list("xxyy"), pinned=list("xxyy"), ward=list("xxyy")))
    assert [name for name in comparisons(cohort) if name in ("everybody_else", "pinned", "ward")] == ["ward"]


def test_pinned_cohorts_are_named_by_their_filters_unless_names_are_typed(sample: Cohort) -> None:
    def named(pin: Pin, present: Filters) -> tuple[str, str]:
        beside = pin.beside(present, sample)
        return beside.first, beside.second

    assert named(Pin(UC), WOMEN) == ("UC", "women")
    assert named(Pin(UC), Filters()) == ("UC", "all patients")
    assert named(Pin(UC, rest=True), Filters()) == ("UC", "everybody else")
    assert named(Pin(UC, ("cord", "")), WOMEN) == ("cord", "women")
    assert named(Pin(UC, ("", "UC")), WOMEN) == ("UC", "UC (present)")
    assert named(Pin(UC), UC) == ("UC", "UC (present)")


@pytest.mark.parametrize(
    ("typed", "points"), [("30", (30,)), (" 45 , 30,", (45, 30)), ("", ()), ("x", ()), ("nan", ())]
)
def test_typed_cut_points(typed: str, points: tuple[float, ...]) -> None:
    assert cut_points(typed) == points


@pytest.mark.parametrize("end", ["\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_name_of_a_pinned_cohort_stands_on_one_line(end: str) -> None:
    # U+2028 and U+2029 in a name leave the bars of a browser's chart empty.
    assert pin_names([f"renal{end}UC", " BM "]) == ("renal UC", "BM")
    assert pin_names([f"UC{end}", "UC"]) == ("", "")
    assert pin_names([f"All{end}", " UC "]) == ("", "UC")
