"""Values that are plausible only in another unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.canonical_column import Column

FEWEST = 3  # values that are needed to judge a column
HALF = 0.5
NEARLY_ALL = 0.9


def looks_like_unit(values: pd.Series, column: Column, unit: str | None) -> str:
    """Return the unit in which the values of a column would be plausible, if they are not in their own; else "".

    At most half of the values are in the plausible range, and at least 90% would be in the other unit.

    Parameters
    ----------
    values
        In the column's unit.
    column
        The column.
    unit
        The unit that they were converted from; None for the column's own.
    """
    if not column.units or not pd.api.types.is_numeric_dtype(values):
        return ""
    held = values.dropna().to_numpy(dtype=float)
    read_in = unit or column.unit
    factors = {column.unit: 1.0, **column.units}
    if len(held) < FEWEST or _inside(held, column) > HALF:
        return ""
    as_written = held / factors[read_in]
    fitting = {
        name: _inside(as_written * factor, column)
        for name, factor in factors.items()
        if name != read_in and _inside(as_written * factor, column) >= NEARLY_ALL
    }

    def likelihood(name: str) -> tuple[float, bool, float]:
        # Weeks are rare; of several other units, the one with the closest factor is the likeliest.
        return fitting[name], name != "weeks", -abs(np.log(factors[name] / factors[read_in]))

    return max(fitting, key=likelihood) if fitting else ""


def unit_jumps(ids: pd.Series, values: pd.Series, column: Column) -> pd.Series:
    """Return whether each value differs from the patient's median by about the factor between two units.

    Parameters
    ----------
    ids
        Patient id of each row, a categorical.
    values
        In the column's unit.
    column
        The column.

    Returns
    -------
    Series
        Booleans, indexed like `values`.
    """
    far = pd.Series(False, index=values.index)
    factors = [factor for factor in column.units.values() if factor != 1.0]
    if not factors or column.unit in ("months", "years") or column.beyond == "asked":
        return far
    if not _spreads(values, factors):
        return far
    positive = values.where(values > 0)
    codes = ids.cat.codes.to_numpy()
    middle = positive.groupby(codes).transform("median")
    enough = positive.groupby(codes).transform("count") >= FEWEST
    ratio = (positive / middle).where(enough)
    for factor in {*factors, *(1 / factor for factor in factors)}:
        far |= (ratio > factor * NEAR[0]) & (ratio < factor * NEAR[1])
    return far


NEAR = (0.7, 1.4)


def _spreads(values: pd.Series, factors: list[float]) -> bool:
    """Return whether the range of the values is wide enough for two units; a fast check that most columns fail."""
    held = values.to_numpy(dtype=float, na_value=np.nan)
    held = held[held > 0]
    if not len(held):
        return False
    smallest = min(max(factor, 1 / factor) for factor in factors) * NEAR[0]
    middle = np.median(held)
    return bool(held.max() > middle * smallest or held.min() < middle / smallest)


def _inside(values: np.ndarray, column: Column) -> float:
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    return float(np.mean((values >= low) & (values <= high))) if len(values) else 1.0
