"""Serialisation of raw tables between the reading process and the app: JSON and Arrow, which execute no code."""

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
HALF_A_LETTER = range(0xD800, 0xE000)  # surrogates of UTF-16; alone, they cannot be encoded


def packed(tables: Sequence[RawTable]) -> bytes:
    """Return tables as bytes: their metadata as a line of JSON, then each table as an Arrow stream."""
    streams = [_stream(table.cells) for table in tables]
    metadata = [_metadata(table) | {"bytes": len(stream)} for table, stream in zip(tables, streams, strict=True)]
    return b"".join([json.dumps(metadata).encode(), b"\n", *streams])


def unpacked(data: bytes) -> list[RawTable]:
    """Return the tables from the bytes of `packed`."""
    line, _, _ = data.partition(b"\n")
    begin = len(line) + 1
    tables = []
    for metadata in json.loads(line):
        end = begin + metadata.pop("bytes")
        cells = _cells(memoryview(data)[begin:end])
        rows = tuple(RowNote(*note) for note in metadata.pop("rows"))
        tables.append(RawTable(cells, rows=rows, notes=tuple(metadata.pop("notes")), **metadata))
        begin = end
    return tables


def packed_refusal(error: CohortError) -> bytes:
    """Return the findings of a refusal as bytes."""
    return json.dumps([astuple(finding) for finding in error.findings]).encode()


def unpacked_refusal(data: bytes) -> CohortError:
    """Return the refusal from the bytes of `packed_refusal`."""
    metadata = [dict(zip(FINDING, values, strict=True)) for values in json.loads(data)]
    return CohortError([Finding(**each | {"choices": tuple(map(tuple, each["choices"]))}) for each in metadata])


def _metadata(table: RawTable) -> dict[str, object]:
    metadata = {field.name: getattr(table, field.name) for field in fields(table) if field.name != "cells"}
    return metadata | {"rows": [astuple(note) for note in table.rows]}


def _stream(cells: pd.DataFrame) -> pa.Buffer:
    texts_of = (_column(cells.iloc[:, place]) for place in range(cells.shape[1]))
    columns = [pa.array(cells.index.to_numpy()), *texts_of]
    # The column names are in the metadata, because those of a file may be any text, also repeated.
    batch = pa.record_batch(columns, names=[str(place) for place in range(len(columns))])
    batch = batch.replace_schema_metadata({"names": json.dumps([*cells.columns])})
    target = pa.BufferOutputStream()
    with pa.ipc.new_stream(target, batch.schema) as stream:
        stream.write_batch(batch)
    return target.getvalue()


def _column(held: pd.Series) -> pa.DictionaryArray:
    try:
        distinct = pa.array([*held.cat.categories], pa.large_string())
    except UnicodeEncodeError:  # lone surrogates; texts that are equal without them become one category
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
    """Return row numbers as an index; a RangeIndex if they are consecutive."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
        return pd.RangeIndex(int(rows[0]), int(rows[-1]) + 1)
    return pd.Index(rows)
