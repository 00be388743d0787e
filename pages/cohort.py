"""The Cohort page: open files, answer how they are read, and see what the checks found."""

import streamlit as st

from analysis import baseline_table
from analysis.cohort.sledai import check_sledai, missing_items
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.estimates.description.deaths import deaths
from analysis.estimates.description.usable import usable
from analysis.export.table_files import csv_bytes, template_workbook
from analysis.figures.common.markdown import plain, sentence
from analysis.figures.description.baseline_tables import baseline_paper, baseline_reading
from analysis.figures.description.cohort_tables import (
    changes_table,
    cohort_table,
    column_table,
    finding_counts,
    findings_table,
    item_sums_table,
    usable_table,
)
from analysis.figures.description.safety_tables import deaths_reading, deaths_table
from analysis.intake import reading
from analysis.intake.assemble import SAMPLE
from analysis.intake.saved import save_mapping
from pages.controls import browser_storage, dropped_files, page_options, pasted_table, registry_chooser
from pages.shown import figure, header, take_home
from pages.state import incoming, opening, session
from pages.state.report_options import REPORT_BASELINE

USABLE = "How many each figure can use"

reading.prepare()
view = session.view()
st.markdown("### Open a cohort of your own")
st.file_uploader(
    "Drop one workbook, or a patient table and a visit table (CSV, Excel, OpenDocument, JSON, Parquet, SPSS, Stata, "
    "SAS, or a ZIP file of these); "
    "columns may have any names",
    type=None,  # any ending: the app's own message says what cannot be read and what to do
    accept_multiple_files=True,
    key=incoming.uploader_key(),
    on_change=incoming.take_files,
    args=(incoming.uploader_key(),),
    help="The files are held in the memory of this app and nowhere else, and are gone when the tab is closed. "
    "Saved answers (.json) can be dropped together with the files.",
)
pasted_table.show()
registry_chooser.show()
header.centres_link()
waiting = incoming.present()
if waiting is not None:
    dropped_files.show(waiting)
    st.divider()
elif incoming.to_undo() is not None:
    dropped_files.offer_undo()

findings = view.whole.findings
changed = opening.changed()
left, right = figure.pair("cohort")
with right:
    figure.numbers("The open cohort", cohort_table(view.whole))
with left:
    if changed is not None:
        st.markdown("#### What is different from the version before")
        if len(changed):
            figure.listing(changes_table(changed))
        else:
            st.markdown("Nothing.")
    st.markdown("#### What the checks found in the open cohort")
    if len(findings):
        counts = finding_counts(findings)
        kinds = st.pills(
            "Kind of finding",
            list(counts),
            selection_mode="multi",
            format_func=lambda kind: f"{kind} {counts[kind]}",
            key="finding_kinds",
            label_visibility="collapsed",
        )
        figure.listing(findings_table(findings[findings["kind"].isin(kinds or list(counts))]))
    elif not view.no_rows:
        st.markdown("Nothing to look at: every row is used as it stands.")
    if figure.rows_here(view, "Single rows, and a copy of the tables,") and not missing_items(view.whole.visit_columns):
        scores = session.estimate(check_sledai, view.whole)
        st.markdown(f"#### {scores.question}")
        st.markdown(plain(scores.method))
        if len(scores.table):
            figure.listing(item_sums_table(scores))
    with st.container(horizontal=True, gap="small"):
        if len(findings):
            st.download_button("Findings (CSV)", lambda: csv_bytes(findings), "findings.csv", "text/csv")
        if not view.synthetic:
            if not view.no_rows:
                take_home.corrected_copy(view)
            answers = opening.origin().mapping
            if answers:
                st.download_button(
                    "Save the answers", save_mapping(answers), "column_mapping.json", "application/json",
                    help="Drop this small file together with the next version of the same data.",
                )  # fmt: skip
            st.button("Forget this data", on_click=opening.forget, help="Back to the synthetic sample")
    with figure.in_its_place(USABLE):
        figure.numbers(USABLE, usable_table(session.estimate(usable, view.whole)))

with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    st.markdown("### Who are the patients? (baseline table)", width="content")
    centre = page_options.ask_one(REPORT_BASELINE, view.whole, width=220)
methods = {}
with figure.in_its_place():
    baseline = session.estimate(baseline_table, view.cohort, by=view.by)
    methods["Baseline table."] = baseline.method
    figure.numbers(baseline.question, baseline_paper(baseline, centre, view.alone))
    if view.by is not None:
        st.markdown(sentence(baseline_reading(baseline)))
    take_home.baseline(view, baseline)
with figure.in_its_place("Deaths"):
    died = session.estimate(deaths, view.cohort, by=view.by)
    methods["Deaths."] = died.method
    with figure.folded("deaths_told", died.question, deaths_reading(died)) as place:
        if place.open:
            figure.numbers("Deaths", deaths_table(died))
figure.how_made(view, methods)

with st.expander("Which columns a file may have, a blank template and an example"):
    st.markdown(
        "The tables share `patient_id`. Times are in months since transplantation; an empty cell means not recorded. "
        "A column that is not listed here is kept as it is. A file with other names works too: you are shown how it "
        "is read."
    )
    with st.container(horizontal=True, gap="small"):
        st.download_button("Blank template with data dictionary (Excel)", template_workbook, "template.xlsx")
        for name in (f"{table}.csv" for table in KINDS):
            st.download_button(
                f"Example (synthetic): {name}", (SAMPLE / name).read_bytes(), f"synthetic_{name}", "text/csv"
            )
    left, right = st.columns(2, gap="large")
    for side, title, columns in ((left, "Patient table", PATIENTS), (right, "Visit table", VISITS)):
        with side:
            st.markdown(f"#### {title}")
            figure.listing(column_table(columns))
browser_storage.show()
