"""A registry as a cohort: every table of counts can be had, of all patients and of those who pass filters."""

from __future__ import annotations

from functools import reduce
from hashlib import sha256
from operator import add
from typing import Any, ClassVar

import pandas as pd

from analysis.centres.coding import encoded
from analysis.cohort.filters import Filters
from analysis.cohort.measures import numeric_measures
from analysis.cohort.model import Cohort, Keeps
from analysis.cohort.per_patient import STORE
from analysis.cohort.rows_elsewhere import RowsElsewhere, RowsElsewhereError
from analysis.counts.additive import CountsAsked, unasked
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.counts.yearly_counts import YearlyCounts
from analysis.intake.assemble import findings_frame
from analysis.registry.derived import DerivedTables
from analysis.registry.duckdb_engine import DuckDBEngine, connect
from analysis.registry.engine_counts import counts_by_engine
from analysis.registry.folder import Folder
from analysis.registry.grouped import Asking
from analysis.registry.patient_columns import PatientColumns
from analysis.registry.registered import Registered
from analysis.registry.telling import tell

COMPOSED = (TrajectoryCounts, YearlyCounts)  # of other tables of counts, which are asked for one by one


class RegistryCohort(RowsElsewhere):
    """The patients of a registry, or those of them who pass filters; their rows are not in memory.

    Parameters
    ----------
    folder
        The registry.

    Raises
    ------
    EngineError
        If DuckDB is not installed.
    """

    no_rows: ClassVar[str] = "These patients are in a registry, which is counted and not listed."

    folder: Folder
    filters: Filters
    of: Registered

    def __init__(self, folder: Folder) -> None:
        tables = DerivedTables(folder)
        engine = DuckDBEngine(connect(folder.path), tables.files)
        measures = numeric_measures(folder.parts[0])
        columns = PatientColumns(tables, folder.manifest.kinds["patients"], measures)
        self._hold(Registered(folder, tables, Asking(engine, columns, Filters())), folder.manifest.fingerprint, self)

    def _hold(self, of: Registered, fingerprint: str, whole: Cohort) -> None:
        manifest = of.folder.manifest
        held: dict[str, Any] = {
            "of": of,
            "folder": of.folder,
            "filters": of.asking.filters,
            "fingerprint": fingerprint,
            "name": manifest.name,
            "recorded": frozenset(manifest.recorded),
            "rows_read": manifest.rows_read,
            "findings": findings_frame([]),
            "left_out": pd.DataFrame(columns=["table", "row", "patient_id", "reason"], dtype=object),
            "_whole": whole,
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)

    @property
    def whole(self) -> Cohort:
        """All patients of the registry."""
        whole: Cohort = vars(self)["_whole"]
        return whole

    def __len__(self) -> int:
        if not self.filters:
            return len(self.folder)
        return STORE.once(self.whole, (self.fingerprint, "patients"), lambda: self.of.number(Filters()))

    @property
    def patient_columns(self) -> pd.Index:
        """The column names of ``patients``."""
        return pd.Index(self.folder.manifest.kinds["patients"])

    @property
    def visit_columns(self) -> pd.Index:
        """The column names of ``visits``."""
        return pd.Index(self.folder.manifest.kinds["visits"])

    def where(self, filters: Keeps) -> RegistryCohort:
        """Return the patients who pass these filters too.

        Raises
        ------
        RowsElsewhereError
            If patients are chosen one by one, or by another condition on a column that is filtered already.
        """
        if not isinstance(filters, Filters) or filters.one_by_one:
            raise RowsElsewhereError(self.no_rows)
        both = self.filters
        for name, condition in filters.conditions.items():
            if both.conditions.get(name, condition) != condition:
                raise RowsElsewhereError("A registry takes one filter a column.")
            both = both.having(name, condition)
        if both == self.filters:
            return self
        asking = self.of.asking
        selected = object.__new__(RegistryCohort)
        words = sorted(map(repr, both.conditions.items()))
        fingerprint = sha256(f"{self.whole.fingerprint}\n{words}".encode()).hexdigest()
        selected._hold(
            Registered(self.folder, self.of.tables, Asking(asking.engine, asking.columns, both)),
            fingerprint,
            self.whole,
        )
        return selected

    def counts_of(self, asked: CountsAsked) -> Any:
        """Return a table of counts of these patients: by the engine, or else part by part."""
        if asked.kind in COMPOSED:
            return unasked(asked.kind)(self, **asked.choices)
        key = (self.fingerprint, asked.kind, repr(encoded(asked.choices)))
        return STORE.once(self.whole, key, lambda: counts_by_engine(self.of, asked) or self._by_parts(asked))

    def _by_parts(self, asked: CountsAsked) -> Any:
        of, made, parts = unasked(asked.kind), [], self.folder.parts
        for place, part in enumerate(parts):
            tell(place / len(parts), "Counting part by part")
            made.append(of(part.where(self.filters), **asked.choices))
        return reduce(add, made)
