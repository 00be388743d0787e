"""Results with other names of their groups, as a figure on paper may have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import pandas as pd

from analysis.figures.common.paper import Paper

GROUP_COLUMNS = ("group", "group_a", "group_b", "reference")
Part = TypeVar("Part")


def with_short_names(part: Part, paper: Paper) -> Part:
    """Return a result or table whose groups bear the names that they have on paper, or their own if two would be one.

    Parameters
    ----------
    part
        A result of an estimate, a table, or anything else, which stays as it is.
    paper
        Has the names.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> curve = kaplan_meier(load_sample(), by="msc_source")
    >>> with_short_names(curve, Paper(short=(("BM", "Marrow"),))).summary["group"].tolist()
    ['Marrow', 'UC']
    """
    return cast(Part, _renamed(part, paper.named)) if paper.short else part


def _renamed(part: Any, named: Callable[[str], str]) -> Any:
    if isinstance(part, pd.DataFrame):
        return part.assign(**{name: _column(part[name], named) for name in GROUP_COLUMNS if name in part})
    if isinstance(part, tuple):
        return tuple(_renamed(each, named) for each in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    kept = {each.name: getattr(part, each.name) for each in fields(part) if each.init}
    changed = {name: _renamed(value, named) for name, value in kept.items()}
    if all(changed[name] is value for name, value in kept.items()):
        return part
    return replace(part, **changed)


def _column(groups: pd.Series, named: Callable[[str], str]) -> pd.Series:
    categorical = isinstance(groups.dtype, pd.CategoricalDtype)
    names = {name: named(str(name)) for name in (groups.cat.categories if categorical else groups.dropna().unique())}
    if len(set(names.values())) < len(names):
        return groups  # two groups would be one
    return groups.cat.rename_categories(names) if categorical else groups.map(names)
