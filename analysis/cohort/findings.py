"""What is noticed while reading a file, and the error where the file cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing noticed while reading a file.

    Attributes
    ----------
    kind
        ``refused`` (the file cannot be used), ``left out`` (this row is not used),
        ``doubtful`` (used, look at it) or ``note``.
    table, row, column, value
        Where it is: the table's name, the row as numbered in the user's own file, the column, the value.
    message
        What is wrong and what to do, in one or two sentences.
    question
        What must be answered before the file can be used, or "".
    choices
        Answers to choose from, and in how many rows each is found.
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
    """A file that cannot be used; ``findings`` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(finding.message for finding in self.findings))
