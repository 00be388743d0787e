"""The verdict of a comparison is one sentence: in picture, numbers, scripts, report and slide as on the page."""

import ast
import io
import re
import runpy
import sys
from datetime import date
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis import Filters, OneOf
from analysis.cohort.question import Question
from analysis.export.archive import report_slides
from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import figure_files, r_files
from analysis.export.patient_flow import patient_flow
from analysis.export.python_script import Origin, python_script
from analysis.export.report import Report, report_html
from analysis.export.shared_exhibit import shared
from analysis.export.sharing import Sharing
from analysis.figures.common.paper import Paper
from tests.analysis.export.exhibits import exhibit, incidence, remission, scores, survival

pytestmark = pytest.mark.newest  # test_picture.py, test_report.py and test_slides.py make the same

BY_SOURCE = Question(compare="msc_source")
AGAINST = Question(Filters({"msc_source": OneOf("UC")}), "everybody_else")
COMPARED = [(draw, question) for draw in (survival, incidence, remission, scores) for question in (BY_SOURCE, AGAINST)]
compared = pytest.mark.parametrize(("draw", "question"), COMPARED)


def flat(text: str) -> str:
    return " ".join(text.split())


def report(shown: Exhibit) -> Report:
    patients = patient_flow(shown.asked, shown.question_asked.filters)
    return Report(
        "A report", shown.asked, shown.selection, patients, (shown,), (), (), date(2026, 11, 24), True, Paper()
    )


@compared
def test_files_have_the_sentence_of_the_page(draw, question: Question) -> None:
    shown = exhibit(draw, question)
    verdict = shown.verdict
    assert re.search(r"; difference .*[.] (No )?(L|l|G|F|W).*test", verdict)
    files = {
        file.label: file.make()
        for file in figure_files(shown, Origin(), Paper(width_mm=180))
        if file.label in ("SVG", "Numbers (CSV)")
    }
    picture = ElementTree.fromstring(files["SVG"])  # noqa: S314 -- made here
    assert verdict in flat(" ".join(picture.itertext()))
    assert verdict in flat(files["Numbers (CSV)"].decode("utf-8-sig").replace('"', "").replace("# ", ""))
    script = python_script([shown], Origin(), Paper(told="verdict"))
    assert f"# {verdict}\n" in script
    assert [ast.literal_eval(found) for found in re.findall(r"^below = (.*)$", script, re.MULTILINE)] == [[verdict]]
    for name, content in r_files(shown, Paper(told="verdict")).items():
        if name.endswith(".R"):
            assert verdict in flat(content.decode().replace("\n# ", " "))
    html = unescape(report_html(report(shown)).decode()).replace("\xa0", " ")
    assert html.count(verdict) == 2  # above the figure, and in its alternative text


@pytest.mark.parametrize(("draw", "question"), [*COMPARED[::4], *COMPARED[3::4]])
def test_slides_have_the_sentence_of_the_page(draw, question: Question) -> None:
    pptx = pytest.importorskip("pptx")
    shown = exhibit(draw, question)
    deck = pptx.Presentation(io.BytesIO(report_slides(report(shown))))
    slide = deck.slides[1]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    every = [*texts, *slide.notes_slide.notes_text_frame.text.splitlines()]
    assert shown.verdict in [text.replace("\xa0", " ") for text in every]
    described = [each.get("descr", "") for each in slide.shapes.element.iter() if each.tag.endswith("}cNvPr")]
    assert any(words.startswith(shown.verdict) for words in described)


@pytest.mark.parametrize("draw", [survival, scores])
def test_the_script_computes_the_test_again(
    draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.py"
    script.write_text(python_script([exhibit(draw, AGAINST)], Origin(), Paper(width_mm=180)), encoding="utf-8")
    assert {"log_rank(", "change_differences("} & set(re.findall(r"\w+\(", script.read_text(encoding="utf-8")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script)])
    runpy.run_path(str(script))
    assert capsys.readouterr().out == "All numbers are as on screen.\n"


def test_with_small_counts_hidden_it_is_told_from_those_that_are_not() -> None:
    yearly, measured = exhibit(remission, BY_SOURCE), exhibit(scores, BY_SOURCE)
    # At year 2, 7 of 25 and 5 of 14 are in remission: below 6 the second is hidden, and each other year is already.
    assert shared(yearly, Sharing(least=5), {}).words_on(Paper()) == yearly.verdict
    assert shared(yearly, Sharing(least=6), {}).words_on(Paper()) == ""
    words = shared(measured, Sharing(least=5), {}).words_on(Paper())
    assert words.startswith("Mean SLEDAI at month ")
    assert words not in ("", measured.verdict)


def test_a_single_group_has_its_reading_and_no_verdict() -> None:
    shown = exhibit(survival)
    assert shown.verdict == ""
    assert shown.words_on(Paper()) == shown.reading
    assert shown.caption == [shown.question, shown.provenance]
