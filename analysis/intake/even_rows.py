"""Delimited text without quotation marks and with equally many values in each row, read in a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from analysis.intake.texts import from_codes

BLOCK_BYTES = 1 << 24  # a row has to be shorter


def even_rows(body: bytes, delimiter: str, width: int, rows: pd.Index) -> pd.DataFrame | None:
    """Return the cells of a text; None if it has a quotation mark, or a row with too few or too many values.

    Parameters
    ----------
    body
        The rows below the header, in UTF-8, with line ends of Unix.
    delimiter, width
        The delimiter of values, and their number in each row.
    rows
        The number of each line in the user's file.

    Returns
    -------
    pandas.DataFrame
        Categorical columns of text, equal to those that the parser of pandas returns.
    """
    if b'"' in body or len(delimiter.encode()) > 1 or not len(rows):
        return None
    names = [str(place) for place in range(width)]
    texts = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=BLOCK_BYTES),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False
            ),
            pyarrow.csv.ConvertOptions(
                check_utf8=False, column_types=dict.fromkeys(names, texts), null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:  # a row has too few or too many values, or is longer than a block
        return None
    if len(table) != len(rows):
        return None
    columns = _columns(table.unify_dictionaries().combine_chunks(), rows)
    return pd.DataFrame(dict(enumerate(columns)), index=rows, copy=False)


def _columns(table: pa.Table, rows: pd.Index) -> Iterator[pd.Series]:
    for column in table.itercolumns():
        held = column.chunk(0)
        distinct = held.dictionary.to_numpy(zero_copy_only=False)
        order = sorted(range(len(distinct)), key=distinct.tolist().__getitem__)
        rank = np.empty(len(order), dtype=np.intp)
        rank[order] = np.arange(len(order))
        yield from_codes(rank[held.indices.to_numpy(zero_copy_only=False)], distinct[order], rows)
