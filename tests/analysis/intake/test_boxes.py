"""Tables in other boxes: .gz, .zip, JSON, old workbooks, OpenDocument, old files of Stata and SPSS."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import CohortError
from analysis.intake import archives, opendocument, reading
from analysis.intake.content import tables_in
from analysis.intake.raw import RawTable
from analysis.intake.reading import parse
from analysis.intake.saved import is_mapping, save_mapping

CSV = b"patient_id,follow_up_months,died\na,1.5,0\nb,2,1\n"
CELLS = [["a", "1.5", "0"], ["b", "2", "1"]]
CASES = Path(__file__).parent / "cases"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def packed(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_dot_", "."), data)
    return held.getvalue()


def read(data: bytes, file: str) -> list[RawTable]:
    with tempfile.TemporaryDirectory() as folder:
        return tables_in(data, file, folder)


def cells(table: RawTable) -> list[list[str]]:
    return table.cells.astype(object).to_numpy().tolist()


def refusal(data: bytes, file: str = "p") -> str:
    with pytest.raises(CohortError) as refused:
        read(data, file)
    (finding,) = refused.value.findings
    return finding.message


def test_a_packed_table_is_read() -> None:
    (table,) = read(gzip.compress(CSV), "p.csv.gz")
    assert (table.label, cells(table)) == ("p.csv.gz", CELLS)
    (twice,) = read(gzip.compress(CSV[:20]) + gzip.compress(CSV[20:]), "p.csv.gz")
    assert cells(twice) == CELLS


def test_each_file_of_an_archive_is_a_table_by_its_name() -> None:
    data = packed(patients_dot_csv=CSV, **{"sub/visits_dot_csv": b"id,months\na,1\n", "__MACOSX/x_dot_csv": b"\0\1"})
    first, second = read(data, "both.zip")
    assert (first.label, cells(first)) == ("both.zip, patients.csv", CELLS)
    assert second.label == "both.zip, sub/visits.csv"


def test_a_document_beside_tables_is_told_and_not_read() -> None:
    (table,) = read(packed(p_dot_csv=CSV, words_dot_pdf=b"%PDF-1.7"), "both.zip")
    assert table.notes == ('"both.zip, words.pdf" is a PDF document and is not read.',)
    assert "there is no table in it" in refusal(packed(words_dot_pdf=b"%PDF-1.7"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: gzip.compress(gzip.compress(CSV)), "a packed file stands in a packed file"),
        (lambda: gzip.compress(packed(p_dot_csv=CSV)), "a packed file stands in a packed file"),
        (lambda: packed(p_dot_zip=packed(p_dot_csv=CSV)), "p, p.zip: a packed file stands in a packed file"),
        (lambda: packed(p_dot_gz=gzip.compress(CSV)), "p, p.gz: a packed file stands in a packed file"),
        (lambda: packed(p_dot_csv=b"a,a\n1,2\n"), 'p, p.csv: more than one column is called "a"'),
        (packed, "an empty ZIP archive"),
        (lambda: packed(**{f"p{number}": CSV for number in range(51)}), "more than 50 files"),
        (lambda: packed(p_dot_csv=bytes(30_000_000)), "unpacks to more than 250 times its size"),
        (lambda: gzip.compress(bytes(30_000_000)), "unpacks to more than 250 times its size"),
        (lambda: gzip.compress(CSV)[:-9], "the packed file is broken"),
        (lambda: gzip.compress(CSV)[:15] + b"\xff" * 30, "the packed file is broken"),
        (lambda: gzip.compress(b"RDX3\nX\n"), 'this is a file of R. Write the table with write.csv(table, "table.csv"'),
        (lambda: b"II*\0" + bytes(99), "a TIFF image"),
    ],
)  # fmt: skip
def test_what_is_packed_in_a_way_that_is_not_read_is_refused(make: Callable[[], bytes], words: str) -> None:
    assert words in refusal(make())


def test_a_packed_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1_000_000)
    for data in (packed(p_dot_csv=b"a,b\n" * 300_000), gzip.compress(b"a,b\n" * 300_000)):
        assert "it unpacks to more than 1 MB" in refusal(data)


def test_a_packed_table_gets_the_memory_of_what_it_unpacks_to() -> None:
    text = b"a,b\n" + b"".join(b"%d,x\n" % number for number in range(100_000))
    for data in (gzip.compress(text), packed(p_dot_csv=text)):
        assert reading.allowed_memory(data) >= reading.allowed_memory(text)
        (table,) = parse(data, "p")
        assert len(table.cells) == 100_000


RECORDS = [
    {"patient_id": "a", "follow_up_months": 1.5, "died": 0},
    {"patient_id": "b", "follow_up_months": 2, "died": 1},
]
NAMES = list(RECORDS[0])
ROWS = [list(record.values()) for record in RECORDS]
DATASET = {"datasetJSONVersion": "1.1.0", "name": "DM", "columns": [{"name": name} for name in NAMES]}


@pytest.mark.parametrize(
    "held",
    [
        RECORDS,
        [NAMES, *ROWS],
        {"data": RECORDS},
        {"columns": NAMES, "data": ROWS},
        {name: [record[name] for record in RECORDS] for name in NAMES},
        {name: {str(row): record[name] for row, record in enumerate(RECORDS)} for name in NAMES},
        {**DATASET, "rows": ROWS},
        {"clinicalData": {"itemGroupData": {"IG.DM": {"name": "DM", "items": DATASET["columns"], "itemData": ROWS}}}},
    ],
)
def test_json_of_any_usual_form_is_read(held: object) -> None:
    (table,) = read(json.dumps(held).encode(), "p.json")
    assert [list(table.cells.columns), *cells(table)] == [NAMES, *CELLS]


@pytest.mark.parametrize("lines", [RECORDS, [DATASET, *ROWS]])
def test_lines_of_json_are_read(lines: Sequence[object]) -> None:
    (table,) = read("\n".join(json.dumps(line) for line in lines).encode(), "p.ndjson")
    assert cells(table) == CELLS


def test_tables_by_name_are_as_sheets() -> None:
    held = {"made": "2024", "patients": RECORDS, "visits": [{"id": "a", "months": 1, "organs": ["skin", "renal"]}]}
    patients, visits = read(json.dumps(held).encode(), "p.json")
    assert (patients.label, cells(patients)) == ("p.json, sheet patients", CELLS)
    assert (visits.sheet, cells(visits)) == ("visits", [["a", "1", "renal;skin"]])


def test_values_of_json_stay_what_they_are() -> None:
    text = b'[{"id": 12345678901234567890, "a": true, "b": null, "c": "007"}, {"id": 2, "a": 1, "d": 1e2}]'
    (table,) = read(text, "p.json")
    assert cells(table) == [["12345678901234567890", "True", "", "007", ""], ["2", "1", "", "", "100"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1}', "a JSON file without a table"),
        ('{"a": {"b": 1}, "c": 2}', "a JSON file without a table"),
        ("[[[[[", "the JSON file is broken"),
        ('[{"a": 1}', "the JSON file is broken"),
        ('{"a": 1}\n{"a": ', "row 2: this line is broken"),
        ("[" * 100_000, "the JSON file is nested too deeply"),
        ('[{"id": "a", "visits": [{"months": 1}]}]', 'the column "visits" holds tables'),
    ],
)
def test_json_without_a_table_is_refused_in_words(text: str, words: str) -> None:
    assert words in refusal(text.encode())


def test_what_is_missing_in_rows_of_json_stays_missing() -> None:
    rows = [["patient_id", "crp", "organs"], ["a", None, ["renal", "skin"]], ["b", 2, []], ["c", 3, None]]
    (table,) = read(json.dumps(rows).encode(), "p.json")
    assert cells(table) == [["a", "", "renal;skin"], ["b", "2", "none"], ["c", "3", ""]]


@example([[]])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(max_size=3), held, max_size=3),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(held: object) -> None:
    try:
        tables = read(json.dumps([held, held]).encode(), "p.json")
    except CohortError as error:
        assert error.findings  # noqa: PT017
    else:
        assert all(isinstance(text, str) for table in tables for row in cells(table) for text in row)


def test_a_mapping_is_told_from_a_table_in_json() -> None:
    assert is_mapping("answers.JSON", save_mapping({"died": "status"}).encode())
    assert not is_mapping("records.json", json.dumps(RECORDS).encode())
    assert not is_mapping("answers.csv", save_mapping({"died": "status"}).encode())


def opened(rows: str, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    spaces = f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}" xmlns:calcext="{CALC}"'
    sheet = f'<table:table table:name="S">{rows}</table:table>'
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{sheet}"
    ends = "</office:spreadsheet></office:body></office:document-content>"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed(
        **{"mimetype": mimetype.encode(), "content.xml": f"{content}{ends}".encode()},
        **{"META-INF/manifest.xml": manifest},
    )


def row(*values: str, repeated: int = 1) -> str:
    cells = "".join(f"<table:table-cell {kind(value)}><text:p>{value}</text:p></table:table-cell>" for value in values)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def kind(value: str) -> str:
    return 'office:value-type="string"' + (' calcext:value-type="error"' if value.startswith("#") else "")


WIDE = 'table:number-columns-repeated="20001"'


def test_a_spreadsheet_of_opendocument_is_read_with_its_repeated_rows() -> None:
    cell = f"<table:table-cell {WIDE}/>"
    empty = f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>'
    (table,) = read(opened(row("id", "n") + row("a", "1", repeated=2) + row("b", "2") + empty), "p.ods")
    assert cells(table) == [["a", "1"], ["a", "1"], ["b", "2"]]
    assert list(table.cells.index) == [2, 3, 4]


def test_errors_of_opendocument_are_told() -> None:
    (table,) = read(opened(row("id", "n") + row("a", "#N/A")), "p.ods")
    told = " ".join(note.message for note in table.rows)
    assert "1 cell with an error such as #N/A" in told


def test_repeated_rows_with_values_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = f'<table:table-cell office:value-type="string" {WIDE}/>'
    assert "more than 20,000 columns" in refusal(opened(f"<table:table-row>{wide}</table:table-row>"))
    monkeypatch.setattr(opendocument, "MAX_CELLS", 1000)
    assert "more than 1,000 cells" in refusal(opened(row("id", "n") + row("a", "1", repeated=600)))


def test_a_text_of_opendocument_is_refused() -> None:
    assert "OpenDocument file, but no spreadsheet" in refusal(opened("", "application/vnd.oasis.opendocument.text"))


def test_old_workbooks_are_read_and_say_what_they_do_not_tell() -> None:
    (table,) = read((CASES / "patients_old.xls").read_bytes(), "p.xls")
    assert len(table.cells) == 60
    assert "cells with an error such as #N/A are read as empty" in table.notes[0]


def test_an_old_document_or_a_broken_workbook_is_refused() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "this is a Word document" in refusal(old + bytes(500) + "WordDocument".encode("utf-16-le"))
    assert "the workbook is broken" in refusal(old + bytes(5000))


def old_stata(version: int) -> bytes:
    """Return a file of Stata 5 (105), 6 (108) or 7 (110), byte by byte."""
    names, rows = [b"id", b"time", b"died"], [(1.0, 1.5, 0.0), (2.0, 2.0, 1.0)]
    name, label = (33 if version >= 110 else 9), (32 if version < 108 else 81)
    head = struct.pack("<BBBBhi", version, 2, 1, 0, len(names), len(rows)) + bytes(label) + bytes(18)
    columns = b"d" * 3 + b"".join(each.ljust(name, b"\0") for each in names) + bytes(2 * 4)
    columns += b"%9.0g".ljust(12, b"\0") * 3 + bytes(3 * name) + bytes(3 * label)
    return head + columns + bytes(5 if version >= 110 else 3) + b"".join(struct.pack("<3d", *each) for each in rows)


@pytest.mark.parametrize("version", [105, 108, 110])
def test_files_of_old_versions_of_stata_are_read(version: int) -> None:
    pytest.importorskip("pyreadstat")
    (table,) = read(old_stata(version), "p.dta")
    assert list(table.cells.columns) == ["id", "time", "died"]
    assert cells(table) == [["1", "1.5", "0"], ["2", "2", "1"]]


@pytest.mark.parametrize(("write", "compress"), [("write_sav", True), ("write_por", None)])
def test_packed_and_portable_files_of_spss_are_read(write: str, compress: bool | None, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame({"ID": ["a", "b"], "TIME": [1.5, 2.0], "DIED": [0.0, 1.0]})
    options = {} if compress is None else {"compress": compress}
    getattr(pyreadstat, write)(frame, str(tmp_path / "p"), **options)
    (table,) = parse((tmp_path / "p").read_bytes(), "p")
    assert cells(table) == CELLS


@given(st.sampled_from([gzip.compress(CSV), packed(p_dot_csv=CSV), opened(row("id") + row("a"))]), st.data())
def test_a_damaged_packed_file_is_read_or_refused(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        read(bytes(damaged), "p")
    except CohortError as error:
        assert all(finding.message.endswith((".", "?")) for finding in error.findings)  # noqa: PT017
