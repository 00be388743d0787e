"""Parquet files, and files of SPSS, Stata and SAS."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from analysis.cohort.findings import CohortError
from analysis.intake.noticed import refuse_file, shown
from analysis.intake.variable_labels import named_by_labels

# A million patients and their visits are 30 million cells. A cell with a distinct text takes some 100 bytes, and in
# these files a column of millions of equal cells takes almost none.
MAX_CELLS = 40_000_000
MAX_UNPACKED_BYTES = 500_000_000
LABELLED = {
    "SPSS": "read_sav",
    "SPSS portable": "read_por",
    "Stata": "read_dta",
    "SAS transport": "read_xport",
    "SAS": "read_sas7bdat",
}
BEGINNINGS = {
    b"PAR1": "Parquet",
    b"$FL2": "SPSS",
    b"$FL3": "SPSS",
    b"<stata_dta>": "Stata",
    b"HEADER RECORD*******LIB": "SAS transport",
    bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11": "SAS",
}
OLD_STATA = {0x68, 0x69, 0x6C, 0x6E, 0x6F, 0x71, 0x72, 0x73}  # Stata 4 to 12
PORTABLE, PORTABLE_BYTES = b"SPSS PORT FILE", 200  # five times in this many bytes, each for another set of signs


def format_of(data: bytes) -> str:
    """Return which of these formats the bytes are in, or ""."""
    for beginning, kind in BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    if PORTABLE in data[:PORTABLE_BYTES]:
        return "SPSS portable"
    old = len(data) > 100 and data[0] in OLD_STATA and data[1] in (1, 2) and data[2:4] == b"\x01\x00"
    return "Stata" if old else ""


def read_format(data: bytes, kind: str, file: str, folder: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the table, with value labels instead of codes if the file has them, and notes on names of its columns.

    Parameters
    ----------
    data, kind, file
        The content, its format, and the file name for messages.
    folder
        A temporary folder for files of SPSS, Stata and SAS. Their library can crash on a damaged file.

    Raises
    ------
    CohortError
        If the file is broken or too large, or the library for it is not installed.
    """
    try:
        return (_parquet(data, file), []) if kind == "Parquet" else _labelled(data, kind, file, folder)
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
        if pyarrow.types.is_nested(field.type):  # of unlimited length
            words = f'the column "{shown(field.name)}" holds lists or tables.'
            refuse_file(file, f'{words} Leave it out, or save it as text, such as "renal;skin".')
    described = opened.metadata
    columns = [described.schema.column(place) for place in range(described.num_columns)]
    # Not from the metadata of column chunks: reading a damaged one crashes the process.
    unpacked = sum(described.row_group(group).total_byte_size for group in range(described.num_row_groups))
    widths = sum(max(0, column.length) for column in columns)
    size = described.num_rows * len(columns), max(unpacked, described.num_rows * widths)
    _refuse_too_large(*size, file)
    # Texts stay dictionary-encoded; otherwise a long text in a million rows would fill the memory.
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    table = pyarrow.parquet.read_table(io.BytesIO(data), read_dictionary=texts, use_threads=False)
    frame = table.to_pandas(use_threads=False)
    # An index stored by pandas may contain the patient ids.
    return frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()


def _labelled(data: bytes, kind: str, file: str, folder: str) -> tuple[pd.DataFrame, list[str]]:
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
    # The number of rows in the header may be absent, so that it is limited here as well.
    frame, _ = read(str(path), row_limit=min(MAX_CELLS // columns, MAX_UNPACKED_BYTES // width) + 1, **options)
    _refuse_too_large(len(frame) * columns, len(frame) * width, file)
    return named_by_labels(frame, described.column_names_to_labels)


def _refuse_too_large(cells: int, unpacked: int, file: str) -> None:
    exceeded = ""
    if cells > MAX_CELLS:
        exceeded = f"the table has more than {MAX_CELLS:,} cells."
    elif unpacked > MAX_UNPACKED_BYTES:
        exceeded = f"the table unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB."
    if exceeded:
        refuse_file(file, f"{exceeded} Leave out columns or rows that are not needed.")
