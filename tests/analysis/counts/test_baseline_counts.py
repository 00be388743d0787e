"""Counts of baseline characteristics: any parts add up to all, and so does the table."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.counts.baseline_counts import BaselineCounts
from analysis.estimates.description.baseline_table import BaselineTable
from tests.analysis.counts.measured import BYS, Parted, assert_adds_up, assert_same, parted_cohorts
from tests.properties import SOME


@SOME
@given(parted=parted_cohorts(), by=st.sampled_from(BYS))
def test_columns_add_up_and_so_does_the_table(parted: Parted, by: Any) -> None:
    columns = [[*each.patient_columns, *each.visit_columns] for each in (parted.whole, *parted.separate)]
    if any(names != columns[0] for names in columns):
        parted = replace(parted, separate=[parted.whole])  # a file without a column does not tell its position
    added = assert_adds_up(
        parted,
        lambda cohort: BaselineCounts.of(cohort, by),
        lambda table, _: BaselineCounts.from_table(table, by=by),
    )
    expected = BaselineTable.of(BaselineCounts.of(parted.whole, by))
    for each in added:
        assert_same(BaselineTable.of(each), expected)
