"""Figures set on paper, measured on the files themselves: size of letters, thickness of lines, room of the plot."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree as ET

import pypdf
import pytest
from PIL import Image

from analysis.cohort.question import Question
from analysis.export.picture import pdf, png
from analysis.export.plain_svg import plain_svg
from analysis.figures.common.paper import SIZES, Paper
from tests.analysis.export.exhibits import DRAWINGS, exhibit, incidence, remission, scores, survival

pytestmark = pytest.mark.newest  # the same pictures are drawn in test_picture.py

BY_SOURCE = Question(compare="msc_source")
COMPARED = {draw.__name__: draw for draw in (survival, incidence, remission, scores)}
SVG = "{http://www.w3.org/2000/svg}"
POINTS = 72 / 96  # of a pixel


@cache
def picture(name: str, paper: Paper, question: Question = BY_SOURCE) -> str:
    return exhibit(COMPARED[name], question).picture(paper)


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 -- made here


def letters(drawn: str, paper: Paper) -> set[float]:
    """Return the sizes of letters in points."""
    sizes = {float(found) for found in re.findall(r'font-size="([\d.]+)(?:px)?"', drawn)}
    return {round(size * paper.scale * POINTS, 2) for size in sizes - {0.0}}


def lines(drawn: str, paper: Paper) -> set[float]:
    """Return the thickness of lines in points."""
    marks = [each for each in parsed(drawn).iter() if each.get("stroke") not in (None, "none", "transparent")]
    return {round(float(each.get("stroke-width", "1")) * paper.scale * POINTS, 2) for each in marks}


def plot(drawn: str) -> tuple[float, float]:
    """Return width and height of the longest horizontal line: the axis or a line of the grid."""
    rules = [each for each in parsed(drawn).iter(f"{SVG}line") if each.get("y2") == "0"]
    return max(float(each.get("x2", "0")) for each in rules), len(rules)


@pytest.mark.parametrize("name", COMPARED)
@pytest.mark.parametrize("size", ["One column (85 mm)", "One and a half (120 mm)", "Two columns (180 mm)"])
def test_letters_have_six_to_eight_points_and_lines_at_least_half_a_point(name: str, size: str) -> None:
    paper = SIZES[size]
    sizes = letters(picture(name, paper), paper)
    assert min(sizes) >= 6
    assert max(sizes) == 8
    assert min(lines(picture(name, paper), paper)) >= 0.5


@pytest.mark.parametrize("name", COMPARED)
def test_letters_on_a_slide_can_be_read_in_a_hall(name: str) -> None:
    paper = SIZES["Slide"]
    assert max(letters(picture(name, paper), paper)) == 20
    assert min(letters(picture(name, paper), paper)) >= 15


@pytest.mark.parametrize("name", COMPARED)
@pytest.mark.parametrize("size", SIZES)
def test_the_plot_takes_two_thirds_of_the_width(name: str, size: str) -> None:
    paper = SIZES[size]
    assert plot(picture(name, paper))[0] >= 0.65 * paper.layout_width


@pytest.mark.parametrize("name", ["survival", "incidence", "remission"])
def test_a_figure_is_about_as_wide_to_high_as_asked(name: str) -> None:
    root = parsed(picture(name, Paper(width_mm=180, told="nothing")))
    assert float(root.get("width", "0")) / float(root.get("height", "0")) == pytest.approx(4 / 3, abs=0.01)


def test_numbers_at_risk_stand_under_their_ticks() -> None:
    texts = list(placed(parsed(picture("survival", Paper(width_mm=85)))))
    of_ticks = next(y for _, y, text in texts if text == "12")
    ticks = [x for _, x in sorted((int(text), x) for x, y, text in texts if y == of_ticks and text.isdigit())]
    for row in (
        ["45 (0)", "44 (1)", "28 (1)", "14 (2)", "3 (3)"],
        ["42 (0)", "40 (1)", "18 (2)", "9 (2)", "1 (2)"],
    ):
        height = next(y for _, y, text in texts if text == row[0])
        under = [(x, text) for x, y, text in texts if y == height and text in row]
        assert [text for _, text in sorted(under)] == row
        assert [x for x, _ in sorted(under)] == pytest.approx(ticks, abs=0.5)


@pytest.mark.parametrize("size", ["One column (85 mm)", "Two columns (180 mm)"])
def test_months_stand_at_their_visits_and_numbers_under_them(size: str) -> None:
    texts = list(placed(parsed(picture("scores", SIZES[size]))))
    of_months = next(y for _, y, text in texts if text == "24")
    at = {int(text): x for x, y, text in texts if y == of_months}
    assert {0, 6, 12, 24, 36, 48} <= set(at) <= {0, 1, 3, 6, 12, 24, 36, 48}
    month = (at[48] - at[0]) / 48
    assert [at[label] for label in sorted(at)] == pytest.approx(
        [at[0] + label * month for label in sorted(at)], abs=0.6
    )
    of_patients = next(y for _, y, text in texts if text == "45")
    under = [x for x, y, text in texts if y == of_patients and text.isdigit()]
    assert sorted(under) == pytest.approx(sorted(at.values()), abs=0.6)


def placed(element: ET.Element, x: float = 0.0, y: float = 0.0) -> Iterator[tuple[float, float, str]]:
    """Return the place and the words of each text."""
    moved = re.match(r"translate\(([-\d.e]+),\s*([-\d.e]+)\)", element.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag.endswith("}text"):
        yield x, y, "".join(element.itertext())
    for child in element:
        yield from placed(child, x, y)


@pytest.mark.parametrize("name", COMPARED)
def test_a_grey_picture_has_no_colour_and_loses_no_group(name: str) -> None:
    paper = Paper(ink="grey")
    drawn = picture(name, paper)
    colours = {found.lower() for found in re.findall(r'(?:fill|stroke)="(#[0-9A-Fa-f]{6})"', drawn)}
    assert all(colour[1:3] == colour[3:5] == colour[5:] for colour in colours)
    assert {"#000000", "#7a7a7a"} <= colours


def test_black_groups_differ_by_dash_and_shape() -> None:
    drawn = picture("survival", Paper(ink="black"))
    curves = [each for each in parsed(drawn).iter(f"{SVG}path") if each.get("stroke") == "#000000"]
    assert len({each.get("stroke-dasharray") for each in curves}) >= 2


def test_switches_take_parts_out_and_put_them_in() -> None:
    usual = picture("survival", Paper())
    assert usual.count('fill-opacity="0.16"') == 2
    assert 'fill-opacity="0.16"' not in picture("survival", Paper(band=False))
    assert "At risk (events)" in usual
    assert "(events)" not in picture("survival", Paper(counts="at risk"))
    assert "Events" not in usual
    assert "Events" in picture("survival", Paper(counts="all"))
    bare = picture("survival", Paper(counts="none"))
    assert "At risk" not in bare
    assert [text for _, _, text in placed(parsed(bare))].count("UC") == 1, "the names are then a legend"
    assert "fingerprint" not in "".join(text for _, _, text in placed(parsed(usual)))
    assert "fingerprint" in "".join(text for _, _, text in placed(parsed(picture("survival", Paper(caption=True)))))
    assert "Axis from 60 %" in picture("survival", Paper(lowest=60))


def test_short_names_keep_colour_and_place() -> None:
    plain, named = picture("survival", Paper()), picture("survival", Paper(short=(("UC", "Cord"),)))
    texts = {text for _, _, text in placed(parsed(named))}
    assert "Cord" in texts
    assert "UC" not in texts
    assert "#D55E00" in plain
    assert "#D55E00" in named
    verdict = picture("survival", Paper(short=(("UC", "Cord"),), told="verdict"))
    assert "Cord 95 %" in "".join(text for _, _, text in placed(parsed(verdict)))
    alike = picture("survival", Paper(short=(("UC", "BM"),)))
    assert {"UC", "BM"} <= {text for _, _, text in placed(parsed(alike))}, "two groups are not made one"
    with pytest.raises(ValueError, match="name of its own"):
        Paper(short=(("BM", "Cells"), ("UC", "Cells")))


def test_a_withheld_test_is_told_in_the_picture() -> None:
    texts = " ".join(text for _, _, text in placed(parsed(picture("survival", Paper()))))
    assert "No log-rank test: fewer than 10 events (5)." in texts


@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_file_says_where_it_comes_from(draw) -> None:
    drawn = exhibit(draw).picture(Paper())
    image = Image.open(io.BytesIO(png(drawn)))
    assert image.info["Title"] == f"What about {draw.__name__}?"
    assert "fingerprint" in image.info["Description"]
    read = pypdf.PdfReader(io.BytesIO(pdf(drawn)))
    assert read.metadata is not None
    assert read.metadata.title == f"What about {draw.__name__}?"
    assert "fingerprint" in str(read.metadata.subject)


def test_fonts_are_in_the_pdf() -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(pdf(picture("survival", Paper())))).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (descendant,) = font["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_fewer_parts_make_the_same_picture() -> None:
    lines = (
        '<g><g clip-path="url(#a)"><path d="M0,5h40" stroke="#000" opacity="0.4"/></g></g>'
        '<g><g clip-path="url(#b)"><path d="M0,9h40" stroke="#00f" opacity="0.4"/></g></g>'
    )
    shape = '<rect x="0" y="0" width="20" height="20"/>'
    clips = f'<defs><clipPath id="a">{shape}</clipPath><clipPath id="b">{shape}</clipPath></defs>'
    hidden = '<text opacity="0" x="3" y="15">no</text><path d="M0,0h9" />'
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
        f'<g fill="none"><g>{lines}</g>{hidden}</g>{clips}</svg>'
    )
    plain = plain_svg(drawn)
    assert plain.count("clip-path=") == 1
    assert "no" not in plain.replace("none", "")
    assert png(plain) == png(drawn)


def test_other_clips_and_two_paints_stay() -> None:
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><g fill="none">'
        '<g clip-path="url(#a)"><path d="M0,5h40v9z" fill="#f00" stroke="#000" opacity="0.4"/></g>'
        '<g clip-path="url(#b)"><path d="M0,9h40" stroke="#00f"/></g></g>'
        '<defs><clipPath id="a"><rect width="20" height="20"/></clipPath>'
        '<clipPath id="b"><rect width="30" height="20"/></clipPath></defs></svg>'
    )
    plain = plain_svg(drawn)
    assert plain.count("clip-path=") == 2
    assert 'opacity="0.4"' in plain
    assert png(plain) == png(drawn)


def test_a_higher_resolution_has_more_dots() -> None:
    drawn = picture("remission", replace(Paper(), width_mm=85))
    image = Image.open(io.BytesIO(png(drawn, 600)))
    assert image.width == pytest.approx(85 / 25.4 * 600, abs=2)
    assert image.info["dpi"] == pytest.approx((600, 600), abs=0.2)
