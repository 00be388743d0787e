"""A figure as a picture: SVG, PDF, and PNG at the resolution that journals ask for. Needs no network."""

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
from analysis.figures.common.theme import FONT, palette, text_width

DOTS_PER_INCH = 300
PIXELS_PER_INCH, POINTS_PER_INCH = 96, 72
MILLIMETRES_PER_INCH = 25.4
# What journals call one column, one and a half, and two, in millimetres.
WIDTHS_MM = {"One column (85 mm)": 85, "One and a half (120 mm)": 120, "Two columns (180 mm)": 180}
LINE, MARGIN = 1.3, 8  # height of a line in type sizes; pixels round the caption
CAPTION_SIZE = 9

_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def svg(chart: alt.LayerChart, width_mm: float, caption: Sequence[str] = ()) -> str:
    """Return a chart as SVG of a width on white, with lines of small text under it.

    Parameters
    ----------
    chart
        One view.
    width_mm
        Of the whole picture, in millimetres.
    caption
        Paragraphs that stand inside the picture, such as where it comes from.
    """
    width = width_mm / MILLIMETRES_PER_INCH * PIXELS_PER_INCH
    spec = chart.to_dict()
    spec["width"] = round(width)
    spec["config"]["background"] = "white"
    drawn = vl_convert.vegalite_to_svg(drawable(spec))
    lines = [line for paragraph in caption for line in _lines(paragraph, width - 2 * MARGIN)]
    return _with_caption(drawn, width, lines)


def png(drawn: str) -> bytes:
    """Return an SVG as PNG with 300 dots per inch."""
    return vl_convert.svg_to_png(drawn, scale=POINTS_PER_INCH / PIXELS_PER_INCH, ppi=DOTS_PER_INCH)


def pdf(drawn: str) -> bytes:
    """Return an SVG as a page of PDF."""
    # The library takes a pixel for a point, so that the page would be a third too wide.
    width, height = (POINTS_PER_INCH / PIXELS_PER_INCH * pixels for pixels in _size(drawn))
    return vl_convert.svg_to_pdf(_SIZE.sub(f'width="{width:.2f}" height="{height:.2f}"', drawn, count=1))


def _lines(paragraph: str, width: float) -> list[str]:
    """Return a paragraph broken where a line would be wider than the picture."""
    if not paragraph:
        return []
    characters = int(width / (text_width(paragraph, CAPTION_SIZE) / len(paragraph)))
    return wrap(paragraph, max(characters - 2, 20))


def _with_caption(drawn: str, width: float, lines: Sequence[str]) -> str:
    """Return the picture in exactly its width, made higher by the lines."""
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
    """Return the pixels of a picture."""
    width, height = _SIZE.findall(drawn)[0]
    return float(width), float(height)


def drawable(spec: Spec) -> Spec:
    """Return a specification whose texts are all printable: others would end the whole program in the converter."""
    return cast(Spec, changed_texts(spec, lambda text: drawable_name(printable(text))))
