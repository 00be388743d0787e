"""One figure on a page: question, chart, sentence, numbers, provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.figures.common.footnotes import footnote
from analysis.figures.common.html_table import html_text, table_html
from analysis.figures.common.markdown import plain, sentence
from analysis.figures.common.picking import PICK, READ
from analysis.figures.common.provenance import provenance
from analysis.figures.common.reading_rule import AT
from analysis.figures.common.ready import name_of_drawn
from analysis.figures.description.cohort_tables import LONG_TEXT
from analysis.listings.people import People
from pages.shown import people, take_home
from pages.shown.people import Pick, Who
from pages.state.session import Figure, View

MOST_ROWS = 12  # of a table; a longer one scrolls


Part = Callable[..., Mapping[str, str] | None]  # draws a part of a page; returns how its numbers were computed
Reads = Callable[[float], None]  # sets the month at which a figure is read, and has it drawn anew


def pickable(view: View, figure: Figure, who: Who, reads: Reads | None = None) -> None:
    """Draw a figure with clickable steps or bars; a click opens the drawer of those who are behind it.

    With `reads`, a click beside them reads the figure at the month there. The answer stands between question and chart;
    how it was computed is told by `how_made` at the end of the page.
    """
    st.markdown(f"### {plain(figure.question)}")
    answer(figure)
    draw_pickable(view, figure, who, reads)
    with st.container(horizontal=True, gap="small", key=f"below_{figure.key}"):
        people.offer(view, figure.key, who)
        take_home.offer(view, figure)


def answer(figure: Figure) -> None:
    """Draw the sentence that answers the question above it; a verdict of groups in larger type."""
    if figure.words:
        with st.container(key=f"{'verdict' if figure.verdict else 'answer'}_{figure.key}"):
            st.markdown(sentence(figure.words))


def answers(figures: Mapping[str, Figure]) -> None:
    """Draw what several figures say, one line each after a name: `small` draws the figures below."""
    told = {name: figure.words for name, figure in figures.items() if figure.words}
    st.markdown("\n\n".join(f"**{plain(name)}.** {sentence(words)}" for name, words in told.items()))


def draw(figure: Figure) -> None:
    """Draw only the chart of a figure, with the figure in words for those who cannot see it."""
    st.vega_lite_chart(**_drawn(figure))
    _in_words(figure)


@st.fragment
def draw_pickable(view: View, figure: Figure, who: Who, reads: Reads | None = None) -> None:
    """Draw the chart of a figure, as `draw` does; a click opens the drawer of those who are behind what was clicked."""

    def answer_click() -> None:
        clicked = _clicked(figure.key)
        if clicked is None:
            return
        if reads is None or set(clicked) != {AT}:
            people.ask(figure.key, view.no_rows or who.behind(clicked))
        else:
            reads(float(clicked[AT]))

    people.answer(view, figure.key)
    modes = [PICK, READ] if reads else PICK
    event = st.vega_lite_chart(**_drawn(figure), on_select=answer_click, selection_mode=modes)
    _in_words(figure)
    st.session_state[f"picked_{figure.key}"] = _picks(event)


def _clicked(key: str) -> Pick | None:
    """Return what was clicked: a click selects it, and the next click on it unselects it."""
    before, now = st.session_state.get(f"picked_{key}", []), _picks(st.session_state[key])
    changed = [pick for pick in (*before, *now) if (pick in before) != (pick in now)]
    return changed[0] if len(changed) == 1 else None


def _picks(event: Any) -> list[Pick]:
    picked = [*event.selection.get(PICK, []), *event.selection.get(READ, [])]
    return [{field: name_of_drawn(value) for field, value in fields.items()} for fields in picked]


def _drawn(figure: Figure) -> dict[str, Any]:
    """Return how a chart is drawn.

    Nothing but its tables differs from one question to the next: with another specification or name, the browser would
    build the chart anew.
    """
    # A copy, because Streamlit removes the tables from it.
    spec = dict(figure.chart.make())
    return {"spec": spec, "key": figure.key, "theme": None, "alt": figure.question, "width": "stretch"}


def _in_words(figure: Figure) -> None:
    st.html(f'<p class="in-words">{html_text(figure.alt_text)}</p>')


@st.fragment
def choosable(
    view: View, key: str, title: str, table: pd.DataFrame, who: Callable[[int, str], People | None], long: str = ""
) -> None:
    """Draw a table with cells that can be chosen; `who` is behind the cell in a row and column, if anybody.

    Numbers stand at the right of their column; the text of the column `long`, if there is one, at its left.
    """
    st.markdown(f"#### {plain(title)}")
    first, *others = table.columns
    grid = _grid_key(key, table)

    def open_drawer() -> None:
        cells = [(row, column) for row, column in st.session_state[grid].selection.cells if row < len(table)]
        chosen = cells[0] if cells and cells[0][1] != first else None
        behind = chosen and (view.no_rows or who(*chosen))
        if behind is not None:
            people.ask(key, behind)

    people.answer(view, key)
    st.dataframe(
        table,
        key=grid,
        hide_index=True,
        height=_height(table),
        on_select=open_drawer,
        selection_mode="single-cell",
        column_config={
            name: st.column_config.TextColumn(width=520)
            if name == long
            else st.column_config.TextColumn(alignment="right")
            for name in others
        },
    )
    if under := footnote(table):
        st.caption(under)


def _grid_key(key: str, table: pd.DataFrame) -> str:
    """Return a key that changes with the length of the content: per key, the browser keeps the column widths."""
    longest = (max(len(str(name)), int(table[name].astype(str).str.len().max())) for name in table)
    return "_".join([key, str(len(table)), *map(str, longest if len(table) else ())])


def _height(table: pd.DataFrame) -> int | Literal["content"]:
    return "content" if len(table) < MOST_ROWS else 35 * MOST_ROWS


def pair(key: str) -> Sequence[DeltaGenerator]:
    """Return a wide place for a figure and a narrow one for its numbers; on a narrow screen, one below the other."""
    with st.container(key=f"pair_{key}"):
        return st.columns([2, 1], gap="large")


def halves(key: str) -> Sequence[DeltaGenerator]:
    """Return two places of equal width; on a narrow screen, one below the other."""
    with st.container(key=f"halves_{key}"):
        return st.columns(2, gap="large")


def side_by_side(key: str, groups: Sequence[str]) -> list[tuple[str, DeltaGenerator]]:
    """Return a place for each group under its name, two in a row; on a narrow screen, one below the other."""
    if len(groups) == 1:
        return [(groups[0], st.container())]
    sides = [side for row in range(0, len(groups), 2) for side in halves(f"{key}_{row}")]
    for group, side in zip(groups, sides, strict=False):
        side.markdown(f"#### {plain(group)}")
    return list(zip(groups, sides, strict=False))


def numbers(title: str, table: pd.DataFrame) -> None:
    """Draw a small table as HTML, which is faster than Streamlit's, where each cell is a component.

    A button in its corner copies it with its shape; `clipboard` answers it.
    """
    st.html(table_html(title, table, "Copy"))


def small(view: View, figure: Figure, who: Who | None = None) -> None:
    """Draw a figure as one of several on a screen, its downloads beside the title; `answers` tells what they say."""
    with st.container(horizontal=True, gap=None, key=f"small_{figure.key}"):
        st.markdown(f"#### {plain(figure.question)}", width="stretch")
        if who is not None:
            people.offer(view, figure.key, who)
        take_home.offer(view, figure)
    draw(figure) if who is None else draw_pickable(view, figure, who)


def absent(question: str, reason: str) -> None:
    """Say why there is no figure, in its place."""
    st.markdown(f"#### {plain(question)}\n\n{plain(reason)}")  # one text: two would overlap where gaps are small


def how_made(view: View, methods: Mapping[str, str], time_zero: str = TRANSPLANTATION) -> None:
    """Tell, once somebody asks, where the numbers of this page come from.

    Parameters
    ----------
    view
        What the page shows.
    methods
        What was computed, to how.
    time_zero
        The event from which months are counted.
    """
    with folded("how_made", "How these numbers were made") as place:
        if place.open:
            patients = f"{len(view.cohort):,} of {len(view.whole):,} patients"
            told = [f"**{plain(what)}** {plain(how)}" for what, how in methods.items() if how]
            where = provenance(view.whole, patients, view.selection, "", date.today(), time_zero)
            st.markdown("\n\n".join([*told, plain(where)]))


def rows_here(view: View, what: str) -> bool:
    """Return whether rows of patients are here; if not, say so in the place of what needs them."""
    if view.no_rows:
        st.caption(plain(f"{what} cannot be shown. {view.no_rows}"))
    return not view.no_rows


@contextmanager
def in_its_place(title: str = "") -> Iterator[None]:
    """Draw a part of a page, or under its title why it cannot be had of a cohort whose rows are elsewhere."""
    try:
        yield
    except RowsElsewhereError as reason:
        if title:
            st.markdown(f"#### {plain(title)}")
        st.caption(plain(str(reason)))


def parts(drawn: Mapping[str, Part], view: View, *asked: object) -> dict[str, str]:
    """Draw the parts of a page, each by its title and `in_its_place`; return how their numbers were computed."""
    methods: dict[str, str] = {}
    for title, part in drawn.items():
        with in_its_place(title):
            methods |= part(view, *asked) or {}
    return methods


def left_out(view: View, patients: int, who: Callable[[], pd.DataFrame]) -> None:
    """Draw how many patients are in no number of this page, and who and why once somebody asks."""
    if patients:
        with folded("left_out", f"{patients} patients are in no number above") as place:
            if place.open and rows_here(view, "Who they are"):
                st.dataframe(who(), hide_index=True)


def folded(key: str, title: str, told: str = "", *, told_inside: bool = True) -> ExpanderContainer:
    """Return an expander that is closed at first; its content is drawn only while it is open.

    Parameters
    ----------
    key
        Its key on the page.
    title
        The question that its content answers: always the same, as an expander with another title is another one.
    told
        The answer in a line, below the title.
    told_inside
        Whether it also stands there while the expander is open: not if the figures inside say it.
    """
    with st.container(key=f"fold_{key}", gap=None):
        place = st.expander(title, key=f"open_{key}", on_change="rerun")
        if told and (told_inside or not place.open):
            with place if place.open else nullcontext():
                st.markdown(sentence(told))
    return place


def listing(table: pd.DataFrame, title: str = "") -> None:
    """Draw a table of text, some of it long."""
    if title:
        st.markdown(f"#### {plain(title)}")
    long = st.column_config.TextColumn(width=520)
    st.dataframe(table, hide_index=True, height=_height(table), column_config={LONG_TEXT: long})
