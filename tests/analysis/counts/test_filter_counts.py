"""Counts for filters: any parts add up to all."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import AnyOf, Between, Filters, OneOf
from analysis.counts.filter_steps import FilterSteps
from analysis.counts.options import OptionCounts, RangeCounts
from tests.analysis.counts.measured import Parted, assert_adds_up, parted_cohorts
from tests.analysis.made import SAMPLE, cohort_of
from tests.properties import SOME

CONDITIONS = {
    "sex": OneOf("female"),
    "organs": AnyOf("renal"),
    "age_years": Between(25, 45, keep_missing=True),
    "baseline_sledai": Between(1, 8),
}
FILTERS = st.lists(st.sampled_from(sorted(CONDITIONS)), unique=True).map(
    lambda names: Filters({name: CONDITIONS[name] for name in names})
)
OPTIONS = st.sampled_from(["sex", "organs", "smoker", "weight", "arm", "baseline_sledai", "died"])
NUMBERS = st.sampled_from(["age_years", "weight", "baseline_sledai"])


@SOME
@given(parted=parted_cohorts(), filters=FILTERS, column=OPTIONS, number=NUMBERS)
def test_options_ranges_and_attrition_add_up(parted: Parted, filters: Filters, column: str, number: str) -> None:
    assert_adds_up(
        parted,
        lambda cohort: OptionCounts.of(cohort, filters, column),
        lambda table, _: OptionCounts.from_table(table),
    )
    assert_adds_up(
        parted,
        lambda cohort: RangeCounts.of(cohort, filters, number, tuple(map(float, range(5, 65, 5)))),
        lambda table, _: RangeCounts.from_table(table),
    )
    added = assert_adds_up(
        parted, lambda cohort: FilterSteps.of(cohort, filters), lambda table, _: FilterSteps.from_table(table)
    )
    for each in added:
        assert each.kept == len(parted.whole.where(filters))
        assert each.lost.sum() + each.kept == len(parted.whole)


def test_counts_of_different_bins_or_filters_are_not_added() -> None:
    cohort = SAMPLE
    with pytest.raises(ValueError, match="same bins"):
        RangeCounts.of(cohort, Filters(), "age_years", (0.0, 50.0)) + RangeCounts.of(cohort, Filters(), "age_years")
    first, second = OneOf("UC"), Between(18, 40)
    one = FilterSteps.of(cohort, Filters({"msc_source": first, "age_years": second}))
    other = FilterSteps.of(cohort, Filters({"age_years": second, "msc_source": first}))
    with pytest.raises(ValueError, match="same order"):
        one + other


def test_text_options_are_sorted_whatever_the_order_of_rows() -> None:
    cohort = SAMPLE
    causes = OptionCounts.of(cohort, Filters(), "cause_of_death")
    assert list(causes.options) == sorted(causes.options)
    assert causes.patients.sum() == cohort.patients["cause_of_death"].notna().sum()
    pd.testing.assert_frame_equal((causes + causes).to_table()[["value"]], causes.to_table()[["value"]])


def test_a_part_in_which_nobody_has_a_value_does_not_change_the_type_of_the_options() -> None:
    def of(*weights: float | None) -> OptionCounts:
        return OptionCounts.of(
            cohort_of([1.0] * len(weights), [0] * len(weights), weight=[*weights]), Filters(), "weight"
        )

    for both in (of(50.1, None) + of(None, None), of(None, None) + of(50.1, None)):
        pd.testing.assert_frame_equal(both.to_table(), of(50.1, None).to_table())
