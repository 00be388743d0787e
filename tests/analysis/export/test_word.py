"""The report as a Word file, read again: tables are tables, captions are numbered by Word, pictures are described."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from analysis.cohort.question import Question
from analysis.export.caption import caption
from analysis.export.report import Report
from analysis.export.word import report_docx
from analysis.export.word_table import SIZES, add_table, fitted_table
from tests.analysis.export.test_report import made

docx = pytest.importorskip("docx")
etree = pytest.importorskip("lxml.etree")

MM = 36_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RIGHT = 2


@pytest.fixture(scope="module")
def report() -> Report:
    return made(Question(compare="msc_source"))


@pytest.fixture(scope="module")
def data(report: Report) -> bytes:
    return report_docx(report)


@pytest.fixture(scope="module")
def document(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def texts(document: Any, style: str) -> list[str]:
    return [each.text.replace("\xa0", " ") for each in document.paragraphs if each.style.name == style]


def fields(document: Any) -> list[tuple[str, str]]:
    """Return the code of each field of the text, and the result that it has until Word works it out anew."""
    found = []
    for paragraph in document.paragraphs:
        code = "".join(each.text for each in paragraph._p.iter(f"{W}instrText"))
        if code:
            states = [each.get(f"{W}fldCharType") for each in paragraph._p.iter(f"{W}fldChar")]
            assert states == ["begin", "separate", "end"]
            (result,) = re.findall(r"^\w+ (\d+)\. ", paragraph.text)
            found.append((code.strip(), result))
    return found


def test_the_main_figure_comes_first_then_who_then_the_rest(document: Any, report: Report) -> None:
    assert texts(document, "Title") == [report.title]
    heads = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Heading")]
    main, *others = (("Heading 2", shown.question) for shown in report.exhibits)
    assert heads == [
        ("Heading 1", "Main result"),
        main,
        ("Heading 1", "Patients and outcomes"),
        ("Heading 1", "Other figures"),
        *others,
        *(
            ("Heading 1", name)
            for name in ("Methods", "Limitations", "Flow of patients", "References", "STROBE checklist")
        ),
    ]
    words = " ".join(texts(document, "Normal"))
    assert words.index(report.who.replace("\xa0", " ")) < words.index(report.exhibits[0].verdict)
    assert report.methods.paragraph in words
    assert texts(document, "List Bullet") == list(report.limitations)
    assert texts(document, "List Number") == list(report.methods.references)
    assert "Synthetic patients: nothing here is a finding." in words


def test_tables_are_tables_of_three_lines_with_a_header_on_every_page(document: Any, report: Report) -> None:
    expected = [*(table.rows for table in report.tables), report.checklist]
    assert len(document.tables) == len(expected)
    for table, rows in zip(document.tables, expected, strict=True):
        cells = [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in table.rows]
        assert cells == [list(map(str, rows.columns)), *(list(map(str, row)) for row in rows.itertuples(index=False))]
        repeated = [row._tr.find(f".//{W}tblHeader") is not None for row in table.rows]
        assert repeated == [True] + [False] * len(rows)
        assert all(row._tr.find(f".//{W}cantSplit") is not None for row in table.rows)
        lines = [
            {line.tag.removeprefix(W) for line in row.cells[-1]._tc.iterfind(f".//{W}tcBorders/*")}
            for row in table.rows
        ]
        assert lines == [{"top", "bottom"}, *([set()] * (len(rows) - 1)), {"bottom"}]
        assert sum(column.width for column in table.columns) == pytest.approx(160 * MM, rel=0.001)
        for row in table.rows:
            right = [cell.paragraphs[0].alignment == RIGHT for cell in row.cells]
            assert right == [False] + [rows is not expected[-1]] * (len(rows.columns) - 1)


def test_no_value_can_break_in_its_cell(document: Any) -> None:
    values = [cell.text for row in document.tables[0].rows[1:] for cell in row.cells[1:]]
    assert "7/25: 28 % (14–48)" in [value.replace("\xa0", " ") for value in values]
    assert not [value for value in values if " " in value]


def test_captions_are_numbered_by_word_and_stand_beside_what_they_name(document: Any, report: Report) -> None:
    tables, figures = len(report.tables) + 1, len(report.exhibits) + 1
    numbered = fields(document)
    for label, count in (("Table", tables), ("Figure", figures)):
        codes = [(code, result) for code, result in numbered if code.startswith(f"SEQ {label} ")]
        assert codes == [(rf"SEQ {label} \* ARABIC", str(place)) for place in range(1, count + 1)]
    captions = texts(document, "Caption")
    assert captions[0] == f"Figure 1. {caption(report.exhibits[0], report.paper)}"
    assert "Table 1. Remission and relapse per year" in captions
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Caption":
            assert paragraph.paragraph_format.keep_together
            below, above = paragraph._p.getnext(), paragraph._p.getprevious()
            if paragraph.text.startswith("Table"):
                assert below.tag == f"{W}tbl"
                assert paragraph.paragraph_format.keep_with_next
            else:
                assert above.find(f".//{W}drawing") is not None


def test_pictures_are_sharp_as_wide_as_the_text_and_described(document: Any, report: Report) -> None:
    described = [*(shown.described_on(report.paper) for shown in report.exhibits), report.patients.words]
    section = document.sections[0]
    assert section.page_width - section.left_margin - section.right_margin == pytest.approx(160 * MM, rel=0.001)
    for shape, words in zip(document.inline_shapes, described, strict=True):
        held = shape._inline.graphic.graphicData.pic.blipFill.blip.embed
        picture = Image.open(io.BytesIO(document.part.related_parts[held].blob))
        assert shape.width == pytest.approx(160 * MM, rel=0.01)
        assert picture.width / (shape.width / 914_400) >= 298
        assert shape.width / shape.height == pytest.approx(picture.width / picture.height, rel=0.01)
        assert shape._inline.docPr.get("descr") == words


def test_a_picture_higher_than_a_page_is_made_smaller_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 1200)).save(buffer, "PNG")
    monkeypatch.setattr("analysis.export.word.png", lambda _: buffer.getvalue())
    for shape in docx.Document(io.BytesIO(report_docx(made()))).inline_shapes:
        assert shape.height == 190 * MM
        assert shape.width / shape.height == pytest.approx(1 / 3, rel=0.01)


def test_the_file_says_its_title_and_subject_and_no_name(data: bytes, document: Any) -> None:
    about = document.core_properties
    assert about.title == "A title"
    assert about.subject.startswith("Synthetic sample (87 patients), fingerprint ")
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert abs(datetime.now(UTC) - about.modified.replace(tzinfo=UTC)) < timedelta(minutes=5)
    files = parts(data)
    assert not [name for name in files if re.search(r"thumbnail|app\.xml|customXml", name)]
    assert not [name for name, content in files.items() if b"python-docx" in content]


def test_every_relationship_has_its_part_and_none_leads_outside(data: bytes) -> None:
    files = parts(data)
    for name, content in files.items():
        if name.endswith(".rels"):
            folder = name.partition("_rels/")[0]
            for link in etree.fromstring(content):
                assert link.get("TargetMode") != "External"
                assert (folder + link.get("Target")).lstrip("/") in files
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)


def test_a_wide_table_has_smaller_letters_and_breaks_values_before_their_limits_at_last() -> None:
    def table(columns: int) -> pd.DataFrame:
        held = {f"Group {place}": ["120/450: 26.7 % (22.8–31.0)"] * 2 for place in range(columns)}
        return pd.DataFrame({"Outcome": ["Complete remission", "New relapse"], **held})

    few, many, most = (fitted_table(table(columns), 450) for columns in (3, 8, 12))
    assert (few.size, many.size, most.size) == (SIZES[0], SIZES[-1], SIZES[-1])
    assert few.cells[1][1] == "120/450:\xa026.7\xa0%\xa0(22.8–31.0)"
    assert many.cells[1][1] == "120/450: 26.7\xa0% (22.8–31.0)"
    for fitted in (few, many, most):
        assert sum(fitted.widths) == pytest.approx(450)


def test_sentences_in_a_table_are_broken_between_words_and_stand_left() -> None:
    rows = pd.DataFrame({"Test": ["Log-rank"], "n": ["87"], "p": ["withheld: fewer than 10 events (5) in all groups"]})
    fitted = fitted_table(rows, 450)
    assert fitted.numbers == [False, True, False]
    assert fitted.cells[1][2] == rows["p"][0]
    assert sum(fitted.widths) == pytest.approx(450)


def test_without_python_docx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(
        ImportError, match=r'^A Word file needs python-docx \(extra "word"\): pip install python-docx\.$'
    ):
        report_docx(report)


def test_libreoffice_opens_it_with_its_captions_numbered(data: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine")
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "report.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, "--headless", profile, "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "report.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    words = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "report.pdf").pages).split())
    for told in ("Figure 1.", "Figure 5.", "Table 1. Remission and relapse per year", "Table 2."):
        assert told in words


def test_a_name_that_is_indented_stays_so_and_an_empty_cell_is_as_high_as_others() -> None:
    rows = pd.DataFrame({"Characteristic": ["Organs", "\u2003renal"], "All": ["", "81/87 (93 %)"]})
    document = docx.Document()
    table = add_table(document, fitted_table(rows, 450))
    assert table.cell(2, 0).text == "\u2003renal"
    sizes = [cell._tc.find(f".//{W}pPr/{W}rPr/{W}sz").get(f"{W}val") for row in table.rows for cell in row.cells]
    assert sizes == [str(round(2 * SIZES[0]))] * 6
