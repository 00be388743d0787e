"""What is noticed while reading: findings, rows left out, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from analysis.cohort.model import CohortError, Finding

SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Place:
    """Where a table comes from: what it holds (``patients``, ``visits``, ``events``) and its file in words."""

    table: str
    label: str


class Report:
    """Findings and rows left out, in the order in which they come up."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.left_out: list[tuple[str, int, str, str]] = []

    def note(self, place: Place, message: str, *, column: str = "", value: str = "") -> None:
        """Record something worth knowing that changes no number."""
        self._add("note", place, message, None, column, value)

    def doubt(self, place: Place, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Record something that is used but should be looked at."""
        self._add("doubtful", place, message, row, column, value)

    def leave_out(
        self, place: Place, row: int, patient_id: str, message: str, *, column: str = "", value: str = ""
    ) -> None:
        """Record a row that is not used, and why."""
        finding = self._add("left out", place, message, row, column, value)
        self.left_out.append((place.table, row, patient_id, finding.message))

    def refuse(
        self,
        place: Place,
        message: str,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
        question: str = "",
    ) -> None:
        """Record that the file cannot be used; `stop_if_refused` ends the reading."""
        self._add("refused", place, message, row, column, value, question)

    def stop_if_refused(self) -> None:
        """Raise a CohortError with the refusals, if there are any."""
        refusals = [finding for finding in self.findings if finding.kind == "refused"]
        if refusals:
            raise CohortError(refusals)

    def _add(
        self, kind: str, place: Place, message: str, row: int | None, column: str, value: str, question: str = ""
    ) -> Finding:
        where = [place.label]
        where += [f"row {row}"] if row is not None else []
        # A question about which column to take names one that the file may not have.
        where += [f"column {shown(column)}"] if column and question != "column" else []
        finding = Finding(kind, place.table, row, column, value, f"{', '.join(where)}: {message}", question)
        self.findings.append(finding)
        return finding


def refuse_file(file: str, message: str, question: str = "", row: int | None = None) -> NoReturn:
    """Raise a CohortError about a file as a whole."""
    report = Report()
    report.refuse(Place(file, file), message, row=row, question=question)
    raise CohortError(report.findings)


def shown(value: str) -> str:
    """Return a text from a file on one line and not too long for a message."""
    flat = " ".join(value.split())
    return flat if len(flat) <= SHOWN_CHARACTERS else flat[: SHOWN_CHARACTERS - 1] + "…"


def counted(number: int, noun: str) -> str:
    """Return "1 row", "2 rows"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
