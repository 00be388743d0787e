"""A chart as the browser gets it: its Vega-Lite specification and, separately, its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_numeric_dtype

from analysis.figures.common.outline import outlined
from analysis.figures.common.theme import marked_spec
from analysis.figures.common.varying import FACTS, named

Spec = dict[str, Any]
Key = tuple[str, str]

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


def _anew(_: Key, make: Callable[[], Spec]) -> Spec:
    return make()


def ready(chart: alt.LayerChart, once: Callable[[Key, Callable[[], Spec]], Spec] = _anew) -> Spec:
    """Return the specification with its tables by name under "datasets".

    Tables are named by their order, and values in expressions are named, so that a chart with other values has the
    same specification and the browser only updates the values instead of rebuilding the chart.

    Parameters
    ----------
    chart
        The chart.
    once
        Returns what was made of a key before; a specification takes longer to write than its tables.
    """
    tables = {id(layer.data): layer.data for layer in chart.layer}
    names = {known: f"table{place}" for place, known in enumerate(tables)}
    outline, facts = outlined(chart, names)
    spec = once(("specification", outline), lambda: _specification(chart, names))
    values = {FACTS: pa.Table.from_pylist([facts]), **{names[known]: _values(table) for known, table in tables.items()}}
    return {**spec, "datasets": values}


def _specification(chart: alt.LayerChart, names: Mapping[int, str]) -> Spec:
    def set_aside(data: pd.DataFrame) -> dict[str, str]:
        return {"name": names[id(data)]}

    with _ONE_AT_A_TIME:
        alt.data_transformers.register("set_aside", set_aside)
        with alt.data_transformers.enable("set_aside"):
            spec: Spec = named(changed_texts(marked_spec(chart), drawable_name))[0]
    layers = [*(_keyed(layer) for layer in spec["layer"]), _OF_FACTS]
    return {**spec, "layer": layers, "params": [_FACTS, *spec.get("params", [])]}


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
    """Return the rows of a table as records, and what makes each row the same mark as before."""
    columns = {str(name): _drawn(values) for name, values in table.items()}
    return pa.table({**columns, KEY: pa.array(_keys(table))})


def _drawn(values: pd.Series) -> pa.Array:
    if is_numeric_dtype(values):
        return pa.array(values)
    words = values.tolist()
    if not _IN_EVERY_OBJECT.isdisjoint(words):
        words = [drawable_name(word) if isinstance(word, str) else word for word in words]
    return pa.array(words, from_pandas=True)
