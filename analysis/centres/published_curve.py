"""A survival curve of a paper: points read off it and the numbers at risk below it, as a user gives them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from analysis.centres.published_list import FORMULA, LONGEST_NAME, MOST_BYTES, PublishedError
from analysis.cohort.names import one_line
from analysis.estimates.survival.reconstructed import Reconstructed, reconstruct

MOST_POINTS, MOST_PATIENTS = 500, 2_000  # a curve in print has fewer; more would take minutes
POINTS = ("months", "survival")
AT_RISK = ("months", "at_risk")
NUMBER = re.compile(r"-?\d+([.,]\d+)?([eE]-?\d+)?")
TYPED = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[:=]\s*(\d+)\s*")
_ROW = re.compile(r"^(At risk, row|Row) (\d+)")


@dataclass(frozen=True)
class PublishedCurve:
    """A published curve of overall survival that was read off its paper.

    Attributes
    ----------
    name
        The short name of the paper, such as "Wang 2013".
    months, survival
        The points; shares of 1.
    risk_months, at_risk
        The numbers at risk printed below the curve.
    events
        The total number of deaths; None if it is not told.

    Examples
    --------
    >>> curve = PublishedCurve("Own reading 2020", (2.0, 4.0, 6.0), (0.9, 0.675, 0.45), (0.0, 5.0), (10, 6), 5)
    >>> curve.label, curve.reconstructed.counts.number_of_events
    ('reconstructed (Own reading 2020)', 5)
    """

    name: str
    months: tuple[float, ...]
    survival: tuple[float, ...]
    risk_months: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: int | None = None

    @property
    def label(self) -> str:
        """Its name in a figure."""
        return f"reconstructed ({self.name})"

    @property
    def reconstructed(self) -> Reconstructed:
        """The counts behind it."""
        return _reconstructed(self)


@lru_cache(maxsize=32)
def _reconstructed(curve: PublishedCurve) -> Reconstructed:
    return reconstruct(curve.months, curve.survival, curve.risk_months, curve.at_risk, events=curve.events)


def read_curve(name: str, points: bytes, at_risk: bytes | str, events: str = "") -> PublishedCurve:
    r"""Return the curve that a user read off a paper.

    Parameters
    ----------
    name
        The short name of the paper.
    points
        A CSV file of months and survival (shares of 1), or survival_percent; without headings in this order.
    at_risk
        The numbers at risk: a CSV file of months and at_risk, or typed as "0: 40, 12: 31".
    events
        The total number of deaths, as typed; "" if it is not told.

    Raises
    ------
    PublishedError
        If something cannot be what it should, with its row as numbered in the file and its column.

    Examples
    --------
    >>> read_curve("A 2020", b"months,survival\n2,0.9\n6,0.45\n", "0: 10, 5: 6").survival
    (0.9, 0.45)
    >>> read_curve("A 2020", b"months,survival\n2,0.9\n6,-0.1\n", "0: 10, 5: 6")
    Traceback (most recent call last):
    ...
    analysis.centres.published_list.PublishedError: Points, row 3, column survival: -0.1 is no share from 0 to 1.
    """
    named = _checked_name(name)
    rows, months, survival = _points(points)
    risk_rows, risk_months, numbers = _typed(at_risk) if isinstance(at_risk, str) else _risk_file(at_risk)
    total = _total(events)
    if len(months) > MOST_POINTS:
        raise PublishedError(f"Points: {len(months):,}; up to {MOST_POINTS} are used. Read fewer off the curve.")
    if numbers and numbers[0] > MOST_PATIENTS:
        raise PublishedError(f"At risk: {numbers[0]:,} patients; curves of up to {MOST_PATIENTS:,} are reconstructed.")
    curve = PublishedCurve(named, months, survival, risk_months, numbers, total)
    try:
        curve.reconstructed  # noqa: B018 -- asked for its refusal
    except ValueError as reason:
        raise PublishedError(_in_file(str(reason), rows, risk_rows)) from None
    return curve


def saved_curve(curve: PublishedCurve) -> dict[str, Any]:
    """Return a curve as plain values, for a session file."""
    return asdict(curve)


def restored_curve(held: object) -> PublishedCurve:
    """Return the curve of a session file.

    Raises
    ------
    PublishedError
        If it is none.

    Examples
    --------
    >>> curve = PublishedCurve("A 2020", (2.0, 6.0), (0.9, 0.5), (0.0,), (10,))
    >>> restored_curve(saved_curve(curve)) == curve
    True
    """
    if not isinstance(held, dict) or set(held) != {each.name for each in fields(PublishedCurve)}:
        raise PublishedError("This is no curve.")
    try:
        points, at_risk = _as_csv(held["months"], held["survival"]), _as_csv(held["risk_months"], held["at_risk"])
        events = "" if held["events"] is None else str(held["events"])
    except (TypeError, ValueError):
        raise PublishedError("This is no curve.") from None
    return read_curve(str(held["name"]), points, at_risk, events)


def _as_csv(months: Sequence[float], numbers: Sequence[float]) -> bytes:
    return "\n".join(f"{month},{number}" for month, number in zip(months, numbers, strict=True)).encode()


def _checked_name(name: str) -> str:
    named = one_line(name)
    if not named:
        raise PublishedError("Name: the paper needs a short name, such as Wang 2013.")
    if len(named) > LONGEST_NAME:
        raise PublishedError(f"Name: it has more than {LONGEST_NAME} characters.")
    if named.startswith(FORMULA):
        raise PublishedError(f"Name: “{named}” would be a formula in a spreadsheet.")
    return named


def _points(data: bytes) -> tuple[list[int], tuple[float, ...], tuple[float, ...]]:
    """Return the rows in the file, months and shares of the points."""
    heads, table = _table(data, "Points", POINTS, ("survival_percent",))
    percent = heads[1] == "survival_percent"
    shares = []
    for row, _, share in table:
        told = share / 100 if percent else share
        if not 0 <= told <= 1:
            hint = "" if percent or share < 0 else " Name the column survival_percent if it is in percent."
            of = "percentage from 0 to 100" if percent else "share from 0 to 1"
            raise PublishedError(f"Points, row {row}, column {heads[1]}: {share:g} is no {of}.{hint}")
        shares.append(told)
    return [row for row, *_ in table], tuple(month for _, month, _ in table), tuple(shares)


def _risk_file(data: bytes) -> tuple[list[int], tuple[float, ...], tuple[int, ...]]:
    _, table = _table(data, "At risk", AT_RISK)
    for row, _, number in table:
        if number != int(number) or number < 0:
            raise PublishedError(f"At risk, row {row}, column at_risk: {number:g} is no whole number of patients.")
    months, numbers = tuple(month for _, month, _ in table), tuple(int(number) for *_, number in table)
    return [row for row, *_ in table], months, numbers


def _typed(text: str) -> tuple[list[int], tuple[float, ...], tuple[int, ...]]:
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    if not parts:
        raise PublishedError("At risk: type them as month: number, such as 0: 40, 12: 31, or give a CSV file.")
    found = []
    for place, part in enumerate(parts, start=1):
        told = TYPED.fullmatch(part)
        if told is None:
            raise PublishedError(
                f"At risk, entry {place}: “{one_line(part)[:LONGEST_NAME]}” is not month: number, such as 12: 31."
            )
        found.append((float(told[1]), int(told[2])))
    months, numbers = zip(*found, strict=True)
    return list(range(1, len(found) + 1)), months, numbers


def _total(text: str) -> int | None:
    if not text.strip():
        return None
    if not re.fullmatch(r"\d{1,6}", text.strip()):
        told = one_line(text)[:LONGEST_NAME]
        raise PublishedError(f"Total deaths: “{told}” is no whole number. Leave it empty if it is not told.")
    return int(text)


def _table(
    data: bytes, what: str, columns: tuple[str, str], instead: tuple[str, ...] = ()
) -> tuple[tuple[str, str], list[tuple[int, float, float]]]:
    """Return the headings, and of each row its number in the file and two numbers."""
    if len(data) > MOST_BYTES:
        raise PublishedError(f"{what}: the file is larger than {MOST_BYTES // 1000} kB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PublishedError(f"{what}: the file is no CSV in UTF-8. Save it as “CSV UTF-8”.") from None
    first = text.split("\n", 1)[0]
    mark = next((mark for mark in (";", "\t") if mark in first), ",")
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        every = [[cell.strip() for cell in cells] for cells in read]
    except csv.Error:
        raise PublishedError(f"{what}: the file is no CSV; a quotation mark in it is not closed.") from None
    rows = [(number, cells) for number, cells in enumerate(every, start=1) if any(cells)]
    heads, places = columns, (0, 1)
    if rows and not any(NUMBER.fullmatch(cell) for cell in rows[0][1]):
        named = [cell.casefold() for cell in rows[0][1]]
        second = next((name for name in (columns[1], *instead) if name in named), "")
        if columns[0] not in named or not second:
            here = one_line(", ".join(rows[0][1]))[:120]
            raise PublishedError(f"{what}: the columns are {' and '.join(columns)}; here they are {here}.")
        heads, places, rows = (columns[0], second), (named.index(columns[0]), named.index(second)), rows[1:]
    if not rows:
        raise PublishedError(f"{what}: the file has no row of numbers.")
    return heads, [(number, *_numbers(what, number, cells, heads, places)) for number, cells in rows]


def _numbers(
    what: str, row: int, cells: list[str], heads: tuple[str, str], places: tuple[int, int]
) -> tuple[float, float]:
    found = []
    for head, place in zip(heads, places, strict=True):
        cell = cells[place] if place < len(cells) else ""
        if not NUMBER.fullmatch(cell):
            told = f"“{one_line(cell)[:LONGEST_NAME]}” is no number" if cell else "is empty"
            raise PublishedError(f"{what}, row {row}, column {head}: {told}.")
        found.append(float(cell.replace(",", ".")))
    return found[0], found[1]


def _in_file(reason: str, rows: list[int], risk_rows: list[int]) -> str:
    """Return why a curve cannot be reconstructed, with the row as numbered in the file."""
    found = _ROW.match(reason)
    if found is None:
        return reason
    of_risk = found[1] != "Row"
    number = (risk_rows if of_risk else rows)[int(found[2]) - 1]
    return f"{'At risk' if of_risk else 'Points'}, row {number}{reason[found.end() :]}"
