"""The check that a script finds the same numbers as the screen."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from analysis.listings.lanes import Lanes

MOST_ROWS = 120  # evenly spaced, that a script compares
CLOSE = 1e-9  # relative tolerance


def main_numbers(result: Any) -> pd.DataFrame:
    """Return the numbers that identify a result: evenly spaced rows of a long table, never those of single patients."""
    if isinstance(result, pd.DataFrame):
        return result.groupby("group", observed=False).size().rename("rows").reset_index()
    if isinstance(result, Lanes):
        return pd.DataFrame({"patients": [len(result.patients)], "stays": [len(result.stays)]})
    found = next(
        getattr(result, name) for name in ("curve", "bars", "summary", "reasons", "table") if hasattr(result, name)
    )
    table: pd.DataFrame = found[[name for name in found if name != "patient_id"]].reset_index(drop=True)
    step = -(-len(table) // MOST_ROWS) or 1
    return table.iloc[::step].reset_index(drop=True)


def numbers_text(table: pd.DataFrame) -> str:
    """Return numbers as text that reads back exactly."""
    return table.to_csv(index=False, float_format=lambda value: repr(float(value)), lineterminator="\n")


def as_on_screen(result: Any, screen: str) -> int:
    """Compare the main numbers of a result with those on the screen; return how many numbers that were.

    Parameters
    ----------
    result
        An estimate.
    screen
        Its `main_numbers` as `numbers_text`.

    Raises
    ------
    AssertionError
        If numbers differ; the message names the first.
    """
    found = pd.read_csv(io.StringIO(numbers_text(main_numbers(result))), dtype=object, keep_default_na=False)
    shown = pd.read_csv(io.StringIO(screen), dtype=object, keep_default_na=False)
    if list(found) != list(shown) or len(found) != len(shown):
        raise AssertionError(
            f"On screen were {shown.shape[0]} rows of {list(shown)}, here {found.shape[0]} of {list(found)}."
        )
    for name in shown:
        for row, (now, then) in enumerate(zip(found[name], shown[name], strict=True), start=1):
            if not _same(now, then):
                raise AssertionError(f"Row {row}, {name}: {then or 'nothing'} on screen, {now or 'nothing'} here.")
    return int(shown.map(_is_number).to_numpy().sum())


def _same(now: str, then: str) -> bool:
    if now == then:
        return True
    try:
        return abs(float(now) - float(then)) <= CLOSE * abs(float(then))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
