"""What a specification will be, known before it is written: the parts of a chart without its tables and values."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import altair as alt
import pandas as pd
from altair.utils.schemapi import SchemaBase, Undefined

from analysis.figures.common.varying import named


def outlined(chart: alt.LayerChart, names: Mapping[int, str]) -> tuple[str, dict[str, float | str]]:
    """Return a key that charts of the same specification share, and the values of this one by name.

    Parameters
    ----------
    chart
        The chart.
    names
        The name of each table by its identity.
    """
    parts, values = named(_parts(chart, names))
    return sha256(repr(parts).encode()).hexdigest(), values


def _parts(value: Any, names: Mapping[int, str]) -> Any:
    """Return a part of a chart as plain lists and texts; an expression as in the specification."""
    if isinstance(value, pd.DataFrame):
        return names[id(value)]
    if isinstance(value, alt.ExprRef):
        return {"expr": value.expr}
    if isinstance(value, SchemaBase):
        positional, by_name = value._args, value._kwds  # noqa: SLF001 -- else Altair tells its parts only written out
        given = [[name, _parts(each, names)] for name, each in by_name.items() if each is not Undefined]
        return [type(value).__name__, [_parts(each, names) for each in positional], given]
    if isinstance(value, dict):
        return {name: _parts(each, names) for name, each in value.items()}
    return [_parts(each, names) for each in value] if isinstance(value, list | tuple) else value
