"""The people drawer: who is behind a bar, a step, a cell, a lane or a number, beside the page.

On the stage it shows how these people fared and not who they are: an audience reads no patient's number, nor what is
known of one, and nothing that is done with them puts them into the address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from analysis.cohort.chosen_patients import MOST_CHOSEN, ChosenPatients
from analysis.cohort.filters import PATIENT_ID
from analysis.cohort.question import ELSE
from analysis.figures.common.markdown import plain
from analysis.figures.states.lanes_html import STYLE, event_words, lanes_html
from analysis.listings.lanes import SORTS, Sort
from analysis.listings.people import Part, People, before_events, in_order
from pages.state import address, asking, page_list, views
from pages.state.patient import open_patient
from pages.state.session import View

Pick = Mapping[str, Any]  # the fields of what was clicked, such as group and year


@dataclass(frozen=True)
class Who:
    """Who is behind the parts of a figure.

    Attributes
    ----------
    behind
        The people behind what was picked.
    choices
        What can be picked, by words; for those who cannot click into a figure.
    """

    behind: Callable[[Pick], People]
    choices: Mapping[str, Pick] = field(default_factory=dict)


KEY = "people"
MOST_ROWS = 100  # of patients in the drawer; nobody reads more
OFFERED: tuple[Sort, ...] = ("follow_up", "deaths", "relapses", "response")
WIDTH = 620  # pixels; more in large type

# Fixed text: what it shows comes as data, escaped.
SCRIPT = """
export default ({ data, parentElement, setTriggerValue }) => {
    const place = parentElement.querySelector(".place");
    if (place.innerHTML !== data.html) place.innerHTML = data.html;
    place.onclick = (event) => {
        const row = event.target.closest("[data-row]");
        if (row) setTriggerValue("opened", Number(row.dataset.row));
    };
};
"""
_rows = st.components.v2.component(KEY, html="<div class='place'></div>", css=STYLE, js=SCRIPT)


def ask(place: str, people: People | str) -> None:
    """Ask for the drawer in the callback of what was clicked at a place, or for why it is empty; `answer` opens it."""
    st.session_state[f"people_of_{place}"] = people


def answer(view: View, place: str) -> None:
    """Open the drawer if it was asked for at this place; the first thing in the fragment that holds what was clicked.

    Not in the callback: there the drawer would take the place of the style of the page.
    """
    people: People | str | None = st.session_state.pop(f"people_of_{place}", None)
    if isinstance(people, str):
        st.dialog("Who is behind it?", position="right", width=WIDTH)(st.markdown)(plain(people))
    elif people is not None:
        show(view, people)


def show(view: View, people: People) -> None:
    """Open the drawer."""
    st.dialog(plain(_sentence(people.title)), position="right", width=WIDTH)(_drawer)(view, people)


@st.fragment
def offer(view: View, key: str, who: Who) -> None:
    """Draw a menu of the parts of a figure, which opens the drawer without a click into the figure."""
    if who.choices and not view.look.on_stage and not view.no_rows:
        words = st.menu_button(
            "Who?", list(who.choices), key=f"who_{key}", type="tertiary", icon=":material/group:", format_func=plain
        )
        if words:
            show(view, who.behind(who.choices[words]))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _drawer(view: View, people: People) -> None:
    held = [part for part in people.parts if len(part.members)]
    if not held:
        st.markdown("Nobody is there.")
        return
    part = _part(held)
    if not view.look.on_stage:
        _actions(view, part)
    courses, members = in_order(view.whole, people, part, _order(part, people), MOST_ROWS)
    words = event_words(before_events(view.whole, members, people.rule), people.event, courses)
    opened = _rows(key=KEY, data={"html": lanes_html(courses, words, look=view.look)}, on_opened_change=_ignore).opened
    if len(part.members) > len(members):
        st.caption(f"The first {len(members)} of {len(part.members):,} are shown.")
    if opened is not None and 0 <= opened < len(words):
        open_patient(words["patient_id"].iloc[opened])


def _actions(view: View, part: Part) -> None:
    """Draw what can be done with these people."""
    if len(part.members) > MOST_CHOSEN:
        st.caption(f"More than {MOST_CHOSEN:,} people cannot be kept one by one; filter them by a column.")
        return
    chosen = ChosenPatients.of(view.whole, part.members["patient_id"], part.reason)
    alone = len(part.members) == 1
    with st.container(horizontal=True, gap="small", key="people_actions"):
        if alone and st.button("Open this patient", key="people_open", type="primary"):
            open_patient(part.members["patient_id"].iloc[0])
        number = "this patient" if alone else f"these {len(part.members):,}"
        if st.button(f"Keep only {number}", key="people_keep", type="secondary" if alone else "primary"):
            asking.filter_by(PATIENT_ID, chosen)
            st.rerun()
        if len(part.members) < len(view.whole) and st.button("Against everybody else", key="people_against"):
            asking.ask(replace(asking.filtered_by(PATIENT_ID, chosen), compare=ELSE))
            st.rerun()
        if st.button("Save as a view", key="people_save"):
            views.save(part.reason, page_list.open_page(), address.words(asking.filtered_by(PATIENT_ID, chosen)))
            st.rerun()


def _ignore() -> None:
    """Let the drawer itself read which row was clicked."""


def _part(held: list[Part]) -> Part:
    """Return the part that is shown: those who count, until the others are chosen."""
    if len(held) == 1:
        return held[0]
    words = [f"{len(part.members):,} {part.words}" for part in held]
    chosen = st.segmented_control(
        "Who", range(len(held)), default=0, format_func=lambda place: plain(words[place]), required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    return held[chosen]


def _order(part: Part, people: People) -> Sort | None:
    """Return the order of the patients: by the event (None), if there is one, until another is chosen."""
    orders: list[Sort | None] = [*([None] if people.event else []), *OFFERED]
    if len(part.members) == 1:
        return orders[0]
    words = {order: SORTS[order] if order else f"by month of the {people.event}" for order in orders}
    return st.selectbox(
        "Order", orders, format_func=lambda order: _sentence(words[order]),
        label_visibility="collapsed",
    )  # fmt: skip
