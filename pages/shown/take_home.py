"""The downloads of a figure: pictures, numbers and scripts that make it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analysis.disclosure.refused import NotSharedError
from analysis.disclosure.shared_baseline import shared_baseline
from analysis.estimates.description.baseline_table import BaselineTable
from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import File, figure_files
from analysis.export.shared_exhibit import check_shared, shared
from analysis.export.sharing import protected
from analysis.export.table_files import cohort_archive, csv_bytes, shared_archive
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.markdown import plain
from pages.shown.control import draw
from pages.state import exhibits, opening, options, session, sharing
from pages.state.report_options import PAPER_WIDTH
from pages.state.session import Figure, View

ZIP = "application/zip"


def offer(view: View, figure: Figure) -> None:
    """Offer the files of a figure; each is made when its button is pressed."""
    key = f"take_{figure.key}"
    with st.popover("Download", icon=":material/download:", type="tertiary", key=key, on_change="rerun") as place:
        if place.open:
            _files(view, exhibits.exhibit(view, figure))


def _files(view: View, shown: Exhibit) -> None:
    answers = options.settled([PAPER_WIDTH], view.whole)
    draw(PAPER_WIDTH.worded("Width"), answers)
    allowed = sharing.present()
    try:
        safe = shared(shown, allowed, sharing.replaced(view.whole))
        sharing.released().copy().take(safe.drawing.estimates, allowed.least)
    except NotSharedError as reason:
        st.warning(plain(reason))
        return
    if allowed.words():
        st.caption(f"{allowed.words()} The Report page changes it.")
    with st.container(horizontal=True, gap="small"):
        for file in figure_files(safe, opening.origin(), answers[PAPER_WIDTH]):
            button(remembered(file, safe.drawing.estimates))
    st.session_state[f"keep_{shown.name}"] = exhibits.is_kept(shown)
    st.toggle("In the report", key=f"keep_{shown.name}", on_change=exhibits.switch, args=(shown,))


def corrected_copy(view: View) -> None:
    """Offer the tables of the cohort, as used or with disclosure control."""
    allowed = sharing.present()
    if allowed.least:
        st.caption(f"No copy of the tables while counts below {allowed.least} are hidden (Report page).")
    elif allowed.words():
        replaced = sharing.replaced(view.whole)
        button(
            File(
                "Copy for sharing (ZIP)",
                "cohort_shared.zip",
                ZIP,
                lambda: shared_archive(view.whole, allowed, replaced),
            )
        )
    else:
        button(File("Corrected copy (ZIP)", "cohort.zip", ZIP, lambda: cohort_archive(view.whole)))


def baseline(view: View, result: BaselineTable) -> None:
    """Offer the baseline table."""
    allowed = sharing.present()
    try:
        check_shared(view.asked, allowed)
        safe = protected(result, shared_baseline, allowed)
        estimates = [session.estimated(result)]
        sharing.released().copy().take(estimates, allowed.least)
    except NotSharedError as reason:
        st.caption(plain(reason))
        return
    notes = [safe.question, safe.method, *([allowed.words()] if allowed.words() else [])]
    file = File("Baseline table (CSV)", "baseline.csv", "text/csv", lambda: csv_bytes(safe.table, notes))
    button(remembered(file, estimates))


def remembered(file: File, estimates: Sequence[Estimate]) -> File:
    """Return a file that is made only if it may still be released, and is then recorded as released."""
    released, least = sharing.released(), sharing.present().least

    def make() -> bytes:
        released.take(estimates, least)
        return file.make()

    return replace(file, make=make)


def button(file: File) -> None:
    """Draw the download button of a file, which is made when it is pressed."""
    key = f"file_{file.name}"
    if sharing.present().least:  # rerun: its release may mean that other files are refused
        st.download_button(file.label, file.make, file.name, file.kind, key=key, on_click="rerun")
    else:
        st.download_button(file.label, file.make, file.name, file.kind, key=key, on_click="ignore")
