"""Groups: their order, and patients who have none."""

import pandas as pd
import pytest

from analysis import Cohort, Grouping, read_cohort
from analysis.cohort.grouping import group_labels


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
