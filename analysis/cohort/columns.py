"""Columns of per-patient arrays, sliced lazily: a selection takes the rows of its patients column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionDtype

Rows: TypeAlias = NDArray[np.intp]


class Selected(Protocol):
    """Some of the patients of a cohort."""

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Whether each patient of the whole cohort is one of them."""

    @property
    def places(self) -> Rows:
        """Their places among the patients of the whole cohort."""

    def renumbered(self, rows: Rows) -> Rows:
        """Return places among the patients of the whole cohort as places among these."""


class Columns(Mapping[str, Any]):
    """Arrays of equal length by name.

    A question of some patients takes what it needs from what is known of all: column by column, for a table has many
    and a question needs few; and as arrays, for of a small cohort a table takes longer to make than to count.

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
            self._taken[name] = array if self._held is None else read_only(_rows_of(array, self._held))
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    @property
    def nbytes(self) -> int:
        """How much memory the columns take once each has been asked for."""
        of_all = sum(int(plain_array(self._arrays[name]).nbytes) for name in self._arrays)
        if self._held is None:
            return of_all
        rows = max((np.shape(plain_array(self._arrays[name]))[-1] for name in self._arrays), default=0)
        return int(self._held.nbytes) + (of_all * len(self._held) // rows if rows else 0)

    def of(self, selected: Selected) -> Columns:
        """Return the rows of some patients, who are numbered anew."""
        if "row" not in self._arrays:
            return self.rows(selected.places)
        held = np.flatnonzero(selected.kept[self["row"]])
        return Columns(self._arrays, self._places(held), selected.renumbered(self["row"][held]))

    def rows(self, held: Rows) -> Columns:
        """Return these rows."""
        return Columns(self._arrays, self._places(held), self["row"][held] if "row" in self._arrays else None)

    @property
    def held(self) -> Rows | slice:
        """Where these rows are among those of all patients."""
        return slice(None) if self._held is None else self._held

    def _places(self, held: Rows) -> Rows:
        return held if self._held is None else self._held[held]

    def table(self) -> pd.DataFrame:
        """Return all of them as a table."""
        return pd.DataFrame(dict(self), copy=False)


def number_of_patients(rows: Rows | pd.Series) -> int:
    """Return how many distinct patients are at these places."""
    return int(np.count_nonzero(np.bincount(rows)))


def _rows_of(array: Any, held: Rows) -> Any:
    return array.take(held, axis=-1) if isinstance(array, np.ndarray) else array.take(held)


def plain_array(column: Any) -> Any:
    """Return the values of a column, as numpy has them where it can: wrapped ones are looked through at each use."""
    if not isinstance(column, pd.Series):
        return read_only(column)
    return column.array if isinstance(column.dtype, ExtensionDtype) else read_only(column.to_numpy())


def read_only(array: Any) -> Any:
    """Return an array that many questions share: who writes to it gets an error, and not others a wrong number."""
    if not isinstance(array, np.ndarray):
        return array
    view = array.view()
    view.flags.writeable = False
    return view
