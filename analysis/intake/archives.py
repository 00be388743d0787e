"""Compressed files: a table in .gz, tables in .zip, and the limits of their unpacked size."""

from __future__ import annotations

import io
import zipfile
import zlib

from analysis.cohort.findings import CohortError
from analysis.intake.noticed import refuse_file
from analysis.intake.unpacking import (
    ENCRYPTED,
    HARMLESS_BYTES,
    MAX_MEMBERS,
    MAX_PACKING,
    MAX_UNPACKED_BYTES,
    MEMBER,
)

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
GZIP_END = 8  # bytes at the end; the last four are the unpacked size
MAX_TABLES = 50
DEEPER = "a packed file stands in a packed file. Unpack it and choose the table in it."
BROKEN = "the packed file is broken. Unpack it and choose the table in it."
PASSWORD = "the packed file is protected by a password. Unpack it and choose the table in it."  # noqa: S105
# Files that operating systems add to an archive.
ASIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
EXCEL, BINARY_EXCEL, OPEN_DOCUMENT, FILES = "xl/workbook.xml", "xl/workbook.bin", "content.xml", ""
OFFICE = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint file",
    "Index/Document.iwa": "a file of Numbers, Pages or Keynote",
}
SHEETS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of_archive(data: bytes, file: str) -> str:
    """Return what a ZIP archive is: a workbook (`EXCEL`, `BINARY_EXCEL`, `OPEN_DOCUMENT`), or other `FILES`.

    Raises
    ------
    CohortError
        If it is a document without tables, broken, or made of too many parts.
    """
    if data.count(MEMBER) > MAX_MEMBERS:
        refuse_file(file, f"the file is made of more than {MAX_MEMBERS:,} parts. Save the tables as CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            start = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except Exception:  # a broken archive makes the library raise anything
        refuse_file(file, "the workbook is broken, or is no ZIP archive. Save the table as .xlsx or CSV.")
    for name, what in OFFICE.items():
        if name in names:
            refuse_file(file, f"this is {what}, not a table. Save the table as .xlsx or CSV.")
    if OPEN_DOCUMENT in names and start and not start.startswith(SHEETS_MIMETYPE):
        refuse_file(file, "this is an OpenDocument file, but no spreadsheet. Save the table as .ods, .xlsx or CSV.")
    if BINARY_EXCEL in names:
        return BINARY_EXCEL
    if any(name.startswith("xl/") for name in names):
        return EXCEL
    return OPEN_DOCUMENT if OPEN_DOCUMENT in names and start else FILES


def packed_tables(data: bytes, file: str) -> list[tuple[str, bytes]]:
    """Return the files in a ZIP archive, each with a name made of that of the archive and its own.

    Raises
    ------
    CohortError
        If there are none, they would take too much memory, or they are protected by a password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [each for each in archive.infolist() if not (each.is_dir() or _is_aside(each.filename))]
            if not members:
                refuse_file(file, "there is no file in it. Please choose another file.")
            if len(members) > MAX_TABLES:
                refuse_file(file, f"there are more than {MAX_TABLES} files in it. Leave out those that are not needed.")
            if any(each.flag_bits & ENCRYPTED for each in members):
                refuse_file(file, PASSWORD)
            _check_size(sum(each.file_size for each in members), len(data), file)
            # A member is read only up to the size that it declares.
            return [(f"{file}, {each.filename}", archive.read(each)) for each in members]
    except (CohortError, MemoryError):
        raise
    except Exception:  # a broken archive makes the library raise anything
        refuse_file(file, BROKEN)


def unpacked_gzip(data: bytes, file: str) -> bytes:
    """Return the content of a .gz file.

    Raises
    ------
    CohortError
        If it is broken, or would take too much memory.
    """
    most = min(MAX_UNPACKED_BYTES, max(HARMLESS_BYTES, MAX_PACKING * len(data)))
    held, left = io.BytesIO(), data
    try:
        while left.startswith(GZIP):  # a file can have several parts
            unpacker = zlib.decompressobj(wbits=31)
            held.write(unpacker.decompress(left, most + 1 - held.tell()))
            _check_size(held.tell(), len(data), file)
            if not unpacker.eof:
                refuse_file(file, BROKEN)
            left = unpacker.unused_data
    except zlib.error:
        refuse_file(file, BROKEN)
    return held.getvalue()


def unpacked_size(data: bytes) -> int:
    """Return the unpacked size in bytes that a compressed file declares; 0 for workbooks and other files."""
    if data.startswith(GZIP):
        return int.from_bytes(data[-4:], "little") if len(data) > GZIP_END else 0
    if not data.startswith(ZIP) or data.count(MEMBER) > MAX_TABLES * 2:
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except Exception:  # as in `kind_of_archive`, which reports it
        return 0
    is_workbook = any(each.filename in (EXCEL, BINARY_EXCEL, OPEN_DOCUMENT) for each in members)
    return 0 if is_workbook else sum(each.file_size for each in members)


def _is_aside(name: str) -> bool:
    return name.startswith(ASIDE[0]) or name.rpartition("/")[2].startswith(".") or name.endswith(ASIDE[1:])


def _check_size(unpacked: int, packed: int, file: str) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        limit = f"{MAX_UNPACKED_BYTES // 1_000_000} MB"
        refuse_file(file, f"it unpacks to more than {limit}. Leave out what is not needed.")
    if unpacked > max(HARMLESS_BYTES, MAX_PACKING * packed):
        words = f"it unpacks to more than {MAX_PACKING} times its size, as no table does."
        refuse_file(file, f"{words} Unpack it and choose the table in it.")
