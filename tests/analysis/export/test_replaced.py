"""What leaves the house tells of nobody: numbers of patients are replaced, and dates become years."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pandas as pd
import pytest

from analysis import kaplan_meier, trajectory, yearly_remission
from analysis.export.sharing import Sharing, protected_table, replacements
from analysis.listings.lanes import lanes
from tests.analysis.disclosure.disclosed import safe_of
from tests.analysis.made import SAMPLE


def test_numbers_are_replaced_alike_in_several_tables_and_tell_no_order() -> None:
    replaced = replacements(SAMPLE.patients["patient_id"])
    assert sorted(replaced.values(), key=lambda each: int(each[1:])) == [f"P{place}" for place in range(1, 88)]
    sharing = Sharing(ids=True)
    patients = protected_table(SAMPLE.patients, sharing, replaced)
    visits = protected_table(SAMPLE.visits, sharing, replaced)
    assert patients["patient_id"].tolist() == [f"P{place}" for place in range(1, 88)]
    back = {new: old for old, new in replaced.items()}
    again = patients.assign(patient_id=patients["patient_id"].map(back)).sort_values("patient_id", ignore_index=True)
    pd.testing.assert_frame_equal(
        again, SAMPLE.patients.sort_values("patient_id", ignore_index=True), check_dtype=False
    )
    of_one = SAMPLE.visits[SAMPLE.visits["patient_id"] == back["P1"]]
    assert visits.loc[visits["patient_id"] == "P1", "sledai"].tolist() == of_one["sledai"].tolist()
    assert any(replacements(range(40)) != replacements(range(40)) for _ in range(3))


def test_a_patient_without_a_replaced_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no replaced number"):
        protected_table(SAMPLE.patients, Sharing(ids=True), {"1": "P1"})


def test_the_row_in_the_file_goes_with_the_number() -> None:
    table = pd.DataFrame({"patient_id": ["a"], "row": [2], "reason": ["no follow-up"]})
    assert list(protected_table(table, Sharing(ids=True)).columns) == ["patient_id", "reason"]


def test_figures_of_single_patients_have_replaced_numbers() -> None:
    old = set(SAMPLE.patients["patient_id"].astype(str))
    sharing = Sharing(ids=True)
    replaced = replacements(old)
    for result in (lanes(SAMPLE), trajectory(SAMPLE), yearly_remission(SAMPLE)):
        safe = safe_of(result, sharing, replaced)
        for each in fields(safe):
            held = getattr(safe, each.name)
            if isinstance(held, pd.DataFrame) and "patient_id" in held and len(held):
                assert set(held["patient_id"]) <= set(replaced.values())
    summed = kaplan_meier(SAMPLE)
    assert safe_of(summed, sharing) is summed


@pytest.mark.parametrize(
    ("told", "year"),
    [
        ("2011-05-02", "2011"),
        ("2011/5/2", "2011"),
        ("02.05.2011", "2011"),
        ("5/2/2011 14:30", "2011"),
        ("2 May 2011", "2011"),
        ("2011-05", "2011"),
        ("2011-05-02T08:15:00", "2011"),
        ("seen 2011-05-02, then 2012-06-03", "seen 2011, then 2012"),
        ("1.25", "1.25"),
        ("2011", "2011"),
        ("12-24 months", "12-24 months"),
    ],
)
def test_dates_become_years(told: str, year: str) -> None:
    shown = protected_table(pd.DataFrame({"note": [told, None]}), Sharing(years=True))
    assert shown["note"].iloc[0] == year
    assert pd.isna(shown["note"].iloc[1])


def test_columns_of_dates_become_years_and_numbers_stay() -> None:
    table = pd.DataFrame(
        {"seen": pd.to_datetime(["2011-05-02", None]), "on": [date(2012, 6, 3), None], "dose": [1.5, 2]}
    )
    shown = protected_table(table, Sharing(years=True))
    assert shown["seen"].iloc[0] == 2011
    assert shown["on"].iloc[0] == 2012
    assert shown["dose"].tolist() == [1.5, 2]
