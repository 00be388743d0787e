"""Named arrays, of which a part of the patients takes its rows when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionDtype

Rows: TypeAlias = NDArray[np.intp]


class Columns(Mapping[str, Any]):
    """Arrays of equal length by name.

    A question of a part of the patients takes what it needs from what is known of all: column by column, for a table
    has many and a question needs few; and as arrays, for of a small cohort a table takes longer to make than to count.

    Parameters
    ----------
    arrays
        Arrays of numpy or pandas, or the columns of a table, a row along the last axis. The column ``row``, where there
        is one, is the place of the patient among the patients; without it there is a row a patient.
    held
        Which of their rows; None for all.
    row
        The column ``row`` of these, where it is another than that of the arrays.
    """

    def __init__(
        self, arrays: Mapping[str, Any] | pd.DataFrame, held: Rows | None = None, row: Rows | None = None
    ) -> None:
        self._arrays = arrays
        self._held = held
        self._taken: dict[str, Any] = {} if row is None else {"row": row}

    def __getitem__(self, name: str) -> Any:
        if name not in self._taken:
            array = plain_array(self._arrays[name])
            self._taken[name] = array if self._held is None else shared(_rows_of(array, self._held))
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def of_part(self, part: Part) -> Columns:
        """Return the rows of a part of the patients, who are numbered anew."""
        if "row" not in self._arrays:
            return self.rows(part.places)
        held = np.flatnonzero(part.kept[self["row"]])
        return Columns(self._arrays, self._places(held), part.renumbered(self["row"][held]))

    def rows(self, held: Rows) -> Columns:
        """Return these rows."""
        return Columns(self._arrays, self._places(held), self["row"][held] if "row" in self._arrays else None)

    def _places(self, held: Rows) -> Rows:
        """Return where rows of these are in the arrays."""
        return held if self._held is None else self._held[held]

    def table(self) -> pd.DataFrame:
        """Return all of them as a table."""
        return pd.DataFrame(dict(self), copy=False)


@dataclass(frozen=True, eq=False)
class Part:
    """Which patients of a cohort are a cohort of their own.

    Attributes
    ----------
    kept
        Whether each patient of the whole is one of them.
    """

    kept: NDArray[np.bool_]

    @cached_property
    def places(self) -> Rows:
        """Their places among the patients of the whole."""
        return np.flatnonzero(self.kept)

    @cached_property
    def _numbers(self) -> Rows:
        return np.cumsum(self.kept) - 1

    def renumbered(self, rows: Rows) -> Rows:
        """Return places among the patients of the whole as places among those of the part."""
        numbers: Rows = self._numbers[rows]
        return numbers


def number_of_patients(rows: Rows | pd.Series) -> int:
    """Return how many patients are at these places; one who is there twice is one."""
    return int(np.count_nonzero(np.bincount(rows)))


def _rows_of(array: Any, held: Rows) -> Any:
    return array.take(held, axis=-1) if isinstance(array, np.ndarray) else array.take(held)


def plain_array(column: Any) -> Any:
    """Return the values of a column, as numpy has them where it can: wrapped ones are looked through at each use."""
    if not isinstance(column, pd.Series):
        return shared(column)
    return column.array if isinstance(column.dtype, ExtensionDtype) else shared(column.to_numpy())


def shared(array: Any) -> Any:
    """Return an array as many questions share it: who writes to it gets an error, and not others a wrong number."""
    if not isinstance(array, np.ndarray):
        return array
    view = array.view()
    view.flags.writeable = False
    return view
