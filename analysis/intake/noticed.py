"""What is noticed while reading: findings, rows left out, and their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.wording import count_words

SHOWN_CHARACTERS = 60
LABEL_CHARACTERS = 200  # of a file, or of several files and sheets
MOST_ALIKE = 1000  # A thousand rows with the same thing wrong are a thing wrong with the column.
LOOKED_AT = 10  # times as many characters as are shown
UNSEEN = "\ufffd"
Choices = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Place:
    """Where a table comes from: what it holds (``patients``, ``visits``, ``events``) and its file in words."""

    table: str
    label: str


@dataclass(frozen=True)
class LeftOut:
    """A row that is not used.

    Attributes
    ----------
    table, row, patient_id, column, value
        Where it stands, and the value to blame.
    message
        The finding.
    why
        The reason, the same words for all rows with the same thing wrong.
    expected
        Whether nothing is lost by it (the row repeats another one), or it was asked for (a cutoff date).
    """

    table: str
    row: int
    patient_id: str
    column: str
    value: str
    message: str
    why: str
    expected: bool


@dataclass(frozen=True)
class Unread:
    """The cells of a column that hold something that cannot be read.

    Attributes
    ----------
    table, name, column
        The table, the canonical column and what the file calls it.
    texts
        The text of each such cell.
    rows
        The rows they stand in.
    """

    table: str
    name: str
    column: str
    texts: tuple[str, ...]
    rows: tuple[int, ...]


class Report:
    """Findings, rows left out and cells that cannot be read, in the order in which they come up.

    Of findings of one kind in one column the first thousand are kept, and the others counted; rows left out are all
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
        """What was found; at the end, how many findings more there are of each kind and column."""
        more = []
        for (kind, table, column), count in self._alike.items():
            if count > MOST_ALIKE:
                where = self._labels[kind, table, column] + (f", column {shown(column)}" if column else "")
                rest = count_words(count - MOST_ALIKE, "more row")
                message = f"{where}: there are {rest} with findings of this kind; the first {MOST_ALIKE} are listed."
                more.append(Finding(kind, table, None, column, "", message))
        return [*self._findings, *more]

    def note(self, place: Place, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Record something worth knowing that changes no number."""
        self._add("note", place, message, row, column, value)

    def doubt(self, place: Place, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Record something that is used but should be looked at."""
        self._add("doubtful", place, message, row, column, value)

    def doubt_rows(
        self, place: Place, rows: Sequence[int], value: Callable[[int], str], message: Callable[[int], str], column: str
    ) -> None:
        """Record rows that are used but should be looked at; words are only made for those that are listed."""
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
        self.left_out.append(LeftOut(place.table, row, patient_id, column, value, finding.message, why, expected))

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
        """Record that the file cannot be used; `stop_if_refused` ends the reading."""
        self._add("refused", place, message, row, column, value, question, choices)

    def stop_if_refused(self) -> None:
        """Raise a CohortError with the refusals, if there are any."""
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
        where = [place.label]
        where += [f"row {row}"] if row is not None else []
        # A question about which column to take names one that the file may not have.
        where += [f"column {shown(column)}"] if column and question != "column" else []
        words = f"{', '.join(where)}: {message}"
        finding = Finding(kind, place.table, row, column, value, words, question, tuple(choices))
        self._alike[kind, place.table, column] += 1
        self._labels[kind, place.table, column] = place.label
        if self._alike[kind, place.table, column] <= MOST_ALIKE:
            self._findings.append(finding)
        return finding


def refuse_file(file: str, message: str, question: str = "", row: int | None = None, choices: Choices = ()) -> NoReturn:
    """Raise a CohortError about a file as a whole."""
    report = Report()
    label = shown(file, LABEL_CHARACTERS)
    report.refuse(Place(label, label), message, row=row, question=question, choices=choices)
    raise CohortError(report.findings)


def shown(value: str, most: int = SHOWN_CHARACTERS) -> str:
    """Return a text from a file on one line and not too long for a message; what cannot be seen is shown as a mark."""
    looked_at = value[: LOOKED_AT * most]  # a cell can hold megabytes, and stand in many messages
    flat = " ".join(looked_at.split())
    flat = flat if len(flat) <= most and len(value) == len(looked_at) else flat[: most - 1] + "…"
    return flat if flat.isprintable() else "".join(sign if sign.isprintable() else UNSEEN for sign in flat)
