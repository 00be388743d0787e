"""What several centres say together: figures, the baseline table, and a report."""

from __future__ import annotations

import streamlit as st

from analysis import baseline_table, follow_up
from analysis.centres.centre_question import CentreFileError
from analysis.centres.merged_cohort import CENTRE, MergedCohort
from analysis.cohort.grouping import By, group_name
from analysis.estimates.description.baseline_table import MEDIAN
from analysis.export.centre_report import centre_report, centres_words
from analysis.export.figure_files import File
from analysis.export.report import Table, report_html
from analysis.export.word import WORD_KIND, can_make_word, report_docx
from analysis.figures.common.markdown import plain
from analysis.figures.description.baseline_tables import baseline_paper
from pages.shown import centre_figures, figure, take_home
from pages.state import exhibits, printing, session

TOGETHER, BETWEEN = "All together", "Between centres"
NOT_FROM_COUNTS = (
    "What needs rows of patients cannot be had from counts: lines and lanes of patients, the waterfall, lists of "
    "people, other filters, and whether a patient is in two centres."
)


def show(merged: MergedCohort | CentreFileError) -> None:
    """Draw the centres together, or why they cannot be put together."""
    if isinstance(merged, CentreFileError):
        st.warning(plain(f"These answers were not put together. {merged}"))
        return
    by = _by(merged)
    view, question = centre_figures.view_of(merged, by), merged.question
    sizes = ", ".join(f"{each.centre} {each.patients:,}" for each in merged.answers)
    patients = "synthetic patients" if merged.synthetic else "patients"
    told = f"{question.name}: {len(merged):,} {patients}. {centres_words(merged)} ({sizes}). Filters do not apply here."
    st.markdown(plain(told))
    figures = centre_figures.all_of(view, question)
    for row in range(0, len(figures), 2):
        for place, shown in zip(figure.halves(f"centres_{row}"), figures[row : row + 2], strict=False):
            with place:
                figure.small(view, shown)
                figure.answer(shown)
    table = session.estimate(baseline_table, merged, by=by)
    figure.numbers(table.question, session.drawn(baseline_paper, table, MEDIAN))
    report = centre_report(
        view.asked,
        merged,
        [exhibits.exhibit(view, shown) for shown in figures],
        [Table(table.question, session.drawn(baseline_paper, table, MEDIAN), (session.estimated(table),))],
        session.estimate(follow_up, merged, by=None),
        printing.present(session.whole_cohort()),
    )
    with st.container(horizontal=True, gap="small"):
        take_home.button(File("Report (HTML)", "centres.html", "text/html", lambda: report_html(report)))
        if can_make_word():
            take_home.button(File("Report (Word)", "centres.docx", WORD_KIND, lambda: report_docx(report)))
    figure.how_made(view, {shown.question: shown.method for shown in figures})
    st.caption(NOT_FROM_COUNTS)


def _by(merged: MergedCohort) -> By | None:
    groups: dict[str, By | None] = {TOGETHER: None, BETWEEN: CENTRE}
    if merged.by is not None:
        groups[f"By {group_name(merged.by)}"] = merged.by
    chosen = st.segmented_control("Compare", list(groups), default=TOGETHER, required=True, key="centres_compared")
    return groups[chosen or TOGETHER]
