"""Opening the rows of those who are selected of a registry, and the way back to it."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.figures.common.markdown import plain
from pages.server import memory
from pages.state import opening
from pages.state.ending import NothingToShowError
from pages.state.session import View

TOO_LARGE = "The rows of these patients take more memory than a tab may hold. Filter further."
ASKED = "rows_asked"  # the fingerprint of the patients whose rows were asked for


def offer(view: View, present: RowsElsewhere) -> NoReturn:
    """End a page of rows with why there are none; where they can be had on request, with a button that opens them."""
    why = f"This page shows patients one by one. {present.no_rows}"
    if refused := present.rows_refused:
        raise NothingToShowError(why if refused == present.no_rows else f"{why} {refused}")
    these = f"these {len(present):,} patients" if len(present) > 1 else "this patient"
    st.markdown(plain(f"{why} The rows of {these} can be opened: every page then shows them, and nobody else."))
    st.button(f"Open the rows of {these}", type="primary", key="open_rows", on_click=_ask, args=(present,))
    if st.session_state.pop(ASKED, "") == present.fingerprint:  # here and not in the callback, to tell how far it is
        _open(view, present)
    raise NothingToShowError


def _ask(present: RowsElsewhere) -> None:
    st.session_state[ASKED] = present.fingerprint


def _open(view: View, present: RowsElsewhere) -> None:
    rows = present.rows()
    if not memory.fits((), rows):
        raise NothingToShowError(TOO_LARGE)
    opening.open_rows(rows, view.whole, view.question)
    st.rerun()


def way_back(view: View) -> None:
    """Say of which registry rows are open, and offer to go back to it; nothing if they are not of one."""
    if (origin := opening.rows_of()) is None:
        return
    chosen = "; ".join(view.whole.settled) or "all of them"
    with st.container(key="rows_of", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Back to the registry",
            key="back_to_registry",
            type="tertiary",
            icon=":material/arrow_back:",
            help=plain(f"{origin.registry.name}, with the filters and the comparison that were set there"),
            on_click=opening.back_to_registry,
        )
        st.markdown(plain(f"Rows of the registry's {len(origin.registry):,} patients: {chosen}"), width="content")
