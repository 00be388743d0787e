"""Workbooks: what calamine reads, what it does not tell, and that both agree with openpyxl."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from analysis import CohortError
from analysis.intake.cells import cell_text
from analysis.intake.content import tables_in
from analysis.intake.raw import RawTable
from analysis.intake.sheet_parts import SheetPart, SheetReader

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'


def xml(rows: str, prefix: str = "") -> bytes:
    """Return the XML of a sheet."""
    tag = f"{prefix}:" if prefix else ""
    named = f'xmlns{":" if prefix else ""}{prefix}="{MAIN}"'
    return f"<{tag}worksheet {named}><{tag}sheetData>{rows}</{tag}sheetData></{tag}worksheet>".encode()


def saved(book: openpyxl.Workbook, sheet: bytes | None = None) -> bytes:
    """Return a workbook, with the XML of its first sheet replaced."""
    whole, changed = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if sheet and name == SHEET else old.read(name))
    return changed.getvalue()


def written(rows: str, prefix: str = "") -> RawTable:
    (table,) = tables_in(saved(openpyxl.Workbook(), xml(rows, prefix)), "p.xlsx")
    return table


def read_whole(sheet: bytes, size: int) -> SheetPart:
    reader = SheetReader()
    for start in range(0, len(sheet), size):
        reader.feed(sheet[start : start + size])
    return reader.end()


def test_errors_are_told_as_they_stand() -> None:
    rows = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    table = written(HEADER + rows)
    assert table.cells.iloc[0].tolist() == ["#N/A", "#DIV/0!"]
    assert table.rows == ()


def test_a_formula_without_a_stored_value_is_told() -> None:
    book = openpyxl.Workbook()
    for row in (["id", "died"], ["a", "=1+1"], ["b", 1]):
        book.active.append(row)
    (table,) = tables_in(saved(book), "p.xlsx")
    assert table.cells["died"].tolist() == ["", "1"]
    (note,) = table.rows
    assert (note.kind, note.row) == ("doubtful", 2)
    assert "1 cell with a formula and no stored value, taken as empty: B2." in note.message


def test_a_formula_that_results_in_no_letter_has_a_value() -> None:
    table = written(HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>A1</f><v></v></c></row>')
    assert table.rows == ()


def test_ids_of_many_digits_stay_what_they_are() -> None:
    ids = ["1234567890123456789", "12345678901234567", "110101199003074514"]
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{each}</v></c></row>' for row, each in enumerate(ids, 2))
    assert written(HEADER + rows).cells["id"].tolist() == ids


def test_a_negative_number_is_no_date() -> None:
    book = openpyxl.Workbook()
    for row in (["day"], [-3], [0.5], [40000]):
        book.active.append(row)
    for row in (2, 4):
        book.active.cell(row, 1).number_format = "yyyy-mm-dd"
    (table,) = tables_in(saved(book), "p.xlsx")
    assert table.cells["day"].tolist() == ["#VALUE!", "0.5", "2009-07-06"]


def test_a_yes_is_not_a_one() -> None:
    book = openpyxl.Workbook()
    for row in (["died"], [True], [1], [False], [0], ["1"]):
        book.active.append(row)
    (table,) = tables_in(saved(book), "p.xlsx")
    assert table.cells["died"].tolist() == ["True", "1", "False", "0", "1"]
    assert table.cells["died"].cat.categories.is_unique


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["day"], [datetime.date(2010, 3, 4)]):
        book.active.append(row)
    (table,) = tables_in(saved(book), "p.xlsx")
    assert table.cells["day"].tolist() == ["2010-03-04"]


def test_a_hidden_sheet_is_known_as_such_and_a_sheet_of_a_chart_is_none() -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart", 0)
    book.active = 1
    book.worksheets[0].append(["a"])
    hidden = book.create_sheet("Secret")
    hidden.sheet_state = "veryHidden"
    hidden.append(["b"])
    hidden.append(["=1"])
    tables = tables_in(saved(book), "p.xlsx")
    assert [(table.sheet, table.hidden, len(table.rows)) for table in tables] == [
        ("Sheet", False, 0),
        ("Secret", True, 1),
    ]


def test_formats_far_out_take_no_room() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    table = written(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>' + far)
    assert table.cells.shape == (1, 2)


def test_a_value_far_out_is_refused_before_it_takes_memory() -> None:
    with pytest.raises(CohortError, match=r"rows end long before the last|more than 200,000,000 cells"):
        written(HEADER + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def test_cells_without_places_and_with_a_prefix_are_read() -> None:
    rows = "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row><x:row><x:c><x:v>3</x:v></x:c></x:row>"
    part = read_whole(xml(rows, "x"), 10**6)
    assert (part.rows, part.columns, part.filled) == (2, 2, 3)
    assert read_whole(xml('<row r="7"><c t="e"><v>#N/A</v></c></row>'), 10**6).errors == {(6, 0): "#N/A"}


CELL = st.sampled_from(
    [
        "<v>1</v>",
        "<v>-2</v>",
        "<v>12345678901234567</v>",
        "<f>A1</f>",
        "<f>A1</f><v>3</v>",
        "<f/><v></v>",
        "<is><t>a</t></is>",
        "",
    ]
)


@given(st.lists(st.lists(st.tuples(CELL, st.booleans()), max_size=4), max_size=6), st.integers(1, 400))
def test_a_sheet_in_pieces_tells_the_same(rows: list[list[tuple[str, bool]]], size: int) -> None:
    def cell(row: int, column: int, held: str, error: bool) -> str:
        kind = ' t="e"' if error else ""
        return f'<c r="{"ABCD"[column]}{row}"{kind}>{held}</c>' if held else f'<c r="{"ABCD"[column]}{row}" s="1"/>'

    text = "".join(
        f'<row r="{row}">{"".join(cell(row, column, *each) for column, each in enumerate(cells))}</row>'
        for row, cells in enumerate(rows, 1)
    )
    whole, pieces = read_whole(xml(text), 10**6), read_whole(xml(text), size)
    for name in ("rows", "columns", "errors", "unvalued", "exact"):
        assert getattr(whole, name) == getattr(pieces, name)
    places = {(r, c): each for r, cells in enumerate(rows) for c, (each, _) in enumerate(cells)}
    held = [place for place, each in places.items() if "<v></v>" not in each and ("<v>" in each or "<is>" in each)]
    assert whole.rows == max([r + 1 for r, _ in held], default=0)
    assert whole.columns == max([c + 1 for _, c in held], default=0)
    assert whole.unvalued == [place for place, each in places.items() if "<f" in each and place not in held]


FORMATS = ["General", "0.00", "0%", "yyyy-mm-dd", "d/m/yyyy h:mm", "hh:mm", "[h]:mm", "mmm-yy", "000000", '0 "mo"', "@"]
VALUES = (
    st.integers(0, 10**9)
    | st.floats(0, 60_000).map(lambda number: round(number, 3))
    | st.sampled_from(["", " ", "a", "007", "1.50", "患者", "a\nb"])
    | st.booleans()
    | st.dates(datetime.date(1900, 3, 1), datetime.date(2200, 1, 1))
)


@given(st.lists(st.lists(st.tuples(VALUES, st.sampled_from(FORMATS)), min_size=3, max_size=3), min_size=1, max_size=4))
def test_cells_are_those_that_openpyxl_reads(rows: list[list[tuple[object, str]]]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    for row, values in enumerate(rows, 2):
        for column, (value, form) in enumerate(values, 1):
            cell = book.active.cell(row, column, value)
            if not isinstance(value, datetime.date):
                cell.number_format = form
    data = saved(book)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
        texts = [[cell_text(value) for value in row] for row in read.iter_rows(min_row=2, values_only=True)]
    (table,) = tables_in(data, "p.xlsx")
    kept = [row for row in texts if any(text.strip() for text in row)]
    if "#VALUE!" not in str(texts):  # a number beyond the last date
        assert table.cells.astype(object).to_numpy().tolist() == kept
