"""Files of statistics programs: Parquet, SPSS, Stata and SAS."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pandas as pd

from analysis.cohort.model import CohortError
from analysis.intake.report import refuse_file, shown

# A cell takes some 100 bytes once it is text: these files pack a column into nothing, and a gigabyte is soon unpacked.
MAX_CELLS = 10_000_000
MAX_UNPACKED_BYTES = 500_000_000
BEGINNINGS = {
    b"PAR1": "Parquet",
    b"$FL2": "SPSS",
    b"$FL3": "SPSS",
    b"<stata_dta>": "Stata",
    b"HEADER RECORD*******LIB": "SAS transport",
    bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11": "SAS",
}
OLD_STATA = {0x71, 0x72, 0x73}
READERS = {"SPSS": "read_sav", "Stata": "read_dta", "SAS transport": "read_xport", "SAS": "read_sas7bdat"}


def format_of(data: bytes) -> str:
    """Return which of these formats the bytes are in, or ""."""
    for beginning, kind in BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    old = len(data) > 100 and data[0] in OLD_STATA and data[1] in (1, 2) and data[2:4] == b"\x01\x00"
    return "Stata" if old else ""


def read_format(data: bytes, kind: str, file: str) -> pd.DataFrame:
    """Return the table, with the words of a value where the file gives them.

    Raises
    ------
    CohortError
        If the file is broken or too large, or the library for it is not installed.
    """
    try:
        return _parquet(data, file) if kind == "Parquet" else _labelled(data, kind, file)
    except ImportError:
        refuse_file(file, f'this is a {kind} file, and its reader is not installed (extra "spss"). Save it as CSV.')
    except CohortError:
        raise
    except Exception:  # a broken file makes the libraries raise anything
        refuse_file(file, f"the {kind} file is broken. Save the table as CSV and try again.")


def _parquet(data: bytes, file: str) -> pd.DataFrame:
    import pyarrow.parquet  # comes with Streamlit, and is slow to import

    opened = pyarrow.parquet.ParquetFile(io.BytesIO(data))
    for field in opened.schema_arrow:
        if pyarrow.types.is_nested(field.type):  # of any length, so that no limit holds for it
            words = f'the column "{shown(field.name)}" holds lists or tables.'
            refuse_file(file, f'{words} Leave it out, or save it as text, such as "renal;skin".')
    described = opened.metadata
    columns = [described.schema.column(place) for place in range(described.num_columns)]
    # What a chunk of a column tells of itself is not asked for: a broken one ends the whole program.
    unpacked = sum(described.row_group(group).total_byte_size for group in range(described.num_row_groups))
    widths = sum(max(0, column.length) for column in columns)
    _check_size(described.num_rows * len(columns), max(unpacked, described.num_rows * widths), file)
    # Texts stay in the dictionaries that the file holds them in: written out, a long one a million times fills memory.
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    frame = pyarrow.parquet.read_table(io.BytesIO(data), read_dictionary=texts).to_pandas()
    # An index that pandas stored with the table may be the ids.
    return frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()


def _labelled(data: bytes, kind: str, file: str) -> pd.DataFrame:
    import pyreadstat  # an optional extra

    read = getattr(pyreadstat, READERS[kind])
    options = {} if kind.startswith("SAS") else {"apply_value_formats": True}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"  # the library reads from the disk only
        path.write_bytes(data)
        _, described = read(str(path), metadataonly=True)
        columns = max(described.number_columns or 0, 1)
        width = sum(described.variable_storage_width.values())
        _check_size((described.number_rows or 0) * columns, (described.number_rows or 0) * width, file)
        # A file need not say how many rows it holds.
        most = min(MAX_CELLS // columns, MAX_UNPACKED_BYTES // max(width, 1)) + 1
        frame, _ = read(str(path), row_limit=most, **options)
    _check_size(len(frame) * columns, len(frame) * width, file)
    return frame


def _check_size(cells: int, unpacked: int, file: str) -> None:
    if cells > MAX_CELLS:
        words = f"the table has more than {MAX_CELLS:,} cells."
        refuse_file(file, f"{words} Leave out columns or rows that are not needed.")
    if unpacked > MAX_UNPACKED_BYTES:
        words = f"the table unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB."
        refuse_file(file, f"{words} Leave out columns or rows that are not needed.")
