"""Raw tables as bytes, on their way from the program that reads files to the app: Arrow columns, and nothing is run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, fields

import pandas as pd
import pyarrow as pa

from analysis.cohort.arrays import Integers
from analysis.cohort.findings import CohortError, Finding
from analysis.intake import texts
from analysis.intake.raw import RawTable, RowNote

FINDING = [field.name for field in fields(Finding)]
HALF_A_LETTER = range(0xD800, 0xE000)  # of UTF-16; alone it is no text


def packed(tables: Sequence[RawTable]) -> bytes:
    """Return tables as bytes: what is told of them as a line of JSON, then each as an Arrow stream."""
    streams = [_stream(table.cells) for table in tables]
    told = [_told(table) | {"bytes": len(stream)} for table, stream in zip(tables, streams, strict=True)]
    return b"".join([json.dumps(told).encode(), b"\n", *streams])


def unpacked(data: bytes) -> list[RawTable]:
    """Return the tables again."""
    line, _, _ = data.partition(b"\n")
    begin = len(line) + 1
    tables = []
    for told in json.loads(line):
        end = begin + told.pop("bytes")
        cells = _cells(memoryview(data)[begin:end])
        rows = tuple(RowNote(*note) for note in told.pop("rows"))
        tables.append(RawTable(cells, rows=rows, notes=tuple(told.pop("notes")), **told))
        begin = end
    return tables


def packed_refusal(error: CohortError) -> bytes:
    """Return as bytes why a file is refused."""
    return json.dumps([astuple(finding) for finding in error.findings]).encode()


def unpacked_refusal(data: bytes) -> CohortError:
    """Return the refusal again."""
    told = [dict(zip(FINDING, values, strict=True)) for values in json.loads(data)]
    return CohortError([Finding(**each | {"choices": tuple(map(tuple, each["choices"]))}) for each in told])


def _told(table: RawTable) -> dict[str, object]:
    told = {field.name: getattr(table, field.name) for field in fields(table) if field.name != "cells"}
    return told | {"rows": [astuple(note) for note in table.rows]}


def _stream(cells: pd.DataFrame) -> pa.Buffer:
    texts_of = (_column(cells.iloc[:, place]) for place in range(cells.shape[1]))
    columns = [pa.array(cells.index.to_numpy()), *texts_of]
    # The names are not those of the file, which may be any text.
    batch = pa.record_batch(columns, names=[str(place) for place in range(len(columns))])
    batch = batch.replace_schema_metadata({"names": json.dumps([*cells.columns])})
    target = pa.BufferOutputStream()
    with pa.ipc.new_stream(target, batch.schema) as stream:
        stream.write_batch(batch)
    return target.getvalue()


def _column(held: pd.Series) -> pa.DictionaryArray:
    try:
        distinct = pa.array([*held.cat.categories], pa.large_string())
    except UnicodeEncodeError:  # texts that are alike without their halves of letters become one
        whole = dict.fromkeys(HALF_A_LETTER, "\ufffd")
        return _column(texts.changed(held, lambda text: text.translate(whole)))
    return pa.DictionaryArray.from_arrays(pa.array(held.cat.codes.to_numpy()), distinct)


def _cells(stream: memoryview) -> pd.DataFrame:
    with pa.ipc.open_stream(stream) as reader:
        batch = reader.read_next_batch()
        names = json.loads(reader.schema.metadata[b"names"])
    index = _index(batch.column(0).to_numpy(zero_copy_only=False))
    columns = {}
    for place, name in enumerate(names, start=1):
        column = batch.column(place)
        columns[name] = texts.from_codes(
            column.indices.to_numpy(zero_copy_only=False), column.dictionary.to_numpy(zero_copy_only=False), index
        )
    return pd.DataFrame(columns, index=index, copy=False)


def _index(rows: Integers) -> pd.Index:
    """Return row numbers, as a range where none is left out."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
        return pd.RangeIndex(int(rows[0]), int(rows[-1]) + 1)
    return pd.Index(rows)
