"""What can be taken home of a figure: pictures, numbers and the scripts that make them again."""

from __future__ import annotations

import streamlit as st

from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import File, figure_files
from analysis.export.picture import WIDTHS_MM
from pages.parts import exhibits, incoming, options, presenting
from pages.parts.session import Figure, View


def offer(view: View, figure: Figure) -> None:
    """Offer the files of a figure; each is made when it is asked for."""
    if presenting.on():
        return
    key = f"take_{figure.key}"
    with st.popover("Download", icon=":material/download:", type="tertiary", key=key, on_change="rerun") as place:
        if place.open:
            _files(exhibits.exhibit(view, figure))


def _files(shown: Exhibit) -> None:
    usual = list(WIDTHS_MM)[-1]
    words = st.selectbox(
        "Width", list(WIDTHS_MM), key=options.choice("paper_width", list(WIDTHS_MM), usual), **options.KEPT
    )
    with st.container(horizontal=True, gap="small"):
        for file in figure_files(shown, incoming.origin(), WIDTHS_MM[words]):
            button(file)
    st.session_state[f"keep_{shown.name}"] = exhibits.is_kept(shown)
    st.toggle("In the report", key=f"keep_{shown.name}", on_change=exhibits.switch, args=(shown,))


def button(file: File) -> None:
    """Draw the button of a file, which is made only when it is asked for."""
    st.download_button(file.label, file.make, file.name, file.kind, key=f"file_{file.name}", on_click="ignore")
