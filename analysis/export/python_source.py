"""Values as Python source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np

import analysis
from analysis.cohort.conditions import OneOf, SetOf

Imports = dict[str, set[str]]


def source_of(value: Any, imports: Imports) -> str:
    """Return source that evaluates to a value, and add the names that it needs to the imports.

    Parameters
    ----------
    value
        A text, number, date, or a tuple, list, set, mapping or dataclass of these.
    imports
        Module to names; names are added.

    Raises
    ------
    TypeError
        If the value is of another kind.
    """
    if isinstance(value, np.generic):
        return source_of(value.item(), imports)
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, date):
        imports.setdefault("datetime", set()).add("date")
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, tuple | list):
        inside = ", ".join(source_of(each, imports) for each in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, Mapping):
        pairs = [f"{source_of(key, imports)}: {source_of(each, imports)}" for key, each in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{name_of(type(value), imports)}({', '.join(_arguments(value, imports))})"
    raise TypeError(f"{type(value).__name__} cannot be written as source.")


def name_of(thing: Any, imports: Imports) -> str:
    """Return the name of a function or class, and add it to the imports, from `analysis` if it is public there."""
    name = str(thing.__qualname__)
    public = getattr(analysis, name, None) is thing
    imports.setdefault("analysis" if public else thing.__module__, set()).add(name)
    return name


def import_lines(imports: Imports) -> list[str]:
    """Return the imports as source, one line per module."""
    return [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(imports.items())]


def _arguments(value: Any, imports: Imports) -> list[str]:
    """Return the arguments of a dataclass: chosen values one by one, else the fields that are not at their default."""
    if isinstance(value, OneOf):
        without = [f"without={source_of(value.without, imports)}"] if isinstance(value, SetOf) and value.without else []
        keep = ["keep_missing=True"] if value.keep_missing else []
        return [*(source_of(each, imports) for each in value.values), *without, *keep]
    chosen = {each.name: getattr(value, each.name) for each in fields(value) if not _is_usual(each, value)}
    return [f"{name}={source_of(each, imports)}" for name, each in chosen.items()]


def _is_usual(each: Field[Any], value: Any) -> bool:
    usual = each.default if each.default_factory is MISSING else each.default_factory()
    return usual is not MISSING and getattr(value, each.name) == usual
