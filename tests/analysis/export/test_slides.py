"""Slides: they can be opened again, show each figure whole and sharp, and contain nothing else."""

import io
import itertools
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from analysis import kaplan_meier, load_sample
from analysis.export.slides import READING, TITLE, WHO, Slide, TextRoom, fitted, slides
from analysis.figures.survival.curve_readings import survival_reading
from analysis.figures.survival.kaplan_meier import survival_chart, survival_description
from tests.properties import FEW

pptx = pytest.importorskip("pptx")
etree = pytest.importorskip("lxml.etree")

INCH = 914_400
SVG_CONTENT = "image/svg+xml"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
NAMES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "t": "http://schemas.openxmlformats.org/package/2006/content-types",
}
PROSE = (
    "Alive at 3 years (the last with at least 10 at risk in each group): UC 95 % (80–99, 12 at risk), BM 100 % "
    "(77–100, 14 at risk). BM: 0 deaths among 42 patients; by then the data are compatible with up to 7 %."
)

BROAD = "Women among whom common hemoglobin and proteinuria amounted to 1,000,000 or more. "


def png(width: int, height: int, **saved: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#0072B2").save(buffer, "PNG", **saved)
    return buffer.getvalue()


def svg(width: int, height: int, text: str = "a &lt; b") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><text y="20">{text}</text></svg>'


PAGE = Slide(
    title="How many patients are alive?",
    svg=svg(800, 500),
    png=png(800, 500),
    reading="Alive at 4 years: 87 % (64–96, 14 at risk).",
    who="87 of 87 patients. No filter. Synthetic sample.",
    alt_text="Kaplan-Meier curve, 87 patients, 5 deaths.",
)


def opened(*pages: Slide, title: str = "Stem cells in lupus", subtitle: str = "87 patients") -> Any:
    return pptx.Presentation(io.BytesIO(slides(title, subtitle, pages)))


def shape(slide: Any, name: str) -> Any:
    return next(shape for shape in slide.shapes if shape.name == name)


def parts(*pages: Slide) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(slides("Stem cells in lupus", "87 patients", pages))) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def targets(files: dict[str, bytes], part: str) -> dict[str, str]:
    """Return the part to which each relationship of a part refers."""
    folder, name = posixpath.split(part)
    links = etree.fromstring(files[f"{folder}/_rels/{name}.rels".lstrip("/")]).iter(RELATIONSHIPS)
    return {
        link.get("Id"): posixpath.normpath(posixpath.join("/", folder, link.get("Target"))).lstrip("/")
        for link in links
        if link.get("TargetMode") != "External"
    }


def test_a_title_slide_and_one_slide_per_figure() -> None:
    deck = opened(PAGE, replace(PAGE, title="How many relapse?"))
    assert [slide.shapes.title.text for slide in deck.slides] == [
        "Stem cells in lupus",
        "How many patients are alive?",
        "How many relapse?",
    ]
    assert [shape.text_frame.text for shape in deck.slides[0].placeholders] == ["Stem cells in lupus", "87 patients"]
    slide = deck.slides[1]
    assert shape(slide, "Reading").text_frame.text == PAGE.reading
    assert shape(slide, "Who").text_frame.text == PAGE.who
    assert not slide.has_notes_slide


def test_without_a_subtitle_reading_or_who_no_empty_box_is_left() -> None:
    deck = opened(replace(PAGE, reading=" ", who=""), subtitle="")
    assert [[shape.name for shape in slide.shapes] for slide in deck.slides] == [["Title 1"], ["Title 1", "Figure"]]


def test_the_reading_order_is_title_picture_reading() -> None:
    slide = opened(PAGE).slides[1]
    assert [shape.name for shape in slide.shapes] == ["Title 1", "Figure", "Reading", "Who"]
    assert shape(slide, "Figure").element.nvPicPr.cNvPr.get("descr") == PAGE.alt_text


def test_slides_and_their_layouts_are_16_to_9() -> None:
    deck = opened(PAGE)
    assert deck.slide_width == pytest.approx(13.333 * INCH, abs=0.001 * INCH)
    assert deck.slide_height == 7.5 * INCH
    assert deck.element.sldSz.get("type") is None
    title = deck.slide_master.placeholders[0]
    assert title.left + title.width / 2 == deck.slide_width / 2
    for layout in deck.slide_layouts:
        assert all(box.left >= 0 and box.left + box.width <= deck.slide_width for box in layout.placeholders)


def test_speaker_notes_keep_their_lines() -> None:
    slide = opened(replace(PAGE, notes="Kaplan and Meier 1958.\n\nIntervals:\tlog-log.")).slides[1]
    assert slide.notes_slide.notes_text_frame.text == "Kaplan and Meier 1958.\n\nIntervals: log-log."


def test_the_document_properties_have_the_title_and_date_but_no_person() -> None:
    properties = opened(PAGE, title="Stem cells\x00 in lupus").core_properties
    assert properties.title == "Stem cells in lupus"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    for made in (properties.created, properties.modified):
        assert abs(datetime.now(UTC) - made.replace(tzinfo=UTC)) < timedelta(minutes=1)


def test_a_title_longer_than_a_document_property() -> None:
    assert opened(PAGE, title="x" * 256).core_properties.title == "x" * 255


def test_no_properties_of_the_template_are_left() -> None:
    files = parts(PAGE)
    assert not [name for name in files if re.search(r"thumbnail|printer|app\.xml", name)]
    assert not [name for name, data in files.items() if b"Canny" in data or b"python-pptx" in data]


def test_the_picture_refers_to_its_svg() -> None:
    files = parts(PAGE, replace(PAGE, svg=svg(800, 500, "ü, 中, 😀")))
    for number, drawn in ((2, PAGE.svg), (3, svg(800, 500, "ü, 中, 😀"))):
        part = f"ppt/slides/slide{number}.xml"
        slide = etree.fromstring(files[part])
        (blip,) = slide.iterfind(".//a:blip", NAMES)
        (extension,) = blip.iterfind("a:extLst/a:ext", NAMES)
        assert extension.get("uri") == "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
        (vector,) = extension.iterfind("asvg:svgBlip", NAMES)
        embed = f"{{{NAMES['r']}}}embed"
        assert files[targets(files, part)[vector.get(embed)]] == drawn.encode()
        assert etree.fromstring(files[targets(files, part)[vector.get(embed)]]).tag.endswith("}svg")
        assert files[targets(files, part)[blip.get(embed)]] == PAGE.png


def test_every_relationship_has_its_part_and_every_part_a_content_type() -> None:
    files = parts(PAGE, replace(PAGE, notes="How it was computed"), PAGE)
    types = etree.fromstring(files["[Content_Types].xml"])
    by_name = {each.get("PartName"): each.get("ContentType") for each in types.iterfind("t:Override", NAMES)}
    by_ending = {each.get("Extension"): each.get("ContentType") for each in types.iterfind("t:Default", NAMES)}
    for name in files:
        if name.endswith(".rels"):
            folder, own = posixpath.split(name.removesuffix(".rels"))
            part = posixpath.join(posixpath.dirname(folder), own)
            assert set(targets(files, part).values()) <= set(files)
        elif name != "[Content_Types].xml":
            content = by_name.get(f"/{name}") or by_ending.get(name.rpartition(".")[2])
            assert content, f"{name} has no content type"
            assert (content == SVG_CONTENT) == name.endswith(".svg")
        if name.endswith((".xml", ".rels", ".svg")):
            etree.fromstring(files[name])


@pytest.mark.parametrize(("width", "height"), [(800, 500), (300, 900), (2400, 200), (1, 1)])
def test_a_picture_keeps_its_proportions_and_fills_its_room(width: int, height: int) -> None:
    slide = opened(replace(PAGE, png=png(width, height))).slides[1]
    figure, title, reading = (shape(slide, name) for name in ("Figure", "Title 1", "Reading"))
    assert figure.width / figure.height == pytest.approx(width / height, rel=1e-4)
    left, right = title.left, reading.left
    as_wide = figure.left == pytest.approx(left, abs=2) and right - figure.left - figure.width < 0.3 * INCH
    as_high = figure.top + figure.height == pytest.approx(7.5 * INCH, abs=0.3 * INCH)
    assert as_wide or as_high
    assert figure.top == reading.top
    assert figure.crop_left == figure.crop_top == 0


def test_the_resolution_in_a_png_does_not_stretch_it() -> None:
    figure = shape(opened(replace(PAGE, png=png(800, 500, dpi=(72, 144)))).slides[1], "Figure")
    assert figure.width / figure.height == pytest.approx(1.6, rel=1e-4)


@FEW
@given(
    st.integers(1, 400),
    st.integers(0, 1500),
    st.integers(0, 1500),
    st.integers(1, 1500),
    st.sampled_from("a W中\u00a0"),
)
def test_nothing_overlaps_or_leaves_the_slide(title: int, reading: int, who: int, width: int, letter: str) -> None:
    words = (letter * 7 + " ") * 200
    page = replace(
        PAGE,
        title="How" + words[:title],
        reading=words[:reading],
        who=words[:who],
        png=png(width, 400),
    )
    for slide in opened(page, title=page.title, subtitle=page.reading).slides:
        boxes = list(slide.shapes)
        for box in boxes:
            assert box.left > 0
            assert box.top > 0
            assert box.left + box.width < 13.333 * INCH
            assert box.top + box.height < 7.5 * INCH
        for one, other in itertools.combinations(boxes, 2):
            assert apart(one, other)
    figure = shape(opened(page).slides[1], "Figure")
    room = 3.75 * INCH  # half of the slide's height, whatever the texts
    assert figure.height >= room or figure.width == pytest.approx(600 / 72 * INCH, abs=1000)


def apart(one: Any, other: Any) -> bool:
    """Return whether two boxes do not touch."""
    return (
        one.left + one.width < other.left
        or other.left + other.width < one.left
        or one.top + one.height < other.top
        or other.top + other.height < one.top
    )


@pytest.mark.parametrize("text", [PROSE, PROSE * 9, "x" * 3000])
def test_no_letter_of_a_slide_is_smaller_than_20_points(text: str) -> None:
    for slide in opened(replace(PAGE, title=text, reading=text, who=text), title=text, subtitle=text).slides:
        for box in slide.shapes:
            if box.has_text_frame:
                assert all(run.font.size.pt >= 20 for each in box.text_frame.paragraphs for run in each.runs)


def test_a_sentence_too_long_for_a_slide_ends_with_a_whole_one_and_is_in_the_notes() -> None:
    verdict = "Alive at 2 years: BM 98.5 % (85–100), UC 95 % (80–99)."
    whole = f"{verdict} {'Log-rank test withheld for its few events among many patients. ' * 20}"
    slide = opened(replace(PAGE, reading=whole)).slides[1]
    shown = shape(slide, "Reading").text_frame.text
    assert shown.startswith(verdict)
    assert shown.endswith("among many patients. …")
    assert whole.strip() in slide.notes_slide.notes_text_frame.text


def lines_drawn(text: str, size: int, width: float) -> int:
    """Return the lines of a text in a real font, broken at spaces only."""
    font = ImageFont.load_default(size * 10)
    if not isinstance(font, ImageFont.FreeTypeFont):
        pytest.skip("Pillow has no scalable font of its own here")
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width * 10:
            lines[-1] = longer
        else:
            lines.append(word)
    return len(lines)


@pytest.mark.parametrize("room", [TITLE, READING, WHO], ids=["title", "reading", "who"])
@pytest.mark.parametrize("text", [PROSE, PROSE.upper(), BROAD], ids=["prose", "capitals", "broad letters"])
def test_a_text_drawn_in_a_real_font_is_not_higher_than_its_box(text: str, room: TextRoom) -> None:
    for length in (*range(1, 800, 17), 3000):
        shown = fitted((text * 20)[:length], room)
        assert lines_drawn(shown.text, shown.size, room.width) * 1.2 * shown.size <= shown.height + 0.01
        assert shown.height <= room.height


def test_longer_texts_have_smaller_type() -> None:
    sizes = [fitted((PROSE * 20)[:length], TITLE).size for length in range(1, 400, 10)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (28, 20)
    slide = opened(replace(PAGE, reading=PROSE)).slides[1]
    (paragraph,) = shape(slide, "Reading").text_frame.paragraphs
    size = paragraph.runs[0].font.size.pt
    assert 20 <= size < 28
    assert paragraph.line_spacing.pt == pytest.approx(1.2 * size, abs=0.01)  # in every font


def test_a_text_that_does_not_fit_is_cut_after_a_word_and_complete_in_the_notes() -> None:
    long = PROSE.replace(". ", "; ") * 10
    slide = opened(replace(PAGE, reading=long, notes="How it was computed")).slides[1]
    shown = shape(slide, "Reading").text_frame.text
    assert shown.endswith("…")
    assert f"{shown[:-1]} " in long
    assert len(shown) > 250
    assert slide.notes_slide.notes_text_frame.text == f"How it was computed\n{long}"


def test_a_very_long_word_is_cut() -> None:
    shown = fitted("x" * 10_000, TITLE)
    assert re.fullmatch("x{80,}…", shown.text)


NASTY = "A\x00B\x0bC\x1b<b>&amp;\"'$ =cmd|' /C calc'!A0\r\n\ud800\ufffe]]>\u2028中😀"
CLEAN = "A B C <b>&amp;\"'$ =cmd|' /C calc'!A0 ]]> 中😀"


def test_names_from_a_file_may_contain_any_text() -> None:
    page = replace(PAGE, title=NASTY, reading=NASTY, who=NASTY, alt_text=NASTY, notes=NASTY)
    deck = opened(page, title=NASTY, subtitle=NASTY)
    slide = deck.slides[1]
    texts = [box.text_frame.text for box in (*slide.shapes, *deck.slides[0].shapes) if box.has_text_frame]
    assert texts == [CLEAN] * 5
    assert shape(slide, "Figure").element.nvPicPr.cNvPr.get("descr") == CLEAN
    assert "A\nB" not in slide.notes_slide.notes_text_frame.text
    assert deck.core_properties.title == CLEAN


@FEW
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_makes_a_file_that_opens(text: str) -> None:
    page = replace(PAGE, title=f"Q{text}", reading=text, who=text, alt_text=f"Q{text}", notes=text)
    assert len(opened(page, title=f"Q{text}", subtitle=text).slides) == 2


def test_a_control_character_in_a_picture_becomes_a_space() -> None:
    files = parts(replace(PAGE, svg=svg(800, 500, "UC\x00\x0b arm\n")))
    (name,) = [name for name in files if name.endswith(".svg")]
    assert files[name] == svg(800, 500, "UC   arm\n").encode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": " \x00"}, "Figure 1 needs a title."),
        ({"alt_text": ""}, "The figure of “How many patients are alive?” needs alternative text."),
        ({"png": b"no picture"}, "The PNG picture of “How many patients are alive?” cannot be read."),
        ({"svg": "<svg"}, "The SVG picture of “How many patients are alive?” cannot be read."),
        ({"svg": ""}, "The SVG picture of “How many patients are alive?” cannot be read."),
        ({"svg": "<p>text</p>"}, "The picture of “How many patients are alive?” is no SVG."),
    ],
)
def test_invalid_slides_are_refused_with_a_reason(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        opened(replace(PAGE, **changed))


def test_a_missing_title_or_figure_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="There is no figure to put on a slide"):
        slides("Title", "", [])
    with pytest.raises(ValueError, match="The slides need a title"):
        slides("\n", "", [PAGE])


def test_without_python_pptx_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(ImportError, match=r'^Slides need python-pptx \(extra "slides"\): pip install python-pptx\.$'):
        slides("Title", "", [PAGE])


@pytest.fixture(scope="module")
def survival_slide() -> Slide:
    vl_convert = pytest.importorskip("vl_convert")
    result = kaplan_meier(load_sample(), by="msc_source")
    drawn = vl_convert.vegalite_to_svg({**survival_chart(result).to_dict(), "background": "#ffffff"})
    return replace(
        PAGE,
        svg=drawn,
        png=vl_convert.svg_to_png(drawn, scale=2),
        reading=survival_reading(result, "alive", "deaths"),
        alt_text=survival_description(result),
    )


def test_a_chart_on_a_slide_is_unchanged(survival_slide: Slide) -> None:
    files = parts(survival_slide)
    assert [data for name, data in files.items() if name.endswith(".svg")] == [survival_slide.svg.encode()]
    figure = shape(opened(survival_slide).slides[1], "Figure")
    width, height = (float(each) for each in re.search(r'viewBox="0 0 (\S+) (\S+)"', survival_slide.svg).groups())
    assert figure.width / figure.height == pytest.approx(width / height, rel=0.002)


def test_libreoffice_shows_one_page_per_slide(survival_slide: Slide, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine")
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "slides.pptx").write_bytes(slides("Stem cells in lupus", "87 patients", [survival_slide, PAGE]))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, "--headless", profile, "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "slides.pptx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pages = pypdf.PdfReader(tmp_path / "slides.pdf").pages
    assert len(pages) == 3
    assert float(pages[0].mediabox.width / pages[0].mediabox.height) == pytest.approx(16 / 9, rel=0.01)
    words = [" ".join(page.extract_text().split()) for page in pages]
    assert "Stem cells in lupus" in words[0]
    assert survival_slide.title in words[1]
    assert PAGE.who in words[2]
