"""Columns of per-patient arrays, sliced lazily: a selection takes its rows of a column when the column is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype

from analysis.cohort.arrays import Flags, Rows


class Selected(Protocol):
    """A selection of the patients of a cohort."""

    @property
    def kept(self) -> Flags:
        """Whether each patient of the whole cohort is selected."""

    @property
    def places(self) -> Rows:
        """Row positions of the selected patients in the whole cohort."""

    def renumbered(self, rows: Rows) -> Rows:
        """Convert row positions in the whole cohort to positions in the selection."""


class Columns(Mapping[str, Any]):
    """Arrays of equal length by name, of which a selection is a lazy subset of rows.

    Only the columns that are used are sliced, since most estimates need few of many. They are arrays rather than a
    DataFrame, because building a DataFrame of a small cohort takes longer than counting it.

    Parameters
    ----------
    arrays
        Arrays of numpy or pandas by name, or a DataFrame; rows are along the last axis. The column ``row`` gives the
        position of each row's patient in ``cohort.patients``; without it there is one row per patient.
    held
        Positions of the rows in `arrays`; None for all.
    row
        The column ``row`` after renumbering, if it differs from that of `arrays`.
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
        """Memory in bytes if every column has been sliced."""
        of_all = sum(int(plain_array(self._arrays[name]).nbytes) for name in self._arrays)
        if self._held is None:
            return of_all
        rows = max((np.shape(plain_array(self._arrays[name]))[-1] for name in self._arrays), default=0)
        return int(self._held.nbytes) + (of_all * len(self._held) // rows if rows else 0)

    def of(self, selected: Selected) -> Columns:
        """Return the rows of the selected patients, with ``row`` renumbered."""
        if "row" not in self._arrays:
            return self.rows(selected.places)
        held = np.flatnonzero(selected.kept[self["row"]])
        return Columns(self._arrays, self._places(held), selected.renumbered(self["row"][held]))

    def rows(self, held: Rows) -> Columns:
        """Return the rows at these positions; ``row`` is not renumbered."""
        return Columns(self._arrays, self._places(held), self["row"][held] if "row" in self._arrays else None)

    @property
    def held(self) -> Rows | slice:
        """Positions of these rows in the arrays of the whole cohort."""
        return slice(None) if self._held is None else self._held

    def _places(self, held: Rows) -> Rows:
        return held if self._held is None else self._held[held]

    def table(self) -> pd.DataFrame:
        """Return all columns as a DataFrame."""
        return pd.DataFrame(dict(self), copy=False)


def number_of_patients(rows: Rows | pd.Series) -> int:
    """Return the number of distinct patients, given the row position of each row's patient."""
    return int(np.count_nonzero(np.bincount(rows)))


def _rows_of(array: Any, held: Rows) -> Any:
    return array.take(held, axis=-1) if isinstance(array, np.ndarray) else array.take(held)


def plain_array(column: Any) -> Any:
    """Return the values of a column as a numpy array, or as a pandas array for pandas' own types."""
    if not isinstance(column, pd.Series):
        return read_only(column)
    return column.array if isinstance(column.dtype, ExtensionDtype) else read_only(column.to_numpy())


def read_only(array: Any) -> Any:
    """Return a read-only view of an array, so that writing to a cached result is an error."""
    if not isinstance(array, np.ndarray):
        return array
    view = array.view()
    view.flags.writeable = False
    return view
