"""A report as a Word file: headings, tables as tables, figures as pictures, captions that Word numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from analysis.export.exhibit import Exhibit
from analysis.export.office_text import one_line
from analysis.export.picture import png
from analysis.export.report import ON_A4, Report
from analysis.export.word_page import NOTE, WIDTH_MM, add_caption, add_picture, new_document, saved
from analysis.export.word_table import add_table, fitted_table
from analysis.figures.common.footnotes import footnote
from analysis.figures.common.number_words import unbroken

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

    It has the order of a reader: the main figure with its verdict, who the patients were, tables, the other figures,
    methods.

    Raises
    ------
    ImportError
        If python-docx is not installed.
    """
    whole = report.asked.whole
    where = f"{whole.name}, fingerprint {whole.fingerprint[:12]}"
    file = _File(new_document(report.title, where))
    file.text(report.title, "Title")
    selection = "; ".join(report.selection) or "All patients"
    file.text(f"{where}. {selection}. {report.made_on:%Y-%m-%d}.", NOTE)
    if report.synthetic:
        file.text("Synthetic patients: nothing here is a finding.", strong=True)
    if report.note:
        file.text(report.note, strong=True)
    main, *others = report.exhibits
    file.text("Main result", "Heading 1")
    file.figure(main)
    file.text("Patients", "Heading 1")
    file.table("From the file to the figures", report.flow)
    for table in report.tables:
        file.table(table.title, table.rows, " ".join(table.methods))
    if others:
        file.text("Other figures", "Heading 1")
        for shown in others:
            file.figure(shown)
    file.text("Methods", "Heading 1")
    file.text(report.methods.paragraph)
    file.list("Limitations", "List Bullet", report.limitations)
    file.list("References", "List Number", report.methods.references)
    return saved(file.document)


@dataclass
class _File:
    """A document, and how many captions of each kind it has."""

    document: Document
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
        if shown.words:
            self.text(shown.words, strong=bool(shown.verdict), with_next=True)
        add_picture(self.document, png(shown.picture(ON_PAGE)), shown.described)
        self._caption("Figure", shown.question, above=False)
        self.text(shown.provenance, NOTE)

    def table(self, title: str, rows: pd.DataFrame, note: str = "") -> None:
        self._caption("Table", title, above=True)
        add_table(self.document, fitted_table(rows, WIDTH_MM * POINTS_PER_MM))
        self.text(" ".join(filter(None, [footnote(rows), note])), NOTE)

    def _caption(self, label: str, text: str, *, above: bool) -> None:
        self.captions[label] += 1
        add_caption(self.document, label, self.captions[label], text, above=above)
