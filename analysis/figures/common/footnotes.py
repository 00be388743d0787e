"""The footnote sign for years that fewer than half of the patients could have been followed to."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

MARK = "†"
FOOTNOTE = f"{MARK} Fewer than half of the patients could have been followed so long."


def marked(words: Iterable[str], bars: pd.DataFrame) -> list[str]:
    """Return the words of bars, with the footnote sign after those of years that few could have been followed to."""
    pale = bars["immature"] & bars["share"].notna()
    return [f"{word} {MARK}" if is_pale else word for word, is_pale in zip(words, pale, strict=True)]


def footnote(table: pd.DataFrame) -> str:
    """Return the footnote if the sign is in any cell, else ""; the first column names the row and is ignored."""
    cells = table.iloc[:, 1:].astype(str)
    return FOOTNOTE if any(cells[name].str.endswith(f" {MARK}").any() for name in cells) else ""
