"""A figure as a picture: SVG, PDF, and PNG at a resolution for journals; made without a network."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from textwrap import wrap
from typing import cast

import altair as alt
import vl_convert
from pypdf import PdfReader, PdfWriter

from analysis.export.plain_svg import plain_svg
from analysis.figures.common.paper import (
    PIXELS_PER_INCH,
    POINTS_PER_INCH,
    Paper,
)
from analysis.figures.common.printable import printable
from analysis.figures.common.ready import Spec, changed_texts, drawable_name
from analysis.figures.common.theme import FONT, Look, at_width, palette, text_width

DOTS_PER_INCH = 300
# As wide as the letters for which the figure is laid out, on every machine.
PAPER_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
LINE, MARGIN = 1.3, 4  # line height in font sizes; pixels around the text below the figure
TEXT_SIZE = 10  # pixels of that text, as a figure is laid out
SMALLEST_PLOT = 90  # pixels
FIRST_HEIGHT = 200  # pixels of a plot that is drawn to see how much room is around it

_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_ABOUT = re.compile("<title>(.*?)</title><desc>(.*?)</desc>", re.DOTALL)
_AFTER_HEADER = 33  # bytes of a PNG: signature and header


@dataclass(frozen=True)
class About:
    """What a file says of its figure besides showing it: its title, and where it comes from."""

    title: str
    origin: str


def printed(
    draw: Callable[[Look], alt.LayerChart], look: Look, below: Sequence[str] = (), about: About = About("", "")
) -> str:
    """Return a figure as SVG on white, set on paper.

    Parameters
    ----------
    draw
        Draws the figure, a chart of a single view, in a look.
    look
        The look, with its paper.
    below
        Paragraphs below the figure, such as the verdict.
    about
        What the file says of itself.

    Raises
    ------
    ValueError
        If the look is not for paper.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.figures.survival.kaplan_meier import survival_chart
    >>> curve = kaplan_meier(load_sample())
    >>> printed(lambda look: survival_chart(curve, look=look), Look(paper=Paper(width_mm=85)))[:4]
    '<svg'
    """
    paper = look.paper
    if paper is None:
        raise ValueError("A picture is set on paper.")
    width = paper.layout_width

    def drawn(height: float) -> str:
        spec = at_width(draw(replace(look, plot=height)).to_dict(), width)
        spec["config"]["background"] = "white"
        return str(vl_convert.vegalite_to_svg(drawable(spec)))

    first = drawn(FIRST_HEIGHT)
    # What is around the plot does not depend on its height.
    around = _size(first)[1] - FIRST_HEIGHT
    height = round(max(width / paper.wide_to_high - around, width * paper.lowest_plot, SMALLEST_PLOT))
    lines = [line for paragraph in below for line in _lines(paragraph, width - 2 * MARGIN)]
    return _page(
        plain_svg(first if height == FIRST_HEIGHT else drawn(height)), paper, lines, about, palette(look).muted
    )


def png(drawn: str, dots_per_inch: int = DOTS_PER_INCH) -> bytes:
    """Return an SVG as PNG, with what it says of itself."""
    picture: bytes = vl_convert.svg_to_png(drawn, scale=POINTS_PER_INCH / PIXELS_PER_INCH, ppi=dots_per_inch)
    about = about_picture(drawn)
    texts = b"".join(_text_chunk(key, text) for key, text in (("Title", about.title), ("Description", about.origin)))
    return picture[:_AFTER_HEADER] + texts + picture[_AFTER_HEADER:]


def pdf(drawn: str) -> bytes:
    """Return an SVG as a PDF page with its fonts, and with what it says of itself."""
    # The library counts a pixel as a point; without scaling the page would be a third too wide.
    width, height = (POINTS_PER_INCH / PIXELS_PER_INCH * pixels for pixels in _size(drawn))
    page = vl_convert.svg_to_pdf(_SIZE.sub(f'width="{width:.2f}" height="{height:.2f}"', drawn, count=1))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page)))
    about = about_picture(drawn)
    writer.add_metadata({"/Title": about.title, "/Subject": about.origin})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def about_picture(drawn: str) -> About:
    """Return what an SVG says of itself."""
    found = _ABOUT.search(drawn)
    return About(unescape(found[1]), unescape(found[2])) if found else About("", "")


def without_about(drawn: str) -> str:
    """Return an SVG that says nothing of itself, for a page that does."""
    return _ABOUT.sub("", drawn, count=1)


def _text_chunk(key: str, text: str) -> bytes:
    """Return a text of a PNG in UTF-8; empty for no text."""
    if not text:
        return b""
    content = b"iTXt" + key.encode("ascii") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))


def _lines(paragraph: str, width: float) -> list[str]:
    """Return a paragraph broken into lines that fit the width."""
    if not paragraph:
        return []
    characters = int(width / (text_width(paragraph, TEXT_SIZE) / len(paragraph)))
    return wrap(paragraph, max(characters, 20))


def _page(drawn: str, paper: Paper, lines: Sequence[str], about: About, ink: str) -> str:
    """Return the picture at its exact width, with the text below it."""
    _, height = _size(drawn)
    start = drawn.index(">") + 1
    body = drawn[start : drawn.rindex("</svg>")].replace(FONT, PAPER_FONT)
    line = TEXT_SIZE * LINE
    width, full = paper.layout_width, height + (2 * MARGIN + line * len(lines) if lines else 0)
    texts = "".join(
        f'<text x="{MARGIN}" y="{height + line * (place + 1):.1f}">{escape(printable(text))}</text>'
        for place, text in enumerate(lines)
    )
    style = f'font-family="{escape(PAPER_FONT)}" font-size="{TEXT_SIZE}" fill="{ink}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width * paper.scale:.2f}" height="{full * paper.scale:.2f}" viewBox="0 0 {width:.2f} {full:.2f}">'
        f"<title>{escape(printable(about.title))}</title><desc>{escape(printable(about.origin))}</desc>"
        f'<rect width="100%" height="100%" fill="white"/>{body}<g {style}>{texts}</g></svg>'
    )


def _size(drawn: str) -> tuple[float, float]:
    """Return width and height of a picture in pixels."""
    width, height = _SIZE.findall(drawn)[0]
    return float(width), float(height)


def drawable(spec: Spec) -> Spec:
    """Return a specification with printable texts only; other characters would crash the converter."""
    return cast(Spec, changed_texts(spec, lambda text: drawable_name(printable(text))))
