"""Some patients of a registry: where they are, what is derived of them, and who counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.centres.coding import encoded
from analysis.cohort.filters import Filters
from analysis.cohort.model import Cohort
from analysis.registry.coded import Made
from analysis.registry.derived import Derived, DerivedTables
from analysis.registry.folder import Folder
from analysis.registry.grouped import Asking, Cells

CODE = "code"  # the column of a derived table with one code a patient


@dataclass(frozen=True, eq=False)
class Registered:
    """Some patients of a registry.

    Attributes
    ----------
    folder, tables
        The registry, and what is derived of its patients.
    asking
        The engine, and which patients.
    """

    folder: Folder
    tables: DerivedTables
    asking: Asking

    def derived(self, words: str, key: object, make: Callable[[Cohort], Made]) -> Derived:
        """Return a derived table of all patients; see `DerivedTables.table`."""
        return self.tables.table(f"Preparing {words}", encoded(key), make)

    def number(self, filters: Filters) -> int:
        """Return the number of these patients who pass further filters."""
        columns = self.asking.columns
        _, (cells,) = self.asking.by_group(None, (columns.column("died").stored,), columns.tests(filters))
        return int(cells.patients.sum())


def profiles_of(profiles: pd.DataFrame, cells: Cells) -> pd.DataFrame:
    """Return the profile of each cell."""
    return profiles.iloc[cells.value.to_numpy(dtype=np.intp)].reset_index(drop=True)


def known_cells(profiles: pd.DataFrame, cells: Cells) -> dict[str, NDArray[Any]]:
    """Return member, patients, and the columns of the profiles, of the cells of patients who have one."""
    known = cells.value.notna().to_numpy()
    held = Cells(cells.member[known], cells.value[known], cells.patients[known])
    columns = profiles_of(profiles, held)
    of_profiles = {str(name): columns[name].to_numpy() for name in columns}
    return {"member": held.member, **of_profiles, "patients": held.patients}


def with_both(table: pd.DataFrame, size: int) -> pd.DataFrame:
    """Return the rows of members of groups; those in two groups are in each, and once more after the last group."""
    both = table[table["member"] == size]
    return pd.concat([table[table["member"] >= 0], *(both.assign(member=place) for place in range(size) if len(both))])


def in_both(member: Any, at: Any, patients: Any, size: int) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the cells of each group; those in two groups are in both."""
    alone = (member >= 0) & (member < size)
    yield member[alone], at[alone], patients[alone]
    both = member == size
    if both.any():
        for place in range(size):
            yield np.full(int(both.sum()), place), at[both], patients[both]
