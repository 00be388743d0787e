"""The cohort: three tables, what was found wrong with them, and a fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.columns import Columns, Part, Rows, plain_array, shared
from analysis.cohort.known import Known

if TYPE_CHECKING:
    from analysis.cohort.filters import Filters

Made = TypeVar("Made")
Derive: TypeAlias = Callable[..., Mapping[str, Any] | pd.DataFrame]

NO_ROWS = pd.DataFrame()
# Tables of a part, which are cut out when they are asked for, and where the patient of each row of the whole is told.
CUT = {"patients": "", "visits": "visit_rows", "events": "event_rows"}


@dataclass(frozen=True, eq=False)
class Cohort:
    """Patients, their visits and events, and what was found while reading them.

    Attributes
    ----------
    name
        What the cohort is called on the screen.
    patients
        One row a patient: ``patient_id``, ``follow_up_months`` (months from transplantation),
        ``died`` (boolean), and any known or other columns.
    visits
        One row a visit: ``patient_id``, ``months`` (since transplantation) and measures.
    events
        One row an adverse event: ``patient_id``, ``months``, ``event``, ``grade``, ``related``.
    findings
        kind, table, row, column, value, message, question.
    left_out
        Rows of the files that are not used: table, row, patient_id, reason.
    rows_read
        Patient rows in the file, used or not.
    fingerprint
        SHA-256 of the canonical tables, in hexadecimal; a part of a cohort has one of its own.
    events_recorded
        Whether there is a table of adverse events: without one, no event means that nothing is known.
    """

    name: str
    patients: pd.DataFrame
    visits: pd.DataFrame
    events: pd.DataFrame
    findings: pd.DataFrame
    left_out: pd.DataFrame
    rows_read: int
    fingerprint: str
    events_recorded: bool = False
    _part: Part | None = field(default=None, init=False, repr=False)
    _larger: Cohort | None = field(default=None, init=False, repr=False)
    _known: Known = field(default_factory=Known, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.patients) if self._part is None else len(self._part.places)

    @cached_property
    def bytes_in_memory(self) -> int:
        """How many bytes its tables take."""
        tables = (self.patients, self.visits, self.events, self.findings, self.left_out)
        return sum(int(table.memory_usage(deep=True).sum()) for table in tables)

    def where(self, filters: Filters) -> Cohort:
        """Return the patients who pass every filter, with their visits and events."""
        return self.subset(filters.keep(self))

    def subset(self, keep: pd.Series) -> Cohort:
        """Return the patients where `keep` (boolean, indexed like ``patients``) holds."""
        kept = keep.to_numpy(dtype=bool)
        if kept.all():
            return self
        part = replace(
            self,
            # A part is another cohort to whoever keeps results by fingerprint.
            fingerprint=sha256(self.fingerprint.encode() + np.packbits(kept).tobytes()).hexdigest(),
            **dict.fromkeys(CUT, NO_ROWS),
        )
        object.__setattr__(part, "_part", Part(kept))
        object.__setattr__(part, "_larger", self)
        part.let_go()
        return part

    def of_patient(self, patient_id: str) -> Cohort:
        """Return one patient as a cohort.

        Raises
        ------
        ValueError
            If there is no such patient.
        """
        place = self.place_of(patient_id)
        if place is None:
            raise ValueError(f"The cohort has no patient {patient_id!r}.")
        # The tables themselves and not a part: of one patient everything is faster made anew than found.
        return replace(
            self,
            fingerprint=sha256(f"{self.fingerprint} {patient_id}".encode()).hexdigest(),
            patients=self.patients.iloc[[place]].reset_index(drop=True),
            visits=self.visits.iloc[np.flatnonzero(self.visit_rows == place)].reset_index(drop=True),
            events=self.events.iloc[np.flatnonzero(self.event_rows == place)].reset_index(drop=True),
        )

    def place_of(self, patient_id: str) -> int | None:
        """Return the place of a patient among the patients; None if the cohort has no such patient."""
        if self._part is not None and self._larger is not None:
            place = self._larger.place_of(patient_id)
            kept = self._part.kept
            return None if place is None or not kept[place] else int(np.count_nonzero(kept[:place]))
        ids = self.remembered(Cohort._ids)
        return int(ids.get_loc(patient_id)) if patient_id in ids else None

    def _ids(self) -> pd.Index:
        return pd.Index(self.patients["patient_id"].astype(object))

    def __getattr__(self, name: str) -> Any:
        """Return a table of a part, which is cut out when it is first asked for."""
        if name not in CUT or "_part" not in self.__dict__:
            raise AttributeError(name)
        part, larger = self.__dict__["_part"], self.__dict__["_larger"]
        held = np.flatnonzero(part.kept[getattr(larger, CUT[name])]) if CUT[name] else part.places
        taken = _taken(getattr(larger, name), held)
        object.__setattr__(self, name, taken)
        return taken  # and not what is held: another thread may have let it go

    def let_go(self) -> None:
        """Forget the tables of a part, and what was made of them; they are cut out again if they are asked for.

        Whoever holds a result that still needs its cohort, such as `Trajectory`, then does not hold them all.
        """
        if self._part is not None:
            for name in (*CUT, *filter(None, CUT.values())):
                self.__dict__.pop(name, None)
            self._known.clear()

    @property
    def whole(self) -> Cohort:
        """The cohort that this is a part of; itself where it is none."""
        return self if self._larger is None else self._larger.whole

    def values(self, name: str) -> Any:
        """Return a column of the patients as an array; of a part without cutting out the others."""
        if self._larger is None:
            return plain_array(self.patients[name])
        return self.remembered(Cohort._values_of_part, name)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column of numbers of the patients, or of booleans as 1 and 0, as `values` does; missing as NaN."""
        values = self.values(name)
        if isinstance(values, np.ndarray):
            return values.astype(float)
        numbers: NDArray[np.float64] = values.to_numpy(dtype=float, na_value=np.nan)
        return numbers

    @property
    def died(self) -> NDArray[np.bool_]:
        """Whether each patient died."""
        return self.numbers("died") == 1

    def _values_of_part(self, name: str) -> Any:
        part, larger = cast(Part, self._part), cast(Cohort, self._larger)
        return larger.values(name).take(part.places)

    @property
    def index(self) -> pd.Index:
        """The index of the patients, also of a part whose patients nobody has asked for."""
        return self.patients.index if self._larger is None else pd.RangeIndex(len(self))

    @property
    def patient_ids(self) -> pd.Series:
        """The patient_id of every patient."""
        return pd.Series(self.values("patient_id"), name="patient_id", copy=False)

    @property
    def patient_columns(self) -> pd.Index:
        """The columns of the patients, also of a part whose patients nobody has asked for."""
        return self.whole.patients.columns

    @property
    def visit_columns(self) -> pd.Index:
        """The columns of the visits, also of a part whose visits nobody has asked for."""
        return self.whole.visits.columns

    @cached_property
    def visit_rows(self) -> Rows:
        """The place among the patients of the patient of each visit."""
        return self._rows_of("visits")

    @cached_property
    def event_rows(self) -> Rows:
        """The same of each event."""
        return self._rows_of("events")

    def ready(self) -> Cohort:
        """Return the cohort, knowing whose each visit and event is: no question has to look it up."""
        _ = self.visit_rows, self.event_rows
        return self

    def _rows_of(self, name: str) -> Rows:
        if self._part is not None:
            rows = getattr(self._larger, CUT[name])
            return self._part.renumbered(rows[self._part.kept[rows]])
        table: pd.DataFrame = getattr(self, name)
        if table.empty:
            return np.empty(0, dtype=np.intp)
        ids = self.remembered(Cohort._ids)
        rows = np.asarray(ids.get_indexer(table["patient_id"].astype(object)), dtype=np.intp)
        if (rows < 0).any():
            raise ValueError(f"The {name} of a cohort are those of its patients.")
        return rows

    def derived(self, derive: Derive, *choices: Hashable) -> Columns:
        """Return ``derive(cohort, *choices)``, which says something of each patient alone, as columns.

        It is worked out once for the whole cohort; a part takes the rows of its patients from there, so that a new
        question of a large cohort does not begin anew.

        Parameters
        ----------
        derive
            Returns a table, or arrays by name: of a row a patient, or with the column ``row``, the place of the patient
            among the patients. What it says of a patient depends on no other one.
        choices
            Its other arguments.
        """
        return self.remembered(Cohort._columns, derive, *choices)

    def _columns(self, derive: Derive, *choices: Hashable) -> Columns:
        if self._part is None or self._larger is None:
            return Columns(derive(self, *choices))
        return self._larger.derived(derive, *choices).of_part(self._part)

    def remembered(self, make: Callable[..., Made], *choices: Hashable) -> Made:
        """Return ``make(cohort, *choices)``, made once as long as it is among the last that were made."""
        return self._known.once((make, *choices), lambda: shared(make(self, *choices)))


def _taken(table: pd.DataFrame, held: Rows) -> pd.DataFrame:
    """Return the rows to keep, numbered anew, each copied once."""
    taken = table.take(held)
    taken.index = pd.RangeIndex(len(taken))
    return taken
