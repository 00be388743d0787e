"""What groups are compared: none, filters and others, a column, ranges of a number, an organ, or a pinned cohort."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis import Cohort, Filters, Pinned
from analysis.cohort.column_words import column_unit, measure_words
from analysis.cohort.filter_names import ALL_PATIENTS
from analysis.cohort.question import ELSE, MEDIAN, NUMBER, ORGAN, PINNED, TERTILES, Pin, comparisons, cut_points
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.figures.common.markdown import plain
from pages.controls.bound import bound
from pages.state import asking, session

NAMES = {"": "No comparison", ELSE: "Against everybody else"}
TYPED = "typed"
CUT_WORDS = {MEDIAN: "at the median", TERTILES: "in thirds", TYPED: "at chosen values"}


def choose(cohort: Cohort) -> None:
    """Draw the choice of groups, and the cut points of a number."""
    question, beside = asking.present(), asking.beside(cohort)
    none, *others = session.estimate(comparisons, cohort)
    against = [ELSE] if question.filters else []
    pinned = {PINNED: f"{beside.first} beside {beside.second}"} if beside else {}
    st.selectbox(
        "Compare",
        [none, *against, *pinned, *others],
        format_func=lambda chosen: pinned.get(chosen) or _words(chosen),
        **bound(cohort, "compare", question.compare, asking.compare_by),
    )
    settled = isinstance(cohort, RowsElsewhere) and cohort.groups is not None
    if question.compare.startswith(NUMBER) and not settled:
        _cut(cohort, question.compare.removeprefix(NUMBER), question.cut)


def pinning(cohort: Cohort) -> None:
    """Draw the pinned cohort, or the button that pins the present one."""
    pin, beside = asking.present().pin, asking.beside(cohort)
    if pin and beside:
        _pinned(cohort, pin, beside)
    else:
        st.button(
            "Pin these patients",
            key="pin",
            on_click=asking.pin,
            width="stretch",
            help="Then change the filters: what you see next stands beside them.",
        )


def _cut(cohort: Cohort, column: str, cut: str) -> None:
    how = cut if cut in CUT_WORDS else TYPED
    st.segmented_control(
        "Cut", list(CUT_WORDS), format_func=CUT_WORDS.__getitem__, required=True,
        **bound(cohort, "cut", how, asking.cut_at),
    )  # fmt: skip
    if how != TYPED:
        return
    unit = column_unit(column)
    st.text_input(
        f"Cut at{f' ({unit})' if unit else ''}",
        placeholder="such as 30 or 30, 45",
        help="Choose values before looking at the outcome: a searched cut point finds a difference by chance.",
        **bound(cohort, "cut_points", "" if cut == TYPED else cut, lambda points: asking.cut_at(points or TYPED)),
    )
    if not cut_points(cut):
        st.caption("Write one or more numbers, divided by commas.")


def _pinned(cohort: Cohort, pin: Pin, beside: Pinned) -> None:
    first, second = beside.first, beside.second
    of_first, of_second, shared = beside.sizes(cohort)
    st.caption(
        plain(
            f"Pinned: {_who(first, pin.filters)}, {of_first:,}. Present: {_who(second, asking.present().filters)}"
            f"{f', without {first}' if pin.rest else ''}, {of_second:,}. In both: {shared:,}."
        )
    )
    if of_first == of_second == shared:
        st.caption("Now change a filter: what you see then stands beside the pinned patients.")
    elif not of_first or not of_second:
        st.caption(plain(f"Nobody is in {second if of_first else first}, so there is nothing to compare."))
    elif shared:
        st.caption(
            "They share patients, so there are curves and differences, but no test and no interval of a difference."
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Swap", key="swap", on_click=asking.swap, help="The present patients are pinned, the pinned are present"
        )
        st.button("Unpin", key="unpin", on_click=asking.unpin)
        with st.popover("Names", key="pinned_names", on_change="rerun") as place:
            if place.open:
                for one, label in enumerate(("Pinned cohort", "Present patients")):
                    rename = partial(asking.name_pinned, one)
                    st.text_input(
                        label, placeholder=(first, second)[one], **bound(cohort, f"name_{one}", pin.names[one], rename)
                    )
    st.toggle(
        f"Present patients without those in {plain(first)}", **bound(cohort, "rest", pin.rest, asking.against_rest)
    )


def _who(name: str, filters: Filters) -> str:
    """Return the name of a cohort and, where it was typed, its filters."""
    words = " and ".join(filters.words()) or ALL_PATIENTS
    return words if name == ALL_PATIENTS else f"{name} ({words})"


def _words(chosen: str) -> str:
    if chosen in NAMES:
        return NAMES[chosen]
    if chosen.startswith(ORGAN):
        return f"{chosen.removeprefix(ORGAN).capitalize()} involvement, yes or no"
    if chosen.startswith(NUMBER):
        return f"By {measure_words(chosen.removeprefix(NUMBER))}, cut"
    return f"By {measure_words(chosen)}"
