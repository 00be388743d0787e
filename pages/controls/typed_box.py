"""The box that filters by typing, with suggestions; "/" leads to it from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from analysis import Cohort, option_counts
from analysis.cohort.column_words import column_label
from analysis.cohort.typed_filters import typed_filters
from analysis.cohort.typed_words import lexicon, limit_suggestions, suggestions
from pages.state import asking, session

HTML = """
<div class="box">
  <input type="text" role="combobox" aria-label="Filter by typing" aria-autocomplete="list" aria-expanded="false"
         aria-controls="fits" autocomplete="off" autocapitalize="off" spellcheck="false"
         placeholder="uc renal -skin &lt;30 f">
  <kbd aria-hidden="true">/</kbd>
</div>
<p class="help" hidden>Each word sets the filter of its column; the other filters stay. - excludes, &lt;30 is the age,
sledai&gt;10 any number. Enter asks.</p>
<ul id="fits" role="listbox" aria-label="Suggestions" hidden></ul>
<p class="told" role="status"></p>
"""
FOLDER = Path(__file__).parent
box = st.components.v2.component(
    "typed_filters",
    html=HTML,
    css=FOLDER.joinpath("typed_box.css").read_text(encoding="utf-8"),
    js=FOLDER.joinpath("typed_box.js").read_text(encoding="utf-8"),
)


def show(cohort: Cohort, in_panel: Sequence[str]) -> None:
    """Draw the box; values of the columns in the panel have the number of patients whom each would leave."""
    answers, text, told, question = st.session_state.get("typed_answer", (0, "", "", None))
    said = told if question == asking.present() else ""
    data = {"fits": _fits(cohort, in_panel), "answer": answers, "text": text if said else "", "told": said}
    box(key="typed_filters", data=data, on_asked_change=_ask)


def _ask() -> None:
    text = str(st.session_state["typed_filters"]["asked"])
    typed = typed_filters(session.whole_cohort(), text)
    asking.filter_by_all(typed.filters)
    answers, *_ = st.session_state.get("typed_answer", (0,))
    st.session_state["typed_answer"] = (answers + 1, text, typed.told(), asking.present())


def _fits(cohort: Cohort, in_panel: Sequence[str]) -> list[tuple[str, str, int | None]]:
    """Return what can be typed, what it is, and how many patients have it and pass the filters on other columns."""
    filters = asking.present().filters
    counts = {
        name: dict(zip(table["value"], table["now"].tolist(), strict=True))
        for name in in_panel
        if name in lexicon(cohort).held
        for table in [session.estimate(option_counts, cohort, filters, name)]
    }
    values = [
        (text, column_label(each.column), counts.get(each.column, {}).get(each.value))
        for text, each in suggestions(cohort).items()
    ]
    return [*values, *((text, column_label(name), None) for text, name in limit_suggestions(cohort).items())]
