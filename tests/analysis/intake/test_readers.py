"""From bytes to text cells: row numbers as in the user's file, and every broken file refused in a sentence."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.cohort.findings import CohortError
from analysis.intake.cells import cell_text
from analysis.intake.inputs import Readable, read_tables
from analysis.intake.raw import RawTable
from analysis.intake.reading import parse


def one(data: bytes | str, file: str = "patients.csv") -> RawTable:
    (table,) = parse(data.encode() if isinstance(data, str) else data, file)
    return table


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "rows", "columns"),
    [
        ("a,b\n1,2\n3,4\n", [2, 3], ["a", "b"]),
        ("a;b\r\n1;2\r\n", [2], ["a", "b"]),
        ("a\tb\r1\t2\r", [2], ["a", "b"]),
        ("a|b\n1|2\n", [2], ["a", "b"]),
        ("\n  \na,b\n1,2\n", [4], ["a", "b"]),
        ("a,b\n1,2\n\n,\n3,4\n", [2, 5], ["a", "b"]),
        ('a,b\n"1\n1",2\n3,4\n', [2, 3], ["a", "b"]),
        ('a,"b;\nc"\n1,2\n', [2], ["a", "b; c"]),
        ("\ufeffa,b\n1,2\n", [2], ["a", "b"]),
        (" a , b\n1,2\n", [2], ["a", "b"]),
        ("a,b,,\n1,2,,\n", [2], ["a", "b"]),
        ("a,,b\n1,x,2\n", [2], ["a", "column 2", "b"]),
        ("a\n1\n", [2], ["a"]),
        ("a,b\n", [], ["a", "b"]),
    ],
)
def test_rows_are_numbered_as_in_a_spreadsheet(text: str, rows: list[int], columns: list[str]) -> None:
    table = one(text)
    assert list(table.cells.index) == rows
    assert list(table.cells.columns) == columns


def test_cells_stay_the_text_they_are() -> None:
    cells = one('id,a,b\n007,NA,none\n1234567890123456789,"x, y",1.50\n').cells
    assert cells.to_numpy().tolist() == [["007", "NA", "none"], ["1234567890123456789", "x, y", "1.50"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_come_out_right(encoding: str) -> None:
    table = one("a,b\nCórdoba,é\n".encode(encoding))
    assert table.cells.iloc[0].tolist() == ["Córdoba", "é"]
    assert bool(table.notes) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b" \r\n\n", "the file is empty"),
        ("  \n".encode("utf-16"), "the file is empty"),
        (b",,\n,,\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"%PDF-1.7", "a PDF document"),
        (b"a,b\n1,\0\n", "not a text file"),
        (b"PK\x03\x04 and then nothing of the kind", "the workbook is broken"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"x" * 10_000_000, "longer than 1,000,000 characters"),
        (b"a," * 20_001 + b"\n", "more than 20,000 columns"),
        (b'"\n"' + b",a" * 20_001 + b"\n", "more than 20,000 columns"),
        (b'a,"b\n' + b"1,2\n" * 100_000, "a quotation mark"),
        (b"a,b\n1,2\n1,2,3\n", "row 3: there are 3 values, but the header has 2 columns"),
        (b"\n\na,b\n1,2\n1,2,3\n", "row 5: there are 3 values"),
        (b'a,b\n1,2\n1,"2\n', "row 3: a quotation mark is not closed"),
        (b"a,b,a\n1,2,3\n", 'more than one column is called "a"'),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(CohortError) as refused:
        parse(data, "patients.csv")
    (finding,) = refused.value.findings
    assert finding.kind == "refused"
    assert words in finding.message
    assert finding.message.startswith("patients.csv")


def test_a_workbook_gives_a_table_a_sheet_with_excel_rows() -> None:
    data = workbook(
        Patients=[["id", "n", "day", "yes", "x"], [7, 2.0, pd.Timestamp("2010-03-04"), True, 1.25], [], ["b"]],
        Empty=[],
        Lower=[[], [], [None, "id"], [None, "c"]],
    )
    patients, lower = parse(data, "cohort.xlsx")
    assert patients.label == "cohort.xlsx, sheet Patients"
    assert list(patients.cells.index) == [2, 4]
    assert patients.cells.iloc[0].tolist() == ["7", "2", "2010-03-04", "True", "1.25"]
    assert patients.cells.iloc[1].tolist() == ["b", "", "", "", ""]
    assert list(lower.cells.index) == [4]
    assert lower.cells["id"].tolist() == ["c"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook(A=[]), "the workbook is empty"),
        (workbook(A=[["a"], [1]])[:-30], "the workbook is broken"),
        (workbook(A=[["a"], [1]]).replace(b"xl/workbook.xml", b"xl/workbooz.xml"), "the workbook is broken"),
    ],
    ids=["empty", "cut short", "damaged"],  # a workbook holds the time, and both processes need the same names
)
def test_a_workbook_that_cannot_be_used_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(CohortError, match=words):
        parse(data, "cohort.xlsx")


def test_every_kind_of_input_gives_the_same_cells(tmp_path: Path) -> None:
    data = b"id,n\na,1\n"
    path = tmp_path / "p.csv"
    path.write_bytes(data)
    with path.open("rb") as opened, path.open() as as_text:
        inputs: list[Readable] = [path, str(path), data, io.BytesIO(data), io.StringIO(data.decode()), opened, as_text]
        tables = [read_tables(given, "patients")[0] for given in inputs]
    assert [table.file for table in tables] == ["p.csv", "p.csv", *["patients"] * 3, "p.csv", "p.csv"]
    assert all(table.cells.to_numpy().tolist() == [["a", "1"]] for table in tables)


def test_rows_of_a_frame_are_numbered_by_position() -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "n": [1.0, None], "organs": [frozenset(), {"skin", "renal"}]}, index=[7, 9])
    (table,) = read_tables(frame, "patients")
    assert list(table.cells.index) == [1, 2]
    assert table.cells.to_numpy().tolist() == [["a", "1", "none"], ["b", "", "renal;skin"]]


def test_a_sheet_can_be_named() -> None:
    data = workbook(A=[["x"], [1]], B=[["y"], [2]])
    assert [table.sheet for table in read_tables((data, "B"), "patients")] == ["B"]
    with pytest.raises(CohortError, match='no sheet "C" with a table'):
        read_tables((data, "C"), "patients")


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(CohortError, match="the file cannot be opened"):
        read_tables("nowhere.csv", "patients")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (3.0, "3"),
        (0.1, "0.1"),
        (10**18, "1000000000000000000"),
        (pd.Timestamp("2020-02-03 04:05"), "2020-02-03 04:05:00"),
    ],
)
def test_cells_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


@given(
    st.one_of(
        st.binary(),
        st.text(alphabet='a1,;\t|"\n\r \ufeff\0é').map(str.encode),
        st.binary().map(b"PK\x03\x04".__add__),
        st.binary().map(b"\xff\xfe".__add__),
    )
)
@example(b'"')
@example(b"\r")
@example(b'a"\r\r"')
@example(b"\x1c\n\x1c,")
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        tables = parse(data, "file")
    except CohortError as error:
        assert error.findings  # noqa: PT017
    else:
        for table in tables:
            assert all(isinstance(text, str) for text in table.cells.to_numpy().ravel())


WHOLE = workbook(Patients=[["patient_id", "died"], ["a", 1], ["b", 0]])


@given(damage=st.dictionaries(st.floats(0, 1, exclude_max=True), st.integers(0, 255), max_size=20))
def test_a_damaged_workbook_is_read_or_refused(damage: dict[float, int]) -> None:
    damaged = bytearray(WHOLE)
    for share, byte in damage.items():
        damaged[int(share * len(WHOLE))] = byte
    try:
        parse(bytes(damaged), "file")
    except CohortError as error:
        assert error.findings  # noqa: PT017
