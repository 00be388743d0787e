"""Every exported file shows names and values as text, whatever they contain, and executes none of it."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pypdf
import pytest

from analysis import Cohort, Filters, OneOf, Source
from analysis.cohort.question import ELSE, Asked, Pin, Question
from analysis.estimates.description.baseline_table import baseline_table
from analysis.export.archive import report_archive, report_slides
from analysis.export.figure_files import figure_files
from analysis.export.patient_flow import patient_flow
from analysis.export.picture import pdf, png, printed
from analysis.export.python_script import Origin, python_script
from analysis.export.report import Report, report_html
from analysis.export.table_files import cohort_archive, csv_bytes, template_workbook
from analysis.export.word import report_docx
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.paper import Paper
from analysis.figures.common.printable import printable
from analysis.figures.description.cohort_tables import findings_table
from analysis.intake.assemble import read_files
from analysis.intake.saved import load_mapping, save_mapping
from tests import hostile
from tests.analysis.export.exhibits import exhibit, remission, survival
from tests.running import run_alone

ORIGIN = Origin(tuple(hostile.files()))
FORMULAS = "=+-@\t\n\0＝＋－＠"
KEPT = ("centre", OneOf(hostile.TAG, hostile.IMAGE, hostile.LINK))
COMPARED = Question(Filters(dict([KEPT])), hostile.ARM)
PINNED = Question(
    Filters({hostile.LONG: OneOf(hostile.OVERRIDE, hostile.LONG)}),
    "pinned",
    pin=Pin(Filters(), (hostile.SCRIPT, f"{hostile.QUOTES}\x00\n# \u2028")),
)
AGAINST = Question(Filters(dict([KEPT])), ELSE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the cohort."""
    made = tmp_path_factory.mktemp("hostile")
    for name, data in hostile.files().items():
        (made / name).write_bytes(data)
    return made


@pytest.fixture(scope="module")
def cohort(folder: Path) -> Cohort:
    return read_files([folder / name for name in ORIGIN.files])


@pytest.fixture(scope="module")
def report(cohort: Cohort) -> Report:
    shown = exhibit(survival, COMPARED, cohort)
    words = (hostile.SCRIPT, f"{hostile.TAG}\x00", hostile.OVERRIDE)
    return Report(
        hostile.SCRIPT,
        shown.asked,
        words,
        patient_flow(shown.asked, COMPARED.filters),
        (shown,),
        (),
        words,
        shown.made_on,
        False,
        Paper(),
    )


@pytest.mark.parametrize("draw", [survival, remission])
def test_pictures_contain_names_as_text(draw: Callable[[Asked], Drawing], cohort: Cohort) -> None:
    shown = exhibit(draw, COMPARED, cohort)
    look = replace(shown.look, paper=Paper(width_mm=180))
    drawn = printed(shown.drawing.chart, look, [shown.question, *shown.selection, hostile.OVERRIDE])
    picture = ElementTree.fromstring(drawn)  # noqa: S314 -- made here
    assert not {each.tag.rpartition("}")[2] for each in picture.iter()} & {"script", "image", "foreignObject", "a"}
    words = " ".join(" ".join(picture.itertext()).split())
    assert all(name in words for name in (hostile.FORMULA, '"All"', "constructor", "24 fo 78", hostile.TAG))
    assert "\u202e" not in words
    if draw is remission:  # the others contain the same text
        return
    assert png(drawn).startswith(b"\x89PNG")
    assert len(pypdf.PdfReader(io.BytesIO(pdf(drawn))).pages) == 1


class Page(HTMLParser):
    """The text and tags of a page, and the content of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_report_shows_names_and_executes_none(report: Report) -> None:
    html = report_html(report).decode()
    body = html[: html.index('<script type="module">')]
    assert body.count("<!--") == 0
    assert body.count("<script") == body.count("</script>") == len(report.exhibits)
    held = body[body.index('<script type="application/json">') + 32 : body.index("</script>")]
    assert hostile.TAG in json.dumps(json.loads(held))
    page = Page(body)
    assert not {"img", "a", "iframe"} & set(page.tags)
    assert hostile.SCRIPT in page.words
    assert not {"\x00", "\u202e"} & set(page.words)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_starts_a_formula_in_any_spreadsheet(separator: str, cohort: Cohort) -> None:
    shown = exhibit(survival, COMPARED, cohort)
    numbers = csv_bytes(hostile.patients(), [hostile.SPLIT, hostile.FORMULA, f"x, {hostile.FORMULA}", shown.provenance])
    written = [numbers, csv_bytes(findings_table(cohort.findings)), csv_bytes(baseline_table(cohort).table)]
    with zipfile.ZipFile(io.BytesIO(cohort_archive(cohort))) as archive:
        written += [archive.read(name) for name in archive.namelist()]
        assert "apostrophe" in archive.read("README.txt").decode()
    for data in written:
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator):
            for cell in row:
                text = cell.strip(' "')
                assert not text.startswith(tuple(FORMULAS)) or text.replace(".", "").lstrip("-").isdigit(), cell


def test_cells_differ_from_the_data_by_the_noted_apostrophe_only() -> None:
    table = hostile.patients()
    data = csv_bytes(table, ["A note"])
    again = pd.read_csv(io.BytesIO(data), comment="#", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert b"apostrophe" in data.partition(b"patient_id")[0]
    for (name, values), (_, found) in zip(table.items(), again.items(), strict=True):
        if values.dtype == object:
            # Quotes in the name itself stay; only the added ones are removed.
            assert [text.replace("'", "") for text in found] == [str(text).replace("'", "") for text in values], name
    assert b"apostrophe" not in csv_bytes(pd.DataFrame({"arm": ["UC"]}), ["A note"])


def test_the_template_contains_nothing_from_a_file() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_the_python_script_runs_and_finds_the_same_numbers(cohort: Cohort, folder: Path) -> None:
    script = folder / "script.py"
    exhibits = [exhibit(survival, question, cohort) for question in (COMPARED, PINNED, AGAINST)]
    script.write_text(python_script(exhibits, ORIGIN, Paper(width_mm=120)), encoding="utf-8")
    done = run_alone(script)
    assert (done.returncode, done.stdout) == (0, "All numbers are as on screen.\n"), done.stderr


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not on this machine")
def test_the_r_script_runs_and_finds_the_same_numbers(cohort: Cohort, tmp_path: Path) -> None:
    files = figure_files(exhibit(survival, COMPARED, cohort), ORIGIN, Paper(width_mm=120))
    (made,) = [file for file in files if file.name.endswith("_R.zip")]
    with zipfile.ZipFile(io.BytesIO(made.make())) as archive:
        archive.extractall(tmp_path)
    (script,) = tmp_path.glob("*.R")
    done = subprocess.run(
        ["Rscript", "--vanilla", script.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_file_names_are_valid(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(report_archive(report, ORIGIN))) as archive:
        for name in archive.namelist():
            assert ".." not in name
            assert all(part.replace("-", "_").replace(".", "_").isidentifier() for part in name.split("/")), name
            assert len(name.encode()) < 200


def test_slides_contain_names_as_text(report: Report) -> None:
    pptx = pytest.importorskip("pptx")
    deck = pptx.Presentation(io.BytesIO(report_slides(report)))
    words = " ".join(box.text_frame.text for slide in deck.slides for box in slide.shapes if box.has_text_frame)
    assert hostile.SCRIPT in words
    assert "\u202e" not in words


def test_a_word_file_contains_names_as_text(report: Report) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(report_docx(report)))
    words = " ".join(each.text for each in document.paragraphs).replace("\xa0", " ")
    assert hostile.SCRIPT in words
    assert "\u202e" not in words
    tags = {each.tag.rpartition("}")[2] for each in document.element.iter()}
    assert not tags & {"hyperlink", "altChunk", "object", "script"}
    codes = {each.text.strip() for each in document.element.iter() if each.tag.endswith("}instrText")}
    assert codes == {r"SEQ Table \* ARABIC", r"SEQ Figure \* ARABIC"}


def test_saved_answers_are_read_back_unchanged() -> None:
    told = {"died": Source(hostile.QUOTES, event=[hostile.FORMULA]), "msc_source": Source(hostile.SCRIPT), "sex": None}
    assert load_mapping(save_mapping(told)) == load_mapping(save_mapping(load_mapping(save_mapping(told))))
    assert load_mapping(save_mapping(told))["msc_source"].column == hostile.SCRIPT


def test_directional_characters_do_not_reverse_the_text_after_them() -> None:
    assert printable(f"a{hostile.OVERRIDE}\x00") == "a 24 fo 78 "
    assert printable("עברית العربية 中 \U0001f600") == "עברית العربية 中 \U0001f600"
