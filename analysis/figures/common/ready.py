"""A chart as the browser gets it: its Vega-Lite specification and, separately, its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_numeric_dtype

from analysis.figures.common.theme import marked_spec
from analysis.figures.common.varying import FACTS, named

Spec = dict[str, Any]

# Properties of every JavaScript object: Vega uses names of groups as keys and would find these instead.
_IN_EVERY_OBJECT = frozenset(
    {
        *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString"),
        *("valueOf", "__proto__"),
        *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
    }
)

KEY = "key"  # the column by which marks stay the same
_WHAT_IT_IS = ("group", "of", "part", "stretch", "panel", "year", "place", "patient_id")
MOST_NAMED = 1000  # rows of a table; with more, the marks of the same place in the table are the same

_FACTS = {"name": FACTS, "expr": f"data('{FACTS}')[0]"}
# Vega loads only tables that a layer draws: this one draws nothing.
_OF_FACTS = {"data": {"name": FACTS}, "mark": {"type": "text", "text": "", "aria": False, "tooltip": None}}

_ONE_AT_A_TIME = Lock()  # Altair's data transformer is global


def ready(chart: alt.LayerChart) -> Spec:
    """Return the specification with its tables by name under "datasets".

    Tables are named by their order, and values in expressions are named, so that a chart with other values has the
    same specification and the browser only updates the values instead of rebuilding the chart.
    """
    tables: dict[int, tuple[str, pd.DataFrame]] = {}

    def set_aside(data: pd.DataFrame) -> dict[str, str]:
        name, _ = tables.setdefault(id(data), (f"table{len(tables)}", data))
        return {"name": name}

    with _ONE_AT_A_TIME:
        alt.data_transformers.register("set_aside", set_aside)
        with alt.data_transformers.enable("set_aside"):
            marked: Spec = changed_texts(marked_spec(chart), drawable_name)
    spec, facts = named(marked)
    layers = [*(_keyed(layer) for layer in spec["layer"]), _OF_FACTS]
    params = [_FACTS, *spec.get("params", [])]
    values = {FACTS: pa.Table.from_pylist([facts]), **{name: _values(table) for name, table in tables.values()}}
    return {**spec, "layer": layers, "params": params, "datasets": values}


def _keyed(layer: Spec) -> Spec:
    """Return a layer whose marks stay the same ones when its table changes, so that they move and are not replaced.

    A line has its rows as points, and with a key Vega-Lite would draw a line for each.
    """
    if layer["mark"]["type"] in ("line", "area"):
        return layer
    return {**layer, "encoding": {**layer.get("encoding", {}), "key": {"field": KEY}}}


def _keys(table: pd.DataFrame) -> list[str] | list[int]:
    """Return what makes each row the same mark as before: what it is of, and the how-manieth of that it is."""
    of = [table[name].astype(str) for name in _WHAT_IT_IS if name in table]
    if not of or len(table) > MOST_NAMED:
        return list(range(len(table)))
    before: Counter[str] = Counter()
    keys = []
    for name in map("|".join, zip(*of, strict=True)):
        keys.append(f"{name}|{before[name]}")
        before[name] += 1
    return keys


def drawable_name(text: str) -> str:
    """Return a name that is safe as a key in Vega: with a trailing blank if JavaScript has a property of that name."""
    return f"{text} " if text in _IN_EVERY_OBJECT else text


def name_of_drawn(value: Any) -> Any:
    """Return the name from which `drawable_name` was made."""
    return value[:-1] if isinstance(value, str) and value[:-1] in _IN_EVERY_OBJECT else value


def changed_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a specification with a function applied to all of its texts."""
    if isinstance(value, dict):
        return {changed_texts(key, change): changed_texts(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [changed_texts(each, change) for each in value]
    return change(value) if isinstance(value, str) else value


def _values(table: pd.DataFrame) -> pa.Table:
    """Return the rows of a table as records, without the index and metadata of pandas."""
    drawn = table
    for name, values in table.items():
        if not is_numeric_dtype(values) and values.isin(_IN_EVERY_OBJECT).any():
            drawn = drawn.assign(**{str(name): values.astype(object).map(drawable_name, na_action="ignore")})
    drawn = drawn.assign(**{KEY: _keys(table)})
    return pa.Table.from_pandas(drawn, preserve_index=False).replace_schema_metadata(None)
