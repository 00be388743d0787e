"""The progress of work that takes long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.figures.common.markdown import plain
from analysis.intake.assemble import Progress


@contextmanager
def progress_line() -> Iterator[Progress]:
    """Yield a function that draws the progress; the line disappears afterwards."""
    places: list[DeltaGenerator] = []

    def show(share: float, words: str) -> None:
        if not places:
            places.append(st.empty())
        places[0].progress(share, plain(words))

    yield show
    for place in places:
        place.empty()
