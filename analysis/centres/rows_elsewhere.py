"""A cohort whose rows of patients are elsewhere."""

from __future__ import annotations

from typing import NoReturn

import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.model import Cohort


class RowsElsewhereError(ValueError):
    """Rows of patients, or counts that were not made, were asked for, and only certain counts are here."""


class RowsElsewhere(Cohort):
    """Patients whose rows are with their centres; a subclass has tables of counts."""

    @property
    def whole(self) -> Cohort:
        """All patients of all centres: themselves."""
        return self

    @property
    def kept(self) -> Flags:
        """Rows are elsewhere."""
        self._refuse()

    @property
    def patients(self) -> pd.DataFrame:
        """Rows are elsewhere."""
        self._refuse()

    @property
    def visits(self) -> pd.DataFrame:
        """Rows are elsewhere."""
        self._refuse()

    @property
    def events(self) -> pd.DataFrame:
        """Rows are elsewhere."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise RowsElsewhereError("Of these patients only counts are here; their rows are with their centres.")
