"""Typed filters: each word becomes the filter it names, is told to be unknown, or is told to be unclear."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import AllOf, AnyOf, Between, Cohort, Filters, NoneOf, OneOf, read_cohort
from analysis.cohort.address import filter_words, read_filters
from analysis.cohort.conditions import BetweenDates, Condition
from analysis.cohort.typed_filters import typed_filters
from analysis.cohort.typed_words import suggestions
from tests.analysis.made import SAMPLE


@pytest.fixture(scope="module")
def eight() -> Cohort:
    patients = pd.DataFrame(
        {
            "patient_id": list("abcdefgh"),
            "follow_up_months": [1, 2.5, 3, 12, 24, 30, 36.5, 40],
            "died": [0, 0, 0, 0, 0, 1, 0, 1],
            "msc_source": ["UC", "UC", "BM", "BM", "AD", "UC", "BM", None],
            "organs": ["renal", "renal;skin", "skin", "mucosal", None, "none", "renal", "skin"],
            "sex": ["female", "male"] * 4,
            "age_years": [20, 29, 30, 31, 40, 41, 50, None],
            "smoker": ["yes", "no"] * 4,
            "ward": ["North", "south wing", "Réa", "renal"] * 2,
            "sampled": [f"20{year:02d}-06-30" for year in range(10, 18)],
            "cause of death": ["infection"] * 4 + ["lupus nephritis"] * 4,
            "infusions": [1, 2, 1, 2, 1, 2, 3, 3],
        }
    )
    visits = pd.DataFrame({"patient_id": list("abcd"), "months": 0, "sledai": [4, 8, 12, 16]})
    return read_cohort(patients, visits)


UNDER_30 = {"age_years": Between(20, 29)}
UNDERSTOOD: list[tuple[str, dict[str, Condition]]] = [
    ("uc", {"msc_source": OneOf("UC")}),
    ("UC bm", {"msc_source": OneOf("UC", "BM")}),
    ("bm or ad", {"msc_source": OneOf("BM", "AD")}),
    ("Umbilical Cord", {"msc_source": OneOf("UC")}),
    ('"bone marrow", adip', {"msc_source": OneOf("BM", "AD")}),
    ("-UC", {"msc_source": OneOf("BM", "AD")}),
    ("kidney", {"organs": AnyOf("renal")}),
    ("riñón", {"organs": AnyOf("renal")}),
    ("rinon", {"organs": AnyOf("renal")}),
    ("organs:renal and skin", {"organs": AllOf("renal", "skin")}),
    ("kidneys skin", {"organs": AnyOf("renal", "skin")}),
    ("no kidney", {"organs": NoneOf("renal")}),
    ("without kidney or skin", {"organs": NoneOf("renal", "skin")}),
    ("kidney -skin", {"organs": AnyOf("renal", without=("skin",))}),
    ("organs:-renal", {"organs": NoneOf("renal")}),
    ("f", {"sex": OneOf("female")}),
    ("WOMEN", {"sex": OneOf("female")}),
    ("men", {"sex": OneOf("male")}),
    ("no women", {"sex": OneOf("male")}),
    ("<30", UNDER_30),
    ("under 30 years", UNDER_30),
    ("younger than 30", UNDER_30),
    (">=30", {"age_years": Between(30, 50)}),
    ("> 30", {"age_years": Between(31, 50)}),
    ("at most 30.5", {"age_years": Between(20, 30.5)}),
    ("30-40", {"age_years": Between(30, 40)}),
    ("between 30 and 40", {"age_years": Between(30, 40)}),
    ("age 30 to 40", {"age_years": Between(30, 40)}),
    ("age=30..40", {"age_years": Between(30, 40)}),
    (">=30 <41", {"age_years": Between(30, 40)}),
    ("age:30", {"age_years": Between(30, 30)}),
    ("sledai>=8", {"baseline_sledai": Between(8, 16)}),
    ("baseline sledai < 12", {"baseline_sledai": Between(4, 11)}),
    # Follow-up has decimals: what is not included is the next number that a patient has.
    ("follow-up > 3", {"follow_up_months": Between(12, 40)}),
    ("follow-up < 2 years", {"follow_up_months": Between(1, 12)}),
    ("infusions>1", {"infusions": OneOf(2, 3)}),
    ("infusions:2", {"infusions": OneOf(2)}),
    ("smoker", {"smoker": OneOf("yes")}),
    ("-smoker", {"smoker": OneOf("no")}),
    ("alive", {"died": OneOf(False)}),
    ("dead", {"died": OneOf(True)}),
    ("rea", {"ward": OneOf("Réa")}),
    ('"south wing"', {"ward": OneOf("south wing")}),
    ("south wing", {"ward": OneOf("south wing")}),
    ("wing", {"ward": OneOf("south wing")}),
    ("ward:renal", {"ward": OneOf("renal")}),
    ("sampled<2012", {"sampled": BetweenDates(date(2010, 6, 30), date(2011, 12, 31))}),
    ("sampled > 2012-06-30", {"sampled": BetweenDates(date(2012, 7, 1), date(2017, 6, 30))}),
    ("sampled 2012-2013", {"sampled": BetweenDates(date(2012, 1, 1), date(2013, 12, 31))}),
    (
        "UC, no kidney, women under 30",
        {"msc_source": OneOf("UC"), "organs": NoneOf("renal"), "sex": OneOf("female"), **UNDER_30},
    ),
    ("", {}),
]


@pytest.mark.parametrize(("text", "conditions"), UNDERSTOOD)
def test_a_text_becomes_the_filters_that_it_names(eight: Cohort, text: str, conditions: dict[str, Condition]) -> None:
    typed = typed_filters(eight, text)
    assert typed.told() == ""
    assert dict(typed.filters.conditions) == conditions
    assert list(typed.filters.conditions) == list(conditions)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("foo", "Not known here: foo."),
        ("foo uc bar foo", "Not known here: foo, bar."),
        ("AM", "Not known here: AM."),  # a source that the vocabulary has and this cohort has not
        ("sex:x", "Not known here: Sex x."),
        ("haemoglobin>10", "Not known here: haemoglobin."),
        ("wo", "Not known here: wo."),  # the beginning of a synonym alone
        ("u", "Not known here: u."),  # one letter begins too many words
        ("no", "Not known here: no."),
        ("renal", "renal can be organs:renal or ward:renal."),
        ("-renal", "renal can be organs:renal or ward:renal."),
        ("lupus nephritis", 'lupus nephritis can be organs:renal or cause_of_death:"lupus nephritis".'),
        ("no kidney and skin", '"not renal and skin" can be read in two ways: write -skin to exclude both.'),
        ("uc and bm", "Nobody is both UC and BM; with or between them, either is asked."),
        ("uc or kidney", '"UC or renal": only values of one column can be alternatives, so renal is not asked.'),
        ("kidney -kidney", "Renal is asked for and excluded."),
        (
            "kidney and skin or mucosal",
            "Organ involvement: all of several values, or any of them, but not both at once.",
        ),
        ("-uc -bm -ad", "MSC source: nobody here; it is UC, BM or AD."),
        ("<20", "Age <20: nobody here; it is 20 to 50 years."),
        ("32-39", "Age >=32 and <=39: nobody here; it is 20 to 50 years."),
        ("-<30", "Age <30 cannot be excluded: turn the sign round."),
        ("30", '"30" alone is no limit: write <30 or >=30.'),
        ("age", "Age needs a limit, such as age_years>10."),
        ("<thirty", "Age <thirty: a number is needed there."),
        ("age>2012-01-01", "Age >2012-01-01: it is a number, not a day."),
        ("sampled>12", "Sampled >12: it is a date, such as 2019 or 2019-03-31."),
        ("organs>2", "Organ involvement is no number: >2 cannot be asked of it."),
        ("sledai>=0,5", "Baseline SLEDAI >=0,5: a number is needed there."),
        ("sex", "Sex needs a value: female or male."),
    ],
)
def test_what_is_not_asked_is_told(eight: Cohort, text: str, told: str) -> None:
    assert typed_filters(eight, text).told() == told


def test_what_is_understood_is_asked_although_another_word_is_not(eight: Cohort) -> None:
    typed = typed_filters(eight, "uc foo renal <30")
    assert typed.filters == Filters({"msc_source": OneOf("UC"), **UNDER_30})
    assert (typed.unknown, [word for word, _ in typed.unclear]) == (("foo",), ["renal"])


def test_a_cohort_without_ages_says_so() -> None:
    patients = {"patient_id": list("ab"), "follow_up_months": [1, 2], "died": [0, 1], "sex": ["f", "m"]}
    told = typed_filters(read_cohort(pd.DataFrame(patients)), "<30").told()
    assert told == "There is no age here: put the name of a column before <30."


@pytest.mark.parametrize("of_sample", [True, False])
def test_each_suggestion_means_its_value_and_no_other(eight: Cohort, of_sample: bool) -> None:
    cohort = SAMPLE if of_sample else eight
    for text, meaning in suggestions(cohort).items():
        typed = typed_filters(cohort, text)
        assert typed.told() == "", text
        (condition,) = typed.filters.conditions.values()
        assert isinstance(condition, OneOf)
        assert (*typed.filters.conditions, *condition.values) == (meaning.column, meaning.value)


@given(st.text(st.sampled_from('abceflmnorsuk 0139.,;:<>=-"&+é肾'), max_size=30))
def test_any_text_is_read_and_its_filters_can_be_a_link(text: str) -> None:
    filters = typed_filters(SAMPLE, text).filters
    assert read_filters(filter_words(filters), SAMPLE) == (filters, {})


@given(st.permutations(["uc", "renal", "-skin", "<30", "f", "c3>0.5"]))
def test_the_order_of_the_words_does_not_matter(order: list[str]) -> None:
    typed = typed_filters(SAMPLE, " ".join(order))
    assert typed.told() == ""
    assert dict(typed.filters.conditions) == {
        "msc_source": OneOf("UC"),
        "organs": AnyOf("renal", without=("skin",)),
        "age_years": Between(18, 29),
        "sex": OneOf("female"),
        "baseline_c3_g_per_l": Between(0.51, 1.11),
    }
