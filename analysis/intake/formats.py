"""Files of statistics programs: Parquet, SPSS, Stata and SAS."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pandas as pd

from analysis.cohort.model import CohortError
from analysis.intake.report import refuse_file

MAX_CELLS = 200_000_000
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

    described = pyarrow.parquet.ParquetFile(io.BytesIO(data)).metadata
    if described.num_rows * described.num_columns > MAX_CELLS:
        refuse_file(file, "the table is too large. Leave out columns or rows that are not needed.")
    frame = pd.read_parquet(io.BytesIO(data))
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
        if (described.number_rows or 0) * (described.number_columns or 0) > MAX_CELLS:
            refuse_file(file, "the table is too large. Leave out columns or rows that are not needed.")
        frame, _ = read(str(path), **options)
    return frame
