"""A time axis with labels at the visits, which are close together at first and far apart later.

Labels keep a least distance: crowded ones move aside, and a slanted tick connects the position of the visit with its
label. The position of a label depends on the width of the figure, so it is computed in the browser. On paper, whose
width is known, every label stands at its visit, and those without room are left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import altair as alt
import pandas as pd

from analysis.figures.common.axes import LINE_HEIGHT, YEARS_FIT, Frame, at_ticks, month_scale, months_title
from analysis.figures.common.theme import FONT_SIZE, layer, text_width
from analysis.figures.common.varying import varying

MOST_LABELS = 12  # fit below the narrowest figure
LABEL_ROOM = 23  # pixels between the middles of labels
FAN = 16  # height of the slanted ticks in pixels
TICK = 5  # height of upright ones
PAPER_GAP = 5  # pixels between two labels, or two numbers, on paper
ASIDE = 10  # pixels; a label moved further has no room for its year
SLOTS = "slots"


@dataclass(frozen=True)
class VisitAxis:
    """The time axis of a figure that summarises visits.

    Attributes
    ----------
    months : list of float
        The labelled visits: all, or evenly spaced ones if there are many.
    longest : float
        The end of the axis, in months.
    widths : tuple of float
        Pixels of the widest number below a label, for each form of the numbers, the longest form first.
    years : bool
        Whether years are named below the months; not on paper, where height is scarce.
    ticks : tuple of float
        The visits that have a tick but no label.
    room : float
        The least distance of labels in pixels.
    fan : float
        The height of the ticks in pixels.
    """

    months: list[float]
    longest: float
    widths: tuple[float, ...] = (0.0,)
    years: bool = True
    ticks: tuple[float, ...] = ()
    room: float = LABEL_ROOM
    fan: float = FAN

    @classmethod
    def of(cls, months: Sequence[float], longest: float, *, years: bool = True) -> VisitAxis:
        """Return an axis for these visits."""
        every = max(1, -(-len(months) // MOST_LABELS))
        return cls([float(month) for month in months][::every], longest, years=years)

    def over(self, *ways: Sequence[str]) -> VisitAxis:
        """Return the axis above numbers that have several forms, the longest form first."""
        return replace(self, widths=tuple(max([0.0, *map(text_width, texts)]) for texts in ways))

    def on_paper(self, width: float) -> VisitAxis:
        """Return the axis of a plot as wide as this, in pixels: labels at their visits, as many as have room."""
        room = PAPER_GAP + max(self.widths[0], *(text_width(f"{month:g}", FONT_SIZE) for month in self.months))
        kept = self.months[:1]
        for month in self.months[1:]:
            if (month - kept[-1]) / self.longest * width >= room:
                kept.append(month)
        if len(kept) > 1:
            kept[-1] = self.months[-1]
        left_out = tuple(month for month in self.months if month not in kept)
        return replace(self, months=kept, ticks=left_out, room=room, fan=TICK)

    @property
    def lower(self) -> float:
        """How many pixels rows of numbers are lower than below other axes."""
        return self.fan - TICK + 1

    def choice(self, *of_ways: str) -> str:
        """Return a Vega expression: the option for the longest form of the numbers that fits the present width."""
        share = f"width / {max(len(self.months) - 1, 1)}"
        chosen = of_ways[-1]
        for place, width, way in reversed(list(zip(itertools.count(), self.widths[:-1], of_ways[:-1], strict=False))):
            chosen = f"({share} >= {varying(f'number_room{place}', round(width, 1))} ? {way} : {chosen})"
        return chosen

    @property
    def x(self) -> alt.X:
        """The encoding of months; `labels` draws ticks and labels."""
        below = self.fan + 2 * LINE_HEIGHT + 11 - (0 if self.years else LINE_HEIGHT + 8)
        axis = alt.Axis(
            title=months_title(), titleAnchor="end", titlePadding=below, values=[], labels=False, ticks=False
        )
        return alt.X("months:Q", scale=month_scale(self.longest), axis=axis)

    @property
    def slots(self) -> alt.VariableParameter:
        """The pixel of each label: as near to its visit as the neighbouring labels allow."""
        count = len(self.months)
        rooms = (max(self.room, width) for width in self.widths)
        wanted = self.choice(*(varying(f"label_room{place}", round(room, 1)) for place, room in enumerate(rooms)))
        room = f"min({wanted}, width / {max(count - 1, 1)})"
        places, end = [], varying("x_high", self.longest)
        for label in range(count):
            pushed = ", ".join(
                f"{month:g} / {end} * width + {label - before} * {room}"
                for before, month in enumerate(self.months[: label + 1])
            )
            places.append(f"min(max({pushed}), width - {count - 1 - label} * {room})")
        return alt.VariableParameter(name=SLOTS, expr=f"[{', '.join(places)}]")

    @property
    def shift(self) -> str:
        """A Vega expression: how far a text at ``months`` is moved to stand below its label."""
        there = f"datum.months / {varying('x_high', self.longest)} * width"
        return f"({SLOTS}[indexof({self.months}, datum.months)] - {there})"

    def labels(self, frame: Frame) -> list[alt.Chart]:
        """Return the slanted ticks, the months, and the years that have room."""
        top = frame.height + self.fan + 8
        years = [month for month in self.months if self.years and month and month % 12 == 0]
        texts = pd.DataFrame(
            [(month, f"{month:g}", top, False) for month in self.months]
            + [(month, _year(month), top + LINE_HEIGHT, True) for month in years],
            columns=["months", "text", "y", "year"],
        )
        colour = {"color": frame.palette.muted}
        has_room = f"{YEARS_FIT} && abs({self.shift}) < {ASIDE} && {at_ticks(self.longest)}"
        text = alt.ExprRef(f"!datum.year || ({has_room}) ? datum.text : ''")
        style = {**colour, "baseline": "middle", "fontSize": FONT_SIZE, "dx": alt.ExprRef(self.shift), "text": text}
        return [
            layer(
                pd.DataFrame({"months": [*self.months, *self.ticks], "y": frame.height, "y2": frame.height + self.fan}),
                "rule",
                {**colour, "x2Offset": alt.ExprRef(f"indexof({self.months}, datum.months) < 0 ? 0 : {self.shift}")},
                x=frame.x,
                x2=alt.X2("months:Q"),
                y=alt.Y("y:Q", scale=None),
                y2=alt.Y2("y2:Q"),
            ),
            layer(texts, "text", style, x=frame.x, y=alt.Y("y:Q", scale=None)),
        ]


def _year(month: float) -> str:
    return "1 year" if month == 12 else f"{month / 12:g} years"
