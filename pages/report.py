"""The Report page: figures, tables, text and scripts to download."""

import streamlit as st

from analysis.export.archive import SLIDES_KIND, can_make_slides, report_archive, report_slides
from analysis.export.figure_files import File
from analysis.export.python_script import can_be_made_again
from analysis.export.report import report_html
from analysis.export.word import WORD_KIND, can_make_word, report_docx
from analysis.figures.common.markdown import plain
from analysis.figures.common.number_words import NO_PATIENTS
from pages.controls import page_options, saved_session, sharing_safely
from pages.shown import figure, header, reporting, take_home
from pages.state import exhibits, opening, printing, session, sharing
from pages.state.ending import NothingToShowError
from pages.state.paper_options import PAPER_SIZE
from pages.state.report_options import REPORT_BASELINE, REPORT_FIGURES, REPORT_TITLE

view = session.view()
if not len(view.present):
    raise NothingToShowError(NO_PATIENTS)
kept = exhibits.kept(view)
left, middle, right = st.columns([2, 1, 1], gap="large")
with left:
    title = page_options.ask_one(REPORT_TITLE, view.whole)
with middle:
    page_options.ask_one(REPORT_BASELINE, view.whole)
with right:
    page_options.ask_one(PAPER_SIZE, view.whole)
usual = reporting.standard_exhibits(view, page_options.ask_one(REPORT_FIGURES, view.whole))
for shown in kept:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(f"{shown.question} {'; '.join(shown.selection) or 'All patients'}"), width="content")
        st.button("Remove", key=f"remove_{shown.provenance}", type="tertiary", on_click=exhibits.switch, args=(shown,))
allowed = sharing_safely.ask()
if refused := take_home.not_of_centres(view):
    raise NothingToShowError(refused)
chosen = [shown for held in usual.values() for shown in held] + kept
paper = printing.present(view.whole)
replaced, released = sharing.replaced(view.whole), sharing.released()
report = reporting.report(view, title, chosen, paper, allowed, replaced, released)
origin = opening.origin()
for reason in report.not_shared:
    st.warning(plain(reason))
if not report.exhibits:
    raise NothingToShowError("A report needs at least one figure. Choose one above.")
with st.container(horizontal=True, gap="small", key="take_all"):
    files = [File("Report (HTML)", "report.html", "text/html", lambda: report_html(report))]
    if can_make_word():
        files.append(File("Report (Word)", "report.docx", WORD_KIND, lambda: report_docx(report)))
    files.append(File("Everything (ZIP)", "report.zip", "application/zip", lambda: report_archive(report, origin)))
    if can_make_slides():
        files.append(File("Slides (PowerPoint)", "report.pptx", SLIDES_KIND, lambda: report_slides(report)))
    for file in files:
        take_home.button(take_home.remembered(file, report.estimates))
    saved_session.save_button()
data = "the registry" if origin.in_folder else "your file"
again = f", and scripts that make all of it again from {data} and compare it with the screen."
st.caption(
    "The report is one file that works without a network and prints to A4. Everything holds the report, the pictures, "
    "the numbers, the tables"
    + (again if can_be_made_again(view.whole) else f". {plain(view.no_rows)}")
    + ("" if can_make_word() else " For Word: pip install '.[word]'.")
    + ("" if can_make_slides() else " For slides: pip install '.[slides]'.")
)

for table in report.tables:
    if table.title == reporting.OUTCOMES:
        figure.numbers(table.title, table.rows)
st.markdown("#### Methods")
st.markdown(plain(report.methods.paragraph))
st.markdown("#### Limitations that follow from the data")
st.markdown("\n".join(f"- {plain(sentence)}" for sentence in report.limitations))
with figure.folded("references", "References") as place:
    if place.open:
        st.markdown("\n".join(f"{at}. {plain(paper)}" for at, paper in enumerate(report.methods.references, start=1)))
saved_session.show()
header.centres_link()
