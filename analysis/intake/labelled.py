"""SPSS, Stata and SAS files to tables of text: run as a program of its own, which a broken file can end."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from analysis.intake import texts
from analysis.intake.formats import too_large
from analysis.intake.readers import frame_texts

READERS = {"SPSS": "read_sav", "Stata": "read_dta", "SAS transport": "read_xport", "SAS": "read_sas7bdat"}


def convert(source: Path, target: Path, kind: str, most_cells: int, most_bytes: int) -> int:
    """Write the texts of a file of a statistics program as Parquet, with the words of a value where the file has them.

    Returns
    -------
    int
        Which limit the file exceeds; 0 if none.
    """
    import pyreadstat  # an optional extra

    read = getattr(pyreadstat, READERS[kind])
    options = {} if kind.startswith("SAS") else {"apply_value_formats": True}
    _, described = read(str(source), metadataonly=True)
    columns = max(described.number_columns or 0, 1)
    width = max(sum(described.variable_storage_width.values()), 1)
    rows = described.number_rows or 0
    limit = too_large(rows * columns, rows * width, most_cells, most_bytes)
    if limit:
        return limit
    # A file need not say how many rows it holds.
    frame, _ = read(str(source), row_limit=min(most_cells // columns, most_bytes // width) + 1, **options)
    limit = too_large(len(frame) * columns, len(frame) * width, most_cells, most_bytes)
    if not limit:
        _write(frame, target)
    return limit


def _write(frame: pd.DataFrame, target: Path) -> None:
    columns = {}
    for place, name in enumerate(frame.columns):
        codes, distinct = texts.parts(frame_texts(frame.iloc[:, place], pd.RangeIndex(len(frame))))
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(distinct, pa.string()))
    pyarrow.parquet.write_table(pa.table(columns), target)


if __name__ == "__main__":
    source, target, kind, most_cells, most_bytes = sys.argv[1:]
    sys.exit(convert(Path(source), Path(target), kind, int(most_cells), int(most_bytes)))
