"""Dots of patients by state: one each, those not selected pale, none on another."""

import pandas as pd
import pytest

from analysis import Filters, OneOf
from analysis.figures.common.theme import Look, palette
from analysis.figures.states.dots import dots_chart, dots_description
from analysis.listings.month_dots import dots
from tests.analysis.figures.results import rows_of, spec
from tests.analysis.made import SAMPLE

UC = SAMPLE.where(Filters({"msc_source": OneOf("UC")}))


def drawn(month: float, cohort=SAMPLE, look: Look = Look()) -> pd.DataFrame:
    return pd.DataFrame(rows_of(spec(dots_chart(dots(cohort, month=month), look=look)), "told"))


@pytest.mark.parametrize("month", [0, 12, 30, 48])
def test_every_patient_has_a_place_alone(month: float) -> None:
    table = drawn(month)
    assert table["patient_id"].nunique() == len(table) == 87
    assert not table.duplicated(["column", "y"]).any()


def test_states_keep_their_lines_from_month_to_month() -> None:
    first, later = (drawn(month).groupby("told")["y"].min() for month in (12, 24))
    both = first.index.intersection(later.index)
    assert len(both) == 6
    assert first[both].equals(later[both])


@pytest.mark.parametrize("dark", [False, True])
def test_those_not_selected_are_pale_and_come_last(dark: bool) -> None:
    table = drawn(12, UC, Look(dark=dark))
    others = table["told"].str.endswith(", not selected")
    assert others.sum() == 45
    assert set(table.loc[others, "ink"]) == {palette(Look(dark=dark)).grid}
    assert palette(Look(dark=dark)).grid not in set(table.loc[~others, "ink"])


def test_numbers_of_a_selection_stand_beside_those_of_all() -> None:
    assert dots_description(dots(UC, month=0)) == "Month 0, 42 patients: active 42 of 87."
    assert dots_description(dots(SAMPLE, month=0)) == "Month 0, 87 patients: active 87."
