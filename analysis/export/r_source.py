"""Texts, comments and tables as R source."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

ROWS_AT_ONCE = 100  # of a table, in one expression


def one_line(text: str) -> str:
    """Return a text for a comment, with a space for line ends and unprintable characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def r_text(text: str) -> str:
    """Return a text as an R string in ASCII; null characters, which R strings cannot contain, are removed."""
    return f'"{"".join(map(_r_letter, text.replace(chr(0), "")))}"'


def _r_letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if " " <= letter <= "~" else f"\\U{ord(letter):08x}"


def r_texts(texts: Sequence[str]) -> str:
    """Return texts as an R character vector."""
    return f"c({', '.join(map(r_text, texts))})" if len(texts) else "character(0)"


def r_value(value: float | str | Sequence[float] | Sequence[str]) -> str:
    """Return a number, a text, or several of them, as R source."""
    if isinstance(value, str):
        return r_text(value)
    if isinstance(value, Sequence):
        texts = [each for each in value if isinstance(each, str)]
        numbers = [each for each in value if not isinstance(each, str)]
        return r_texts(texts) if texts or not numbers else f"c({', '.join(map(_r_number, numbers))})"
    return _r_number(value)


def r_table(name: str, table: pd.DataFrame) -> str:
    """Return R source for a table of numbers, one line per row, with groups by number from 1.

    Rscript parses an expression again from its start at each line, so that long expressions would take minutes.
    """
    numbers = table.assign(group=table["group"].cat.codes + 1)
    width = len(numbers.columns)
    rows = [", ".join(map(_r_number, row)) for row in numbers.itertuples(index=False)]
    blocks = [",\n".join(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE)]
    return "\n".join(
        [
            f"{name} <- matrix(numeric(0), ncol = {width}, dimnames = list(NULL,",
            f"  {r_texts(numbers.columns)}))",
            *(f"{name} <- rbind({name}, matrix(ncol = {width}, byrow = TRUE, c(\n{block}\n)))" for block in blocks),
            f"{name} <- as.data.frame({name})",
        ]
    )


def _r_number(value: float) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if math.isnan(value):
        return "NA"
    return "Inf" if math.isinf(value) else f"{value:.10g}"
