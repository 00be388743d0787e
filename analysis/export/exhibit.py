"""One figure as it leaves the house: what is drawn, from which estimates, of whom, and in which words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import altair as alt

from analysis.cohort.question import Asked, Question
from analysis.export.sharing import Sharing, told_of
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.provenance import provenance
from analysis.figures.common.theme import Look


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A figure with all that is told with it.

    Attributes
    ----------
    name
        What its files are called.
    question
        What it answers; its title.
    drawing
        How it is drawn.
    reading
        The sentence that reads it.
    alt_text
        The figure in words, for those who do not see it.
    method
        How its numbers were computed.
    selection
        Who is in, in words.
    time_zero
        What months count from.
    made_on
        The day.
    question_asked, asked
        What is asked of the cohort, and the patients whom it is asked of.
    order
        The groups in the order of their colours.
    sharing
        What of it may leave the house.
    """

    name: str
    question: str
    drawing: Drawing
    reading: str
    alt_text: str
    method: str
    selection: tuple[str, ...]
    time_zero: str
    made_on: date
    question_asked: Question
    asked: Asked
    order: tuple[str, ...]
    sharing: Sharing = Sharing()

    @property
    def provenance(self) -> str:
        """Where it comes from: cohort, filters, n of N, time zero, method, version, date; and how it may be shared."""
        patients = told_of(len(self.asked.cohort), len(self.asked.whole), self.sharing)
        told = provenance(self.asked.whole, patients, self.selection, self.method, self.made_on, self.time_zero)
        return " ".join(filter(None, [told, self.sharing.words()]))

    @property
    def look(self) -> Look:
        """The look on paper."""
        return Look(order=self.order)

    @property
    def chart(self) -> alt.LayerChart:
        """The chart on paper."""
        return self.drawing.chart(self.look)

    @property
    def file_name(self) -> str:
        """What its files are called, without an ending: figure, filters, cohort."""
        filters = "_".join(self.question_asked.filters.words())
        return slug("_".join(filter(None, [self.name, filters, self.asked.whole.name])))


def slug(text: str) -> str:
    """Return text as a name that every file system takes."""
    return re.sub(r"[^\w-]+", "-", text.casefold()).strip("-_")[:80] or "figure"
