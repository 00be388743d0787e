"""Findings about a file, and the error raised if the file cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing noticed while reading a file.

    Attributes
    ----------
    kind
        ``refused`` (the file cannot be used), ``left out`` (the row is not used),
        ``doubtful`` (used, but should be checked) or ``note``.
    table, row, column, value
        Where it is: the table, the row number in the user's file (None for a whole column or table), the column and
        the value.
    message
        What is wrong and what to do, in one or two sentences.
    question
        The kind of question to answer before the file can be used, or "".
    choices
        Possible answers, each with the number of rows that it concerns.
    """

    kind: str
    table: str
    row: int | None
    column: str
    value: str
    message: str
    question: str = ""
    choices: tuple[tuple[str, int], ...] = ()


class CohortError(ValueError):
    """A file cannot be used; ``findings`` is the list of reasons."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(finding.message for finding in self.findings))
