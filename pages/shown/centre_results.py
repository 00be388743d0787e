"""What several centres say together: figures, the baseline table, and a report."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis import baseline_table, follow_up
from analysis.centres.centre_question import CentreFileError
from analysis.centres.hidden_sum import HiddenSum
from analysis.centres.masked_sum import NOT_IN_A_SUM
from analysis.centres.merged_cohort import CENTRE, MergedCohort
from analysis.cohort.grouping import By, group_name
from analysis.estimates.description.baseline_table import MEDIAN
from analysis.export.centre_report import centre_report, centres_words
from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import File
from analysis.export.report import Table, report_html
from analysis.export.word import WORD_KIND, can_make_word, report_docx
from analysis.figures.common.markdown import plain
from analysis.figures.description.baseline_tables import baseline_paper
from pages.shown import centre_figures, centre_limits, centres_apart, figure, take_home
from pages.state import exhibits, opening, printing, session, sharing
from pages.state.centre_files import Together
from pages.state.session import Figure, View

TOGETHER, BETWEEN = "All together", "Between centres"
NOT_FROM_COUNTS = (
    "What needs rows of patients cannot be had from counts: lines and lanes of patients, the waterfall, lists of "
    "people, other filters, and whether a patient is in two centres."
)


def show(together: Together | HiddenSum | CentreFileError) -> None:
    """Draw the centres together, or why they cannot be put together."""
    if isinstance(together, CentreFileError):
        st.warning(plain(f"These answers were not put together. {together}"))
        return
    if isinstance(together, HiddenSum):
        centre_limits.show(together)
        return
    by = _by(together)
    view, question = centre_figures.view_of(together, by), together.question
    patients = "synthetic patients" if together.synthetic else "patients"
    told = f"{question.name}: {len(together):,} {patients}. {centres_words(together)}. Filters do not apply here."
    st.markdown(plain(told))
    figures = centre_figures.all_of(view, question)
    for row in range(0, len(figures), 2):
        for place, shown in zip(figure.halves(f"centres_{row}"), figures[row : row + 2], strict=False):
            with place:
                figure.small(view, shown)
                figure.answer(shown)
    if isinstance(together, MergedCohort):
        st.button(
            "Open on the usual pages",
            key="open_centres",
            on_click=opening.open_cohort,
            args=(together,),
            help="As the open cohort, with what was asked for; until other files are opened or this data is forgotten",
        )
        apart, compared = centres_apart.show(together)
        _take_home(view, together, _exhibits(view, figures) + _exhibits(apart, compared))
        figures = [*figures, *compared]
    figure.how_made(view, {shown.question: shown.method for shown in figures})
    if isinstance(together, MergedCohort):
        st.caption(NOT_FROM_COUNTS)
    else:
        lost = "; ".join(f"{what}: {why}" for what, why in NOT_IN_A_SUM.items())
        st.caption(plain(f"What cannot be had from a masked sum. {lost}."))


def _exhibits(view: View, figures: Sequence[Figure]) -> list[Exhibit]:
    return [exhibits.exhibit(view, shown) for shown in figures]


def _take_home(view: View, merged: MergedCohort, shown: Sequence[Exhibit]) -> None:
    """Draw the baseline table, and offer the report."""
    table = session.estimate(baseline_table, merged, by=view.by)
    rows = session.drawn(baseline_paper, table, MEDIAN)
    figure.numbers(table.question, rows)
    if sharing.present().words():
        st.caption(take_home.NO_RULE_FOR_CENTRES)
        return
    report = centre_report(
        view.asked,
        merged,
        shown,
        [Table(table.question, rows, (session.estimated(table),))],
        session.estimate(follow_up, merged, by=None),
        printing.present(session.whole_cohort()),
    )
    with st.container(horizontal=True, gap="small"):
        take_home.button(File("Report (HTML)", "centres.html", "text/html", lambda: report_html(report)))
        if can_make_word():
            take_home.button(File("Report (Word)", "centres.docx", WORD_KIND, lambda: report_docx(report)))


def _by(together: Together) -> By | None:
    groups: dict[str, By | None] = {TOGETHER: None}
    if isinstance(together, MergedCohort):
        groups[BETWEEN] = CENTRE
    if together.by is not None:
        groups[f"By {group_name(together.by)}"] = together.by
    chosen = st.segmented_control("Compare", list(groups), default=TOGETHER, required=True, key="centres_compared")
    return groups.get(chosen or TOGETHER)
