"""What only the XML of a worksheet tells: its extent, errors, and formulas without a value.

calamine gives an error such as #N/A as an empty cell, rounds whole numbers to 15 digits, and takes memory for the whole
rectangle of a sheet. So its XML is scanned before, in pieces and with arrays, which takes a fraction of the time of
reading it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Rows

MOST_LEFT = 1_000_000  # bytes that are kept for the next piece
MOST_LETTERS, MOST_DIGITS = 3, 7  # of a cell's address; longer ones are beyond every limit
BEYOND = 10**9
EXACT_DIGITS = 16  # from so many on, a floating-point number can differ from what is written
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ROOT = re.compile(rb"<(?:([\w.-]+):)?worksheet\b")
PLACE = re.compile(rb"""^<[^>]*?\sr\s*=\s*["']([A-Za-z]*)(\d+)["']""")
ERROR = re.compile(rb"""t=["']e["']""")
TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")
VALUE = re.compile(rb">([^<]*)$")
ENDS_NAME = np.isin(np.arange(256), [*b" />\t\r\n"])
WHOLE = re.compile(rb"-?\d+")

Cell = tuple[int, int]  # row and column, from 0


@dataclass
class SheetPart:
    """What the XML of a sheet tells.

    Attributes
    ----------
    rows, columns
        The last row and column that hold a value, from 1.
    filled
        The number of cells up to the last value of each row.
    errors
        The text of cells with an error, such as ``#N/A``.
    unvalued
        The cells with a formula whose value is not stored.
    exact
        The text of whole numbers with more digits than a floating-point number keeps.
    negative
        The rows and columns of cells with a negative number, which is no date.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    errors: dict[Cell, str] = field(default_factory=dict)
    unvalued: list[Cell] = field(default_factory=list)
    exact: dict[Cell, str] = field(default_factory=dict)
    negative: list[tuple[Rows, Rows]] = field(default_factory=list)


def sheet_members(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the name of each sheet, in the order of the workbook, and the member that holds it; "" if none does."""
    names = {name.casefold(): name for name in archive.namelist()}
    targets = {
        each.get("Id"): _member(each.get("Target", ""))
        for each in ElementTree.fromstring(archive.read(RELATIONS))  # noqa: S314 -- without document types: `unpacking`
    }
    book = ElementTree.fromstring(archive.read(WORKBOOK))  # noqa: S314 -- the same
    sheets = [each for each in book.iter() if each.tag.rpartition("}")[2] == "sheet"]
    found = [next((value for name, value in each.items() if name.endswith("}id")), None) for each in sheets]
    members = [names.get(targets.get(identity, "").casefold(), "") for identity in found]
    return [(each.get("name", ""), member) for each, member in zip(sheets, members, strict=True)]


def _member(target: str) -> str:
    path = PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath("xl") / target
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


class SheetReader:
    """Reads the XML of a sheet as it is unpacked."""

    def __init__(self) -> None:
        self._found = SheetPart()
        self._before = (-1, 0)  # row and column of the next cell, if it has no address
        self._left, self._prefix, self._begun = b"", b"", False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        text = self._left + chunk
        if not self._begun:
            root = ROOT.search(text)
            self._prefix, self._begun = root[1] + b":" if root and root[1] else b"", True
        # The last cell, which may go on in the next piece, is kept for that.
        cut = text.rfind(b"<" + self._prefix + b"c ")
        cut = cut if cut >= 0 and len(text) - cut < MOST_LEFT else text.rfind(b"<")
        self._left = text[max(cut, 0) :]
        if cut > 0:
            self._look(text[:cut])

    def end(self) -> SheetPart:
        """Return what was found."""
        self._look(self._left)
        self._left = b""
        return self._found

    def _look(self, text: bytes) -> None:
        signs = np.frombuffer(text or b" ", dtype=np.uint8)
        starts = np.append(np.flatnonzero(signs == ord("<")), len(text))
        self._before = _look(_Piece(text, signs, starts, self._prefix), self._found, self._before)


@dataclass
class _Piece:
    """A piece of XML; `starts` are the places where its elements begin, and where the next piece does."""

    text: bytes
    signs: NDArray[np.uint8]
    starts: Rows
    prefix: bytes  # "x:" in <x:c>

    def __post_init__(self) -> None:
        self.initials = self.at(self.starts[:-1] + 1 + len(self.prefix))

    def named(self, name: bytes) -> Rows:
        """Return which elements have a name."""
        found = np.flatnonzero(self.initials == name[0])
        begins = self.starts[found] + 1 + len(self.prefix)
        fits = ENDS_NAME[self.at(begins + len(name))]
        for place, sign in enumerate(name[1:], 1):
            fits &= self.at(begins + place) == sign
        return found[fits]

    def at(self, places: Rows) -> NDArray[np.uint8]:
        """Return the signs at places."""
        return self.signs.take(places, mode="clip")

    def of(self, element: int) -> bytes:
        """Return the text of an element, up to the next."""
        return self.text[self.starts[element] : self.starts[element + 1]]

    def value(self, element: int) -> str:
        """Return the text behind an element's first tag."""
        found = VALUE.search(self.of(element))
        return found[1].decode(errors="replace").strip() if found else ""

    def without_text(self, elements: Rows) -> Flags:
        """Return whether elements are of the form <v/> or <v></v>."""
        ends = self.starts[elements + 1]
        closed = self.at(ends - 1) == ord(">")
        return closed | (ends - self.starts[elements] <= 0)


def _look(piece: _Piece, found: SheetPart, before: tuple[int, int]) -> tuple[int, int]:
    cells, begun = piece.named(b"c"), piece.named(b"row")
    rows, columns, after = _places(piece, cells, begun, before)
    if not len(cells):
        return after
    values = piece.named(b"v")
    values, owners = _owned(cells, values)
    filled = ~piece.without_text(values)
    inline = _owned(cells, piece.named(b"is"))[1]
    stored, holding = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    stored[owners] = True
    holding[owners[filled]] = holding[inline] = True
    _extend(found, rows[holding], columns[holding])
    texts = piece.starts[values] + 3 + len(piece.prefix)
    negative = owners[filled & (piece.at(texts) == ord("-"))]
    found.negative.append((rows[negative], columns[negative]))
    long = filled & (piece.starts[values + 1] - texts >= EXACT_DIGITS)
    for value, owner in zip(values[long], owners[long], strict=True):
        text = piece.value(value)
        if WHOLE.fullmatch(text.encode()):
            found.exact[int(rows[owner]), int(columns[owner])] = text
    for owner in _erroneous(piece, cells):
        place = np.searchsorted(owners, owner)
        text = piece.value(values[place]) if place < len(owners) and owners[place] == owner else ""
        found.errors[int(rows[owner]), int(columns[owner])] = text or "#N/A"
    formulas = _owned(cells, piece.named(b"f"))[1]
    for owner in formulas[~holding[formulas]]:
        # A formula can result in a text without a letter, which is a value.
        if not (stored[owner] and TEXT.search(piece.of(cells[owner]))):
            found.unvalued.append((int(rows[owner]), int(columns[owner])))
    return after


def _owned(cells: Rows, elements: Rows) -> tuple[Rows, Rows]:
    """Return the elements that follow a cell, and for each the number of that cell."""
    owners = np.searchsorted(cells, elements, side="right") - 1
    return elements[owners >= 0], owners[owners >= 0]


def _erroneous(piece: _Piece, cells: Rows) -> list[int]:
    if not (b't="e"' in piece.text or b"t='e'" in piece.text):
        return []
    starts, owners = piece.starts[cells], []
    for each in ERROR.finditer(piece.text):
        owner = int(np.searchsorted(starts, each.start(), side="right")) - 1
        if owner >= 0 and each.start() < piece.starts[cells[owner] + 1]:
            owners.append(owner)
    return owners


def _extend(found: SheetPart, rows: Rows, columns: Rows) -> None:
    if not len(rows):
        return
    found.rows = max(found.rows, int(rows.max()) + 1)
    found.columns = max(found.columns, int(columns.max()) + 1)
    begins = np.append(0, np.flatnonzero(np.diff(rows)) + 1)
    found.filled += int((np.maximum.reduceat(columns, begins) + 1).sum())


def _places(piece: _Piece, cells: Rows, begun: Rows, before: tuple[int, int]) -> tuple[Rows, Rows, tuple[int, int]]:
    """Return the row and column of each cell, and those of the next cell, if that has no address."""
    at = piece.starts[cells] + 2 + len(piece.prefix)
    usual = np.ones(len(cells), dtype=bool)
    for offset, sign in enumerate(b' r="'):
        usual &= piece.at(at + offset) == sign
    rows, columns = np.zeros(len(cells), dtype=np.intp), np.zeros(len(cells), dtype=np.intp)
    at = at + 4
    for _ in range(MOST_LETTERS):
        signs = piece.at(at).astype(np.intp)
        letter = (signs >= ord("A")) & (signs <= ord("Z"))
        columns = np.where(letter, columns * 26 + signs - ord("A") + 1, columns)
        at = at + letter
    for _ in range(MOST_DIGITS):
        signs = piece.at(at).astype(np.intp)
        digit = (signs >= ord("0")) & (signs <= ord("9"))
        rows = np.where(digit, rows * 10 + signs - ord("0"), rows)
        at = at + digit
    usual &= (columns > 0) & (rows > 0) & (piece.at(at) == ord('"'))
    if not usual.all():
        return _places_one_by_one(piece, cells, begun, before)
    if len(cells):
        before = int(rows[-1]) - 1, int(columns[-1])
        begun = begun[begun > cells[-1]]
    for element in begun:
        before = _row(piece, element, before[0]), 0
    return rows - 1, columns - 1, before


def _places_one_by_one(
    piece: _Piece, cells: Rows, begun: Rows, before: tuple[int, int]
) -> tuple[Rows, Rows, tuple[int, int]]:
    """Return the same as `_places` if some cells have no address, or one in another notation."""
    row, column = before
    rows, columns = [], []
    new = set(begun.tolist())
    for element in np.union1d(cells, begun).tolist():
        if element in new:
            row, column = _row(piece, element, row), 0
            continue
        told = PLACE.search(piece.of(element))
        if told and told[1]:
            row, column = _number(told[2]), _column(told[1])
        rows.append(max(row, 0))
        columns.append(column)
        column += 1
    return np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp), (row, column)


def _row(piece: _Piece, element: int, before: int) -> int:
    """Return the number of a row from its first tag."""
    told = PLACE.search(piece.of(element))
    return _number(told[2]) if told else before + 1


def _number(digits: bytes) -> int:
    return max(int(digits) - 1, 0) if len(digits) <= MOST_DIGITS else BEYOND


def _column(letters: bytes) -> int:
    if len(letters) > MOST_LETTERS:
        return BEYOND
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - ord("A") + 1
    return column - 1
