"""A figure that can be drawn again: its kind, and the estimates that it draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.theme import Look

# What suits a column of a page and not a sheet of paper.
OF_THE_SCREEN = ("look", "height", "compact")


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure, and how it is drawn: ``kind.chart(*parts, **options)``.

    Attributes
    ----------
    kind
        Draws it.
    parts, options
        What it is given; an `Estimate` stands for its result.
    """

    kind: FigureKind
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

    @property
    def numbers(self) -> pd.DataFrame:
        """The numbers that the figure shows."""
        return self.kind.numbers(*map(_result, self.parts), **_results(self.options))

    def chart(self, look: Look) -> alt.LayerChart:
        """Return the chart in another look, as for paper."""
        return self.kind.chart(*map(_result, self.parts), look=look, **_results(self.on_paper))


def _results(options: Mapping[str, object]) -> dict[str, Any]:
    return {name: _result(value) for name, value in options.items()}


def _result(part: object) -> Any:
    """Return the result where an `Estimate` stands for it."""
    return part.result if isinstance(part, Estimate) else part
