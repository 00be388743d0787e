"""Pictures, read again with other libraries."""

import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import pandas as pd
import pypdf
import pytest
from PIL import Image

from analysis import read_cohort
from analysis.cohort.question import Question
from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import numbers_csv
from analysis.export.picture import pdf, png, printed
from analysis.export.table_files import csv_bytes
from analysis.figures.common.paper import Paper
from tests.analysis.export.exhibits import DRAWINGS, SAMPLE, exhibit, survival

CAPTION = ["How many <are> alive & well?", "Cohort \x0b, fingerprint 0bcc. " + "word " * 60]


def on_paper(shown: Exhibit, paper: Paper, below: list[str]) -> str:
    return printed(shown.drawing.chart, replace(shown.look, paper=paper), below)


@pytest.mark.parametrize("width_mm", [85, 120, 180])
def test_pictures_have_the_width_and_resolution_for_journals(width_mm: float) -> None:
    drawn = on_paper(exhibit(survival), Paper(width_mm=width_mm), CAPTION)
    image = Image.open(io.BytesIO(png(drawn)))
    assert image.width == pytest.approx(width_mm / 25.4 * 300, abs=1.5)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    (page,) = pypdf.PdfReader(io.BytesIO(pdf(drawn))).pages
    assert float(page.mediabox.width) == pytest.approx(width_mm / 25.4 * 72, abs=0.5)
    assert "fingerprint 0bcc" in page.extract_text()


@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_picture_is_well_formed_and_contains_its_provenance(draw) -> None:
    shown = exhibit(draw)
    root = ET.fromstring(shown.picture(Paper(width_mm=180, caption=True)))  # noqa: S314 -- our own
    texts = " ".join(filter(None, (element.text for element in root.iter("{http://www.w3.org/2000/svg}text"))))
    assert shown.question in texts
    assert "fingerprint" in texts
    assert not {"nan", "None", "NaN", "undefined"} & set(texts.split())


def test_every_line_of_the_caption_is_within_the_picture() -> None:
    paper = Paper(width_mm=85)
    root = ET.fromstring(on_paper(exhibit(survival), paper, CAPTION))  # noqa: S314 -- our own
    lines = [element.text or "" for element in root.findall("{*}g")[-1]]
    assert len(lines) > 3
    assert all(len(line) * 10 * 0.62 < paper.layout_width for line in lines)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_numbers_of_a_figure_are_read_back_unchanged(draw) -> None:
    shown = exhibit(draw)
    table = shown.drawing.numbers
    read = pd.read_csv(io.BytesIO(numbers_csv(shown)), comment="#", encoding="utf-8-sig")
    assert list(read) == list(table)
    assert len(read) == len(table) > 0
    for name in table.select_dtypes("number"):
        pd.testing.assert_series_equal(read[name], table[name], check_dtype=False, check_index=False, rtol=1e-12)


def test_notes_and_groups_may_contain_any_text() -> None:
    table = pd.DataFrame({"group": ["a#b", "=1+1", "x,y"], "n": [1, 2, 3]})
    read = pd.read_csv(io.BytesIO(csv_bytes(table, ["a\nb,c"])), comment="#", encoding="utf-8-sig")
    assert read["group"].tolist() == ["a#b", "'=1+1", "x,y"]
    assert read["n"].tolist() == [1, 2, 3]


def test_a_group_with_unprintable_characters_is_drawn() -> None:
    patients = SAMPLE.patients.assign(arm=["x\x00y", "\ufffe\x1b"] * 43 + ["z"])
    cohort = read_cohort(patients[["patient_id", "follow_up_months", "died", "arm"]])
    drawn = on_paper(exhibit(survival, Question(compare="arm"), cohort), Paper(width_mm=180), ["\x00"])
    assert "x y" in drawn
    assert png(drawn)
