"""A sign in a table for a year that few could have been followed to, and what it means."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

MARK = "†"
FOOTNOTE = f"{MARK} Fewer than half of the patients could have been followed so long."


def marked(words: Iterable[str], bars: pd.DataFrame) -> list[str]:
    """Return the words of bars, with the sign behind those that are drawn pale."""
    pale = bars["immature"] & bars["share"].notna()
    return [f"{word} {MARK}" if is_pale else word for word, is_pale in zip(words, pale, strict=True)]


def footnote(table: pd.DataFrame) -> str:
    """Return what the sign in a table means; "" where it is in no cell. The first column names the row."""
    cells = table.iloc[:, 1:].astype(str)
    return FOOTNOTE if any(cells[name].str.endswith(f" {MARK}").any() for name in cells) else ""
