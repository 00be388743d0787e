"""A question as query parameters: it comes back the same, and unusable parameters are reported."""

from datetime import date
from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import AllOf, AnyOf, Between, Cohort, Filters, NoneOf, OneOf, read_cohort
from analysis.cohort.address import question_words, read_question
from analysis.cohort.conditions import BetweenDates, Condition
from analysis.cohort.question import ELSE, PINNED, Pin, Question
from tests.analysis.made import SAMPLE

OPTIONS = ["", "msc_source", "sex", "organ:renal", "number:age_years"]


def own() -> Cohort:
    """A cohort with a column of every kind, and one whose name must be escaped in an address."""
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": [str(number) for number in range(8)],
                "follow_up_months": range(8),
                "died": [0, 1] * 4,
                "drawn on": [f"2012-0{month}-01" for month in range(1, 9)],
                "dose & route=?": [-1.5, 0.25, 3, 4, 5, 6, 7, 8],
                "ward": ["a..b", "c&d", "é", "", "a..b", "c&d", "é", "x=y"],
                "infusions": [1, 2, 1, 2, 1, 2, None, 1],
            }
        )
    )


CONDITIONS: dict[str, st.SearchStrategy[Condition]] = {
    "msc_source": st.sets(st.sampled_from(["BM", "UC"]), min_size=1).map(lambda held: OneOf(*sorted(held))),
    "organs": st.builds(
        lambda how, held: how(*sorted(held)),
        st.sampled_from([AnyOf, AllOf, NoneOf, partial(AnyOf, without=("vasculitis", "serositis"))]),
        st.sets(st.sampled_from(["renal", "skin", "mucosal"]), min_size=1),
    ),
    "age_years": st.builds(lambda low: Between(low, 55.0), st.floats(18, 50)),
    "died": st.sampled_from([OneOf(True), OneOf(False)]),
    "baseline_sledai": st.just(Between(8.0, 20.0)),
}
FILTERS = st.builds(
    lambda order, made, keep: Filters({name: made[name] for name in order if name in made}).keeping_missing(keep),
    st.permutations(sorted(CONDITIONS)),
    st.fixed_dictionaries({}, optional=CONDITIONS),
    st.booleans(),
)
NAMES = st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=9), min_size=2, max_size=2)
PINS = st.builds(
    lambda filters, names, rest: Pin(filters, (names[0], names[1]), rest),
    FILTERS,
    NAMES.filter(lambda names: names[0] != names[1] and "All" not in names) | st.just(["", ""]),
    st.booleans(),
)


@given(FILTERS, st.sampled_from([*OPTIONS, ELSE]), st.sampled_from(["median", "tertiles", "30,45.5"]), st.none() | PINS)
def test_a_question_comes_back_as_it_was_asked(filters: Filters, compare: str, cut: str, pin: Pin | None) -> None:
    compare = "" if compare == ELSE and not filters else compare
    asked = Question(filters, compare, cut if compare.startswith("number:") else "median", pin)
    read, stale = read_question(question_words(asked), SAMPLE, OPTIONS)
    assert stale == {}
    assert read == asked
    assert list(read.filters.conditions) == list(filters.conditions)


def test_every_kind_of_column_comes_back() -> None:
    conditions: dict[str, Condition] = {
        "drawn on": BetweenDates(date(2012, 2, 1), date(2012, 6, 30)),
        "dose & route=?": Between(-1.5, 3.25),
        "ward": OneOf("a..b", "c&d", "x=y"),
        "infusions": OneOf(2),
    }
    asked = Question(Filters(conditions), PINNED, pin=Pin(Filters(conditions)))
    read, stale = read_question(question_words(asked), own(), [""])
    assert (read, stale) == (asked, {})


@pytest.mark.parametrize(
    ("words", "stale"),
    [
        ({"source": ["UC", "pig"]}, {"source": ["pig"]}),
        ({"source": ["UC"], "f.hospital": ["A"]}, {"f.hospital": ["A"]}),
        ({"source": ["UC"], "age": ["forty"]}, {"age": ["forty"]}),
        ({"source": ["UC"], "age": ["40..20"]}, {"age": ["40..20"]}),
        ({"source": ["UC"], "age": ["nan..nan"]}, {"age": ["nan..nan"]}),
        ({"source": ["UC"], "age": ["200..300"]}, {"age": ["200..300"]}),
        ({"source": ["UC"], "compare": ["shoe"]}, {"compare": ["shoe"]}),
        ({"source": ["UC"], "compare": ["pinned"]}, {"compare": ["pinned"]}),
        ({"source": ["UC", "pig"], "compare": ["everybody_else"]}, {"source": ["pig"]}),
        ({"source": ["UC"], "compare": ["number:age_years"], "cut": ["old"]}, {"cut": ["old"]}),
        ({"source": ["UC"], "pin": ["source=pig"]}, {"pin": ["source=pig"]}),
        ({"source": ["UC"], "pin": ["%%%"]}, {"pin": ["%%%"]}),
        ({"source": ["UC"], "without": ["renal"]}, {"without": ["renal"]}),
    ],
)
def test_unusable_parameters_are_reported_and_the_rest_is_kept(
    words: dict[str, list[str]], stale: dict[str, list[str]]
) -> None:
    read, told = read_question(words, SAMPLE, OPTIONS)
    assert told == stale
    assert read.filters == Filters({"msc_source": OneOf("UC")})


def test_everybody_else_needs_a_filter_that_is_there() -> None:
    read, told = read_question({"source": ["pig"], "compare": ["everybody_else"]}, SAMPLE, OPTIONS)
    assert read == Question()
    assert told == {"source": ["pig"], "compare": ["everybody_else"]}


def test_the_address_holds_no_data() -> None:
    held = " ".join(str(value) for value in SAMPLE.patients["patient_id"])
    pin = Pin(Filters({"sex": OneOf("male")}))
    words = question_words(Question(Filters({"msc_source": OneOf("UC")}), PINNED, pin=pin))
    assert not any(patient in str(words) for patient in held.split())
