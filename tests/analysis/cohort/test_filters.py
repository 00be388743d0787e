"""Filters against cohorts small enough to count by hand."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import AllOf, AnyOf, Between, Cohort, Filters, NoneOf, OneOf, attrition, option_counts, read_cohort
from analysis.cohort.conditions import BetweenDates
from analysis.cohort.filter_columns import number_range, without_value
from analysis.cohort.measures import filterable
from analysis.estimates.description.filter_counts import range_counts
from tests.analysis.made import cohort_of


@pytest.fixture
def six() -> Cohort:
    patients = pd.DataFrame(
        {
            "patient_id": list("abcdef"),
            "follow_up_months": [1, 2, 3, 4, 5, 6],
            "died": [0, 0, 0, 0, 0, 1],
            "msc_source": ["UC", "UC", "UC", "BM", "BM", None],
            "organs": ["renal", "renal;skin", "skin", "renal;skin", None, "none"],
            "age_years": [20, 30, 40, 50, None, 60],
        }
    )
    visits = pd.DataFrame({"patient_id": ["a", "b", "a"], "months": [0, 0, 6], "sledai": [12, 20, 2]})
    return read_cohort(patients, visits)


def ids(cohort: Cohort) -> str:
    return "".join(cohort.patients["patient_id"])


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ({}, "abcdef"),
        ({"msc_source": OneOf("UC")}, "abc"),
        ({"msc_source": OneOf("UC", "BM")}, "abcde"),
        ({"msc_source": OneOf("UC", keep_missing=True)}, "abcf"),
        ({"organs": AnyOf("renal", "skin")}, "abcd"),
        ({"organs": AllOf("renal", "skin")}, "bd"),
        ({"organs": AnyOf("renal", keep_missing=True)}, "abde"),
        ({"organs": AnyOf("renal", without=("skin",))}, "a"),
        ({"organs": AnyOf("renal", "skin", without=("mucosal",))}, "abcd"),
        ({"organs": AllOf("skin", without=("renal",), keep_missing=True)}, "ce"),
        ({"organs": NoneOf("renal")}, "cf"),
        ({"organs": NoneOf("renal", "skin")}, "f"),
        ({"organs": NoneOf("renal", keep_missing=True)}, "cef"),
        ({"age_years": Between(30, 50)}, "bcd"),
        ({"age_years": Between(30, 50, keep_missing=True)}, "bcde"),
        ({"baseline_sledai": Between(10, 15)}, "a"),
        ({"msc_source": OneOf("UC"), "organs": AnyOf("skin")}, "bc"),
    ],
)
def test_which_patients_are_kept(six: Cohort, conditions: dict[str, OneOf | Between], kept: str) -> None:
    assert ids(six.where(Filters(conditions))) == kept


def test_a_missing_whole_number_is_between_nothing(six: Cohort) -> None:
    patients = six.patients[["patient_id", "follow_up_months", "died"]].assign(infusions=[1, 2, None, 3, 1, None])
    assert ids(read_cohort(patients).where(Filters({"infusions": Between(1, 2)}))) == "abe"


def test_options_of_a_cohort_with_one_source() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": 1, "died": 0, "msc_source": "UC"})
    counts = option_counts(read_cohort(patients), Filters(), "msc_source")
    assert counts.to_numpy().tolist() == [["UC", 2, 2]]


def test_visits_go_with_their_patients(six: Cohort) -> None:
    part = six.where(Filters({"baseline_sledai": Between(10, 15)}))
    assert list(part.visits["sledai"]) == [12, 2]


def test_counts_ignore_the_filter_on_the_column_itself(six: Cohort) -> None:
    filters = Filters({"msc_source": OneOf("BM"), "organs": AnyOf("skin")})
    counts = option_counts(six, filters, "msc_source").set_index("value")
    assert dict(counts["of_all"]) == {"BM": 2, "UC": 3}
    assert dict(counts["now"]) == {"BM": 1, "UC": 2}


def test_an_option_that_nobody_is_left_for_is_still_offered(six: Cohort) -> None:
    counts = option_counts(six, Filters({"age_years": Between(20, 20)}), "msc_source").set_index("value")
    assert dict(counts["now"]) == {"BM": 0, "UC": 1}


def test_patients_without_a_value_of_any_column_count_once(six: Cohort) -> None:
    assert without_value(six) == 0
    assert without_value(six, "msc_source") == 1
    assert without_value(six, "msc_source", "age_years", "baseline_sledai") == 4  # c, d, e and f


def test_attrition_follows_the_order_of_choosing(six: Cohort) -> None:
    steps = attrition(six, Filters({"msc_source": OneOf("UC"), "organs": AnyOf("skin")}))
    assert list(steps["before"]) == [6, 6, 3]
    assert list(steps["after"]) == [6, 3, 2]
    assert list(steps["lost"]) == [0, 3, 1]


def test_filters_read_in_plain_words() -> None:
    filters = Filters({"msc_source": OneOf("UC", "BM"), "organs": AllOf("renal", "skin"), "age_years": Between(18, 40)})
    assert filters.words() == [
        "MSC source UC or BM",
        "Organ involvement renal and skin",
        "Age 18 to 40 years",
    ]


def test_excluded_values_read_in_plain_words() -> None:
    assert Filters({"organs": NoneOf("renal", "skin")}).words() == ["Organ involvement without renal or skin"]
    mixed = Filters({"organs": AllOf("renal", "skin", without=("mucosal", "serositis"))})
    assert mixed.words() == ["Organ involvement renal and skin, without mucosal or serositis"]
    assert mixed.keeping_missing(True).keeping_missing(False) == mixed != Filters({"organs": AllOf("renal", "skin")})


def test_an_unknown_column_is_named(six: Cohort) -> None:
    with pytest.raises(ValueError, match="'hospital'"):
        six.where(Filters({"hospital": OneOf("A")}))


@given(
    order=st.permutations(["msc_source", "organs", "age_years"]),
    low=st.integers(15, 60),
    organ=st.sampled_from(["renal", "skin"]),
)
def test_filters_commute(order: list[str], low: int, organ: str) -> None:
    cohort = read_cohort(
        pd.DataFrame(
            {
                "patient_id": [str(number) for number in range(40)],
                "follow_up_months": range(40),
                "died": [0, 1] * 20,
                "msc_source": ["UC", "BM", "UC", None] * 10,
                "organs": ["renal", "skin", "renal;skin", None, "none"] * 8,
                "age_years": [20 + number for number in range(40)],
            }
        )
    )
    conditions = {"msc_source": OneOf("UC"), "organs": AnyOf(organ), "age_years": Between(low, 60)}
    reordered = cohort.where(Filters({name: conditions[name] for name in order}))
    assert ids(reordered) == ids(cohort.where(Filters(conditions)))


@pytest.fixture
def eight() -> Cohort:
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": list("abcdefgh"),
                "follow_up_months": range(1, 9),
                "died": [0, 0, 0, 0, 0, 0, 0, 1],
                "sampled": [
                    "2012-01-05",
                    "2012-03-01",
                    "2012-03-02",
                    None,
                    "2013-01-01",
                    "2012-01-05",
                    "2014-01-01",
                    None,
                ],
                "weight": [50.5, 60, 70, 80, None, 50.5, 74.5, 98.5],
                "ward": ["x", "y", "x", "y", "x", "y", None, "x"],
                "infusions": [1, 2, 1, 2, 1, 2, 1, 1],
                "note": [f"words of patient {letter}" for letter in "abcdefgh"],
                "same": "no",
            }
        ),
        pd.DataFrame({"patient_id": list("abc"), "months": 0, "pga": [0.5, 1.5, 2.5]}),
    )


def test_dates_between(eight: Cohort) -> None:
    limits = date(2012, 1, 5), date(2012, 3, 1)
    assert ids(eight.where(Filters({"sampled": BetweenDates(*limits)}))) == "abf"
    assert ids(eight.where(Filters({"sampled": BetweenDates(*limits, keep_missing=True)}))) == "abdfh"
    assert Filters({"sampled": BetweenDates(*limits)}).words() == ["sampled 2012-01-05 to 2012-03-01"]


def test_any_visit_measure_at_transplantation_can_be_filtered_by(eight: Cohort) -> None:
    filters = Filters({"baseline_pga": Between(1, 2)})
    assert ids(eight.where(filters)) == "b"
    assert filters.words() == ["Baseline physician global assessment 1 to 2"]


def test_how_each_column_is_filtered(eight: Cohort) -> None:
    kinds = filterable(eight)
    assert {name: kinds[name] for name in ("sampled", "weight", "ward", "infusions", "died")} == {
        "sampled": "days", "weight": "range", "ward": "choice", "infusions": "choice", "died": "choice",
    }  # fmt: skip
    assert "same" not in kinds
    assert "patient_id" not in kinds
    assert kinds["follow_up_months"] == "range"


def test_the_histogram_of_a_range_counts_all_and_those_the_other_filters_keep(eight: Cohort) -> None:
    filters = Filters({"weight": Between(50, 51), "ward": OneOf("x")})
    counts = range_counts(eight, filters, "weight")  # 24 parts of 2 kg from 50.5 to 98.5
    held = counts[counts["of_all"] > 0]
    assert held[["low", "of_all", "now"]].to_numpy().tolist() == [
        [50.5, 2, 1], [58.5, 1, 0], [68.5, 1, 1], [74.5, 1, 0], [78.5, 1, 0], [96.5, 1, 1],
    ]  # fmt: skip
    days = range_counts(eight, Filters({"ward": OneOf("y")}), "sampled")
    assert (days["of_all"].sum(), days["now"].sum()) == (6, 2)


def test_a_range_is_chosen_in_whole_or_in_round_steps(six: Cohort, eight: Cohort) -> None:
    assert number_range(six, "age_years") == (20, 60, 1)
    assert number_range(six, "baseline_sledai") == (12, 20, 1)
    # 48 kg in at most 200 steps: of 0.2 they would be 240.
    assert number_range(eight, "weight") == (50.5, 98.5, 0.5)


def test_the_range_of_very_small_numbers_is_not_rounded_away() -> None:
    moles = [(20.5 + number) * 1e-9 for number in range(14)]
    tiny = cohort_of([1.0] * 14, [0] * 14, moles=moles)
    assert number_range(tiny, "moles") == (2.05e-08, 3.35e-08, 1e-10)


def test_a_filter_keeps_its_place_when_it_changes(eight: Cohort) -> None:
    filters = Filters({"ward": OneOf("x"), "infusions": OneOf(1)})
    changed = filters.having("ward", OneOf("y")).having("weight", Between(1, 2))
    assert list(changed.conditions) == ["ward", "infusions", "weight"]
    assert changed.conditions["ward"] == OneOf("y")


def test_missing_is_kept_or_dropped_for_all_at_once(eight: Cohort) -> None:
    filters = Filters(
        {"ward": OneOf("x"), "weight": Between(0, 60), "sampled": BetweenDates(date(2012, 1, 1), date(2013, 6, 1))}
    )
    assert ids(eight.where(filters.keeping_missing(True))) == "ae"
    assert ids(eight.where(filters)) == "a"
    assert filters.keeping_missing(True).keeping_missing(False) == filters
