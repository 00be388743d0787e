"""What can be taken home of a figure: pictures, numbers and the scripts that make them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from analysis.export.exhibit import Exhibit
from analysis.export.numbers import figure_numbers, meaning
from analysis.export.picture import WIDTHS_MM, pdf, png, svg
from analysis.export.python_script import python_script
from analysis.export.tables import csv_bytes
from pages.parts import incoming, options, presenting
from pages.parts.session import Figure, View


def exhibit(view: View, figure: Figure) -> Exhibit:
    """Return a figure of a page as it leaves the house."""
    return Exhibit(
        name=figure.key,
        question=figure.question,
        drawing=figure.chart.drawing,
        reading=figure.reading,
        alt_text=figure.alt_text,
        method=figure.method,
        selection=view.selection,
        time_zero=figure.time_zero,
        made_on=date.today(),
        question_asked=view.question,
        asked=view.asked,
        order=view.look.order,
    )


def offer(view: View, figure: Figure) -> None:
    """Offer the files of a figure; each is made when it is asked for."""
    if presenting.on():
        return
    key = f"take_{figure.key}"
    with st.popover("Download", icon=":material/download:", type="tertiary", key=key, on_change="rerun") as place:
        if place.open:
            _files(exhibit(view, figure))


def _files(shown: Exhibit) -> None:
    usual = list(WIDTHS_MM)[-1]
    words = st.selectbox(
        "Width", list(WIDTHS_MM), key=options.choice("paper_width", list(WIDTHS_MM), usual), **options.KEPT
    )
    width, origin = WIDTHS_MM[words], incoming.origin()
    with st.container(horizontal=True, gap="small"):
        _file("PNG", lambda: png(_svg(shown, width)), shown, "png", "image/png")
        _file("SVG", lambda: _svg(shown, width).encode(), shown, "svg", "image/svg+xml")
        _file("PDF", lambda: pdf(_svg(shown, width)), shown, "pdf", "application/pdf")
        _file("Numbers (CSV)", lambda: _csv(shown), shown, "csv", "text/csv")
        _file("Python script", lambda: python_script([shown], origin, width).encode(), shown, "py", "text/x-python")


def _file(label: str, make: Callable[[], bytes], shown: Exhibit, ending: str, kind: str) -> None:
    st.download_button(
        label, make, f"{shown.file_name}.{ending}", kind, key=f"{ending}_{shown.name}", on_click="ignore"
    )


def _svg(shown: Exhibit, width_mm: float) -> str:
    return svg(shown.chart, width_mm, [shown.question, shown.provenance])


def _csv(shown: Exhibit) -> bytes:
    table = figure_numbers(shown.drawing)
    return csv_bytes(table, [shown.question, shown.provenance, *(f"{name}: {meaning(name)}" for name in table)])
