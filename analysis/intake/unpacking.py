"""Checks of a workbook's ZIP archive before a library unpacks it, against decompression bombs and the like."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from analysis.intake.noticed import refuse_file

BROKEN = "the workbook is broken, or is not a workbook. Open it in Excel and save it as .xlsx."
PASSWORD = "the workbook is protected by a password. Save a copy without the password."  # noqa: S105 (a sentence)
MAX_UNPACKED_BYTES = 500_000_000
MAX_PACKING = 250  # The compression ratio of a real sheet is about ten; a far larger one is a bomb.
HARMLESS_BYTES = 20_000_000
MAX_MEMBERS = 10_000  # A file of 50 MB has room for half a million, which take a minute to list.
# An XML element takes some 90 bytes of memory, however short it is, and a cell with a value is two elements.
MAX_ELEMENTS = 10_000_000
MAX_OTHER_ELEMENTS = 100_000  # Formats and names take the library far longer than cells; Excel allows 64,000 formats.
# One element with a million attributes would occupy the parser for long. A cell can have 32,767 characters.
MAX_ELEMENT_BYTES = 400_000
CHUNK = 1_000_000  # The first element of every part is within the first chunk.
MARKUP = (".xml", ".rels", ".vml")
MEMBER = b"PK\x01\x02"
CELLS = ("xl/worksheets/", "xl/sharedStrings", "content.xml")
ENCRYPTED = 1


def check_archive(data: bytes, file: str, watch: Callable[[str, bytes], None] | None = None) -> None:
    """Refuse the archive of a workbook that is encrypted, or would take too much time or memory to unpack.

    Parameters
    ----------
    data, file
        The content, and the file name for messages.
    watch
        Called with the name of a part and its next bytes, for each part, once these are checked.

    Raises
    ------
    CohortError
        The message says what the archive is, or which limit it exceeds.
    """
    if data.count(MEMBER) > MAX_MEMBERS:
        refuse_file(file, f"the workbook is made of more than {MAX_MEMBERS:,} parts. Save the tables as CSV.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if any(member.flag_bits & ENCRYPTED for member in members):
            refuse_file(file, PASSWORD)
        # A member is read only up to the size that it declares.
        unpacked = sum(member.file_size for member in members)
        if unpacked > MAX_UNPACKED_BYTES:
            limit = f"{MAX_UNPACKED_BYTES // 1_000_000} MB"
            refuse_file(file, f"the workbook unpacks to more than {limit}. Save the tables as CSV.")
        if unpacked > max(HARMLESS_BYTES, MAX_PACKING * len(data)):
            words = f"the workbook unpacks to more than {MAX_PACKING} times its size, as no table does."
            refuse_file(file, f"{words} Save the tables as CSV.")
        _check_elements(archive, members, file, watch)


def _check_elements(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    file: str,
    watch: Callable[[str, bytes], None] | None,
) -> None:
    cells = others = 0
    for member in members:
        with archive.open(member) as part:
            if member.filename.endswith(MARKUP):
                _check_beginning(part.read(CHUNK), file)
                part.seek(0)
            while chunk := part.read(CHUNK):
                elements, longest = _elements(chunk)
                if member.filename.endswith(MARKUP) and longest > MAX_ELEMENT_BYTES:
                    words = f"an element or a cell of the workbook takes more than {MAX_ELEMENT_BYTES:,} bytes."
                    refuse_file(file, f"{words} Save the tables as CSV.")
                if member.filename.startswith(CELLS) and not member.filename.endswith(".rels"):
                    cells += elements
                elif member.filename.endswith(MARKUP):
                    others += elements
                if watch:
                    watch(member.filename, chunk)
        if cells > MAX_ELEMENTS:
            words = f"the workbook holds more than {MAX_ELEMENTS // 2:,} cells."
            refuse_file(file, f"{words} Leave out what is not needed, or save the tables as CSV.")
        if others > MAX_OTHER_ELEMENTS:
            words = f"the workbook holds more than {MAX_OTHER_ELEMENTS:,} formats, names and the like."
            refuse_file(file, f"{words} Save the tables as CSV.")


def _elements(text: bytes) -> tuple[int, int]:
    """Return the number of elements, and the largest number of bytes between the beginnings of two."""
    signs = np.frombuffer(text, dtype=np.uint8)
    begins = np.flatnonzero(signs == ord("<"))
    ends = int(np.count_nonzero(signs.take(begins + 1, mode="clip") == ord("/")))
    return len(begins) - ends, int(np.diff(begins, prepend=0, append=len(text)).max())


class _Began(Exception):  # noqa: N818 -- not an error
    """The parser has reached the first element of a part."""


def _check_beginning(text: bytes, file: str) -> None:
    """Refuse a part with a document type, which can define entities that expand exponentially; no workbook has one.

    An XML parser is used, since it knows every encoding. A document type comes before the first element.
    """

    def began(*_: object) -> NoReturn:
        raise _Began

    def refuse(*_: object) -> NoReturn:
        refuse_file(file, BROKEN)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = began
    with suppress(_Began):
        parser.Parse(text)
        refuse_file(file, BROKEN)
