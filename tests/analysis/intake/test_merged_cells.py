"""Cells merged over the rows of a block: filled down from a workbook, and told where only blanks are left of them."""

from __future__ import annotations

import io

import openpyxl

from analysis import Cohort
from analysis.intake.assemble import read_cohort

ROWS = [("UC", "A", 30, 0), ("", "B", 40, 1), ("", "C", 50, 0), ("BM", "D", 20, 0), ("", "E", 60, 0), ("", "F", 9, 1)]
HEADING = ("MSC source", "patient_id", "follow_up_months", "died")
TITLE = "Cohort of lupus"


def workbook(*merged: str) -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.active.append([TITLE])
    book.active.append(HEADING)
    for row in ROWS:
        book.active.append([value if value != "" else None for value in row])
    for cells in ("A1:D1", *merged):
        book.active.merge_cells(cells)
    book.save(data)
    return data.getvalue()


def sources(cohort: Cohort) -> dict[str, int]:
    return cohort.patients["msc_source"].value_counts().to_dict() if "msc_source" in cohort.patients else {}


def test_merged_cells_are_filled_down() -> None:
    cohort = read_cohort(workbook("A3:A5", "A6:A8"))
    assert sources(cohort) == {"UC": 3, "BM": 3}
    assert cohort.findings["message"].str.contains("merged cells are filled down: 4 cells").any()


def test_merged_cells_below_the_last_row_make_no_patients() -> None:
    assert sources(read_cohort(workbook("A3:A5", "A6:A40"))) == {"UC": 3, "BM": 3}


def test_cells_over_several_columns_are_left_as_they_are() -> None:
    # The ids below the merged cell are gone, and its value is not one of the rows below.
    assert sources(read_cohort(workbook("A3:B4"))) == {"BM": 1}


def test_blanks_that_merged_cells_leave_are_doubted() -> None:
    text = "\n".join(",".join(map(str, row)) for row in (HEADING, *ROWS))
    cohort = read_cohort(text.encode())
    doubted = cohort.findings[cohort.findings["kind"] == "doubtful"]
    assert doubted["message"].str.contains("first row of each block only").any()
    assert sources(cohort) == {"UC": 1, "BM": 1}
