"""Curves as they are drawn, one at a time: up to the end of the axis, a few rows per pixel, in lines of one style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.counts.leaving import Steps

PIXELS = 800  # width of the widest plot: steps within a pixel are merged
MOST_STEPS = 2000  # drawn for all curves together


@dataclass(frozen=True, eq=False)
class Line:
    """A line in one style.

    Attributes
    ----------
    group
        The group of its curve.
    part
        "many" or "few" at risk; or, behind the curves, "whole" or "naive".
    stretch
        The how-manieth of its curve.
    months, share
        Its points; shares in percent.
    """

    group: str
    part: str
    stretch: int
    months: Floats
    share: Floats

    def down_to(self, lowest: float) -> Line:
        """Return the line ended where it falls below the start of the axis."""
        below = self.share < lowest
        kept = ~below | (np.diff(below, prepend=False) & below)
        return replace(self, months=self.months[kept], share=self.share[kept].clip(min=lowest))


def known_curves(table: pd.DataFrame) -> dict[str, Steps]:
    """Return the rows with a share of each group, in order, from group, months, share and other numbers."""
    codes, groups = pd.factorize(table["group"])
    columns = {name: values.to_numpy(dtype=float) for name, values in table.items() if name != "group"}
    known = ~np.isnan(columns["share"])
    rows = {str(group): np.flatnonzero(known & (codes == code)) for code, group in enumerate(groups)}
    return {group: at_rows(columns, own) for group, own in rows.items() if len(own)}


def at_rows(curve: Steps, rows: Rows | Flags) -> Steps:
    """Return some rows of a curve."""
    return {name: values[rows] for name, values in curve.items()}


def until(curve: Steps, months: float) -> Steps:
    """Return the rows up to a time, and a last one at that time if the curve continues."""
    before = int(curve["months"].searchsorted(months, "right"))
    if before == len(curve["months"]) or curve["months"][before - 1] == months:
        return at_rows(curve, np.arange(before))
    at_end = {"months": months, "at_risk": curve["at_risk"][before], "events": 0, "censored": 0}
    return {name: np.append(values[:before], at_end.get(name, values[before - 1])) for name, values in curve.items()}


def pixels_of(curve: Steps, longest: float, columns: float) -> Integers:
    """Return the pixel column of each row, of so many up to the end of the axis."""
    return (curve["months"] / longest * columns).astype(np.int64)


def first_of_pixel(pixel: Integers) -> Flags:
    """Return whether a row is the first in its pixel column."""
    return np.diff(pixel, prepend=-1) != 0


def last_of_pixel(pixel: Integers) -> Flags:
    """Return whether a row is the last in its pixel column."""
    return np.diff(pixel, append=-1) != 0


def columns_each(groups: int) -> int:
    """Return how many pixel columns each of several curves may have steps in."""
    return min(PIXELS, MOST_STEPS // max(groups, 1))


def shaping(curve: Steps, longest: float, columns: int, few_at_risk: int) -> Steps:
    """Return the rows that shape a curve and its band, in percent: steps, ends and changes of style.

    Column ``few`` says whether fewer are at risk before a row, and ``turn`` whether that changes there.
    """
    few = _shown_next(curve["at_risk"]) < few_at_risk
    # The number at risk of a row holds up to its time, so the style changes at the row before; with late entries
    # it can also increase.
    turn = np.append(few[1:] != few[:-1], False)
    # The events of a step may be hidden; and without events, the band widens at censorings.
    moves = (curve["events"] > 0) | turn
    for name in ("share", "lower", "upper"):
        moves |= np.abs(np.diff(curve[name], prepend=np.nan)) > 0
    moves[[0, -1]] = True
    return _thinned({**curve, "few": few, "turn": turn}, moves, longest, columns)


def _shown_next(at_risk: Floats) -> Floats:
    """Return the numbers at risk; a hidden one is at least the next one shown."""
    places = np.where(np.isnan(at_risk), len(at_risk), np.arange(len(at_risk)))
    return np.append(at_risk, np.nan)[np.minimum.accumulate(places[::-1])[::-1]]


def _thinned(curve: Steps, kept: Flags, longest: float, columns: int) -> Steps:
    """Return, of the rows kept, the first and last in each pixel column, and changes of style; in percent."""
    curve = at_rows(curve, kept)
    pixel = pixels_of(curve, longest, columns)
    drawn = at_rows(curve, first_of_pixel(pixel) | last_of_pixel(pixel) | curve["turn"])
    return {**drawn, **{name: 100 * drawn[name] for name in ("share", "lower", "upper")}}


def stretches(group: str, steps: Steps) -> Iterator[Line]:
    """Return the lines of a curve: a row of `shaping` where the style changes ends one and begins the next."""
    turns = np.flatnonzero(steps["turn"])
    for stretch, (start, stop) in enumerate(zip([0, *turns], [*turns, len(steps["months"]) - 1], strict=True)):
        rows = slice(start, stop + 1)
        part = "few" if steps["few"][stop] else "many"
        yield Line(group, part, stretch, steps["months"][rows], steps["share"][rows])


def lines_behind(tables: Mapping[str, pd.DataFrame], longest: float) -> list[Line]:
    """Return the lines behind the curves, from part to group, months, at_risk, events, censored, share."""
    lines = []
    for part, table in tables.items():
        for group, curve in known_curves(table).items():
            shown = until(curve, longest)
            pixel = pixels_of(shown, longest, PIXELS)
            drawn = at_rows(shown, first_of_pixel(pixel) | last_of_pixel(pixel))
            lines.append(Line(group, part, 0, drawn["months"], 100 * drawn["share"]))
    return lines


def band(steps: Steps) -> Steps:
    """Return the rows with limits; if the next step has none, as at 0, the band extends to it."""
    missing = np.isnan(steps["lower"])
    limits = {name: np.where(missing, np.append(np.nan, steps[name][:-1]), steps[name]) for name in ("lower", "upper")}
    held = {**steps, **limits}
    return at_rows(held, ~np.isnan(held["lower"]) & ~np.isnan(held["upper"]))


def one_table(curves: Mapping[str, Steps], columns: Sequence[str]) -> pd.DataFrame:
    """Return group and these columns of several curves, one after the other."""
    group = [group for group, curve in curves.items() for _ in curve["months"]]
    parts = {name: np.concatenate([np.empty(0), *(curve[name] for curve in curves.values())]) for name in columns}
    return pd.DataFrame({"group": group, **parts})
