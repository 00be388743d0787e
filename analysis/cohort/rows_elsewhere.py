"""A cohort whose rows of patients are elsewhere: with several centres, or in a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn

import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.model import Cohort, Keeps


class RowsElsewhereError(ValueError):
    """Rows of patients, or counts that were not made, were asked for, and only certain counts are here."""


@dataclass(frozen=True, eq=False)
class Inventory:
    """What there is in the tables of a cohort whose rows are elsewhere.

    Attributes
    ----------
    patients, visits
        The tables without rows: their columns, with types and categories.
    measures
        The numeric visit columns with at least one value, SLEDAI first.
    drugs
        The drugs, those that most patients took first.
    events
        The names of adverse events, sorted.
    rows
        Numbers of rows by table, as far as they are known.
    """

    patients: pd.DataFrame
    visits: pd.DataFrame
    measures: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupSizes:
    """The groups of a comparison with their numbers of patients.

    Attributes
    ----------
    names
        The groups in order.
    patients
        The number of patients in each.
    shared
        The number of patients in two groups.
    """

    names: tuple[str, ...]
    patients: tuple[int, ...]
    shared: int = 0


class RowsElsewhere(Cohort):
    """Patients of whom only tables of counts are here; a subclass has these, as `analysis.counts.additive` asks for.

    What is asked of it beside counts are its columns, which values they hold, and how many patients a selection or a
    group has; the pages ask often, so that answers should be kept. All else that an ordinary cohort has, it refuses
    with `no_rows`. A selection of it has the same ``whole`` and another fingerprint.

    Attributes
    ----------
    no_rows
        One sentence for a reader: where the rows are.
    caveat
        What a report says of patients who were counted elsewhere; "" for nothing.
    least
        Counts below it are hidden in every file that leaves, whatever is set on the page; 0 for none.
    most_rows
        Of so many patients at most `rows` can be had on request; 0 if they never can.
    """

    no_rows: ClassVar[str]
    caveat: ClassVar[str] = ""
    least: int = 0
    most_rows: int = 0

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name}, {len(self):,} patients>"

    @property
    def inventory(self) -> Inventory:
        """What there is in the tables of the whole cohort."""
        raise NotImplementedError

    @property
    def groups(self) -> Mapping[str, Any] | None:
        """The only groupings that can be had, by their word in a question; None if any can."""
        return None

    @property
    def no_filters(self) -> str:
        """Why patients cannot be filtered here, in sentences; "" if they can."""
        return ""

    @property
    def rows_refused(self) -> str:
        """Why the rows of these patients cannot be had, in a sentence; "" if they can."""
        if not self.most_rows:
            return self.no_rows
        if not len(self):
            return "No patient is selected, so there are no rows to open."
        if len(self) > self.most_rows:
            selected = f"{len(self):,} patients are selected; the rows of at most {self.most_rows:,} can be opened."
            return f"{selected} Filter further."
        return ""

    def rows(self) -> Cohort:
        """Return these patients as an ordinary cohort in memory.

        Raises
        ------
        RowsElsewhereError
            If their rows cannot be had; see `rows_refused`.
        """
        self._refuse()

    def counts_of(self, asked: Any) -> Any:
        """Return a table of counts that `analysis.counts.additive.CountsAsked` says."""
        raise NotImplementedError

    def values_found(self, name: str) -> pd.Series:
        """Return the distinct values of a column of `filter_column`, and a missing one if any patient has none."""
        raise NotImplementedError

    def without_value(self, *names: str) -> int:
        """Return the number of patients with a missing value in at least one of these columns."""
        raise NotImplementedError

    def group_sizes(self, by: Any) -> GroupSizes:
        """Return the groups of a comparison, as of `analysis.cohort.grouping.group_sizes`."""
        raise NotImplementedError

    def where(self, filters: Keeps) -> Cohort:
        """Return the patients who pass every filter; their rows are elsewhere too."""
        raise NotImplementedError

    def either(self, pinned: Any) -> Cohort:
        """Return the patients of either selection of a `Pinned` comparison."""
        raise NotImplementedError

    @property
    def whole(self) -> Cohort:
        """All patients: themselves."""
        return self

    @property
    def patients_like(self) -> pd.DataFrame:
        """The patients without rows."""
        return self.inventory.patients

    @property
    def visits_like(self) -> pd.DataFrame:
        """The visits without rows."""
        return self.inventory.visits

    @property
    def patient_columns(self) -> pd.Index:
        """The column names of the patients."""
        return self.inventory.patients.columns

    @property
    def visit_columns(self) -> pd.Index:
        """The column names of the visits."""
        return self.inventory.visits.columns

    @property
    def findings(self) -> pd.DataFrame:
        """No findings."""
        return pd.DataFrame(columns=["kind", "table", "row", "column", "value", "message", "question"])

    @property
    def left_out(self) -> pd.DataFrame:
        """No rows that are left out."""
        return pd.DataFrame(columns=["table", "row", "patient_id", "reason"])

    @property
    def bytes_in_memory(self) -> int:
        """No rows are in memory."""
        return 0

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

    @property
    def treatments(self) -> pd.DataFrame:
        """Rows are elsewhere."""
        self._refuse()

    @property
    def infusions(self) -> pd.DataFrame:
        """Rows are elsewhere."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise RowsElsewhereError(self.no_rows)
