"""Files that are made or broken to do harm: each is read, or refused in one clear sentence, in little memory."""

import gzip
import io
import pickle
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Cohort, CohortError
from analysis.intake import formats, sizes, unpacking, workbooks
from analysis.intake.assemble import read_files
from analysis.intake.content import tables_in
from analysis.intake.inputs import read_tables
from analysis.intake.noticed import UNSEEN, shown
from analysis.intake.proposal import propose
from analysis.intake.reading import parse
from analysis.intake.saved import load_mapping, save_mapping
from analysis.intake.source import Source

FRAME = pd.DataFrame(
    {
        "patient_id": [f"p{number}" for number in range(6)],
        "follow_up_months": [1.5, 2, 3, 4, 5, 6],
        "died": [0, 1, 0, 0, 1, 0],
        "age_years": [20, 30, 40, 50, 60, 70],
    }
)
TEXT = FRAME.to_csv(index=False)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EXTERNAL = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
NESTED = (
    '<!DOCTYPE a [<!ENTITY e0 "ha">'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    + '<!ENTITY e "&e8;">]>'
)
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>patient_id</t></is></c></row>'


@dataclass
class Upload:
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


def workbook(parts: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook with some of its parts replaced or added."""
    book = openpyxl.Workbook()
    for row in [list(FRAME.columns), *FRAME.to_numpy().tolist()]:
        book.active.append(row)
    whole, changed = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        held = {name: old.read(name) for name in old.namelist()}
        for name, data in {**held, **(parts or {})}.items():
            new.writestr(name, data)
    return changed.getvalue()


def sheet(rows: str, before: str = "", dimension: str = "A1:B2") -> bytes:
    head = f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/>'
    return f"{head}<sheetData>{rows}</sheetData></worksheet>".encode()


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as new:
        for name in names:
            new.writestr(name, "<a/>")
    return held.getvalue()


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as new:
        new.writestr("p.zip", content)
    return held.getvalue()


def encrypted(data: bytes) -> bytes:
    """Return an archive that says of every member that it is encrypted."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := changed.find(mark, place + 1)) >= 0:
            changed[place + offset] |= 1
    return bytes(changed)


def parquet(table: pa.Table) -> bytes:
    held = io.BytesIO()
    pyarrow.parquet.write_table(table, held, compression="zstd", store_schema=False)
    return held.getvalue()


def repeated(text: str, rows: int) -> pa.Table:
    """Return a column of one text, which a file holds once."""
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype=np.int32)), pa.array([text]))
    return pa.table({"patient_id": column})


def written(write: str) -> bytes:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = FRAME.rename(columns={"follow_up_months": "fu_month"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        getattr(pyreadstat, write)(frame, str(path))
        return path.read_bytes()


def sentence(data: bytes, name: str = "p") -> str:
    """Return why a file is refused: one sentence, the same from both ways to read it."""
    with pytest.raises(CohortError) as refused:
        read_files([Upload(name, data)])
    (finding,) = refused.value.findings
    assert finding.kind == "refused"
    assert [each.message for each in propose([Upload(name, data)]).refusals] == [finding.message]
    return finding.message


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(TEXT.encode())), "a packed file stands in a packed file"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "a packed file (7z)"),
    "HDF5": (lambda: b"\x89HDF\r\n\x1a\n" + bytes(99), "an HDF5 file"),
    "pickle": (lambda: pickle.dumps(FRAME), "not a text file"),
    "zeros": (lambda: bytes(1000), "not a text file"),
    "half a character": (lambda: b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le") + b"\0\xd8", "not a text file"),
    "line": (lambda: TEXT.encode() + b"x" * 30_000_000, "longer than 1,000,000 characters"),
    "quoted line": (lambda: TEXT.encode() + b'p,"' + b"x" * 30_000_000 + b'"', "longer than 1,000,000 characters"),
    "delimiters": (lambda: b"," * 30_000_000, "longer than 1,000,000 characters"),
    "wide row": (lambda: b"a,b\n" + b"1," * 30_000, "more than 20,000 columns"),
    "quotation marks": (lambda: b'"' * 30_000_000, "longer than 1,000,000 characters"),
    "blank rows": (lambda: b"\n" * 30_000_000 + TEXT.encode(), "its first 60 rows are"),
    "letter as delimiter": (lambda: b"sep=x\naxb\n1x2\n", '"x" stands between the values'),
    "sign as delimiter": ("sep=§\na§b\n1§2\n".encode, '"§" stands between the values'),
    "zip of nothing": (lambda: archive("p/"), "there is no file in it"),
    "zip in zip": (lambda: zipped(archive("p.csv")), "a packed file stands in a packed file"),
    "document": (lambda: archive("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "slides": (lambda: archive("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint file"),
    "OpenDocument": (lambda: archive("mimetype", "content.xml"), "an OpenDocument file"),
    "binary workbook": (lambda: archive("[Content_Types].xml", "xl/workbook.bin"), "the workbook is broken"),
    "encrypted": (lambda: encrypted(workbook()), "protected by a password"),
    "entities": (lambda: workbook({SHEET: sheet(ROW.replace("patient_id", "&e;"), NESTED)}), "the workbook is broken"),
    "external": (
        lambda: workbook({SHEET: sheet(ROW.replace("patient_id", "&e;"), EXTERNAL)}),
        "the workbook is broken",
    ),
    "formats": (
        lambda: workbook({"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{"<xf/>" * 150_000}</styleSheet>'.encode()}),
        "more than 100,000 formats",
    ),
    "members": (lambda: archive("xl/a", *(f"xl/{number}" for number in range(10_001))), "more than 10,000 parts"),
    "Parquet of many rows": (lambda: parquet(repeated("x", 50_000_000)), "more than 40,000,000 cells"),
    "Parquet lists": (lambda: parquet(pa.table({"a": ["x"], "b": [["renal", "skin"]]})), 'the column "b" holds lists'),
    "Parquet tables": (
        lambda: parquet(pa.table({"a": ["x"], "b": [{"c": "y"}]})),
        'the column "b" holds lists or tables',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence_and_little_memory(name: str) -> None:
    make, words = REFUSED[name]
    data = make()
    tracemalloc.start()
    try:
        said = sentence(data)
        assert tracemalloc.get_traced_memory()[1] < 250_000_000
    finally:
        tracemalloc.stop()
    assert said.startswith("p")
    assert words in said


def rows_far_out(*places: str) -> bytes:
    """Return a workbook of which each row holds a value at one place."""
    cells = (f'<row r="{place[3:]}"><c r="{place}"><v>1</v></c></row>' for place in places)
    return workbook({SHEET: sheet("".join(cells))})


def uncounted(data: bytes) -> bytes:
    """Return an SPSS file that does not say how many rows it holds."""
    return data[:80] + b"\xff\xff\xff\xff" + data[84:]


@pytest.mark.parametrize(
    ("module", "limit", "most", "data", "words"),
    [
        (unpacking, "MAX_UNPACKED_BYTES", 1_000_000, lambda: workbook({"a": bytes(1_000_001)}), "more than 1 MB"),
        (unpacking, "MAX_ELEMENTS", 20, lambda: workbook({STRINGS: b"<a/>" * 21}), "more than 10 cells"),
        (workbooks, "MAX_SHEETS", 0, workbook, "more than 0 sheets"),
        (workbooks, "MAX_ROWS", 1000, lambda: rows_far_out("AAA99999999999"), "more than 1,000 rows"),
        (workbooks, "MAX_CELLS", 50_000, lambda: rows_far_out("XFD1", "XFD2", "XFD3", "XFD4"), "50,000 cells, most of"),
        (formats, "MAX_CELLS", 23, lambda: uncounted(written("write_sav")), "more than 23 cells"),
        (formats, "MAX_UNPACKED_BYTES", 1_000_000, lambda: parquet(repeated("x" * 1_000_001, 2)), "more than 1 MB"),
        (sizes, "MAX_ROWS", 5, TEXT.encode, "more than 5 rows"),
        (sizes, "MAX_ROWS", 5, lambda: parquet(pa.Table.from_pandas(FRAME)), "more than 5 rows"),
    ],
)
def test_every_limit_is_told(
    monkeypatch: pytest.MonkeyPatch, module: object, limit: str, most: int, data: Callable[[], bytes], words: str
) -> None:
    monkeypatch.setattr(module, limit, most)
    with pytest.raises(CohortError) as refused, tempfile.TemporaryDirectory() as folder:
        tables_in(data(), "p", folder)
    (finding,) = refused.value.findings
    assert words in finding.message


def test_a_long_text_that_stands_in_many_rows_is_held_once() -> None:
    data = parquet(repeated("x" * 100_000, 5_000))  # 500 MB once written out
    most = pa.default_memory_pool().max_memory()
    (table,) = tables_in(data, "p")
    assert len(table.cells) == 5_000
    assert pa.default_memory_pool().max_memory() < most + 100_000_000


def test_a_sheet_may_claim_any_size() -> None:
    (table,) = parse(workbook({SHEET: sheet(ROW, dimension="A1:XFD1048576")}), "p.xlsx")
    assert table.cells.shape == (0, 1)


def test_a_value_in_the_last_column_of_a_sheet_is_read() -> None:
    (table,) = parse(workbook({SHEET: sheet(ROW + '<row r="2"><c r="XFD2"><v>1</v></c></row>')}), "p.xlsx")
    assert table.cells.to_numpy(dtype=object).tolist() == [["", "1"]]
    assert list(table.cells.columns) == ["patient_id", "column 16384"]


def test_lists_in_a_frame_are_read_as_texts() -> None:
    lists = [np.array(["skin", None, "renal"]), np.array([]), np.array([1.0, 2.5])]
    (read,) = read_tables(pd.DataFrame({"organs": lists}), "p")
    assert read.cells["organs"].tolist() == ["renal;skin", "none", "1;2.5"]


def test_a_year_that_no_calendar_holds_is_a_text() -> None:
    days = np.array(["40002-01-02T00:00:00", "40002-01-02T03:00:00"], dtype="datetime64[ms]")
    (read,) = read_tables(pd.DataFrame({"day": days}), "p")
    assert read.cells["day"].tolist() == ["40002-01-02", "40002-01-02 03:00:00"]


@pytest.mark.parametrize(
    "text",
    [
        "1e309",
        "nan",
        "inf",
        "-Infinity",
        "0x10",
        "\u0661\u0662",
        "\u00b2",
        "1_000",
        "9" * 5000,
        "1e",
        "--1",
        "1e308",
        "-1",
    ],
)
def test_a_number_that_is_none_leaves_the_row_out(text: str) -> None:
    cohort = read_files([Upload("p.csv", f'{TEXT}q,"{text}",1,30\n'.encode())])
    assert len(cohort) == len(FRAME)
    assert cohort.left_out["row"].tolist() == [len(FRAME) + 2]


@pytest.mark.parametrize("date", ["9999-99-99", "0000-00-00", "2010-02-30", "10000-01-01", "1e9", "2010年13月"])
def test_a_date_that_is_none_leaves_the_row_out(date: str) -> None:
    text = f"patient_id,transplant_date,last_contact_date,died\na,2010-01-01,2011-01-01,0\nb,2010-01-01,{date},0\n"
    cohort = read_files([Upload("p.csv", text.encode())])
    assert len(cohort) == 1
    assert cohort.left_out["row"].tolist() == [3]


def test_a_message_lists_few_of_many_rows() -> None:
    text = "patient_id,follow_up_months,died\n" + "".join(f"a,{number},0\n" for number in range(500))
    with pytest.raises(
        CohortError, match=r"also in row 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 489 more, with other values"
    ):
        read_files([Upload("p.csv", text.encode())])


@pytest.mark.parametrize(
    "name", ["a\0b\x1b\u202e.csv", "\ud800.csv", "x" * 10_000, "../../a\n\r.csv", "<b>![](x)</b>.csv"]
)
def test_a_file_may_have_any_name(name: str) -> None:
    cohort = read_files([Upload(name, TEXT.encode())])
    said = [cohort.name, sentence(b"a,a\n1,2\n", name), *cohort.findings["message"]]
    assert all(text.isprintable() and len(text) < 400 for text in said)
    assert all(text.encode() for text in said)


def test_what_cannot_be_seen_is_shown() -> None:
    assert shown("12\u200b") == f"12{UNSEEN}"
    assert shown("x" * 10_000_000) == "x" * 59 + "…"
    assert shown(" " * 10_000 + "x") == "…"


MAPPING = save_mapping({"died": Source("status", event=[2]), "follow_up_months": "time"}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"format": %s}' % (b"9" * 5000),
        b" " * 1_000_001 + MAPPING,
        MAPPING.replace(b"time", b"\\ud800"),
        MAPPING.replace(b'"time"', b"{}"),
        MAPPING.replace(b'"time"', b"[]"),
        MAPPING.replace(b'"time"', b"1e400"),
        MAPPING.replace(b"1", b"NaN", 1),
        MAPPING[:-5],
        b"",
        b"\xff\xfe",
    ],
)
def test_a_mapping_that_is_none_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(CohortError, match="The mapping file: ") as refused:
        load_mapping(data)
    (finding,) = refused.value.findings
    assert len(finding.message) < 300


def read_or_refused(data: bytes, read: Callable[[bytes], object]) -> None:
    try:
        read(data)
    except CohortError as error:
        messages = [finding.message for finding in error.findings]
        assert messages
        assert all(message.endswith((".", "?")) for message in messages), messages


def cohort_of(data: bytes) -> Cohort:
    return read_files([Upload("p", data)])


WHOLE: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]] = {
    "CSV": (TEXT.encode, cohort_of),
    "TSV": (lambda: TEXT.replace(",", "\t").encode(), cohort_of),
    "UTF-16": (lambda: TEXT.encode("utf-16"), cohort_of),
    "Excel": (workbook, cohort_of),
    "Parquet": (lambda: parquet(pa.Table.from_pandas(FRAME)), cohort_of),
    "mapping": (lambda: MAPPING, load_mapping),
}
PROGRAMS = ["write_sav", "write_dta", "write_xport"]
FLIPS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=4)


def damaged(whole: bytes, cut: float, flips: list[tuple[float, int]]) -> bytes:
    left = bytearray(whole[: max(1, int(cut * len(whole)))])
    for share, bit in flips:
        left[int(share * len(left))] ^= 1 << bit
    return bytes(left)


@pytest.mark.parametrize("kind", WHOLE)
@given(cut=st.floats(0.01, 1), flips=FLIPS)
def test_a_damaged_file_is_read_or_refused_in_sentences(kind: str, cut: float, flips: list[tuple[float, int]]) -> None:
    make, read = WHOLE[kind]
    read_or_refused(damaged(make(), cut, flips), read)


@pytest.mark.parametrize("write", PROGRAMS)
@settings(max_examples=2)  # each runs a program
@given(cut=st.floats(0.5, 1), flips=FLIPS)
def test_a_damaged_file_of_a_statistics_program_is_read_or_refused(
    write: str, cut: float, flips: list[tuple[float, int]]
) -> None:
    read_or_refused(damaged(written(write), cut, flips), cohort_of)


def test_a_file_that_ends_the_program_that_reads_it_is_refused() -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        pyreadstat.write_sav(FRAME, str(path), variable_value_labels={"died": {0: "alive", 1: "dead"}})
        data = path.read_bytes()
    # The labels are said to be those of a column far beyond the last: the library looks for it outside its memory.
    one_column = (4).to_bytes(4, "little") + (1).to_bytes(4, "little")
    place = data.index(one_column) + len(one_column)
    assert sentence(data[:place] + b"\0\0\0\x7f" + data[place + 4 :]).startswith("p: the SPSS file is broken.")
