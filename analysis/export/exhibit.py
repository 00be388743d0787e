"""An exhibit: a figure with everything that files say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import altair as alt

from analysis.cohort.question import Asked, Question
from analysis.export.picture import About, printed
from analysis.export.sharing import Sharing, disclosed_part
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.paper import Paper
from analysis.figures.common.provenance import provenance
from analysis.figures.common.theme import Look, group_order, note_of


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A figure with everything that files say about it.

    Attributes
    ----------
    name
        The first part of its file names.
    question
        The question that it answers; its title.
    drawing
        The kind of figure, with estimates and options.
    reading
        A sentence that states the main result of one group; "" for several, whose verdict does.
    alt_text
        The alternative text: the figure in words, without its verdict.
    method
        How its numbers were computed.
    selection
        The selected patients in words.
    time_zero
        The event from which months are counted.
    made_on
        The date.
    question_asked, asked
        Filters, groups and pinned cohort, and the patients to whom they apply.
    order
        All groups, in the order of their colours.
    sharing
        What files may contain.
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

    @cached_property
    def verdict(self) -> str:
        """What the figure says of its groups, from the numbers that it shows; "" if it compares none."""
        verdict = self.drawing.verdict
        return verdict.sentence if verdict else ""

    def verdict_on(self, paper: Paper) -> str:
        """Return the verdict with the names that the groups have on paper."""
        verdict = self.drawing.verdict_on(paper)
        return verdict.sentence if verdict else ""

    def words_on(self, paper: Paper) -> str:
        """Return the sentence that states the main result: the verdict of several groups, else the reading."""
        return self.verdict_on(paper) or self.reading

    def described_on(self, paper: Paper) -> str:
        """Return the alternative text, which carries the verdict."""
        return " ".join(filter(None, [self.verdict_on(paper), self.names_on(paper), self.alt_text]))

    def names_on(self, paper: Paper) -> str:
        """Return which groups bear another name on paper, as a sentence; "" if none does."""
        return paper.names_told(self.groups) if paper.short else ""

    @cached_property
    def note(self) -> str:
        """What pale bars, dashes and other marks mean; "" if there are none."""
        return note_of(self.chart)

    @cached_property
    def groups(self) -> list[str]:
        """The groups in the figure."""
        numbers = self.drawing.numbers
        return group_order(numbers["group"]) if "group" in numbers else []

    @property
    def caption(self) -> list[str]:
        """What a file says beside its numbers: question, verdict, provenance."""
        return self.caption_on(Paper())

    def caption_on(self, paper: Paper) -> list[str]:
        """Return what a file says beside a picture: question, verdict, names, provenance."""
        return [*filter(None, [self.question, self.verdict_on(paper), self.names_on(paper)]), self.provenance]

    def below(self, paper: Paper) -> list[str]:
        """Return what stands below the picture: the test or the verdict, and the caption, as the paper asks for."""
        verdict = self.drawing.verdict_on(paper)
        told = {
            "test": verdict.test.alone if verdict else "",
            "verdict": verdict.sentence if verdict else self.reading,
            "nothing": "",
        }[paper.told]
        names = self.names_on(paper) if paper.caption else ""
        return [
            *([self.question] if paper.caption else []),
            *filter(None, [told, names]),
            *([self.provenance] * paper.caption),
        ]

    def about_on(self, paper: Paper) -> About:
        """Return what the file of a picture says of itself."""
        question, *others = self.caption_on(paper)
        return About(question, " ".join(others))

    def picture(self, paper: Paper) -> str:
        """Return the figure as SVG, set on paper."""
        return printed(self.drawing.chart, replace(self.look, paper=paper), self.below(paper), self.about_on(paper))

    def live_chart(self, paper: Paper) -> alt.LayerChart:
        """Return what a paper shows of the figure as a chart for a browser, with its width and a pointer."""
        return self.drawing.chart(replace(self.look, paper=paper, live=True))

    @property
    def patients(self) -> str:
        """How many of all patients it is about, as far as that may be told."""
        return disclosed_part(len(self.asked.cohort), len(self.asked.whole), self.sharing)

    @property
    def provenance(self) -> str:
        """The lines on its origin: cohort, filters, n of N, time zero, method, version, date; and on sharing."""
        line = provenance(self.asked.whole, self.patients, self.selection, self.method, self.made_on, self.time_zero)
        return " ".join(filter(None, [line, self.sharing.words()]))

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
        """Its file name without an ending: figure, filters, cohort."""
        filters = "_".join(self.question_asked.filters.words())
        return slug("_".join(filter(None, [self.name, filters, self.asked.whole.name])))


def slug(text: str) -> str:
    """Return text as a file name that is valid everywhere."""
    return re.sub(r"[^\w-]+", "-", text.casefold()).strip("-_")[:80] or "figure"
