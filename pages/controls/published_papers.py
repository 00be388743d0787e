"""Published numbers beside one's own: the forest with its choices, and the user's own reading of papers."""

from __future__ import annotations

import streamlit as st

from analysis.centres.published_fact import DENOMINATORS, OUTCOMES
from analysis.centres.published_list import COLUMNS, published_csv
from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from analysis.figures.yearly.beside_published import years_not_drawn, years_table, years_without_one
from analysis.figures.yearly.yearly_bars import Kind
from pages.shown import figure, take_home
from pages.shown.control import draw
from pages.shown.response_figures import HOW_POOLED, KINDS, beside_line, of_beside
from pages.state import own_published, session
from pages.state.option import Answers
from pages.state.options import settled
from pages.state.published_options import BESIDE, LEFT_OUT, POOLED, WITH_OWN, YEARS_BESIDE, papers

QUESTION = "What was published, and what would the next centre see?"
NOT_DRAWN = "In the list, and not drawn"
TYPED = ("study", "events", "patients", "months", "enrolled", "definition", "centres", "first_year", "last_year")
CHOSEN = {"outcome": list(OUTCOMES), "denominator": list(DENOMINATORS)}
LABELS = {
    "study": "Short name, such as Wang 2013",
    "events": "How many had it",
    "patients": "Of how many",
    "months": "Month (empty: whole follow-up)",
    "enrolled": "Enrolled",
    "definition": "Definition in the paper",
    "centres": "Centres, parted by semicolons",
    "first_year": "Enrolled from (year)",
    "last_year": "Enrolled to (year)",
    "outcome": "Outcome",
    "denominator": "Of those",
    "citation": "Citation",
    "identifier": "DOI or PubMed number",
}
LIST = "own_papers_list"
REASON = "own_papers_reason"


def show(view: session.View, chosen: Answers, kinds: tuple[Kind, ...] = KINDS) -> dict[str, str]:
    """Draw the fold with the forests of some outcomes; return how they were made."""
    asked = settled(BESIDE, view.whole)
    told = beside_line(view, chosen, kinds[0]) if view.by is None else ""  # the page of several groups is long
    with figure.folded("beside", QUESTION, told, told_inside=False) as place:
        if place.open:
            _choices(asked)
            for kind in kinds:
                _forest(view, of_beside(view, chosen, kind), asked)
            add_papers()
    return {"Beside what was published.": HOW_POOLED}


def _choices(asked: Answers) -> None:
    draw(POOLED, asked)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="beside_choices"):
        draw(YEARS_BESIDE, asked, width="content")
        draw(WITH_OWN, asked, width="content")
        draw(LEFT_OUT, asked, width=320)


def _forest(view: session.View, shown: session.Figure, asked: Answers) -> None:
    given = papers(asked, synthetic=view.synthetic), asked[YEARS_BESIDE]
    figure.small(view, shown)
    figure.answer(shown)
    figure.listing(session.drawn(years_table, shown.result, *given))
    untold = session.drawn(years_not_drawn, shown.result, *given)
    if len(untold):
        figure.listing(untold, NOT_DRAWN)
    without = session.drawn(years_without_one, shown.result, *given)
    if len(without):
        figure.numbers("Together without one at a time", without)


def add_papers() -> None:
    """Draw how papers are added: one that is typed, or a list."""
    with st.container(horizontal=True, gap="small", key="own_papers"):
        with st.popover("Add a paper", icon=":material/add:"):
            _form()
        with st.popover("Add a list (CSV)", icon=":material/upload_file:"):
            st.file_uploader(
                f"A CSV file with the columns {', '.join(COLUMNS)}; the list of the papers has them too",
                key=LIST,
                on_change=_take_list,
            )
        listed = File("List of the papers (CSV)", "published.csv", "text/csv", lambda: published_csv(facts))
        facts = own_published.every()
        take_home.button(listed)
        if own_published.own():
            st.button("Remove the papers that I added", key="remove_papers", on_click=own_published.remove)
    if reason := st.session_state.pop(REASON, ""):
        st.warning(plain(reason))


def _form() -> None:
    with st.form("own_paper", border=False):
        for name, values in CHOSEN.items():
            st.selectbox(LABELS[name], values, key=_key(name), format_func=lambda value: value or "not told")
        for name in (*TYPED, "citation", "identifier"):
            st.text_input(LABELS[name], key=_key(name))
        st.form_submit_button("Add it", on_click=_take)


def _key(name: str) -> str:
    return f"own_paper_{name}"


def _take() -> None:
    typed = (*TYPED, "citation", "identifier")
    reason = own_published.add({name: st.session_state[_key(name)] for name in (*typed, *CHOSEN)})
    st.session_state[REASON] = reason
    if not reason:
        st.session_state.update({_key(name): "" for name in typed})


def _take_list() -> None:
    file = st.session_state[LIST]
    if file is not None:
        st.session_state[REASON] = own_published.add_list(file.getvalue())
