"""What all results of estimates have in common, and how they print."""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST_ROWS = 20  # of a printed table; a longer one is shown by its first and last rows
NOT_THERE = "–"


class Result:
    """A result of an estimate; it prints as its question, its method and its first table.

    Attributes
    ----------
    question
        What it answers.
    method
        How, in a sentence.
    left_out
        reason, patients: how many are in no number.

    Examples
    --------
    >>> from analysis import follow_up, load_sample
    >>> found = follow_up(load_sample())
    >>> found
    <FollowUp: How long were patients followed?>
    >>> print(found)
    How long were patients followed?
    Median follow-up by the reverse Kaplan-Meier method, months from transplantation, 95 % log interval, 87 patients.
    <BLANKLINE>
    .table
    group  patients  median  lower  upper  minimum  maximum  mean
      All        87    25.8   22.5   30.5      4.6     48.7    27
    <BLANKLINE>
    Also .alive, .left_out
    """

    question: str
    method: str
    left_out: pd.DataFrame

    def __str__(self) -> str:
        first, *others = self.tables()
        table: pd.DataFrame = getattr(self, first)
        cut = f" ({len(table)} rows)" if len(table) > MOST_ROWS else ""
        also = ", ".join(f".{name}" for name in others)
        return f"{self.question}\n{self.method}\n\n.{first}{cut}\n{_words(table)}\n\nAlso {also}"

    def __repr__(self) -> str:
        """Return class and question; the tables would fill the screen."""
        return f"<{type(self).__name__}: {self.question}>"

    def tables(self) -> list[str]:
        """Return the names of the tables, the main one first and who is left out last."""
        names = [name for name, held in vars(self).items() if isinstance(held, pd.DataFrame)]
        return sorted(names, key=lambda name: name == "left_out")


def _words(table: pd.DataFrame) -> str:
    if table.empty:
        return "(no rows)"
    missing_as_nan = table.where(table.notna(), np.nan)  # None would be printed
    return missing_as_nan.to_string(index=False, max_rows=MOST_ROWS, na_rep=NOT_THERE, float_format="{:.5g}".format)
