"""Groups: their order, and patients who have none."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Cut, Grouping, read_cohort
from analysis.cohort.grouping import group_labels
from tests.analysis.made import cohort_of, pinned


@pytest.fixture
def four() -> Cohort:
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": list("abcd"),
                "follow_up_months": [1, 2, 3, 4],
                "died": [0, 0, 1, 0],
                "msc_source": ["UC", "BM", None, "UC"],
                "organs": ["renal", "skin", None, "none"],
            }
        )
    )


def test_without_a_grouping_all_are_one_group(four: Cohort) -> None:
    assert list(group_labels(four, None)) == ["All"] * 4


def test_patients_in_neither_pinned_cohort_have_no_group(four: Cohort) -> None:
    labels = group_labels(four, pinned(frozenset("ab"), frozenset("c")))
    assert labels.isna().tolist() == [False, False, False, True]
    assert list(labels.dropna()) == ["A", "A", "B"]


def test_levels_are_sorted_and_the_first_is_the_reference(four: Cohort) -> None:
    labels = group_labels(four, "msc_source")
    assert list(labels.cat.categories) == ["BM", "UC"]
    assert labels.isna().tolist() == [False, False, True, False]


def test_an_organ_divides_into_without_and_with(four: Cohort) -> None:
    labels = group_labels(four, Grouping("renal"))
    assert list(labels.cat.categories) == ["no renal", "renal"]
    assert list(labels.dropna()) == ["renal", "no renal", "no renal"]


def test_an_unknown_column_is_named(four: Cohort) -> None:
    with pytest.raises(ValueError, match="'arm'"):
        group_labels(four, "arm")


def aged(*years: float | None, **columns: list[object]) -> Cohort:
    return cohort_of([1.0] * len(years), [0] * len(years), age_years=list(years), **columns)


@pytest.mark.parametrize(
    ("at", "groups"),
    [
        ("median", ["age below 35 years", "age 35 years or more"]),
        ("tertiles", ["age below 27.5 years", "age 27.5 to below 45 years", "age 45 years or more"]),
        ((32,), ["age below 32 years", "age 32 years or more"]),
        ([50, 32.5], ["age below 32.5 years", "age 32.5 to below 50 years", "age 50 years or more"]),
    ],
)
def test_the_groups_of_a_cut_are_named_in_words(at: object, groups: list[str]) -> None:
    labels = group_labels(aged(20, 30, 40, 50, 50, 25, None), Cut("age_years", at))
    assert list(labels.cat.categories) == groups
    assert labels.isna().tolist() == [False] * 6 + [True]


def test_a_cut_point_belongs_to_the_group_above() -> None:
    labels = group_labels(aged(31.9, 32, 32.1), Cut("age_years", [32]))
    assert list(labels) == ["age below 32 years", "age 32 years or more", "age 32 years or more"]


def test_an_abbreviation_keeps_its_capitals_and_no_unit_leaves_no_gap() -> None:
    cohort = aged(1, 2, LN_stage=[3, 4], infusions=[1, 2])
    assert list(group_labels(cohort, Cut("LN_stage", [4]))) == ["LN stage below 4", "LN stage 4 or more"]
    assert list(group_labels(cohort, Cut("infusions", [2]))) == ["infusions below 2", "infusions 2 or more"]


def test_baseline_sledai_can_be_cut() -> None:
    visits = pd.DataFrame({"patient_id": ["p0", "p1"], "months": [0, 0], "sledai": [8, 14]})
    labels = group_labels(read_cohort(aged(20, 30).patients, visits), Cut("baseline_sledai", [10]))
    assert list(labels) == ["baseline SLEDAI below 10 points", "baseline SLEDAI 10 points or more"]


def test_equal_numbers_are_one_group() -> None:
    assert list(group_labels(aged(30, 30, 30), Cut("age_years", "tertiles")).cat.categories) == ["age 30 years or more"]
    assert group_labels(aged(None, None), Cut("age_years", "median")).isna().all()


@pytest.mark.parametrize("at", ["quartiles", [], [float("nan")], [float("inf")]])
def test_a_cut_needs_points(at: object) -> None:
    with pytest.raises(ValueError, match=r"Unknown cut|one or more finite numbers"):
        Cut("age_years", at)


@pytest.mark.parametrize("column", ["msc_source", "died", "arm"])
def test_only_numbers_are_cut(four: Cohort, column: str) -> None:
    with pytest.raises(ValueError, match=r"no numbers to cut|no column"):
        group_labels(four, Cut(column, [1]))


def test_equal_cuts_are_equal_keys() -> None:
    assert {Cut("age_years", [40, 30]): 1}[Cut("age_years", (30.0, 40.0))] == 1


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=60, unique=True))
def test_tertiles_of_distinct_numbers_are_equally_large(numbers: list[int]) -> None:
    labels = group_labels(cohort_of([1.0] * len(numbers), [0] * len(numbers), x=numbers), Cut("x", "tertiles"))
    sizes = labels.value_counts()
    assert sizes.max() - sizes.min() <= 1
    assert sizes.sum() == len(numbers)
