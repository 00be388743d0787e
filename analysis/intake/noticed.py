"""The report of reading a file: findings, rows left out and unreadable cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.wording import count_words
from analysis.intake.origin import Origin

SHOWN_CHARACTERS = 60
LABEL_CHARACTERS = 200  # of a file, or of several files and sheets
MOST_ALIKE = 1000  # findings of one kind and column that are listed; the others are counted
LOOKED_AT = 10  # a text is cut to this multiple of the shown characters before it is tidied
UNSEEN = "\ufffd"
Choices = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Place:
    """The location of a finding: the table (``patients``, ``visits``, ``events``), and its file and sheet in words.

    A table that was combined from columns or sheets has an `origin`, which turns its rows into those of the file.
    """

    table: str
    label: str
    origin: Origin | None = field(default=None, compare=False)

    def row_in_file(self, row: int) -> int:
        """Return the row number in the user's file."""
        return row if self.origin is None else self.origin.locate(row)[1]


@dataclass(frozen=True)
class LeftOut:
    """A row that is not used.

    Attributes
    ----------
    table, row, patient_id, column, value
        Where it is, and the value that is the cause. The row is that of the table as it is read.
    row_in_file
        The row number in the user's file.
    message
        The message of the finding.
    why
        The reason, in the same words for all rows with the same problem.
    expected
        Whether no information is lost (a repeated row), or the user asked for it (a cutoff date).
    """

    table: str
    row: int
    row_in_file: int
    patient_id: str
    column: str
    value: str
    message: str
    why: str
    expected: bool


@dataclass(frozen=True)
class Unread:
    """The unreadable cells of a column.

    Attributes
    ----------
    table, name, column
        The table, the canonical column, and its name in the file.
    texts
        The text of each cell.
    rows
        The row number of each cell.
    """

    table: str
    name: str
    column: str
    texts: tuple[str, ...]
    rows: tuple[int, ...]


class Report:
    """Findings, rows left out and unreadable cells, in the order in which they are reported.

    The first thousand findings of each kind and column are kept, and the others are counted; rows left out are all
    kept.
    """

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._alike: Counter[tuple[str, str, str]] = Counter()
        self._labels: dict[tuple[str, str, str], str] = {}
        self.left_out: list[LeftOut] = []
        self.unread: list[Unread] = []

    @property
    def findings(self) -> list[Finding]:
        """The findings, followed by one for each kind and column with further findings that are not listed."""
        more = []
        for (kind, table, column), count in self._alike.items():
            if count > MOST_ALIKE:
                where = self._labels[kind, table, column] + (f", column {shown(column)}" if column else "")
                rest = count_words(count - MOST_ALIKE, "more row")
                message = f"{where}: there are {rest} with findings of this kind; the first {MOST_ALIKE:,} are listed."
                more.append(Finding(kind, table, None, column, "", message))
        return [*self._findings, *more]

    def note(self, place: Place, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Record a note: something to know that changes no estimate."""
        self._add("note", place, message, row, column, value)

    def doubt(self, place: Place, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Record something that is used but should be checked."""
        self._add("doubtful", place, message, row, column, value)

    def doubt_rows(
        self, place: Place, rows: Sequence[int], value: Callable[[int], str], message: Callable[[int], str], column: str
    ) -> None:
        """Record rows that are used but should be checked; messages are made only for those that are listed."""
        room = max(MOST_ALIKE - self._alike["doubtful", place.table, column], 0)
        for row in rows[:room]:
            self.doubt(place, message(row), row=row, column=column, value=value(row))
        if len(rows) > room:
            self._alike["doubtful", place.table, column] += len(rows) - room
            self._labels["doubtful", place.table, column] = place.label

    def leave_out(
        self,
        place: Place,
        row: int,
        patient_id: str,
        message: str,
        *,
        column: str = "",
        value: str = "",
        why: str = "",
        expected: bool = False,
    ) -> None:
        """Record a row that is not used, and why; see `LeftOut`."""
        finding = self._add("left out", place, message, row, column, value)
        why = why or message.removeprefix(f'"{shown(value)}" ').partition(". ")[0]
        where = place.table, row, place.row_in_file(row)
        self.left_out.append(LeftOut(*where, patient_id, column, value, finding.message, why, expected))

    def refuse(
        self,
        place: Place,
        message: str,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
        question: str = "",
        choices: Choices = (),
    ) -> None:
        """Record a reason or question for which the file cannot be used; `stop_if_refused` raises it."""
        self._add("refused", place, message, row, column, value, question, choices)

    def stop_if_refused(self) -> None:
        """Raise a `CohortError` with the refusals, if there are any."""
        refusals = [finding for finding in self.findings if finding.kind == "refused"]
        if refusals:
            raise CohortError(refusals)

    def _add(
        self,
        kind: str,
        place: Place,
        message: str,
        row: int | None,
        column: str,
        value: str,
        question: str = "",
        choices: Choices = (),
    ) -> Finding:
        label, heading = place.label, column
        if row is not None and place.origin is not None:
            part, row, heading = place.origin.locate(row, column)
            label = part or label
        where = [label]
        where += [f"row {row}"] if row is not None else []
        # A question about which column to take names one that the file may not have.
        where += [f"column {shown(heading)}"] if column and question != "column" else []
        words = f"{', '.join(where)}: {message}"
        finding = Finding(kind, place.table, row, heading, value, words, question, tuple(choices))
        self._alike[kind, place.table, column] += 1
        self._labels[kind, place.table, column] = place.label
        if self._alike[kind, place.table, column] <= MOST_ALIKE:
            self._findings.append(finding)
        return finding


def refuse_file(file: str, message: str, question: str = "", row: int | None = None, choices: Choices = ()) -> NoReturn:
    """Raise a `CohortError` about a file as a whole."""
    report = Report()
    label = shown(file, LABEL_CHARACTERS)
    report.refuse(Place(label, label), message, row=row, question=question, choices=choices)
    raise CohortError(report.findings)


def shown(value: str, most: int = SHOWN_CHARACTERS) -> str:
    """Return a text from a file for a message: on one line, shortened, with a mark for unprintable characters."""
    looked_at = value[: LOOKED_AT * most]  # a cell can have megabytes, and be in many messages
    flat = " ".join(looked_at.split())
    flat = flat if len(flat) <= most and len(value) == len(looked_at) else flat[: most - 1] + "…"
    return flat if flat.isprintable() else "".join(sign if sign.isprintable() else UNSEEN for sign in flat)
