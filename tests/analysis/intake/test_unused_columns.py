"""Columns that would quietly not be used: sources in other words or a column each, organs as marks, labels of SPSS."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import read_cohort

OUTCOMES = pd.DataFrame(
    {"patient_id": [*"abcdef"], "follow_up_months": [30, 40, 50, 20, 60, 10], "died": [0, 1, 0, 0, 0, 1]}
)
DOUBT = "is not known which of their codes means yes"


def organs(table: pd.DataFrame) -> list[list[str] | None]:
    patients = read_cohort(table).patients
    return [sorted(held) if isinstance(held, frozenset) else None for held in patients["organs"]]


def test_sources_with_words_beside_them_are_known() -> None:
    words = ["Umbilical cord (Wharton's jelly)", "allogeneic umbilical cord", "UC"]
    words += ["bone-marrow derived", "BM-MSC (allogeneic)", "UC (BM)"]
    sources = read_cohort(OUTCOMES.assign(source=words)).patients["msc_source"]
    assert sources.tolist() == ["UC", "UC", "UC", "BM", "BM", "UC (BM)"]


def test_a_column_a_source_is_the_source() -> None:
    table = OUTCOMES.assign(UC=[1, 1, 0, 0, 1, 0], BM=[0, 0, 1, 0, 1, 1])
    sources = read_cohort(table).patients["msc_source"].astype(object)
    assert sources.fillna("").tolist() == ["UC", "UC", "BM", "", "BM+UC", "BM"]


def test_an_organ_in_two_words_is_known() -> None:
    table = OUTCOMES.assign(**{"Lupus nephritis": "Yes", "Haematological involvement": "No", "Skin rash": "Yes"})
    assert organs(table) == [["renal", "skin"]] * 6


@pytest.mark.parametrize(("yes", "no"), [("x", ""), ("+", "-"), ("✓", "")])
def test_marks_are_organs(yes: str, no: str) -> None:
    table = OUTCOMES.assign(Renal=[yes, no] * 3, Haematological=no, Skin=yes)
    assert organs(table) == [["renal", "skin"], ["skin"]] * 3


def test_codes_of_organs_are_doubted() -> None:
    findings = read_cohort(OUTCOMES.assign(Renal=["1", "2"] * 3, Skin=["2", "1"] * 3)).findings
    assert findings.loc[findings["kind"] == "doubtful", "message"].str.contains(DOUBT).any()


def test_a_name_that_says_nothing_goes_by_its_label(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    table = OUTCOMES.assign(v7=[1.0, 1, 1, 2, 2, 2], v8=[1.0, 0] * 3, sex=["F", "M"] * 3)
    path = tmp_path / "t.sav"
    labels = {"v7": "MSC source", "v8": "anything", "sex": "Age"}
    codes = {"v7": {1: "umbilical cord", 2: "bone marrow"}}
    pyreadstat.write_sav(table, str(path), column_labels=labels, variable_value_labels=codes)
    cohort = read_cohort(path)
    assert cohort.patients["msc_source"].tolist() == ["UC"] * 3 + ["BM"] * 3
    assert cohort.patients["sex"].astype(str).tolist() == ["female", "male"] * 3
    assert '"v7" is called by its label, "MSC source"' in " ".join(cohort.findings["message"])
