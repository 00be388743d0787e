"""The cohort: plain tables of patients and what refers to them, with findings; and the selection, a subset of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Rows
from analysis.cohort.columns import Columns, plain_array, read_only
from analysis.cohort.per_patient import STORE, Store, cached, per_patient
from analysis.cohort.table_kinds import DEPENDENT


class Keeps(Protocol):
    """Anything that selects patients, such as `Filters`."""

    def keep(self, cohort: Cohort) -> pd.Series:
        """Return whether each patient is kept, indexed like ``cohort.patients``."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """Patients with their visits, adverse events, treatments and infusions, and the findings from reading them.

    Attributes
    ----------
    name
        The name of the cohort on the screen.
    patients
        One row per patient: ``patient_id``, ``follow_up_months`` (months since transplantation),
        ``died`` (boolean), and any canonical or other columns.
    visits
        One row per visit: ``patient_id``, ``months`` (since transplantation) and measures.
    events
        One row per adverse event: ``patient_id``, ``months`` (since transplantation), ``event``, ``grade``,
        ``related``.
    findings
        One row per `Finding`: kind, table, row, column, value, message, question.
    left_out
        Rows of the files that are not used: table, row, patient_id, reason.
    rows_read
        Number of patient rows in the file, used or not.
    fingerprint
        SHA-256 of the tables in hexadecimal, independent of the order of rows; a selection has its own.
    treatments
        One row per period of treatment: ``patient_id``, ``drug``, ``dose``, ``dose_unit``, ``start_months``,
        ``stop_months`` (both since transplantation; a missing stop: still taken at the end of follow-up).
    infusions
        One row per infusion of cells: ``patient_id``, ``months`` (since transplantation), cell dose, source, route.
    recorded
        The names of the optional tables that there are: without one, the absence of its rows is unknown, not zero.
    settled
        The filters by which its patients were selected before they came here, in words.

    Examples
    --------
    >>> from analysis import load_sample
    >>> cohort = load_sample()
    >>> len(cohort), len(cohort.visits), cohort.events_recorded
    (87, 470, True)
    >>> cohort.patients[["patient_id", "follow_up_months", "died"]].head(2)
      patient_id  follow_up_months   died
    0       S001              48.7  False
    1       S002              48.5  False
    """

    name: str
    patients: pd.DataFrame
    visits: pd.DataFrame
    events: pd.DataFrame
    findings: pd.DataFrame
    left_out: pd.DataFrame
    rows_read: int
    fingerprint: str
    treatments: pd.DataFrame = field(default_factory=pd.DataFrame)
    infusions: pd.DataFrame = field(default_factory=pd.DataFrame)
    recorded: frozenset[str] = frozenset()
    settled: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.patients)

    @property
    def whole(self) -> Cohort:
        """The cohort that a selection is a subset of; for a cohort, the cohort itself."""
        return self

    @property
    def kept(self) -> Flags:
        """Whether each patient of the whole cohort is included."""
        return np.ones(len(self), dtype=bool)

    @property
    def store(self) -> Store:
        """Where what is worked out of it is kept."""
        return STORE

    @property
    def events_recorded(self) -> bool:
        """Whether there is a table of adverse events."""
        return "events" in self.recorded

    @property
    def bytes_in_memory(self) -> int:
        """Memory of the tables in bytes."""
        return _bytes_in_memory(self)

    def remembered(self, fact: Callable[..., Any], choices: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return a fact of each patient, as `make` does; a cohort that keeps its facts somewhere looks there first."""
        del fact, choices
        return make()

    def where(self, filters: Keeps) -> Cohort:
        """Return the patients who pass every filter, with their rows of the other tables.

        Parameters
        ----------
        filters
            `Filters`, or anything with a method ``keep``.

        Returns
        -------
        Cohort
            A selection; its tables are sliced when they are used.

        Raises
        ------
        ValueError
            If a filter is on a column that the cohort does not have.

        Examples
        --------
        >>> from analysis import Filters, OneOf, load_sample
        >>> bone_marrow = load_sample().where(Filters({"msc_source": OneOf("BM")}))
        >>> len(bone_marrow), len(bone_marrow.visits)
        (45, 249)
        """
        return self.subset(filters.keep(self))

    def subset(self, keep: pd.Series | Flags) -> Cohort:
        """Return the patients for whom `keep`, one boolean per patient in their order, is True."""
        kept = np.asarray(keep, dtype=bool)
        return self if kept.all() else Selection(self, kept)

    def of_patient(self, patient_id: str) -> Cohort:
        """Return one patient as a cohort.

        Raises
        ------
        ValueError
            If there is no such patient.
        """
        if self.place_of(patient_id) is None:
            raise ValueError(f"The cohort has no patient {patient_id!r}.")
        whole, place = self.whole, self.whole.place_of(patient_id)
        # A cohort rather than a selection: for one patient, computing is faster than looking up in the cache.
        return replace(
            whole,
            fingerprint=sha256(f"{whole.fingerprint} {patient_id}".encode()).hexdigest(),
            patients=whole.patients.iloc[[place]].reset_index(drop=True),
            **{name: getattr(whole, name)[whole.rows_of(name) == place].reset_index(drop=True) for name in DEPENDENT},
        )

    def place_of(self, patient_id: str) -> int | None:
        """Return the row position of a patient in ``patients``; None if the cohort has no such patient."""
        ids = _id_index(self)
        return int(ids.get_loc(patient_id)) if patient_id in ids else None

    def values(self, name: str) -> Any:
        """Return a column of the patients as an array; in a selection, only this column is sliced."""
        return plain_array(self.patients[name])

    def holds_objects(self, name: str) -> bool:
        """Return whether a column of the patients holds texts, sets or other objects."""
        return bool(self.whole.patients[name].dtype == object)

    def numbers(self, name: str) -> Floats:
        """Return a numeric or boolean column of the patients as floats; missing as NaN."""
        values = self.values(name)
        if isinstance(values, np.ndarray):
            return values.astype(float)
        numbers: Floats = values.to_numpy(dtype=float, na_value=np.nan)
        return numbers

    @property
    def died(self) -> Flags:
        """Whether each patient died."""
        return self.numbers("died") == 1

    @property
    def index(self) -> pd.Index:
        """The index of ``patients``, without slicing the table of a selection."""
        return self.patients.index

    @property
    def patient_ids(self) -> pd.Series:
        """The column ``patient_id`` of ``patients``."""
        return pd.Series(self.values("patient_id"), name="patient_id", copy=False)

    @property
    def patients_like(self) -> pd.DataFrame:
        """The table of patients without its rows: columns, types and categories."""
        return self.whole.patients.iloc[:0]

    @property
    def visits_like(self) -> pd.DataFrame:
        """The table of visits without its rows."""
        return self.whole.visits.iloc[:0]

    @property
    def patient_columns(self) -> pd.Index:
        """The column names of ``patients``, without slicing the table of a selection."""
        return self.whole.patients.columns

    @property
    def visit_columns(self) -> pd.Index:
        """The column names of ``visits``, without slicing the table of a selection."""
        return self.whole.visits.columns

    def rows_of(self, table: str) -> Rows:
        """Return for each row of a table, such as "visits", the row position of its patient in ``patients``."""
        rows: Rows = _rows(self, table)["row"]
        return rows

    @property
    def visit_rows(self) -> Rows:
        """For each visit, the row position of its patient in ``patients``."""
        return self.rows_of("visits")


class Selection(Cohort):
    """A subset of the patients of a cohort; its tables are sliced from the whole cohort when they are used.

    Parameters
    ----------
    of
        A cohort, or a selection of one.
    kept
        Whether each patient of `of` is selected, in their order.
    """

    def __init__(self, of: Cohort, kept: Flags) -> None:
        whole = of.whole
        of_whole = kept.copy()
        if isinstance(of, Selection):
            of_whole = np.zeros(len(whole), dtype=bool)
            of_whole[of.places[kept]] = True
        # Results are cached by fingerprint, so each selection needs its own.
        fingerprint = sha256(whole.fingerprint.encode() + np.packbits(of_whole).tobytes()).hexdigest()
        shared = ("name", "findings", "left_out", "rows_read", "recorded", "settled")
        held = {name: getattr(whole, name) for name in shared}
        for name, value in {**held, "fingerprint": fingerprint, "_whole": whole, "_kept": read_only(of_whole)}.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def whole(self) -> Cohort:
        """The cohort that this is a subset of."""
        whole: Cohort = vars(self)["_whole"]
        return whole

    @property
    def kept(self) -> Flags:
        """Whether each patient of the whole cohort is selected."""
        kept: Flags = vars(self)["_kept"]
        return kept

    @cached_property
    def places(self) -> Rows:
        """Row positions of the selected patients in the whole cohort."""
        return np.flatnonzero(self.kept)

    @cached_property
    def _numbers(self) -> Rows:
        return np.cumsum(self.kept) - 1

    def renumbered(self, rows: Rows) -> Rows:
        """Convert row positions in the whole cohort to positions in the selection."""
        numbers: Rows = self._numbers[rows]
        return numbers

    @property
    def patients(self) -> pd.DataFrame:
        """The selected patients, with a new index from 0."""
        return _patients(self)

    @property
    def visits(self) -> pd.DataFrame:
        """The visits of the selected patients, with a new index from 0."""
        return _rows_kept(self, "visits")

    @property
    def events(self) -> pd.DataFrame:
        """The adverse events of the selected patients, with a new index from 0."""
        return _rows_kept(self, "events")

    @property
    def treatments(self) -> pd.DataFrame:
        """The periods of treatment of the selected patients, with a new index from 0."""
        return _rows_kept(self, "treatments")

    @property
    def infusions(self) -> pd.DataFrame:
        """The infusions of the selected patients, with a new index from 0."""
        return _rows_kept(self, "infusions")

    def place_of(self, patient_id: str) -> int | None:
        """Return the row position of a patient in ``patients``; None if the patient is not selected."""
        place = self.whole.place_of(patient_id)
        return None if place is None or not self.kept[place] else int(self.renumbered(np.array([place]))[0])

    def values(self, name: str) -> Any:
        """Return a column of the patients as an array; only this column is sliced."""
        return patient_values(self, name)["value"]

    @property
    def index(self) -> pd.Index:
        """The index of ``patients``."""
        return pd.RangeIndex(len(self))


@per_patient
def patient_values(cohort: Cohort, name: str) -> dict[str, Any]:
    """Return ``value``: a column of the patients."""
    return {"value": plain_array(cohort.patients[name])}


@per_patient
def _rows(cohort: Cohort, name: str) -> dict[str, Rows]:
    return {"row": _rows_of(cohort, name, getattr(cohort, name))}


def _rows_of(cohort: Cohort, name: str, table: pd.DataFrame) -> Rows:
    if table.empty:
        return np.empty(0, dtype=np.intp)
    rows = np.asarray(_id_index(cohort).get_indexer(table["patient_id"].astype(object)), dtype=np.intp)
    if (rows < 0).any():
        unknown = table["patient_id"].iloc[int(np.argmax(rows < 0))]
        raise ValueError(f"The {name} refer to patient ids that are not in patients, such as {unknown!r}.")
    return rows


@cached
def _id_index(cohort: Cohort) -> pd.Index:
    return pd.Index(cohort.patients["patient_id"].astype(object))


@cached
def _patients(selection: Selection) -> pd.DataFrame:
    return _taken(selection.whole.patients, selection.places)


@cached
def _rows_kept(selection: Selection, name: str) -> pd.DataFrame:
    return _cut(getattr(selection.whole, name), _rows(selection, name))


def _cut(table: pd.DataFrame, rows: Columns) -> pd.DataFrame:
    return _taken(table, np.arange(len(table))[rows.held])


def _taken(table: pd.DataFrame, held: Rows) -> pd.DataFrame:
    """Return the rows at these positions with a new index from 0, copied only once."""
    taken = table.take(held)
    taken.index = pd.RangeIndex(len(taken))
    return taken


@cached
def _bytes_in_memory(cohort: Cohort) -> int:
    tables = (cohort.patients, *(getattr(cohort, name) for name in DEPENDENT), cohort.findings, cohort.left_out)
    return sum(int(table.memory_usage(deep=True).sum()) for table in tables)
