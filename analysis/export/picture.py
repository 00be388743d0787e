"""A figure as a picture: SVG, PDF, and PNG at a resolution for journals; made without a network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import cast

import altair as alt
import vl_convert

from analysis.figures.common.printable import printable
from analysis.figures.common.ready import Spec, changed_texts, drawable_name
from analysis.figures.common.theme import FONT, at_width, palette, text_width

DOTS_PER_INCH = 300
PIXELS_PER_INCH, POINTS_PER_INCH = 96, 72
MILLIMETRES_PER_INCH = 25.4
# The widths that journals use, in millimetres: one column, one and a half, two.
WIDTHS_MM = {"One column (85 mm)": 85, "One and a half (120 mm)": 120, "Two columns (180 mm)": 180}
LINE, MARGIN = 1.3, 8  # line height in font sizes; pixels around the caption
CAPTION_SIZE = 9

_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def svg(chart: alt.LayerChart, width_mm: float, caption: Sequence[str] = ()) -> str:
    """Return a chart as SVG on white, with a caption in small type.

    Parameters
    ----------
    chart
        A chart of a single view.
    width_mm
        The width of the whole picture in millimetres.
    caption
        Paragraphs within the picture, such as its provenance.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.figures.survival.kaplan_meier import survival_chart
    >>> svg(survival_chart(kaplan_meier(load_sample())), width_mm=85)[:4]
    '<svg'
    """
    width = width_mm / MILLIMETRES_PER_INCH * PIXELS_PER_INCH
    spec = at_width(chart.to_dict(), round(width))
    spec["config"]["background"] = "white"
    drawn = vl_convert.vegalite_to_svg(drawable(spec))
    lines = [line for paragraph in caption for line in _lines(paragraph, width - 2 * MARGIN)]
    return _with_caption(drawn, width, lines)


def png(drawn: str) -> bytes:
    """Return an SVG as PNG with 300 dots per inch."""
    return vl_convert.svg_to_png(drawn, scale=POINTS_PER_INCH / PIXELS_PER_INCH, ppi=DOTS_PER_INCH)


def pdf(drawn: str) -> bytes:
    """Return an SVG as a PDF page."""
    # The library counts a pixel as a point; without scaling the page would be a third too wide.
    width, height = (POINTS_PER_INCH / PIXELS_PER_INCH * pixels for pixels in _size(drawn))
    return vl_convert.svg_to_pdf(_SIZE.sub(f'width="{width:.2f}" height="{height:.2f}"', drawn, count=1))


def _lines(paragraph: str, width: float) -> list[str]:
    """Return a paragraph broken into lines that fit the width."""
    if not paragraph:
        return []
    characters = int(width / (text_width(paragraph, CAPTION_SIZE) / len(paragraph)))
    return wrap(paragraph, max(characters - 2, 20))


def _with_caption(drawn: str, width: float, lines: Sequence[str]) -> str:
    """Return the picture at the exact width, extended in height by the caption."""
    _, height = _size(drawn)
    start = drawn.index(">") + 1
    body = drawn[start : drawn.rindex("</svg>")]
    line = CAPTION_SIZE * LINE
    full = height + (MARGIN + line * len(lines) if lines else 0)
    texts = "".join(
        f'<text x="{MARGIN}" y="{height + line * (place + 1):.1f}">{escape(printable(text))}</text>'
        for place, text in enumerate(lines)
    )
    style = f'font-family="{escape(FONT)}" font-size="{CAPTION_SIZE}" fill="{palette().muted}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width:.2f}" height="{full:.2f}" viewBox="0 0 {width:.2f} {full:.2f}">'
        f'<rect width="100%" height="100%" fill="white"/>{body}<g {style}>{texts}</g></svg>'
    )


def _size(drawn: str) -> tuple[float, float]:
    """Return width and height of a picture in pixels."""
    width, height = _SIZE.findall(drawn)[0]
    return float(width), float(height)


def drawable(spec: Spec) -> Spec:
    """Return a specification with printable texts only; other characters would crash the converter."""
    return cast(Spec, changed_texts(spec, lambda text: drawable_name(printable(text))))
