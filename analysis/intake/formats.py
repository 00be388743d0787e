"""Files of statistics programs: Parquet, SPSS, Stata and SAS."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from analysis.cohort.model import CohortError
from analysis.intake.report import refuse_file, shown

# A million patients and their visits are 30 million cells. A cell of its own text takes some 100 bytes, and these files
# pack a column into nothing.
MAX_CELLS = 40_000_000
MAX_UNPACKED_BYTES = 500_000_000
READING_SECONDS = 120  # The largest tables that are allowed take less than half of that.
ROOT = Path(__file__).parents[2]
BEGINNINGS = {
    b"PAR1": "Parquet",
    b"$FL2": "SPSS",
    b"$FL3": "SPSS",
    b"<stata_dta>": "Stata",
    b"HEADER RECORD*******LIB": "SAS transport",
    bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11": "SAS",
}
# How the program that reads SPSS, Stata and SAS files ends where they are too large.
TOO_MANY_CELLS, TOO_MANY_BYTES = 3, 4
OLD_STATA = {0x71, 0x72, 0x73}


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
    size = described.num_rows * len(columns), max(unpacked, described.num_rows * widths)
    _refuse_too_large(too_large(*size, MAX_CELLS, MAX_UNPACKED_BYTES), file)
    # Texts stay in the dictionaries that the file holds them in: written out, a long one a million times fills memory.
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    frame = pyarrow.parquet.read_table(io.BytesIO(data), read_dictionary=texts).to_pandas()
    # An index that pandas stored with the table may be the ids.
    return frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()


def _labelled(data: bytes, kind: str, file: str) -> pd.DataFrame:
    """Return the texts that a program of its own reads: one wrong byte can end the program that reads these files."""
    if find_spec("pyreadstat") is None:  # an optional extra
        raise ImportError("pyreadstat")
    import pyarrow.parquet

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "table", Path(folder) / "texts"
        source.write_bytes(data)  # the library reads from the disk only
        command = [sys.executable, "-m", "analysis.intake.labelled", str(source), str(target), kind]
        limits = [str(MAX_CELLS), str(MAX_UNPACKED_BYTES)]
        try:
            done = subprocess.run(  # noqa: S603 (no shell, and nothing in it comes from the file)
                [*command, *limits],
                cwd=ROOT,
                check=False,
                timeout=READING_SECONDS,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            words = f"the {kind} file takes more than {READING_SECONDS} seconds to read."
            refuse_file(file, f"{words} Save the table as CSV and try again.")
        _refuse_too_large(done.returncode, file)
        return pyarrow.parquet.read_table(target).to_pandas()


def too_large(cells: int, unpacked: int, most_cells: int, most_unpacked: int) -> int:
    """Return which limit a table exceeds; 0 if none."""
    if cells > most_cells:
        return TOO_MANY_CELLS
    return TOO_MANY_BYTES if unpacked > most_unpacked else 0


def _refuse_too_large(limit: int, file: str) -> None:
    exceeded = {
        TOO_MANY_CELLS: f"the table has more than {MAX_CELLS:,} cells.",
        TOO_MANY_BYTES: f"the table unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB.",
    }
    if limit in exceeded:
        refuse_file(file, f"{exceeded[limit]} Leave out columns or rows that are not needed.")
