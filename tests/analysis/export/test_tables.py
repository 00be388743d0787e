"""Exported tables: safe to open, and the same cohort when read again."""

import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from analysis import load_sample, read_cohort
from analysis.disclosure.refused import NotSharedError
from analysis.export.sharing import Sharing, replacements
from analysis.export.table_files import cohort_archive, csv_bytes, shared_archive, template_workbook


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=cmd|" /C calc"!A0'])
def test_a_formula_becomes_text_in_cells_and_headers(text: str) -> None:
    read = pd.read_csv(io.BytesIO(csv_bytes(pd.DataFrame({text: [text]}))), encoding="utf-8-sig", dtype=str)
    assert read.columns[0].startswith("'")
    assert read.iloc[0, 0].startswith("'")


def test_a_carriage_return_does_not_begin_a_row() -> None:
    read = pd.read_csv(io.BytesIO(csv_bytes(pd.DataFrame({"a": ["x\r=1+1"]}))), dtype=str)
    assert len(read) == 1


def test_numbers_stay_numbers() -> None:
    assert csv_bytes(pd.DataFrame({"a": [-1.5, None]})).decode("utf-8-sig") == 'a\n-1.5\n""\n'


def test_sets_flags_and_missing_values_are_written_as_they_are_read() -> None:
    table = pd.DataFrame({"organs": [frozenset({"skin", "renal"}), frozenset(), None], "died": [True, False, True]})
    assert csv_bytes(table).decode("utf-8-sig") == "organs,died\nrenal;skin,1\nnone,0\n,1\n"


def test_the_exported_sample_reads_back_unchanged() -> None:
    sample = load_sample()
    with zipfile.ZipFile(io.BytesIO(cohort_archive(sample))) as archive:
        assert archive.namelist() == [
            "patients.csv",
            "visits.csv",
            "events.csv",
            "treatments.csv",
            "infusions.csv",
            "findings.csv",
        ]  # its eGFR is computed
        tables = {table: archive.read(f"{table}.csv") for table in ("treatments", "infusions")}
        again = read_cohort(*(archive.read(f"{table}.csv") for table in ("patients", "visits", "events")), **tables)
    assert again.fingerprint == sample.fingerprint


def test_the_copy_includes_findings() -> None:
    cohort = read_cohort(b"patient_id,follow_up_months,died\n1,12,0\n2,twelve,0\n")
    with zipfile.ZipFile(io.BytesIO(cohort_archive(cohort))) as archive:
        assert archive.namelist() == ["patients.csv", "findings.csv", "left_out.csv"]
        assert b"twelve" in archive.read("findings.csv")


def test_the_template_names_every_column_and_reads_once_filled() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    assert book.sheetnames == ["patients", "visits", "events", "treatments", "infusions", "dictionary"]
    header = [cell.value for cell in book["patients"][1]]
    assert header[:3] == ["patient_id", "follow_up_months", "died"]
    book["patients"].append(["a", 12, 0])
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(read_cohort(buffer.getvalue())) == 1


def test_a_copy_for_sharing_has_no_patient_ids_and_no_dates() -> None:
    patients = pd.DataFrame(
        {
            "patient_id": ["Ann-77", "Bea-78"], "follow_up_months": [3, 4], "died": [0, 1],
            "drawn on": ["2011-05-02", "2012-06-03"],
        }
    )  # fmt: skip
    visits = pd.DataFrame({"patient_id": ["Ann-77", "Bea-78"], "months": [0, 0], "sledai": [4, 5]})
    cohort = read_cohort(patients, visits)
    replaced = replacements(patients["patient_id"])
    archive = zipfile.ZipFile(io.BytesIO(shared_archive(cohort, Sharing(ids=True, years=True), replaced)))
    assert sorted(archive.namelist()) == ["patients.csv", "visits.csv"]
    told = {name: pd.read_csv(archive.open(name), encoding="utf-8-sig") for name in archive.namelist()}
    assert set(told["patients.csv"]["patient_id"]) == set(told["visits.csv"]["patient_id"]) == {"P1", "P2"}
    assert sorted(told["patients.csv"]["drawn on"].astype(str)) == ["2011", "2012"]
    for name in archive.namelist():
        assert not re.search(r"Ann|Bea|-0", archive.read(name).decode())
    with pytest.raises(NotSharedError):
        shared_archive(cohort, Sharing(least=5), replaced)
