"""The caption of a figure that stands alone: who, how many, definition, interval, marks, test or why there is none."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.cohort.grouping import Against, Pinned
from analysis.export.account import capital
from analysis.export.exhibit import Exhibit
from analysis.export.methods import compared
from analysis.export.sharing import disclosed_part
from analysis.figures.common.paper import Paper


def caption(shown: Exhibit, paper: Paper) -> str:
    """Return the caption of a figure that is set on paper, below its question, in sentences.

    It says what a reader needs who sees nothing but the figure: who and how many, which groups bear another name, what
    was estimated with which interval, what pale bars, dashes and other marks mean, and the test or why there is none.
    """
    return " ".join(_sentences(shown, paper))


def _sentences(shown: Exhibit, paper: Paper) -> Iterator[str]:
    asked = shown.asked
    patients = disclosed_part(len(asked.cohort), len(asked.whole), shown.sharing)
    filtered = "; ".join(asked.whole.settled if isinstance(asked.by, Against | Pinned) else shown.selection)
    yield f"{capital(patients)} after mesenchymal stem cells for lupus{f': {filtered}' * bool(filtered)}."
    if any(getattr(each.asked, "by", None) is not None for each in shown.drawing.estimates):
        yield from compared(asked)
    if names := shown.names_on(paper):
        yield names
    yield shown.method
    if shown.note:
        yield f"{shown.note}."
    verdict = shown.drawing.verdict
    if verdict:
        yield verdict.test.sentence
        if verdict.caution:
            yield verdict.caution
