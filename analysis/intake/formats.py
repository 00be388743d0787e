"""Files of statistics programs: Parquet, SPSS, Stata and SAS."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from analysis.cohort.findings import CohortError
from analysis.intake.noticed import refuse_file, shown

# A million patients and their visits are 30 million cells. A cell of its own text takes some 100 bytes, and these files
# pack a column into nothing.
MAX_CELLS = 40_000_000
MAX_UNPACKED_BYTES = 500_000_000
LABELLED = {"SPSS": "read_sav", "Stata": "read_dta", "SAS transport": "read_xport", "SAS": "read_sas7bdat"}
BEGINNINGS = {
    b"PAR1": "Parquet",
    b"$FL2": "SPSS",
    b"$FL3": "SPSS",
    b"<stata_dta>": "Stata",
    b"HEADER RECORD*******LIB": "SAS transport",
    bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11": "SAS",
}
OLD_STATA = {0x71, 0x72, 0x73}


def format_of(data: bytes) -> str:
    """Return which of these formats the bytes are in, or ""."""
    for beginning, kind in BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    old = len(data) > 100 and data[0] in OLD_STATA and data[1] in (1, 2) and data[2:4] == b"\x01\x00"
    return "Stata" if old else ""


def read_format(data: bytes, kind: str, file: str, folder: str) -> pd.DataFrame:
    """Return the table, with the words of a value where the file gives them.

    Parameters
    ----------
    data, kind, file
        The content, which of these formats it is in, and what it is called.
    folder
        Where a file of SPSS, Stata or SAS may lie while it is read; what reads it can be ended by one wrong byte.

    Raises
    ------
    CohortError
        If the file is broken or too large, or the library for it is not installed.
    """
    try:
        return _parquet(data, file) if kind == "Parquet" else _labelled(data, kind, file, folder)
    except ImportError:
        refuse_file(file, f'this is a {kind} file, and its reader is not installed (extra "spss"). Save it as CSV.')
    except (CohortError, MemoryError):
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
    size = described.num_rows * len(columns), max(unpacked, described.num_rows * widths)
    _refuse_too_large(*size, file)
    # Texts stay in the dictionaries that the file holds them in: written out, a long one a million times fills memory.
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    table = pyarrow.parquet.read_table(io.BytesIO(data), read_dictionary=texts, use_threads=False)
    frame = table.to_pandas(use_threads=False)
    # An index that pandas stored with the table may be the ids.
    return frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()


def _labelled(data: bytes, kind: str, file: str, folder: str) -> pd.DataFrame:
    import pyreadstat  # an optional extra

    read = getattr(pyreadstat, LABELLED[kind])
    options = {} if kind.startswith("SAS") else {"apply_value_formats": True}
    path = Path(folder) / "table"
    path.write_bytes(data)  # the library reads from the disk only
    _, described = read(str(path), metadataonly=True)
    columns = max(described.number_columns or 0, 1)
    width = max(sum(described.variable_storage_width.values()), 1)
    rows = described.number_rows or 0
    _refuse_too_large(rows * columns, rows * width, file)
    # A file need not say how many rows it holds.
    frame, _ = read(str(path), row_limit=min(MAX_CELLS // columns, MAX_UNPACKED_BYTES // width) + 1, **options)
    _refuse_too_large(len(frame) * columns, len(frame) * width, file)
    return frame


def _refuse_too_large(cells: int, unpacked: int, file: str) -> None:
    exceeded = ""
    if cells > MAX_CELLS:
        exceeded = f"the table has more than {MAX_CELLS:,} cells."
    elif unpacked > MAX_UNPACKED_BYTES:
        exceeded = f"the table unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB."
    if exceeded:
        refuse_file(file, f"{exceeded} Leave out columns or rows that are not needed.")
