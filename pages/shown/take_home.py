"""The downloads of a figure: pictures, numbers and scripts that make it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analysis.centres.merged_cohort import MergedCohort
from analysis.centres.summed_cohort import SummedCohort
from analysis.disclosure.refused import NotSharedError
from analysis.disclosure.shared_baseline import shared_baseline
from analysis.estimates.description.baseline_table import BaselineTable
from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import File, figure_files
from analysis.export.python_script import can_be_made_again
from analysis.export.shared_exhibit import check_shared, shared
from analysis.export.sharing import protected
from analysis.export.table_files import cohort_archive, csv_bytes, shared_archive
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.markdown import plain
from analysis.figures.common.paper import Paper
from pages.shown import studio
from pages.state import exhibits, opening, printing, session, sharing
from pages.state.session import Figure, View

ZIP = "application/zip"
NO_RULE_FOR_CENTRES = (
    "Files are to hide small counts or ids now (Report page), which is not possible for several centres together. "
    "Switch that off to take their figures home."
)
STUDIO = "studio_asked"  # the figure for which the studio was asked


def offer(view: View, figure: Figure) -> None:
    """Offer the files of a figure; each is made when its button is pressed."""
    key = f"take_{figure.key}"
    with st.popover("Download", icon=":material/download:", type="tertiary", key=key, on_change="rerun") as place:
        if place.open:
            _files(view, exhibits.exhibit(view, figure), key)
    if st.session_state.pop(STUDIO, None) == figure.key:
        safe = _shared(view, exhibits.exhibit(view, figure))
        if isinstance(safe, Exhibit):
            studio.open_studio(view.whole, safe, safe.groups, lambda paper: _buttons(safe, paper, "studio_"))


def _ask_for_studio(figure: str, menu: str) -> None:
    """Close the menu of a figure, which would stand before the studio, and ask for that."""
    st.session_state[menu] = False
    st.session_state[STUDIO] = figure


def _shared(view: View, shown: Exhibit) -> Exhibit | NotSharedError:
    """Return a figure as it may leave the house now, or why it may not."""
    allowed = sharing.present()
    if refused := not_of_centres(view):
        return NotSharedError(refused)
    try:
        safe = shared(shown, allowed, sharing.replaced(view.whole))
        sharing.released().copy().take(safe.drawing.estimates, allowed.least)
    except NotSharedError as reason:
        return reason
    return safe


def not_of_centres(view: View) -> str:
    """Return why nothing of several centres may leave now; "" if it may."""
    centres = isinstance(view.whole, MergedCohort | SummedCohort)
    return NO_RULE_FOR_CENTRES if centres and sharing.present().words() else ""


def _files(view: View, shown: Exhibit, menu: str) -> None:
    safe = _shared(view, shown)
    if isinstance(safe, NotSharedError):
        st.warning(plain(safe))
        return
    if words := sharing.present().words():
        st.caption(f"{words} The Report page changes it.")
    paper = printing.present(view.whole)
    _buttons(safe, paper)
    if not can_be_made_again(view.whole):
        st.caption(plain(f"There is no script that makes it again from a file. {view.no_rows}"))
    size = f"Pictures are {paper.width_mm:g} mm wide. Choose the size, and what is drawn."
    st.button(
        "Figure studio",
        key=f"studio_{shown.name}",
        icon=":material/tune:",
        help=size,
        on_click=_ask_for_studio,
        args=(shown.name, menu),
    )
    if shown.asked.whole is not session.whole_cohort():  # the report is of the open cohort
        return
    st.session_state[f"keep_{shown.name}"] = exhibits.is_kept(shown)
    st.toggle("In the report", key=f"keep_{shown.name}", on_change=exhibits.switch, args=(shown,))


def _buttons(safe: Exhibit, paper: Paper, place: str = "") -> None:
    with st.container(horizontal=True, gap="small"):
        for file in figure_files(safe, opening.origin(), paper):
            button(remembered(file, safe.drawing.estimates), place)


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


def button(file: File, place: str = "") -> None:
    """Draw the download button of a file, which is made when it is pressed; at each place, one of a file."""
    key = f"file_{place}{file.name}"
    if sharing.present().least:  # rerun: its release may mean that other files are refused
        st.download_button(file.label, file.make, file.name, file.kind, key=key, on_click="rerun")
    else:
        st.download_button(file.label, file.make, file.name, file.kind, key=key, on_click="ignore")
