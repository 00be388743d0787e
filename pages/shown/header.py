"""The header that is always in view: pages, cohort, number of patients, filters."""

from __future__ import annotations

import streamlit as st

from analysis import Against, Pinned, follow_up
from analysis.cohort.address import Words
from analysis.cohort.question import ELSE, Question
from analysis.cohort.wording import count_words
from analysis.estimates.description.deaths import number_of_deaths
from analysis.figures.common.markdown import plain
from analysis.figures.common.number_words import months_words
from analysis.figures.description.who_died import who_died
from pages.shown import clipboard, notice, people, rows_on_request
from pages.state import address, asking, page_list, presenting, session, views


def show(view: session.View, path: str) -> None:
    """Draw the header of a page."""
    with st.container(key="strip", gap="small"):
        _pages(path)
        _strip(view)
        rows_on_request.way_back(view)
    link_notes()
    notice.place()


def _pages(path: str) -> None:
    """Draw the links to the pages, which carry the view so that Back restores it, the saved views, and Present."""
    words = address.words()
    with st.container(key="pages", horizontal=True, vertical_alignment="center", gap="small"):
        # On a phone the links are in a menu.
        with st.popover(page_list.PAGES[path], type="tertiary", key="page_menu", on_change="rerun") as menu:
            if menu.open:
                _links(words)
        _links(words)
        with st.popover("Views", type="tertiary", key="saved_views", on_change="rerun") as place:
            if place.open:
                _views(path)
        st.button("Present", key="present", type="tertiary", on_click=presenting.begin, shortcut="P")


def _links(words: Words) -> None:
    for file, title in page_list.PAGES.items():
        if file != page_list.CENTRES:
            st.page_link(file, label=title, query_params=words)


def centres_link() -> None:
    """Draw the link to the page of several centres."""
    label = "Several centres together, without pooling rows"
    st.page_link(page_list.CENTRES, label=label, icon=":material/hub:", query_params=address.words())


def _views(path: str) -> None:
    st.caption("Save what is in view under a name, and come back to it; saved views are the stops when presenting.")
    # A form: leaving the box does not draw the page anew while the button is clicked.
    with st.form("name_of_view", border=False):
        st.text_input("Name", key="view_name", placeholder="such as Without renal", max_chars=views.LONGEST_NAME)
        st.form_submit_button("Save this view", key="save_view", on_click=_save, args=(path,), width="stretch")
    for view in views.saved():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                view.page, label=plain(view.name), query_params={**view.words, **views.words()}, width="stretch"
            )
            key = f"saved_view_remove_{view.name}"
            st.button("Remove", key=key, type="tertiary", on_click=views.remove, args=(view.name,))
    if views.saved():
        st.download_button("Save all to a file", views.to_file(), "views.json", "application/json", width="stretch")
    st.file_uploader("Load views from a file", key="views_file", on_change=_load)
    if st.session_state.get("views_refused"):
        st.warning(st.session_state["views_refused"])


def _save(path: str) -> None:
    views.save(st.session_state["view_name"], path, address.words())
    st.session_state["view_name"] = ""


def _load() -> None:
    file = st.session_state["views_file"]
    st.session_state["views_refused"] = views.from_file(file.getvalue()) if file else ""


def _strip(view: session.View) -> None:
    with st.container(key="facts", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" · ".join(_facts(view)), width="content")
        _deaths(view)
        for name, phrase in zip(view.filters.conditions, view.filters.words(), strict=True):
            st.button(
                f"{plain(phrase)} ×",
                key=f"remove_{name}",
                help="Remove this filter",
                on_click=asking.filter_by,
                args=(name, None),
            )
        if view.filters:
            _against(view.question.compare == ELSE)
        st.button(
            "Clear all",
            key="clear_all",
            type="tertiary",
            disabled=view.question == Question(),
            help="Remove all filters and the comparison",
            on_click=asking.clear_all,
        )
        clipboard.show()


def _against(on: bool) -> None:
    """Draw the button that compares those whom the filters keep with all others, or no longer."""
    st.button(
        "Against everybody else ×" if on else "Against everybody else",
        key="against_else",
        type="secondary" if on else "tertiary",
        help="Remove this comparison" if on else "Compare these patients with all others of the cohort",
        on_click=asking.compare_by,
        args=("" if on else ELSE,),
    )


@st.fragment
def _deaths(view: session.View) -> None:
    """Draw the number of deaths; a fragment, so that the drawer does not wait for the page."""
    if view.no_rows:
        words = count_words(session.drawn(number_of_deaths, view.present), "death")
        st.button(words, key="deaths", type="tertiary", help=view.no_rows, disabled=True)
        return
    deaths = session.estimate(who_died, view.present)
    words = "Who died, when, of what, in what state before?"
    nobody = not len(deaths.parts[0].members)
    if st.button(deaths.title, key="deaths", type="tertiary", help=words, disabled=nobody):
        people.show(view, deaths)


def _facts(view: session.View) -> list[str]:
    present, whole = view.present, view.whole
    facts = [
        f"**{plain(whole.name)}**",
        f"**{len(present):,} of {len(whole):,} patients**",
    ]
    if len(present):
        median = float(session.estimate(follow_up, present).table["median"].iloc[0])
        facts.append(f"median follow-up {months_words(median)}")
    if whole.rows_read != len(whole):
        facts.append(f"[{len(whole):,} of {whole.rows_read:,} rows used](cohort)")
    return [*facts, *compared_words(view)]


def compared_words(view: session.View) -> list[str]:
    """Return how many patients are compared with how many others, if not by a column."""
    by = view.by
    if isinstance(by, Against):
        return [f"against {len(view.whole) - len(view.present):,} others"]
    if not isinstance(by, Pinned):
        return []
    first, second, shared = by.sizes(view.whole)
    return [plain(f"{by.first} {first:,} beside {by.second} {second:,}, {shared:,} in both")]


def link_notes() -> None:
    """Ask for the file that a link needs, or warn that another one was opened."""
    awaited, misplaced = plain(address.awaited_fingerprint()), plain(address.misplaced_fingerprint())
    if awaited:
        with st.container(horizontal=True, vertical_alignment="center", key="awaited"):
            st.info(
                f"This link is for a file with the fingerprint {awaited}; a link never holds data. Open that file on "
                "the Cohort page, and the view is restored. Until then you see the synthetic sample."
            )
            st.button("Forget the link", on_click=address.forget_link)
    if misplaced:
        st.warning(
            f"The link was made for a file with the fingerprint {misplaced}; the file that you opened is another. "
            "The view was restored as far as this file has what it asks for."
        )
