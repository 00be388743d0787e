"""What groups are compared: none, by a column, by ranges of a number, by one organ, or with a pinned cohort."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis import Cohort
from analysis.cohort.column_words import column_unit, measure_words
from analysis.cohort.question import MEDIAN, NUMBER, ORGAN, PINNED, TERTILES, Pin, comparisons, cut_points
from analysis.figures.common.markdown import plain
from pages.controls.bound import bound
from pages.state import asking, session

TYPED = "typed"
CUT_WORDS = {MEDIAN: "at the median", TERTILES: "in thirds", TYPED: "at chosen values"}


def show(cohort: Cohort) -> None:
    """Draw the choice of groups, the cut points of a number, and the pinned cohort."""
    question = asking.present()
    none, *others = session.estimate(comparisons, cohort)
    beside = {PINNED: " beside ".join(question.pin.names)} if question.pin else {}
    st.selectbox(
        "Compare",
        [none, *beside, *others],
        format_func=lambda chosen: beside.get(chosen) or _words(chosen),
        **bound(cohort, "compare", question.compare, asking.compare_by),
    )
    if question.compare.startswith(NUMBER):
        _cut(cohort, question.compare.removeprefix(NUMBER), question.cut)
    if question.pin:
        _pinned(cohort, question.pin)
    else:
        st.button(
            "Pin these patients as A",
            key="pin",
            on_click=asking.pin,
            width="stretch",
            help="Then change the filters: what you see next stands beside A as B.",
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


def _pinned(cohort: Cohort, pin: Pin) -> None:
    first, second = pin.names
    of_first, of_second, shared = asking.sizes(cohort)
    words = " and ".join(pin.filters.words()) or "all patients"
    st.caption(
        plain(f"{first}: {words}, {of_first:,}. {second}: {_second_words(pin)}, {of_second:,}. In both: {shared:,}.")
    )
    if of_first == of_second == shared:
        st.caption(plain(f"Now change a filter: what you see then is {second}."))
    elif not of_first or not of_second:
        st.caption(plain(f"Nobody is in {second if of_first else first}, so there is nothing to compare."))
    elif shared:
        st.caption(
            "They share patients, so there are curves and differences, but no test and no interval of a difference."
        )
    with st.container(horizontal=True, gap="small"):
        st.button("Swap", key="swap", on_click=asking.swap, help=f"{plain(first)} becomes what is filtered now")
        st.button("Unpin", key="unpin", on_click=asking.unpin)
        with st.popover("Names", key="pinned_names", on_change="rerun") as place:
            if place.open:
                for one, label in enumerate(("Pinned cohort", "Present patients")):
                    rename = partial(asking.name_pinned, one)
                    st.text_input(label, **bound(cohort, f"name_{one}", pin.names[one], rename))
    st.toggle(
        f"{plain(second)} without those in {plain(first)}", **bound(cohort, "rest", pin.rest, asking.against_rest)
    )


def _second_words(pin: Pin) -> str:
    words = " and ".join(asking.present().filters.words()) or "all patients"
    return f"{words}, without {pin.names[0]}" if pin.rest else words


def _words(chosen: str) -> str:
    if not chosen:
        return "No comparison"
    if chosen.startswith(ORGAN):
        return f"{chosen.removeprefix(ORGAN).capitalize()} involvement, yes or no"
    if chosen.startswith(NUMBER):
        return f"By {measure_words(chosen.removeprefix(NUMBER))}, cut"
    return f"By {measure_words(chosen)}"
