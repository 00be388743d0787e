"""Open a file of one's own, and see what the checks found."""

import streamlit as st

from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.figures.tables import cohort_table, column_table, findings_table
from analysis.intake.assemble import SAMPLE
from pages.parts import figure, session

view = session.view()
left, right = st.columns([2, 1], gap="large")
with left:
    st.markdown("### Open a cohort of your own")
    st.file_uploader(
        "Drop one Excel workbook, or a patient table and a visit table (CSV, TSV or Excel)",
        type=["csv", "tsv", "txt", "xlsx"],
        accept_multiple_files=True,
        key=session.uploader_key(),
        on_change=session.take_upload,
        help="The files are held in the memory of this app and nowhere else, and are gone when the session ends.",
    )
    refused = session.refused()
    if len(refused):
        st.error("This was not opened. The cohort that was open before is still here.")
        figure.listing(findings_table(refused))
    if not view.synthetic:
        st.button("Forget this cohort and show the sample", on_click=session.forget_upload)
with right:
    figure.numbers("cohort", "The open cohort", cohort_table(view.whole))

if len(view.whole.findings):
    st.markdown("#### What the checks found")
    figure.listing(findings_table(view.whole.findings))

with st.expander("Which columns a file may have, and an example to start from"):
    st.markdown(
        "Both tables share `patient_id`. Times are in months since transplantation; an empty cell means not recorded. "
        "A column that is not listed here is kept as it is."
    )
    left, right = st.columns(2, gap="large")
    for side, title, name, columns in (
        (left, "Patient table", "patients.csv", PATIENTS),
        (right, "Visit table", "visits.csv", VISITS),
    ):
        with side:
            st.markdown(f"#### {title}")
            figure.listing(column_table(columns))
            st.download_button(
                f"Example (synthetic): {name}", (SAMPLE / name).read_bytes(), f"synthetic_{name}", "text/csv"
            )
