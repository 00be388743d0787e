"""One figure as it leaves the house: what is drawn, from which estimates, of whom, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked, Question
from analysis.export.sharing import Sharing, told_of
from analysis.figures.common.provenance import provenance
from analysis.figures.common.theme import Look

# What suits a column of a page and not a sheet of paper.
OF_THE_SCREEN = ("look", "height", "compact")


@dataclass(frozen=True, eq=False)
class Estimate:
    """A result, and how it came about: ``function(cohort, *choices, **options)``."""

    result: Any
    function: Callable[..., Any]
    cohort: Cohort
    choices: tuple[Any, ...]
    options: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart, and how it is drawn: ``function(*parts, **options)``.

    Attributes
    ----------
    function
        Returns the chart.
    parts, options
        What it is given; an `Estimate` stands for its result.
    """

    function: Callable[..., alt.LayerChart]
    parts: tuple[object, ...]
    options: Mapping[str, object]

    @property
    def on_paper(self) -> dict[str, object]:
        """The options but for those that suit only the screen."""
        return {name: value for name, value in self.options.items() if name not in OF_THE_SCREEN}

    @property
    def estimates(self) -> list[Estimate]:
        """The estimates that are drawn, each once."""
        every = [part for part in (*self.parts, *self.options.values()) if isinstance(part, Estimate)]
        return list({id(each.result): each for each in every}.values())

    def chart(self, look: Look) -> alt.LayerChart:
        """Return the chart in another look, as for paper."""
        options = {name: result_of(value) for name, value in self.on_paper.items()}
        return self.function(*map(result_of, self.parts), look=look, **options)


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


def result_of(part: object) -> Any:
    """Return the result where an `Estimate` stands for it."""
    return part.result if isinstance(part, Estimate) else part


def slug(text: str) -> str:
    """Return text as a name that every file system takes."""
    return re.sub(r"[^\w-]+", "-", text.casefold()).strip("-_")[:80] or "figure"
