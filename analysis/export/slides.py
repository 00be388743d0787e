"""Figures as PowerPoint slides that a hall can read: question, scalable picture, sentence, whose patients."""

from __future__ import annotations

import io
import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from analysis.export.office_text import LONGEST_PROPERTY, ems, one_line
from analysis.figures.common.printable import printable

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.shapes.autoshape import Shape
    from pptx.shapes.picture import Picture
    from pptx.slide import Slide as DeckSlide

# In points (72 per inch). The slide is 13.333 x 7.5 inches. The question stands above; below it the picture takes two
# thirds of the width, and the texts, none smaller than 20 points, the rest.
SLIDE_WIDTH, SLIDE_HEIGHT = 960, 540
MARGIN = 36
TOP, BOTTOM = 24, 20
GAP = 10
PICTURE_WIDTH = 600
BESIDE = 20  # between picture and texts
SMALLEST = 20  # letters
LINE = 1.2  # line height in font sizes
TEMPLATE_WIDTH = 720  # points; width of python-pptx's default slides, which have the same height

GREY = 0.35  # lighter than black text by this; contrast 7 to 1 on white
ELLIPSIS = "…"
SENTENCE_END = re.compile(r"[.!?] (?=[A-Z])")  # with the space before the next one

SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
# The extension with which a picture refers to its SVG: [MS-ODRAWXML], svgBlip.
SVG_EXTENSION = """
<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
          xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
  <a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">
    <asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{relationship}"/>
  </a:ext>
</a:extLst>
"""


@dataclass(frozen=True)
class Slide:
    """A figure and its texts.

    Attributes
    ----------
    title
        The question.
    svg
        The picture as SVG.
    png
        The same picture as PNG, for programs that do not show SVG; its proportions are used.
    reading
        The sentence beside the picture.
    who
        The text below the sentence: whose patients.
    alt_text
        The alternative text of the picture.
    notes
        The speaker notes: where the figure comes from, and how its numbers were computed.
    """

    title: str
    svg: str
    png: bytes
    reading: str
    who: str
    alt_text: str
    notes: str = ""


@dataclass(frozen=True)
class TextRoom:
    """The room for a text: font sizes in points, the largest first, and height, width and left edge in points."""

    sizes: tuple[int, ...]
    height: float
    left: float = MARGIN
    width: float = SLIDE_WIDTH - 2 * MARGIN


@dataclass(frozen=True)
class FittedText:
    """A text with the font size in points at which it fits; if it was cut, it ends in an ellipsis."""

    text: str
    size: int
    height: float
    cut: bool


_COLUMN = MARGIN + PICTURE_WIDTH + BESIDE
_COLUMN_WIDTH = SLIDE_WIDTH - MARGIN - _COLUMN
TITLE = TextRoom((28, 26, 24, 22, SMALLEST), height=68)
READING = TextRoom((28, 26, 24, 22, SMALLEST), height=286, left=_COLUMN, width=_COLUMN_WIDTH)  # the least height
WHO = TextRoom((SMALLEST,), height=120, left=_COLUMN, width=_COLUMN_WIDTH)
DECK_TITLE = TextRoom((40, 36, 32, 28), height=145)
DECK_SUBTITLE = TextRoom((24, 22, SMALLEST), height=200)


def picture_room(title: str) -> tuple[float, float]:
    """Return width and height of the room for a picture, in points.

    Examples
    --------
    >>> picture_room("How many are alive?")
    (600, 452.4)
    """
    return PICTURE_WIDTH, SLIDE_HEIGHT - TOP - fitted(title, TITLE).height - GAP - BOTTOM


def slides(title: str, subtitle: str, pages: Sequence[Slide]) -> bytes:
    """Return a PowerPoint file with a title slide and one slide per figure, each 13.333 x 7.5 inches.

    Every picture is included as SVG, which PowerPoint shows since 2019, and as PNG for other programs. Longer texts are
    smaller, down to 20 points; a text that does not fit is cut, after a sentence if it can be, and ends in an ellipsis,
    with the full text in the notes. Characters that XML excludes are removed.

    Parameters
    ----------
    title, subtitle
        The text of the first slide; the title is also that of the document.
    pages
        The figures in order.

    Raises
    ------
    ImportError
        If python-pptx is not installed.
    ValueError
        If there is no figure, if one has no title or alternative text, or if its picture cannot be read.
    """
    try:
        from pptx import Presentation
    except ImportError as missing:
        raise ImportError('Slides need python-pptx (extra "slides"): pip install python-pptx.') from missing

    if not pages:
        raise ValueError("There is no figure to put on a slide.")
    if not one_line(title):
        raise ValueError("The slides need a title.")
    deck = Presentation()
    _widen(deck)
    _leave_template_behind(deck, one_line(title))
    _add_title_slide(deck, title, subtitle)
    for number, page in enumerate(pages, start=1):
        _add_figure_slide(deck, number, page)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def fitted(text: str, room: TextRoom) -> FittedText:
    """Return a text at the largest size that fits, or at the smallest cut after a sentence, else after a word.

    The widths of characters are overestimated, as the font is not known here.
    """
    text = one_line(text)
    for size in room.sizes:
        if (height := _height(text, size, room)) <= room.height:
            return FittedText(text, size, height, cut=False)
    smallest = room.sizes[-1]
    too_long = bisect_left(
        range(len(text)), True, key=lambda kept: _height(text[:kept] + ELLIPSIS, smallest, room) > room.height
    )
    kept = text[: too_long - 1]
    ends = [found.end() for found in SENTENCE_END.finditer(kept)]
    words = f"{kept[: ends[-1]]}{ELLIPSIS}" if ends else (kept.rpartition(" ")[0] or kept) + ELLIPSIS
    return FittedText(words, smallest, _height(words, smallest, room), cut=True)


def _height(text: str, size: int, room: TextRoom) -> float:
    """Return the height of a text in points, with lines broken between words, or within words longer than a line."""
    if not text:
        return 0.0
    line = room.width / size - 1  # in ems; a line broken within a word may be up to one em shorter
    lines, used = 1, 0.0
    for word in text.split(" "):
        width = ems(word)
        if used and used + ems(" ") + width > line:
            lines, used = lines + 1, 0.0
        more, used = divmod(used + ems(" ") + width, line)
        lines += int(more)
    return lines * size * LINE


def _widen(deck: Deck) -> None:
    """Change the slides and layouts of the template from 4:3 to 16:9."""
    from pptx.util import Emu, Pt

    deck.slide_width, deck.slide_height = Pt(SLIDE_WIDTH), Pt(SLIDE_HEIGHT)
    deck.element.sldSz.attrib.pop("type", None)  # Otherwise it still declares 4:3.
    master = deck.slide_master
    shapes = itertools.chain(master.shapes, *(layout.shapes for layout in master.slide_layouts))
    # Placeholders without a position of their own use that of the master.
    for shape in (shape for shape in shapes if shape.element.xpath("./p:spPr/a:xfrm")):
        shape.left, shape.width = (Emu(length * SLIDE_WIDTH // TEMPLATE_WIDTH) for length in (shape.left, shape.width))


def _leave_template_behind(deck: Deck, title: str) -> None:
    """Set the document title, and remove the template's properties: people, dates, printer, preview."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    properties = deck.core_properties
    properties.title = title[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC)
    package = deck.part.package
    for holder, kind in (
        (package, RELATIONSHIP_TYPE.THUMBNAIL),
        (package, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES),
        (deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS),
    ):
        holder.drop_rel(holder.relate_to(holder.part_related_by(kind), kind))


def _add_title_slide(deck: Deck, title: str, subtitle: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Slide"))
    heading, below = slide.placeholders
    middle = 0.45 * SLIDE_HEIGHT
    name, rest = fitted(title, DECK_TITLE), fitted(subtitle, DECK_SUBTITLE)
    _write(heading, name, DECK_TITLE, top=middle - name.height)
    if rest.text:
        _write(below, rest, DECK_SUBTITLE, top=middle + 2 * GAP, lighter=GREY)
    else:
        below.element.getparent().remove(below.element)
    _write_notes(slide, _whole((title, name), (subtitle, rest)))


def _add_figure_slide(deck: Deck, number: int, page: Slide) -> None:
    question, who = fitted(page.title, TITLE), fitted(page.who, WHO)
    _, height = picture_room(page.title)
    reading = fitted(page.reading, replace(READING, height=height - GAP - who.height))
    if not question.text:
        raise ValueError(f"Figure {number} needs a title.")
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    _write(slide.shapes.title, question, TITLE, top=TOP)
    top = TOP + question.height + GAP
    # In reading order for screen readers: the picture before the texts beside it.
    _add_picture(slide, page, top=top)
    if reading.text:
        _write(_text_box(slide, "Reading"), reading, READING, top=top)
    if who.text:
        _write(_text_box(slide, "Who"), who, WHO, top=SLIDE_HEIGHT - BOTTOM - who.height, lighter=GREY)
    _write_notes(slide, [page.notes, *_whole((page.title, question), (page.reading, reading), (page.who, who))])


def _text_box(slide: DeckSlide, name: str) -> Shape:
    from pptx.util import Emu

    box = slide.shapes.add_textbox(*[Emu(0)] * 4)  # `_write` sets the position.
    box.name = name
    return box


def _write(box: Shape, words: FittedText, room: TextRoom, *, top: float, lighter: float = 0) -> None:
    """Write a text into a box as wide as its room and as high as the text."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    box.left, box.top = Pt(room.left), Pt(top)
    box.width, box.height = Pt(room.width), Pt(words.height)
    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.space_before = Pt(0)
    paragraph.line_spacing = Pt(LINE * words.size)  # in points, as otherwise it depends on the font
    run = paragraph.add_run()
    run.text = words.text
    run.font.size = Pt(words.size)
    run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    run.font.color.brightness = lighter


def _whole(*texts: tuple[str, FittedText]) -> list[str]:
    """Return the full texts of those that were cut."""
    return [text for text, shown in texts if shown.cut]


def _write_notes(slide: DeckSlide, notes: Sequence[str]) -> None:
    lines = [one_line(line) for text in notes for line in text.splitlines()]
    if any(lines) and (frame := slide.notes_slide.notes_text_frame):
        frame.text = "\n".join(lines)


def _add_picture(slide: DeckSlide, page: Slide, *, top: float) -> None:
    """Add the picture, as large as fits into its room."""
    from PIL import UnidentifiedImageError
    from pptx.util import Emu, Pt

    words = one_line(page.alt_text)
    if not words:
        raise ValueError(f"The figure of “{one_line(page.title)}” needs alternative text.")
    try:
        picture = slide.shapes.add_picture(io.BytesIO(page.png), Emu(0), Emu(0))
    except UnidentifiedImageError as broken:
        raise ValueError(f"The PNG picture of “{one_line(page.title)}” cannot be read.") from broken
    room_width, room_height = map(Pt, picture_room(page.title))
    pixels_wide, pixels_high = picture.image.size
    scale = min(room_width / pixels_wide, room_height / pixels_high)
    picture.width, picture.height = Emu(round(scale * pixels_wide)), Emu(round(scale * pixels_high))
    picture.left = Emu(Pt(MARGIN) + (room_width - picture.width) // 2)
    picture.top = Pt(top)
    picture.name = "Figure"
    picture.element.xpath("./p:nvPicPr/p:cNvPr")[0].set("descr", words)
    _add_svg(slide, picture, page)


def _add_svg(slide: DeckSlide, picture: Picture, page: Slide) -> None:
    """Add the SVG to a picture, for programs that show it instead of the PNG."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.oxml import parse_xml

    svg = printable(page.svg).encode()
    try:
        root = parse_xml(svg)
    except SyntaxError as broken:  # lxml's error is a subclass
        raise ValueError(f"The SVG picture of “{one_line(page.title)}” cannot be read.") from broken
    if root.tag != SVG_ROOT:
        raise ValueError(f"The picture of “{one_line(page.title)}” is no SVG.")
    package = slide.part.package
    part = Part(package.next_image_partname("svg"), "image/svg+xml", package, svg)
    relationship = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    picture.element.xpath("./p:blipFill/a:blip")[0].append(parse_xml(SVG_EXTENSION.format(relationship=relationship)))
