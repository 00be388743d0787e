"""The progress of work that takes long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.figures.common.markdown import plain
from analysis.intake.assemble import Progress
from analysis.registry.progress_line import TimeLeft
from analysis.registry.telling import telling

MOMENT = 0.5  # seconds; what is quicker is not told


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


@contextmanager
def questions_told() -> Iterator[None]:
    """Draw how far the questions to a registry are, and the time that is left, if they take longer than a moment.

    A newer click ends them: drawing raises what Streamlit stops a page by.
    """
    place, begun, left = st.empty(), monotonic(), TimeLeft()

    def show(share: float | None, words: str) -> None:
        told = f"{words}{left.words(share)}"
        if monotonic() - begun > MOMENT:
            place.progress(share or 0.0, plain(told))

    with telling(show):
        yield
    place.empty()
