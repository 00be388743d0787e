"""A report as one HTML file: interactive without a network, and ready to print on A4."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import pandas as pd
import vl_convert

from analysis.cohort.question import Asked
from analysis.estimates.survival.follow_up import FollowUp
from analysis.export.account import Account
from analysis.export.accounts import account, accounts_of
from analysis.export.exhibit import Exhibit
from analysis.export.methods import Methods, methods
from analysis.export.picture import drawable, without_about
from analysis.export.sharing import Sharing
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.html_table import html_text, table_html
from analysis.figures.common.paper import Paper
from analysis.figures.common.theme import FONT

ON_A4 = Paper(width_mm=170, wide_to_high=16 / 9, counts="all", told="nothing")  # the sentence is a text of its own
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
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2rem; } h4 { margin: 1rem 0 .3rem; }
figure { margin: 0 0 2rem; } figure svg { max-width: 100%; height: auto; }
figure > .live { display: block; width: 100%; }
@media screen { .printed { display: none; } }
figcaption p { margin: .3rem 0; }
.verdict { font-size: 1.1rem; font-weight: 600; margin: .2rem 0 .5rem; }
.provenance { font-size: .78rem; color: #5b6472; }
.numbers { overflow-x: auto; }
.numbers table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
.numbers :is(th, td) { text-align: right; font-weight: 400; padding: .15rem .4rem; border-bottom: 1px solid #d7dbe1;
                       vertical-align: top; }
.numbers :is(th, td):first-child { text-align: left; }
.numbers .long { overflow-wrap: anywhere; min-width: 9rem; }
h1, h4, p, li { overflow-wrap: anywhere; }
.numbers thead th { border-bottom: 1.5px solid #5b6472; }
.warning { border-left: 4px solid #b3261e; padding: .3rem .8rem; }
@page { size: A4; margin: 15mm; }
@media print { figure > .live { display: none; } body { margin: 0; padding: 0; max-width: none; font-size: 10pt; }
               figure, .numbers tr { break-inside: avoid; } h2, h4 { break-after: avoid; } }
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
    flow
        How many patients are left after each filter, in words and numbers.
    exhibits
        The figures.
    tables
        The baseline table, and tables of numbers.
    limitations
        The limitations of the data, one sentence each.
    made_on
        The date.
    synthetic
        Whether the patients are synthetic.
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
    flow: pd.DataFrame
    exhibits: tuple[Exhibit, ...]
    tables: tuple[Table, ...]
    limitations: tuple[str, ...]
    made_on: date
    synthetic: bool
    sharing: Sharing = Sharing()
    not_shared: tuple[str, ...] = ()
    followed: FollowUp | None = None

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
    """Return the report as one HTML file without external references."""
    whole = report.asked.whole
    selection = "; ".join(report.selection) or "all patients"
    where = f"{whole.name}, fingerprint {whole.fingerprint[:12]}. {selection}. {report.made_on:%Y-%m-%d}."
    parts = [
        f"<h1>{html_text(report.title)}</h1>",
        f"<p>{html_text(where)}</p>",
        *(["<p class='warning'>Synthetic patients: nothing here is a finding.</p>"] if report.synthetic else []),
        *([f"<p class='warning'>{html_text(report.note)}</p>"] if report.note else []),
        "<h2>Patients</h2>",
        table_html("From the file to the figures", report.flow),
        *map(_table, report.tables),
        "<h2>Figures</h2>",
        *(_figure(shown, place) for place, shown in enumerate(report.exhibits, start=1)),
        f"<h2>Methods</h2><p>{html_text(report.methods.paragraph)}</p>",
        "<h2>Limitations</h2>",
        _list("ul", report.limitations),
        "<h2>References</h2>",
        _list("ol", report.methods.references),
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


@cache
def _scripts() -> str:
    """Return the bundled scripts, such as Vega, that draw the charts."""
    return str(vl_convert.javascript_bundle(DRAW)).replace("</script", "<\\/script")


def _figure(shown: Exhibit, place: int) -> str:
    """Return a figure: a picture that prints and needs no script, and the data that makes it interactive."""
    spec = drawable(shown.chart.to_dict())
    spec["width"] = "container"
    # "<" is escaped, as "<!--" or "</script>" would change how the page is parsed.
    embedded = json.dumps(spec).replace("<", "\\u003c")
    still = _with_own_ids(without_about(shown.picture(ON_A4)), place)
    reading = f"<p>{html_text(shown.reading)}</p>" if shown.reading else ""
    verdict = f'<p class="verdict">{html_text(shown.verdict)}</p>' if shown.verdict else ""
    return (
        f"<figure><h4>{html_text(shown.question)}</h4>{verdict}"
        f'<div role="img" aria-label="{html_text(shown.described)}">'
        f'{still}</div><script type="application/json">{embedded}</script>'
        f'<figcaption>{reading}<p class="provenance">{html_text(shown.provenance)}</p></figcaption></figure>'
    )


def _with_own_ids(drawn: str, place: int) -> str:
    """Return a picture whose ids are unique on the page."""
    return drawn.replace(' id="', f' id="figure{place}-').replace("url(#", f"url(#figure{place}-")


def _table(table: Table) -> str:
    return f'{table_html(table.title, table.rows)}<p class="provenance">{html_text(" ".join(table.methods))}</p>'


def _list(tag: str, texts: Sequence[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{html_text(text)}</li>' for text in texts)}</{tag}>"
