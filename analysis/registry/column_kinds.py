"""The kinds of column in the tables of a registry, which are the same in all of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import reduce
from typing import Any

import pandas as pd

from analysis.counts.joining import join_names

NOTHING, NUMBER, WHOLE, FLAG, CATEGORY, TEXT, SETS = "nothing", "number", "whole", "flag", "category", "text", "sets"
WORDS = {NUMBER: "numbers", WHOLE: "whole numbers", FLAG: "yes or no", CATEGORY: "words", TEXT: "texts", SETS: "sets"}

Kinds = dict[str, "ColumnKind"]


class KindsDifferError(ValueError):
    """A column holds different kinds of values in different parts."""


@dataclass(frozen=True)
class ColumnKind:
    """What a column holds.

    Attributes
    ----------
    kind
        "number", "whole", "flag", "category", "text", "sets" (of texts), or "nothing" if all values are missing.
    missing
        Of whole numbers and flags: whether the type has a place for missing values.
    categories, ordered
        Of a category: its levels in order, and whether the order has a meaning.
    """

    kind: str
    missing: bool = True
    categories: tuple[str, ...] = ()
    ordered: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether all values are missing."""
        return self.kind == NOTHING or (self.kind == CATEGORY and not self.categories)

    @classmethod
    def of(cls, column: pd.Series) -> ColumnKind:
        """Return the kind of a column.

        Raises
        ------
        KindsDifferError
            If it holds values that are neither numbers, flags, texts nor sets of texts.
        """
        dtype = column.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            levels = tuple(dtype.categories)
            if all(isinstance(level, str) for level in levels):
                return cls(CATEGORY, categories=levels, ordered=bool(dtype.ordered))
        elif column.isna().all():
            return cls(NOTHING)
        elif pd.api.types.is_bool_dtype(dtype):
            return cls(FLAG, missing=pd.api.types.is_extension_array_dtype(dtype))
        elif pd.api.types.is_integer_dtype(dtype):
            return cls(WHOLE, missing=pd.api.types.is_extension_array_dtype(dtype))
        elif pd.api.types.is_float_dtype(dtype):
            return cls(NUMBER)
        else:
            held = {type(value) for value in column.dropna().to_numpy(dtype=object)}
            if held == {str}:
                return cls(TEXT)
            if held == {frozenset}:
                return cls(SETS)
        raise KindsDifferError("it holds values of a kind that a registry cannot keep")

    def __add__(self, other: ColumnKind) -> ColumnKind:
        """Return the kind of both parts together.

        Raises
        ------
        KindsDifferError
            If no kind holds the values of both.
        """
        if self.says_nothing or other.says_nothing:
            held = other if self.kind == NOTHING or not other.says_nothing else self
            return ColumnKind(held.kind, True, held.categories, held.ordered)
        if self.kind == other.kind == CATEGORY:
            names, *_ = join_names(self.categories, other.categories)
            return ColumnKind(CATEGORY, categories=names, ordered=self.ordered and other.ordered)
        if self.kind == other.kind:
            return ColumnKind(self.kind, self.missing or other.missing)
        kinds = {self.kind, other.kind}
        if kinds == {NUMBER, WHOLE}:
            return ColumnKind(NUMBER)
        if kinds == {TEXT, CATEGORY}:
            return ColumnKind(TEXT)
        raise KindsDifferError(f"it holds {WORDS[self.kind]} in some rows and {WORDS[other.kind]} in others")

    def cast(self, column: pd.Series) -> pd.Series:
        """Return a column of one part with the type that it has in all."""
        if self.kind == SETS:
            return column.map(frozenset, na_action="ignore").astype(object)
        dtypes: dict[str, Any] = {
            NOTHING: object,
            NUMBER: "float64",
            WHOLE: "Int64" if self.missing else "int64",
            FLAG: "boolean" if self.missing else "bool",
            TEXT: object,
            CATEGORY: pd.CategoricalDtype(list(self.categories), ordered=self.ordered),
        }
        if self.kind == CATEGORY:
            if not isinstance(column.dtype, pd.CategoricalDtype):
                column = column.astype(object).astype("category")
            return column.cat.set_categories(list(self.categories), ordered=self.ordered)
        return column.astype(dtypes[self.kind])

    def to_json(self) -> dict[str, Any]:
        """Return the kind as it is written to a manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> ColumnKind:
        """Return the kind that was written to a manifest."""
        return cls(**{**held, "categories": tuple(held["categories"])})


def kinds_of(table: pd.DataFrame) -> Kinds:
    """Return the kind of each column of a table.

    Raises
    ------
    KindsDifferError
        If a column cannot be kept; the message names it.
    """
    kinds = {}
    for name in table:
        try:
            kinds[str(name)] = ColumnKind.of(table[name])
        except KindsDifferError as error:
            raise KindsDifferError(f"column {name}: {error}") from error
    return kinds


def joined_kinds(parts: list[Kinds]) -> Kinds:
    """Return the kind of each column in all parts together; a column that a part lacks is missing there.

    Raises
    ------
    KindsDifferError
        If no kind holds the values of all parts; the message names the column.
    """
    names = dict.fromkeys(name for part in parts for name in part)
    joined = {}
    for name in names:
        try:
            joined[name] = reduce(lambda a, b: a + b, [part.get(name, ColumnKind(NOTHING)) for part in parts])
        except (KindsDifferError, ValueError) as error:
            raise KindsDifferError(f"column {name}: {error}") from error
    return joined


def like(kinds: Kinds) -> pd.DataFrame:
    """Return a table of these columns without rows."""
    return pd.DataFrame({name: kind.cast(pd.Series([], dtype=object)) for name, kind in kinds.items()})
