"""A chart as it goes to the browser: its specification, and beside it the tables that it draws."""

from __future__ import annotations

from threading import Lock
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

Spec = dict[str, Any]

_ONE_AT_A_TIME = Lock()  # what Altair does with tables is a setting of the whole process


def ready(chart: alt.LayerChart) -> Spec:
    """Return the specification with its tables by name under "datasets".

    The tables are numbered in their order: as long as a chart draws other values in the same way, its specification
    stays the same, and the browser only takes the new values instead of building the chart anew.
    """
    tables: dict[int, tuple[str, pd.DataFrame]] = {}

    def set_aside(data: pd.DataFrame) -> dict[str, str]:
        name, _ = tables.setdefault(id(data), (f"table{len(tables)}", data))
        return {"name": name}

    with _ONE_AT_A_TIME:
        alt.data_transformers.register("set_aside", set_aside)
        with alt.data_transformers.enable("set_aside"):
            spec: Spec = chart.to_dict()
    spec["datasets"] = {name: _values(table) for name, table in tables.values()}
    return spec


def _values(table: pd.DataFrame) -> pa.Table:
    """Return the values; what pandas would note beside them takes more room than they do."""
    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
