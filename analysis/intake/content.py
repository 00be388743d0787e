"""The tables in the bytes of a file; its format is detected from the content, not from its name."""

from __future__ import annotations

from dataclasses import replace

from analysis.intake.archives import (
    BINARY_EXCEL,
    DEEPER,
    EXCEL,
    FILES,
    GZIP,
    OPEN_DOCUMENT,
    ZIP,
    kind_of_archive,
    packed_tables,
    unpacked_gzip,
)
from analysis.intake.delimited import read_delimited
from analysis.intake.formats import format_of, read_format
from analysis.intake.json_tables import is_json, read_json
from analysis.intake.misshapen import is_web_page
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.raw import RawTable, frame_table
from analysis.intake.unpacking import PASSWORD
from analysis.intake.workbooks import read_opendocument, read_other_workbook, read_workbook

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TABLES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"PK\x05\x06": "an empty ZIP archive",
    b"BZh": "a packed file (bzip2)",
    b"\xfd7zXZ": "a packed file (xz)",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"Rar!": "a packed file (RAR)",
    b"\x89HDF": "an HDF5 file",
    b"SQLite format 3\0": "a database (SQLite)",
}
R_FILES = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"X\n\0\0\0\2", b"X\n\0\0\0\3", b"A\n2\n", b"A\n3\n")
IN_R = 'write.csv(table, "table.csv", row.names = FALSE)'
OLD_DOCUMENTS = {"WordDocument": "a Word document", "PowerPoint Document": "a PowerPoint file"}


def tables_in(data: bytes, file: str, folder: str = "") -> list[RawTable]:
    """Return the tables in the bytes of a file, without a limit of memory or time.

    Parameters
    ----------
    data
        The content.
    file
        The file name, for messages.
    folder
        A temporary folder for files of SPSS, Stata and SAS, whose library reads from disk only.

    Raises
    ------
    CohortError
        If the content is not a table, or cannot be read.
    """
    if data.startswith(GZIP):
        return _unpacked(unpacked_gzip(data, file), file, folder)
    if data.startswith(ZIP):
        return _tables_of_archive(data, file, folder)
    if not data[:1000].strip() and not data.strip():
        refuse_file(file, "the file is empty. Please choose another file.")
    other = what_else(data)
    if other:
        refuse_file(file, f"this is {other}, not a table. Please choose a CSV, TSV or Excel file.")
    if data.startswith(R_FILES):
        refuse_file(file, f"this is a file of R. Write the table with {IN_R} and choose that file.")
    if data.startswith(OLD_OFFICE):
        # An encrypted .xlsx is stored inside the container of the old formats.
        if "EncryptedPackage".encode("utf-16-le") in data:
            refuse_file(file, PASSWORD)
        return read_other_workbook(data, file)
    if is_json(data):
        return read_json(data, file)
    kind = format_of(data)
    if kind:
        frame, notes = read_format(data, kind, file, folder)
        return [replace(frame_table(frame, file), notes=tuple(notes))]
    return [read_delimited(data, file)]


def what_else(data: bytes) -> str:
    """Return what kind of file without tables this is, such as "a PNG image"; else ""."""
    if data.startswith(OLD_OFFICE):
        return next((what for name, what in OLD_DOCUMENTS.items() if name.encode("utf-16-le") in data), "")
    if is_web_page(data):
        return "a web page or XML (open it in Excel, and save it as .xlsx)"
    return next((what for beginning, what in NOT_TABLES.items() if data.startswith(beginning)), "")


def _tables_of_archive(data: bytes, file: str, folder: str) -> list[RawTable]:
    kind = kind_of_archive(data, file)
    if kind == EXCEL:
        return read_workbook(data, file)
    if kind == BINARY_EXCEL:
        return read_other_workbook(data, file)
    return read_opendocument(data, file) if kind == OPEN_DOCUMENT else _tables_of_files(data, file, folder)


def _tables_of_files(data: bytes, file: str, folder: str) -> list[RawTable]:
    """Return the tables of all files in a ZIP archive, with a note on those that hold none."""
    tables: list[RawTable] = []
    notes = []
    for name, held in packed_tables(data, file):
        other = what_else(held)
        if other:
            notes.append(f'"{shown(name)}" is {other} and is not read.')
        else:
            tables += _unpacked(held, name, folder)
    if not tables:
        refuse_file(file, "there is no table in it. Please choose a CSV, TSV or Excel file.")
    first, *others = tables
    return [replace(first, notes=(*first.notes, *notes)), *others]


def _unpacked(held: bytes, file: str, folder: str) -> list[RawTable]:
    """Return the tables of a file in an archive; an archive within an archive is refused."""
    if held.startswith(GZIP) or (held.startswith(ZIP) and kind_of_archive(held, file) == FILES):
        refuse_file(file, DEEPER)
    return tables_in(held, file, folder)
