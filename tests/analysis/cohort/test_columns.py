"""Columns of per-patient arrays, sliced for a selection."""

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.arrays import Rows
from analysis.cohort.columns import Columns, plain_array


class Part:
    """A selection of the patients."""

    def __init__(self, kept: list[bool]) -> None:
        self.kept = np.array(kept)
        self.places = np.flatnonzero(self.kept)

    def renumbered(self, rows: Rows) -> Rows:
        return np.searchsorted(self.places, rows)


KEPT = Part([True, False, True, True])


def test_without_a_row_column_there_is_one_row_per_patient() -> None:
    columns = Columns({"age": np.array([20, 30, 40, 50]), "sex": pd.Categorical(["f", "m", "f", None])})
    part = columns.of(KEPT)
    assert part["age"].tolist() == [20, 40, 50]
    assert part["sex"].tolist() == ["f", "f", np.nan]
    assert part["sex"].categories.tolist() == ["f", "m"]


def test_rows_of_visits_follow_their_patients_and_are_renumbered() -> None:
    part = Columns({"row": np.array([0, 1, 1, 3, 3]), "months": np.array([0.0, 0, 6, 0, 12])}).of(KEPT)
    assert part["row"].tolist() == [0, 2, 2]
    assert part["months"].tolist() == [0, 0, 12]
    again = part.of(Part([False, True, True]))
    assert (again["row"].tolist(), again["months"].tolist()) == ([1, 1], [0, 12])


def test_chosen_rows_keep_the_numbers_of_their_patients() -> None:
    part = Columns({"row": np.array([0, 1, 3, 3]), "score": np.array([8, 9, 4, 2])}).of(KEPT)
    assert part.rows(np.array([2, 0])).table().to_dict("list") == {"row": [2, 0], "score": [2, 8]}


def test_a_table_of_months_has_the_patients_along_its_last_axis() -> None:
    by_month = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    assert Columns({"value": by_month}).of(KEPT)["value"].tolist() == [[1, 3, 4], [5, 7, 8]]


def test_only_columns_that_are_used_are_sliced() -> None:
    class Counted(dict[str, np.ndarray]):
        asked: ClassVar[list[str]] = []

        def __getitem__(self, name: str) -> np.ndarray:
            self.asked.append(name)
            return super().__getitem__(name)

    arrays = Counted(age=np.arange(4), dose=np.arange(4))
    part = Columns(arrays).of(KEPT)
    assert part["age"].tolist() == part["age"].tolist() == [0, 2, 3]
    assert arrays.asked == ["age"]
    assert list(part) == ["age", "dose"]


def test_cached_arrays_are_read_only() -> None:
    ages = np.array([20, 30, 40, 50])
    columns = Columns({"age": ages})
    for each in (columns["age"], columns.of(KEPT)["age"], plain_array(pd.Series(ages))):
        with pytest.raises(ValueError, match="read-only"):
            each[0] = 99
    ages[0] = 21  # whose own it is may
