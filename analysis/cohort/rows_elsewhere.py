"""A cohort whose rows of patients are elsewhere: with several centres, or in a database."""

from __future__ import annotations

from typing import ClassVar, NoReturn

import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.model import Cohort


class RowsElsewhereError(ValueError):
    """Rows of patients, or counts that were not made, were asked for, and only certain counts are here."""


class RowsElsewhere(Cohort):
    """Patients of whom only tables of counts are here; a subclass has these, as `analysis.counts.additive` asks for.

    Attributes
    ----------
    no_rows
        One sentence for a reader: where the rows are, and so why what needs them cannot be had.
    """

    no_rows: ClassVar[str]

    @property
    def whole(self) -> Cohort:
        """All patients: themselves."""
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
        raise RowsElsewhereError(self.no_rows)
