"""What is chosen for pictures on paper holds for the figures of a report, a Word file and slides."""

import io
import json
import re
import zipfile
from colorsys import rgb_to_hls

import pytest
from PIL import Image, ImageChops

from analysis.cohort.question import Question
from analysis.export.archive import report_slides
from analysis.export.picture import png
from analysis.export.report import ON_A4, Report, report_html
from analysis.export.word import ON_PAGE, report_docx
from analysis.figures.common.paper import Paper
from tests.analysis.export.test_report import made

pytestmark = pytest.mark.newest  # test_report.py, test_word.py and test_slides.py make the same files

CHOSEN = Paper(width_mm=85, ink="grey", counts="none", band=False, short=(("UC", "Cord"),))
TOLD = "In the figure, Cord stands for UC."
TEXTS = re.compile(r"<text[^>]*>([^<]*)</text>")
COLOURS = re.compile(r'(?:fill|stroke)="(#[0-9a-f]{6})"')


@pytest.fixture(scope="module")
def report() -> Report:
    return made(Question(compare="msc_source"), paper=CHOSEN)


def is_as_chosen(drawn: str) -> bool:
    """Return whether a picture has the names, the ink and the rows that were chosen."""
    texts = " ".join(TEXTS.findall(drawn))
    assert "Cord" in texts
    assert "BM" in texts
    assert "UC" not in texts
    assert "At risk" not in texts
    for colour in COLOURS.findall(drawn):
        assert rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))[2] < 0.2, colour
    return True


def test_figures_of_the_html_file(report: Report) -> None:
    page = report_html(report).decode()
    figures = re.findall(r"<figure><h3>.*?</figure>", page, flags=re.DOTALL)
    compared = [each for each in figures if TOLD in each.replace("\xa0", " ")]
    assert compared
    for each in compared:
        still, live = (
            re.search(r"<svg.*?</svg>", each, re.DOTALL),
            re.search(r"application/json\">(.*?)</script>", each),
        )
        assert still is not None
        assert live is not None
        assert is_as_chosen(still[0])
        spec = json.loads(live[1])
        assert spec["width"] == "container"
        assert '"Cord"' in json.dumps(spec)
        assert '"UC"' not in json.dumps(spec)
        (verdict,) = re.findall(r'class="verdict">(.*?)</p>', each)
        assert "Cord" in verdict
        assert "UC" not in verdict


def test_pictures_of_the_word_file(report: Report) -> None:
    pytest.importorskip("docx")
    with zipfile.ZipFile(io.BytesIO(report_docx(report))) as parts:
        held = [parts.read(name) for name in parts.namelist() if name.endswith(".png")]
        words = parts.read("word/document.xml").decode().replace("\xa0", " ")
    drawn = report.exhibits[0].picture(CHOSEN.sized_as(ON_PAGE))
    assert is_as_chosen(drawn)
    wanted = Image.open(io.BytesIO(png(drawn)))
    pictures = [Image.open(io.BytesIO(each)) for each in held]
    alike = [each for each in pictures if each.size == wanted.size]
    assert [each for each in alike if ImageChops.difference(each.convert("L"), wanted.convert("L")).getbbox() is None]
    assert TOLD in words


def test_pictures_and_sentences_of_slides(report: Report) -> None:
    pptx = pytest.importorskip("pptx")
    data = report_slides(report)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        drawn = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".svg")]
    of_groups = [each for each in drawn if "BM" in TEXTS.findall(each)]
    assert len(of_groups) == 3
    assert all(map(is_as_chosen, of_groups))
    slides = list(pptx.Presentation(io.BytesIO(data)).slides)
    assert sum(TOLD in slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide) == 3


def test_without_another_name_nothing_is_said_of_names() -> None:
    assert "In the figure, " not in report_html(made(Question(compare="msc_source"))).decode()
    assert ON_A4.names_told(["BM", "UC"]) == ""
