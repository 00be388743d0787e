"""Baseline tables that may be told while small counts are hidden."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from analysis import baseline_table, read_cohort
from analysis.counts.baseline_counts import BaselineCounts, ColumnCounts
from analysis.counts.groups import Groups
from analysis.disclosure.shared_baseline import shared_baseline
from analysis.estimates.description.baseline_table import BaselineTable
from tests.analysis.disclosure.test_masking import given_away, ways
from tests.analysis.made import SAMPLE


def of_weights(held: Iterable[int], missing: int) -> BaselineTable:
    """Return the table of so many patients who weigh 0, 1, 2, ..., and so many whose weight is not recorded."""
    patients = np.array([*held])
    code = np.flatnonzero(patients)
    column = ColumnCounts(
        *("weight", "numbers", np.arange(len(patients), dtype=float)),
        *(np.zeros(len(code), dtype=np.intp), code, patients[code], np.array([missing, 0, 0])),
    )
    size = np.array([patients.sum() + missing])
    return BaselineTable.of(BaselineCounts(Groups(None, ("All",), size), 0, (column,)))


def told(held: Iterable[int], missing: int = 0, least: int = 5) -> pd.Series:
    """Return what is told of weights, as numbers."""
    return shared_baseline(of_weights(held, missing), least).numbers.iloc[0]


def test_how_few_have_no_value_cannot_be_worked_out_from_the_statistics() -> None:
    def table(way: tuple[int, ...]) -> tuple[str, str]:
        safe = shared_baseline(of_weights(way[:-1], way[-1]), 3)
        return safe.table.to_csv(), safe.numbers.to_csv()

    every = list(ways(16, 4))
    assert not given_away(every, table, lambda way: [way[-1], 16 - way[-1]], 3)


def test_statistics_are_told_as_the_words_tell_them() -> None:
    """The mean is 54/31: no more is told of it than one decimal, and none where 31 is hidden."""
    held = [10, 5, 5, 5, 6]
    assert told(held)[["recorded", "mean"]].tolist() == [31, 1.7]
    assert np.isnan(told(held, missing=2)["recorded"])
    assert told(held, missing=2)["mean"] == 2


def test_a_mean_does_not_tell_how_few_have_another_value() -> None:
    """Of 30, 28 are 2: the mean says how many are 3."""
    assert told([0, 0, 28, 2]).loc["mean":"upper_quartile"].isna().all()  # type: ignore[misc]
    assert told([0, 0, 24, 6])["mean"] == pytest.approx(2.2)


@pytest.mark.parametrize(("patients", "quartiles", "median"), [(9, False, False), (10, False, True), (18, True, True)])
def test_a_quartile_does_not_tell_how_few_lie_below_it(patients: int, quartiles: bool, median: bool) -> None:
    row = told([1] * patients)
    assert row[["lower_quartile", "upper_quartile"]].notna().all() == quartiles
    assert pd.notna(row["median"]) == median


def test_a_median_without_its_quartiles_says_so() -> None:
    table = shared_baseline(of_weights([1] * 10, 0), 5).table.set_index("level")["All"]
    assert table["median (quartiles)"] == "4.5 (hidden)"


def test_how_many_have_no_group_is_hidden_also_if_as_many_have_one() -> None:
    arms = ["a"] * 6 + ["b"] * 6 + [None] * 12
    patients = pd.DataFrame({"patient_id": range(24), "follow_up_months": 12, "died": 0, "arm": arms})
    safe = shared_baseline(baseline_table(read_cohort(patients), by="arm"), 5)
    assert safe.method.endswith("12 patients. In no number: a hidden number of patients: the group is not recorded.")


def test_a_table_that_is_told_holds_no_counts_that_are_not() -> None:
    safe = shared_baseline(baseline_table(SAMPLE), 5)
    assert safe.counts is None
    with pytest.raises(TypeError, match="hidden already"):
        shared_baseline(safe, 5)
