"""A report as one HTML file: interactive without a network, and ready to print on A4."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

import pandas as pd
import vl_convert

from analysis.cohort.question import Asked
from analysis.estimates.description.baseline_table import baseline_table
from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.yearly.yearly_relapse import yearly_relapse
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.export.account import Account, capital
from analysis.export.accounts import account, accounts_of
from analysis.export.caption import caption
from analysis.export.exhibit import Exhibit
from analysis.export.methods import Methods, compared, followed_words, methods
from analysis.export.patient_flow import PatientFlow
from analysis.export.picture import drawable, without_about
from analysis.export.sharing import Sharing, disclosed_part
from analysis.export.strobe import STATEMENT, Contents, strobe_table
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.html_table import html_text, table_html
from analysis.figures.common.number_words import unbroken
from analysis.figures.common.paper import Paper
from analysis.figures.common.theme import FONT
from analysis.version import VERSION

ON_A4 = Paper(width_mm=170, wide_to_high=16 / 9, told="nothing")  # the sentence is a text of its own
FLOW_CAPTION = "The flow of patients from the file to the analysis. Beside it: who was left out, and why."
CHECKLIST_TITLE = "Where each item of a cohort study stands"
SYNTHETIC = "Synthetic patients: nothing here is a finding."
# Letters side by side on A4: in their full size; small, without the names of rows; small, on a page turned round.
FULL_SIZE, SMALL, TURNED = 110, 100, 165
BETWEEN = 2  # two columns
DRAW = """
document.querySelectorAll("figure > script").forEach((held) => {
    const still = held.previousElementSibling, live = document.createElement("div");
    live.className = "live";
    held.after(live);
    vegaEmbed(live, JSON.parse(held.textContent), {actions: false, renderer: "svg"})
        .then(() => still.classList.add("printed"));
});
"""
STYLE = """
:root { color-scheme: light; }
body { font-family: FONT; line-height: 1.5; color: #1d2430; background: white; max-width: 180mm; margin: 2rem auto;
       padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
h3 { font-size: 1.1rem; margin: 1rem 0 .3rem; } h4 { margin: 1rem 0 .3rem; }
h1, h3, h4, p, li { overflow-wrap: anywhere; }
figure { margin: 0 0 2rem; } figure svg { max-width: 100%; height: auto; }
figure > .live { display: block; width: 100%; }
@media screen { .printed { display: none; } }
figcaption p { margin: .3rem 0; font-size: .85rem; line-height: 1.4; }
.verdict { font-size: 1.1rem; font-weight: 600; margin: .2rem 0 .5rem; }
.provenance { font-size: .78rem; color: #5b6472; }
.numbers, .flow { overflow-x: auto; } .flow svg { min-width: 520px; }
.numbers table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
.numbers :is(th, td) { text-align: right; font-weight: 400; padding: .15rem .4rem; vertical-align: top; }
.numbers :is(thead, tbody tr:last-child) :is(th, td) { border-bottom: 1.5px solid #5b6472; }
.numbers thead th { border-top: 1.5px solid #5b6472; vertical-align: bottom; }
.numbers :is(th, td):first-child { text-align: left; }
.numbers td { white-space: nowrap; } .numbers tbody th { min-width: 8rem; }
.words :is(th, td) { text-align: left; } .words td, .numbers .long { white-space: normal; }
.words :is(th, td) { min-width: 4rem; } .words td:nth-child(n + 3) { min-width: 11rem; }
.numbers .long { overflow-wrap: anywhere; min-width: 9rem; }
.warning { border-left: 4px solid #b3261e; padding: .1rem .8rem; margin: .5rem 0; }
@page { size: A4; margin: 15mm; } @page across { size: A4 landscape; }
@media print {
    figure > .live { display: none; }
    body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; line-height: 1.35; }
    h1 { font-size: 16pt; } h2 { font-size: 13pt; margin-top: 6mm; } h3, .verdict { font-size: 10.5pt; }
    figcaption p, .provenance { font-size: 8pt; } .flow svg { min-width: 0; }
    .first { break-after: page; }
    .first figure svg { max-height: 145mm; }
    figure svg { max-height: 215mm; }
    .numbers { overflow: visible; } .numbers table { font-size: 8.5pt; line-height: 1.2; }
    .numbers :is(th, td) { padding: .6mm 1.2mm; }
    .wide table { font-size: 6.5pt; } .wide :is(th, td) { padding: .6mm .5mm; } .wide tbody th { min-width: 14mm; }
    .across { page: across; } .broken td { white-space: normal; }
    .numbers thead { display: table-header-group; }
    section, figure, .numbers tr, li, .warning { break-inside: avoid; } h2, h3, h4, .verdict { break-after: avoid; }
}
"""


@dataclass(frozen=True, eq=False)
class Table:
    """A table of words and numbers with a title, and the estimates in it."""

    title: str
    rows: pd.DataFrame
    estimates: tuple[Estimate, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """How its numbers were computed."""
        return tuple(each.result.method for each in self.estimates)


@dataclass(frozen=True, eq=False)
class Report:
    """The content of a report.

    Attributes
    ----------
    title
        Its title.
    asked, selection
        The patients, and the selection in words.
    patients
        The flow of patients from the file to the figures.
    exhibits
        The figures; the first is the main one.
    tables
        The baseline table, and tables of numbers.
    limitations
        The limitations of the data, one sentence each.
    made_on
        The date.
    synthetic
        Whether the patients are synthetic.
    paper
        What of each figure is drawn, and how: its size is that of downloaded pictures only.
    sharing
        What files may contain.
    not_shared
        The figures and tables that may not be shared, each with the reason.
    followed
        The follow-up of the patients.
    """

    title: str
    asked: Asked
    selection: tuple[str, ...]
    patients: PatientFlow
    exhibits: tuple[Exhibit, ...]
    tables: tuple[Table, ...]
    limitations: tuple[str, ...]
    made_on: date
    synthetic: bool
    paper: Paper
    sharing: Sharing = Sharing()
    not_shared: tuple[str, ...] = ()
    followed: FollowUp | None = None

    @property
    def flow(self) -> pd.DataFrame:
        """The flow of patients as a table."""
        return self.patients.table

    @property
    def who(self) -> str:
        """Who the patients are and how many, how they were compared and followed: the sentences of the first page."""
        asked = self.asked
        patients = disclosed_part(len(asked.cohort), len(asked.whole), self.sharing)
        filtered = "; ".join(self.selection) or "no filter"
        groups = compared(asked) if asked.by is not None else []
        told = [f"{capital(patients)} ({asked.whole.name}); {filtered}.", *groups]
        return " ".join(filter(None, [*told, followed_words(self.followed, self.sharing)]))

    @property
    def checklist(self) -> pd.DataFrame:
        """The STROBE checklist, with where each item stands in this report."""
        held = Contents(
            compared=self.asked.by is not None,
            followed=bool(followed_words(self.followed, self.sharing)),
            counted=not self.sharing.least,
            baseline=self._title_of(baseline_table),
            yearly=self._title_of(yearly_remission) or self._title_of(yearly_relapse),
            figures=len(self.exhibits),
        )
        return strobe_table(held)

    def _title_of(self, function: Callable[..., Any]) -> str:
        """Return the title of the table of an estimate; "" if there is none."""
        made = (table.title for table in self.tables for each in table.estimates if each.function is function)
        return next(made, "")

    @property
    def note(self) -> str:
        """The note on disclosure control; "" if there is none."""
        return " ".join(filter(None, [self.sharing.words(), *self.not_shared]))

    @property
    def estimates(self) -> list[Estimate]:
        """The estimates in figures and tables."""
        of_figures = [each for shown in self.exhibits for each in shown.drawing.estimates]
        return [*of_figures, *(each for table in self.tables for each in table.estimates)]

    @cached_property
    def methods(self) -> Methods:
        """The paragraph on methods with its references, for the estimates in this report only."""
        figures = [accounts for shown in self.exhibits for accounts in (self._patients(shown), *accounts_of(shown))]
        tables = [account(each) for table in self.tables for each in table.estimates]
        accounts = [*tables, *figures]
        return methods(self.asked, self.selection, accounts, self.synthetic, self.followed, self.sharing)

    def _patients(self, shown: Exhibit) -> Account:
        """Return the selection of a figure, if it differs from that of the report."""
        if shown.selection == self.selection:
            return Account()
        others = "; ".join(shown.selection) or "all of them"
        return Account(definitions=(f'The figure "{shown.question}" is of other patients: {others}.',))


def report_html(report: Report) -> bytes:
    """Return the report as one HTML file without external references; its first page has the main result."""
    main, *others = report.exhibits
    last = len(report.exhibits) + 1
    paper = report.paper.sized_as(ON_A4)
    parts = [
        _first_page(report, main, paper),
        "<h2>Patients and outcomes</h2>",
        *(_table(table, place) for place, table in enumerate(report.tables, start=1)),
        *(["<h2>Other figures</h2>"] if others else []),
        *(_figure(shown, place, paper) for place, shown in enumerate(others, start=2)),
        f"<h2>Methods</h2><p>{html_text(report.methods.paragraph)}</p>",
        "<h2>Limitations</h2>",
        _list("ul", report.limitations),
        "<h2>Flow of patients</h2>",
        _flow(report.patients, last),
        "<h2>References</h2>",
        _list("ol", report.methods.references),
        "<h2>STROBE checklist</h2>",
        table_html(CHECKLIST_TITLE, report.checklist).replace('class="numbers"', 'class="numbers words"', 1),
        f'<p class="provenance">{html_text(STATEMENT)}</p>',
    ]
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html_text(report.title)}</title><style>{STYLE.replace('FONT', FONT)}</style>"
    )
    script = f'<script type="module">{_scripts()}</script>'
    page = (
        f'<!doctype html><html lang="en"><head>{head}</head><body><main>{"".join(parts)}</main>{script}</body></html>'
    )
    return page.encode("utf-8")


def _flow(patients: PatientFlow, place: int) -> str:
    return (
        f'<figure><div role="img" class="flow" aria-label="{html_text(patients.words)}">{patients.svg}</div>'
        f"<figcaption>{_caption(place, FLOW_CAPTION)}</figcaption></figure>"
    )


def _caption(place: int, text: str) -> str:
    return f"<p><strong>Figure {place}.</strong> {html_text(unbroken(text))}</p>"


def _first_page(report: Report, main: Exhibit, paper: Paper) -> str:
    """Return what fits one page: title, warnings, the main question with its verdict and figure, who and how many."""
    whole = report.asked.whole
    origin = f"{whole.name}, fingerprint {whole.fingerprint[:12]}, version {VERSION}, {report.made_on:%Y-%m-%d}."
    return (
        f'<section class="first"><h1>{html_text(report.title)}</h1><p class="provenance">{html_text(origin)}</p>'
        f"{_warning(SYNTHETIC) if report.synthetic else ''}{_warning(report.note) if report.note else ''}"
        f'<p class="who">{html_text(report.who)}</p>{_figure(main, 1, paper)}</section>'
    )


def _warning(text: str) -> str:
    return f'<p class="warning">{html_text(text)}</p>'


@cache
def _scripts() -> str:
    """Return the bundled scripts, such as Vega, that draw the charts."""
    return str(vl_convert.javascript_bundle(DRAW)).replace("</script", "<\\/script")


def _figure(shown: Exhibit, place: int, paper: Paper) -> str:
    """Return a figure: a picture that prints and needs no script, and the data that makes it interactive."""
    spec = drawable(shown.live_chart(paper).to_dict())
    spec["width"] = "container"
    # "<" is escaped, as "<!--" or "</script>" would change how the page is parsed.
    embedded = json.dumps(spec).replace("<", "\\u003c")
    still = _with_own_ids(without_about(shown.picture(paper)), place)
    told = shown.words_on(paper)
    words = f'<p class="verdict">{html_text(unbroken(told))}</p>' if told else ""
    return (
        f"<figure><h3>{html_text(shown.question)}</h3>{words}"
        f'<div role="img" aria-label="{html_text(shown.described_on(paper))}">'
        f'{still}</div><script type="application/json">{embedded}</script>'
        f"<figcaption>{_caption(place, caption(shown, paper))}</figcaption></figure>"
    )


def _with_own_ids(drawn: str, place: int) -> str:
    """Return a picture whose ids are unique on the page."""
    return drawn.replace(' id="', f' id="figure{place}-').replace("url(#", f"url(#figure{place}-")


def _table(table: Table, place: int) -> str:
    shown = table_html(f"Table {place}. {table.title}", _unbroken(table.rows))
    shown = shown.replace('class="numbers"', f'class="{" ".join(["numbers", *_as_wide_as(table.rows)])}"', 1)
    return f'<section>{shown}<p class="provenance">{html_text(" ".join(table.methods))}</p></section>'


def _unbroken(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose values are not broken; names and sentences are."""
    values = {name: rows[name].map(unbroken) for name in rows.columns[1:]}
    return rows.assign(**values)


def _as_wide_as(rows: pd.DataFrame) -> list[str]:
    """Return how a table is printed so that no value is cut, and none is broken unless it has very many columns."""
    every = [int(rows[name].astype(str).str.len().max()) + BETWEEN for name in rows.columns]
    values = sum(every[1:])
    if sum(every) <= FULL_SIZE:
        return []
    return ["wide", *(["across"] if values > SMALL else []), *(["broken"] if values > TURNED else [])]


def _list(tag: str, texts: Sequence[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{html_text(text)}</li>' for text in texts)}</{tag}>"
