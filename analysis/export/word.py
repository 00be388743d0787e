"""A report as a Word file: headings, tables as tables, figures as pictures, captions that Word numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from analysis.export.caption import caption
from analysis.export.exhibit import Exhibit
from analysis.export.office_text import one_line
from analysis.export.picture import png
from analysis.export.report import CHECKLIST_TITLE, FLOW_CAPTION, ON_A4, SYNTHETIC, Report
from analysis.export.strobe import STATEMENT
from analysis.export.word_page import NOTE, WIDTH_MM, add_caption, add_picture, new_document, saved
from analysis.export.word_table import add_table, fitted_table
from analysis.figures.common.footnotes import footnote
from analysis.figures.common.number_words import unbroken
from analysis.figures.common.paper import Paper
from analysis.version import VERSION

if TYPE_CHECKING:
    from docx.document import Document

WORD_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ON_PAGE = replace(ON_A4, width_mm=WIDTH_MM)
POINTS_PER_MM = 72 / 25.4


def can_make_word() -> bool:
    """Return whether the optional package python-docx is installed."""
    return find_spec("docx") is not None


def report_docx(report: Report) -> bytes:
    """Return the report as a Word file.

    It has the order of a reader: who and how many, main figure and verdict, tables, other figures, methods.

    Raises
    ------
    ImportError
        If python-docx is not installed.
    """
    whole = report.asked.whole
    where = f"{whole.name}, fingerprint {whole.fingerprint[:12]}"
    file = _File(new_document(report.title, where), report.paper.sized_as(ON_PAGE))
    file.text(report.title, "Title")
    file.text(f"{where}, version {VERSION}, {report.made_on:%Y-%m-%d}.", NOTE)
    for warning in filter(None, [SYNTHETIC if report.synthetic else "", report.note]):
        file.text(warning, strong=True)
    main, *others = report.exhibits
    file.text("Main result", "Heading 1")
    file.text(report.who)
    file.figure(main)
    file.text("Patients and outcomes", "Heading 1")
    for table in report.tables:
        file.table(table.title, table.rows, " ".join(table.methods))
    if others:
        file.text("Other figures", "Heading 1")
        for shown in others:
            file.figure(shown)
    file.text("Methods", "Heading 1")
    file.text(report.methods.paragraph)
    file.list("Limitations", "List Bullet", report.limitations)
    file.text("Flow of patients", "Heading 1")
    file.picture(report.patients.svg, report.patients.words, FLOW_CAPTION)
    file.list("References", "List Number", report.methods.references)
    file.text("STROBE checklist", "Heading 1")
    file.table(CHECKLIST_TITLE, report.checklist, STATEMENT, words=True)
    return saved(file.document)


@dataclass
class _File:
    """A document, how its figures are set, and how many captions of each kind it has."""

    document: Document
    paper: Paper
    captions: dict[str, int] = field(default_factory=lambda: {"Figure": 0, "Table": 0})

    def text(self, text: str, style: str = "Normal", *, strong: bool = False, with_next: bool = False) -> None:
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(unbroken(one_line(text))).bold = strong or None
        paragraph.paragraph_format.keep_with_next = with_next or None

    def list(self, heading: str, style: str, texts: Sequence[str]) -> None:
        self.text(heading, "Heading 1")
        for text in texts:
            self.text(text, style)

    def figure(self, shown: Exhibit) -> None:
        self.text(shown.question, "Heading 2")
        if words := shown.words_on(self.paper):
            self.text(words, strong=bool(shown.verdict), with_next=True)
        self.picture(shown.picture(self.paper), shown.described_on(self.paper), caption(shown, self.paper))

    def picture(self, drawn: str, described: str, told: str) -> None:
        add_picture(self.document, png(drawn), described)
        self._caption("Figure", told, above=False)

    def table(self, title: str, rows: pd.DataFrame, note: str, *, words: bool = False) -> None:
        self._caption("Table", title, above=True)
        add_table(self.document, fitted_table(rows, WIDTH_MM * POINTS_PER_MM, words=words))
        self.text(" ".join(filter(None, [footnote(rows), note])), NOTE)

    def _caption(self, label: str, text: str, *, above: bool) -> None:
        self.captions[label] += 1
        add_caption(self.document, label, self.captions[label], text, above=above)
