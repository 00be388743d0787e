"""What cannot be shown, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.figures.common.markdown import plain
from analysis.registry.count import EngineError
from pages.state.ending import NothingToShowError


@contextmanager
def in_words(*, ends: bool = False) -> Iterator[None]:
    """Show in its place why something is not shown; what follows it is drawn, unless the run ends there."""
    try:
        yield
    except (NothingToShowError, EngineError, RowsElsewhereError) as reason:
        if str(reason):
            st.warning(plain(str(reason)))
        if ends:
            st.stop()
