"""Columns of the patients of a part, as numbers, or as codes of what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats, Rows
from analysis.cohort.times import first_of_each


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of codes of the patients of a part, and what the codes mean.

    Attributes
    ----------
    code
        For each patient a row of `profiles`; -1 for none.
    profiles
        A row a code: numbers, flags and texts.
    """

    code: NDArray[np.signedinteger[Any]]
    profiles: pd.DataFrame

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> Coded:
        """Return patients with equal values in all columns under one code."""
        table = pd.DataFrame(dict(columns))
        numbers = table.groupby(list(table), dropna=False, sort=False, observed=True).ngroup().to_numpy()
        first = np.unique(numbers, return_index=True)[1]
        return cls(numbers, table.iloc[first].reset_index(drop=True))

    def rows(self, which: Rows, whose: Rows, patients: int) -> Coded:
        """Return a column of patients from some of these rows: `whose` says of each whose it is; others have none."""
        code = np.full(patients, -1)
        code[whose] = self.code[which]
        return Coded(code, self.profiles)

    def in_turn(self, row: Rows, patients: int) -> dict[str, Coded]:
        """Return columns of patients from rows of which each may have several: the first of each, the second, ...

        Parameters
        ----------
        row
            The patient of each of these rows; those of a patient are together.
        patients
            The number of patients.
        """
        first = np.flatnonzero(first_of_each(row))
        turn = np.arange(len(row)) - np.repeat(first, np.diff(np.append(first, len(row))))
        of_turns = (np.flatnonzero(turn == number) for number in range(int(turn.max(initial=-1)) + 1))
        return {str(number): self.rows(which, row[which], patients) for number, which in enumerate(of_turns)}


Made: TypeAlias = Mapping[str, "Coded | Floats"]
