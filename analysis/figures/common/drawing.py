"""A drawing: a kind of figure with the estimates and options that it shows, so that it can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.theme import Look
from analysis.figures.common.verdict import Verdict

# Options for the screen only; paper has its own.
OF_THE_SCREEN = ("look", "height", "compact")


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure and how it is drawn: ``kind.chart(*parts, **options)``.

    Attributes
    ----------
    kind
        The kind of figure.
    parts, options
        The arguments of its functions; each `Estimate` among them is replaced by its result.
    telling
        What its verdict is told with, such as the test: ``kind.verdict(*parts, **telling)``; empty for no verdict.
    """

    kind: FigureKind
    parts: tuple[object, ...]
    options: Mapping[str, object]
    telling: Mapping[str, object] = field(default_factory=dict)

    @property
    def on_paper(self) -> dict[str, object]:
        """The options except those for the screen only."""
        return {name: value for name, value in self.options.items() if name not in OF_THE_SCREEN}

    @property
    def estimates(self) -> list[Estimate]:
        """The distinct estimates in the drawing."""
        parts = (*self.parts, *self.options.values(), *self.telling.values())
        every = [part for part in parts if isinstance(part, Estimate)]
        return list({id(each.result): each for each in every}.values())

    @property
    def numbers(self) -> pd.DataFrame:
        """The numbers shown in the figure; columns as in ``kind.columns``."""
        return self.kind.numbers(*map(_result, self.parts), **_results(self.options))

    @property
    def verdict(self) -> Verdict | None:
        """What the figure says of its groups; None if it compares none."""
        return self.kind.verdict(*map(_result, self.parts), **_results(self.telling)) if self.telling else None

    def chart(self, look: Look) -> alt.LayerChart:
        """Return the chart in another look, such as that for paper."""
        return self.kind.chart(*map(_result, self.parts), look=look, **_results(self.on_paper))


def _results(options: Mapping[str, object]) -> dict[str, Any]:
    return {name: _result(value) for name, value in options.items()}


def _result(part: object) -> Any:
    """Return the result of an `Estimate`, and anything else unchanged."""
    return part.result if isinstance(part, Estimate) else part
