"""What leaves a centre: counts of columns and values that every centre knows, and nothing of anybody else."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis import Cohort, read_cohort
from analysis.centres.centre_answer import CentreAnswer, answer_question
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.counted_apart import OTHER

POISON = "Poison"
OUTSIDE = 98765.25  # a number that only patients outside the filters have


def poisoned() -> Cohort:
    """Return two patients who are asked for and one who is not, with poison wherever there is room for it."""
    patients = pd.DataFrame(
        {
            "patient_id": [f"{POISON} {place}" for place in "abc"],
            "follow_up_months": [24.0, 36.0, OUTSIDE],
            "died": [0, 1, 0],
            "relapse_months": [12.0, None, OUTSIDE - 1],
            "msc_source": ["UC", "BM", f"{POISON} source"],
            "sex": ["female", f"{POISON} remark", "male"],
            "organs": [f"renal;{POISON} organ", "skin", "vasculitis"],
            "centre": [f"{POISON} site"] * 3,
            "passage": ["P3", f"{POISON} passage", "P9"],
            "route": ["intravenous", f"{POISON} route", "intrathecal"],
            "lot": [f"{POISON} lot"] * 3,
            "cause_of_death": [None, f"{POISON} cause", None],
            "last_contact_date": ["2011-01-02", "2012-03-04", "2013-05-06"],
            "age_years": [30, 40, 77],
            f"{POISON} column": [1.5, 2.5, 3.5],
            "arm": [f"{POISON} arm A", f"{POISON} arm B", f"{POISON} arm A"],
        }
    )
    visits = pd.DataFrame(
        {
            "patient_id": [f"{POISON} {place}" for place in "aabbcc"],
            "months": [0, 12, 0, 12, 0, OUTSIDE - 2],
            "sledai": [12, 2, 14, 4, 103, 104],
            "remission": ["none", "complete", "none", "partial", "none", "complete"],
            f"{POISON} measure": range(6),
        }
    )
    events = pd.DataFrame({"patient_id": [f"{POISON} a"], "months": [3.0], "event": [f"{POISON} event"]})
    return read_cohort(patients, visits, events, name=f"{POISON} file.xlsx")


def answer(**words: tuple[str, ...]) -> CentreAnswer:
    question = CentreQuestion("Poison-free", {"age": ("18..50",), **words})
    return answer_question(poisoned(), question, "North")


@pytest.mark.parametrize("words", [{}, {"compare": ("msc_source",)}, {"compare": ("organ:renal",)}])
def test_no_id_date_text_or_column_of_its_own_leaves_a_centre(words: dict[str, tuple[str, ...]]) -> None:
    text = answer(**words).to_file().decode()
    assert POISON not in text.replace("Poison-free", "")
    assert "2011" not in text
    assert poisoned().fingerprint not in text


def test_nothing_of_patients_outside_the_filters_leaves_a_centre() -> None:
    text = answer().to_file().decode()
    for held in (str(OUTSIDE), str(OUTSIDE - 1), str(OUTSIDE - 2), "103.0", "104.0", "77.0", "vasculitis"):
        assert held not in text


def test_values_that_somebody_typed_are_counted_as_other() -> None:
    table = _values_of("sex", answer())
    assert table == {"female": 1, OTHER: 1}
    assert _values_of("organs", answer()) == {f"{OTHER};renal": 1, "skin": 1}


def test_the_column_that_is_compared_by_keeps_its_values() -> None:
    compared = answer(compare=("sex",))
    groups = json.loads(compared.to_file())["tables"]
    assert any(f"{POISON} remark" in held.get("names", []) for held in groups if held["is"] == "Groups")
    assert f"{POISON} route" not in compared.to_file().decode()


def test_the_tables_that_a_centre_sees_hold_every_number_that_leaves_it() -> None:
    seen = " ".join(table.to_csv() for table in answer().tables().values())
    assert "female" in seen
    assert POISON not in seen


def _values_of(column: str, found: CentreAnswer) -> dict[str, int]:
    table = next(table for name, table in found.tables().items() if name.endswith("BaselineCounts"))
    own = table[(table["column"] == column) & (table["patients"] > 0) & (table["place"] >= 0)]
    return dict(zip(own["value"], own["patients"], strict=True))
