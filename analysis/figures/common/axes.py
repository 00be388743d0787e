"""Axes that figures share.

A figure is one view with several layers, because only a single view stretches with the page. Numbers below the axis
and names at the ends of curves are in the same view, at positions of the axis, so that they stay in place at every
width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import Any, Literal

import altair as alt
import pandas as pd

from analysis.facts.observed_times import TRANSPLANTATION
from analysis.figures.common.theme import (
    FIGURE_WIDTH,
    FONT_SIZE,
    Look,
    Palette,
    dash_patterns,
    palette,
    shape_scale,
    text_width,
)
from analysis.figures.common.varying import varying

YEARS_TITLE = "Year since transplantation"
DEPTH = 74  # pixels from the plot down to the first row of numbers: ticks, two lines of labels, title
LINE_HEIGHT = 15  # pixels of a line of axis labels
PAPER_SAVES = 14  # pixels of the gaps around the title of an axis that paper, where height is scarce, does without
LABELS = 32  # pixels of the labels of the y axis
TITLE_ABOVE = 10  # pixels between the plot and the title of its y axis
TITLE_WIDTH = 32  # characters per line of such a title: the room of a narrow figure
YEARS_FIT = f"{FIGURE_WIDTH} >= 300"  # narrower figures name the months alone
SHARES = [0, 20, 40, 60, 80, 100]
ENOUGH = 5  # patients; an estimate from fewer does not extend an axis
MOST_PLACES = 4  # named in a note
SHARE_SCALE = alt.Scale(domain=[0, 100], nice=False)


@dataclass(frozen=True)
class Frame:
    """What all layers of a figure share.

    Attributes
    ----------
    groups : list of str
        All groups in order, including those without patients.
    look : Look
        How the figure is drawn.
    height : float
        Height of the plot in pixels.
    x : altair.X
        Encoding of the x axis.
    scale, axis : altair.Scale, altair.Axis
        Scale and axis of y.
    """

    groups: list[str]
    look: Look
    height: float
    x: alt.X
    scale: alt.Scale
    axis: alt.Axis

    def y(self, field: str) -> alt.Y:
        """Return the encoding of a column on the y axis."""
        return alt.Y(f"{field}:Q", scale=self.scale, axis=self.axis)

    @cached_property
    def palette(self) -> Palette:
        """The colours for this look."""
        return palette(self.look)

    @cached_property
    def colours(self) -> alt.Scale:
        """The colour of each group's curve, bar or point."""
        return alt.Scale(domain=self.groups, range=self.palette.lines(self.groups))

    @cached_property
    def inks(self) -> dict[str, str]:
        """The colour of each group's text."""
        return dict(zip(self.groups, self.palette.inks(self.groups), strict=True))

    @cached_property
    def dashes(self) -> list[list[int]]:
        """The dash of each group's curve."""
        return dash_patterns(self.groups, self.look)

    @cached_property
    def shapes(self) -> alt.Scale:
        """The shape of each group's points."""
        return shape_scale(self.groups, self.look)

    @property
    def above(self) -> float:
        """How many pixels the title of a `value_axis` takes above the plot."""
        return TITLE_ABOVE + LINE_HEIGHT * len(self.axis.title)

    @property
    def compared(self) -> bool:
        """Whether there is more than one group."""
        return len(self.groups) > 1


def value_axis(title: str, left: float = LABELS, room: int = TITLE_WIDTH, **options: Any) -> alt.Axis:
    """Return a y axis with its title above it, where it takes no width from the plot.

    Parameters
    ----------
    title
        What is measured, with its unit; a long one has two lines.
    left
        Pixels between the plot and the left edge of the figure, at which the title begins.
    room
        The characters that a line has room for.
    options
        Further properties of the axis.
    """
    parts = [title] if len(title) <= room else title.replace(" (", "\n(", 1).split("\n")
    lines = [line for part in parts for line in wrap(part, room, break_on_hyphens=False)]
    return alt.Axis(
        title=lines,
        titleAngle=0,
        titleAlign="left",
        titleBaseline="bottom",
        titleX=alt.ExprRef(varying("left", -left)),
        titleY=-TITLE_ABOVE - LINE_HEIGHT * (len(lines) - 1),
        **options,
    )


def title_room(look: Look) -> int:
    """Return how many characters of a title a line has room for: the width of paper is known."""
    if look.paper is None or not look.on_paper:
        return TITLE_WIDTH
    return int(look.paper.layout_width / text_width("n", FONT_SIZE))


def share_axis(title: str, left: float = LABELS, lowest: int = 0, room: int = TITLE_WIDTH) -> alt.Axis:
    """Return a `value_axis` of percentages; with `SHARE_SCALE` it always runs from 0 to 100."""
    return value_axis(title, left, room, values=SHARES if lowest < 50 else list(range(lowest, 101, 10)))


def axis_end(estimates: pd.Series, limits: pd.Series, enough: pd.Series) -> float:
    """Return the highest value that an axis must include.

    It is the maximum of the estimates and limits with enough patients; if none has enough, of all estimates. The wide
    interval of two patients would otherwise flatten the figure: it is cut, and the figure says so (`beyond_note`).

    Parameters
    ----------
    estimates, limits
        Estimates and their upper limits.
    enough
        Whether each is from enough patients.
    """
    values = pd.concat([estimates[enough], limits[enough]]).dropna()
    return float(values.max() if len(values) else estimates.max())


def beyond_note(where: Sequence[str], words: Sequence[str], what: str) -> list[str]:
    """Return a note on the intervals that are cut at the end of the axis; empty if none is.

    A single one is given with its value. Of several, only the first few are named, to fit above a small figure; their
    values are in the table and in the alternative text.
    """
    if len(where) == 1:
        return [f"{what} beyond the axis: {where[0]}: {words[0]}"]
    more = [f"{len(where) - MOST_PLACES} more"] if len(where) > MOST_PLACES else []
    return [f"{what} beyond the axis: {', '.join([*where[:MOST_PLACES], *more])}"] if len(where) else []


def cut_sentence(notes: Sequence[str]) -> list[str]:
    """Return the note of `beyond_note` as a sentence for the alternative text."""
    return [f"{note[0].upper()}{note[1:]}." for note in notes]


def longest_time(*months: pd.Series) -> float:
    """Return the last time in any of the series, at least 12 months, so that an empty figure has an axis."""
    return max([12.0, *(float(series.max()) for series in months if series.notna().any())])


def ends_of(axis: Literal["x", "y"], low: float, high: float) -> list[alt.ExprRef]:
    """Return the domain of an axis that changes with the question."""
    return [alt.ExprRef(varying(name, float(end))) for name, end in ((f"{axis}_low", low), (f"{axis}_high", high))]


def share_down(value: float, low: float, high: float, *, log: bool = False) -> float:
    """Return how far down a y axis a value stands: 0 at its high end, 1 at its low end, more below.

    Examples
    --------
    >>> share_down(75, 0, 100), share_down(10, 1, 100, log=True), share_down(0, 1, 100, log=True)
    (0.25, 0.5, inf)
    """
    if not log:
        return (high - value) / (high - low)
    return math.log(high / value) / math.log(high / low) if value > 0 else math.inf


def month_scale(longest: float, first: float = 0.0) -> alt.Scale:
    """Return a scale of months that ends exactly at the last time."""
    return alt.Scale(domain=ends_of("x", first, longest), nice=False, zero=False)


def months_title(time_zero: str = TRANSPLANTATION) -> str:
    """Return the title of the time axis: months "from" a landmark, or "since" an event."""
    return f"Months {'from' if ' after ' in time_zero else 'since'} {time_zero}"


def month_ticks(longest: float) -> list[int]:
    """Return ticks for every year; every 3 months if shorter than two years; every month if under half a year."""
    return list(range(0, int(longest) + 1, _between_ticks(longest)))


def rows_top(look: Look, *, years: bool) -> float:
    """Return how many pixels the first row of numbers is below the plot.

    Parameters
    ----------
    look
        How the figure is drawn.
    years
        Whether years are named below the months, on a screen.
    """
    second_line = years and not look.on_paper
    return DEPTH - LINE_HEIGHT * (not second_line) - PAPER_SAVES * look.on_paper


def month_x(longest: float, title: str, first: float = 0.0, *, years: bool = True) -> alt.X:
    """Return the encoding of months; a narrow figure has only every second, third, ... tick.

    Parameters
    ----------
    longest, first
        The ends of the axis, in months.
    title
        Its title.
    years
        Whether years are named below the months where there is room.
    """
    named = "datum.value / 12 + (datum.value == 12 ? ' year' : ' years')"
    fits = f"{YEARS_FIT} && datum.value > 0 && datum.value % 12 == 0"
    axis = alt.Axis(
        title=title,
        titleAnchor="end",
        values=alt.ExprRef(f"sequence(0, {varying('x_high', float(longest))} + 1e-9, {_step(longest)})"),
        labelExpr=f"{fits} ? ['' + datum.value, {named}] : '' + datum.value" if years else "'' + datum.value",
        labelLineHeight=LINE_HEIGHT,
        labelFlush=False,
        labelOverlap=False,
    )
    return alt.X("months:Q", scale=month_scale(longest, first), axis=axis)


def year_x(years: pd.Series, title: str | None = YEARS_TITLE, after: float = 0.15) -> alt.X:
    """Return the encoding of years after transplantation, one band each; `after` is the gap after the last band."""
    ends = (int(years.min()), int(years.max())) if len(years) else (1, 0)
    first, last = (varying(name, year) for name, year in zip(("first_year", "last_year"), ends, strict=True))
    return alt.X(
        "year:O",
        scale=alt.Scale(domain=alt.ExprRef(f"sequence({first}, {last} + 1)"), paddingInner=0.3, paddingOuter=after),
        axis=alt.Axis(title=title, titleAnchor="end", labelAngle=0, ticks=False, labelPadding=8),
    )


def at_ticks(longest: float) -> str:
    """Return a Vega expression: whether ``months`` of a datum has a tick at the present width."""
    return f"datum.months % ({_step(longest)}) == 0"


def _between_ticks(longest: float) -> int:
    return 1 if longest < 6 else 3 if longest < 24 else 12


def _step(longest: float) -> str:
    """Return a Vega expression for the months between ticks."""
    ticks = month_ticks(longest)
    room = (len(ticks) - 1) * text_width(f"{ticks[-1] // 12} years", FONT_SIZE)
    between, room_of_ticks = varying("between_ticks", _between_ticks(longest)), varying("tick_room", round(room))
    return f"{between} * max(1, ceil({room_of_ticks} / max(width, 1)))"
