"""A drawing: a kind of figure with the estimates and options that it shows, so that it can be drawn again."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.paper import Paper
from analysis.figures.common.r_twin import RTwin
from analysis.figures.common.short_names import with_short_names
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

    def on_paper(self, paper: Paper | None) -> dict[str, object]:
        """Return the options except those for the screen only, as a paper asks for them."""
        kept = {name: value for name, value in self.options.items() if name not in OF_THE_SCREEN}
        if paper is None:
            return kept
        if not paper.whole:
            kept.pop("whole", None)
        if paper.lowest is not None and "lowest" in inspect.signature(self.kind.chart).parameters:
            kept["lowest"] = paper.lowest
        return kept

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
        return self.verdict_on(Paper())

    def verdict_on(self, paper: Paper) -> Verdict | None:
        """Return the verdict with the names that the groups have on paper."""
        if not self.telling:
            return None
        parts = [with_short_names(_result(part), paper) for part in self.parts]
        telling = {name: with_short_names(value, paper) for name, value in _results(self.telling).items()}
        return self.kind.verdict(*parts, **telling)

    def in_r(self, paper: Paper) -> RTwin | None:
        """Return how R computes and draws the figure on paper; None if R does not have its estimate."""
        return self.kind.in_r(*self.parts, **self.on_paper(paper)) if self.kind.in_r else None

    def chart(self, look: Look) -> alt.LayerChart:
        """Return the chart in another look, such as that for paper."""
        paper = look.paper or Paper()
        parts = [with_short_names(_result(part), paper) for part in self.parts]
        options = _results(self.on_paper(look.paper))
        return self.kind.chart(
            *parts, look=look, **{name: with_short_names(value, paper) for name, value in options.items()}
        )


def _results(options: Mapping[str, object]) -> dict[str, Any]:
    return {name: _result(value) for name, value in options.items()}


def _result(part: object) -> Any:
    """Return the result of an `Estimate`, and anything else unchanged."""
    return part.result if isinstance(part, Estimate) else part
