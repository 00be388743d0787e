"""The tables in the bytes of a file; its format is detected from the content, not from its name."""

from __future__ import annotations

import re

from analysis.intake.delimited import read_delimited
from analysis.intake.formats import format_of, read_format
from analysis.intake.noticed import refuse_file
from analysis.intake.raw import RawTable, frame_table
from analysis.intake.unpacking import PASSWORD
from analysis.intake.workbooks import read_workbook

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TABLES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a packed file (gzip)",
    b"BZh": "a packed file (bzip2)",
    b"\xfd7zXZ": "a packed file (xz)",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"Rar!": "a packed file (RAR)",
    b"\x89HDF": "an HDF5 file",
    b"SQLite format 3\0": "a database (SQLite)",
}
JSON = re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*[\[{]|\{\s*[\"}])")


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
    if not data[:1000].strip() and not data.strip():
        refuse_file(file, "the file is empty. Please choose another file.")
    for beginning, what in NOT_TABLES.items():
        if data.startswith(beginning):
            refuse_file(file, f"this is {what}, not a table. Please choose a CSV, TSV or Excel file.")
    if JSON.match(data):
        refuse_file(file, "this is a JSON file, not a table. Please choose a CSV, TSV or Excel file.")
    if data.startswith(OLD_OFFICE):
        # An encrypted .xlsx is stored inside the container of the old formats.
        if "EncryptedPackage".encode("utf-16-le") in data:
            refuse_file(file, PASSWORD)
        refuse_file(file, "this is an old Excel format. Save the workbook as .xlsx.")
    if data.startswith(ZIP):
        return read_workbook(data, file)
    kind = format_of(data)
    if kind:
        return [frame_table(read_format(data, kind, file, folder), file)]
    return [read_delimited(data, file)]
