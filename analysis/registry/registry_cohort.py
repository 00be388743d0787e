"""A registry as a cohort: every table of counts can be had, of all patients and of those who pass filters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from hashlib import sha256
from itertools import chain
from operator import add
from typing import Any, ClassVar, TypeVar

import numpy as np
import pandas as pd

from analysis.centres.coding import encoded
from analysis.cohort.filters import Filters
from analysis.cohort.grouping import By, Cut, Pinned
from analysis.cohort.model import Cohort, Keeps
from analysis.cohort.rows_elsewhere import GroupSizes, Inventory, RowsElsewhere, RowsElsewhereError
from analysis.cohort.sledai import held_items
from analysis.counts.additive import CountsAsked, unasked
from analysis.counts.groups import regrouped
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.counts.yearly_counts import YearlyCounts
from analysis.registry.column_kinds import NUMBER, WHOLE, Kinds, like
from analysis.registry.count import Either, Engine, Test
from analysis.registry.derived import DerivedTables
from analysis.registry.duckdb_engine import DuckDBEngine, connect
from analysis.registry.engine_columns import values_found, without_value
from analysis.registry.engine_counts import counts_by_engine
from analysis.registry.folder import Folder, findings_of
from analysis.registry.grouped import Asking
from analysis.registry.held_columns import HeldColumns
from analysis.registry.ibis_engine import IbisEngine
from analysis.registry.memory_engine import MemoryEngine
from analysis.registry.opened_rows import opened_rows
from analysis.registry.patient_columns import PatientColumns
from analysis.registry.published_engine import PublishedEngine
from analysis.registry.published_tables import published_in
from analysis.registry.registered import Registered
from analysis.registry.telling import tell
from analysis.registry.warehouse import Warehouse

Made = TypeVar("Made")

COMPOSED = (TrajectoryCounts, YearlyCounts)  # of other tables of counts, which are asked for one by one


class RegistryCohort(RowsElsewhere):
    """The patients of a registry, or those of them who are selected; their rows are not in memory.

    Parameters
    ----------
    folder
        The registry.
    least, most_rows
        See `RowsElsewhere`.
    warehouse
        Where patients are counted as far as the tables for it were published there; None: all in the folder.

    Raises
    ------
    EngineError
        If DuckDB is not installed, or the warehouse holds no tables of this registry.
    ValueError
        If counts are to be hidden and rows to be shown.
    """

    no_rows: ClassVar[str] = "The patients of a registry are counted and not listed."

    folder: Folder
    registered: Registered
    _selected: tuple[Filters | Pinned, ...]

    def __init__(
        self, folder: Folder, least: int = 0, warehouse: Warehouse | None = None, *, most_rows: int = 0
    ) -> None:
        if least and most_rows:
            raise ValueError("Rows of patients give away the counts that are to be hidden: have one or the other.")
        tables = DerivedTables(folder)
        engine: Engine = MemoryEngine(HeldColumns(tables.files), DuckDBEngine(connect(folder.path), tables.files))
        if warehouse is not None:
            published = published_in(warehouse, folder)
            there = IbisEngine(warehouse, published.places.__getitem__)
            engine = PublishedEngine(published, there, engine, tables.content)
        kinds = folder.manifest.kinds
        columns = PatientColumns(tables, kinds["patients"], _measures(kinds["visits"]))
        object.__setattr__(self, "least", least)
        object.__setattr__(self, "most_rows", most_rows)
        self._hold(Registered(folder, tables, Asking(engine, columns)), (), self)

    def _hold(self, registered: Registered, selected: tuple[Filters | Pinned, ...], whole: RegistryCohort) -> None:
        manifest = registered.folder.manifest
        words = "".join(f"\n{each!r}" for each in selected)
        held: dict[str, Any] = {
            "registered": registered,
            "folder": registered.folder,
            "fingerprint": sha256(f"{manifest.fingerprint}{words}".encode()).hexdigest(),
            "name": manifest.name,
            "recorded": frozenset(manifest.recorded),
            "rows_read": manifest.rows_read,
            "least": whole.least,
            "most_rows": whole.most_rows,
            "_selected": selected,
            "_whole": whole,
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)

    @property
    def whole(self) -> RegistryCohort:
        """All patients of the registry."""
        whole: RegistryCohort = vars(self)["_whole"]
        return whole

    def __len__(self) -> int:
        return self._once("patients", lambda: self.registered.number(Filters()) if self._selected else len(self.folder))

    @property
    def findings(self) -> pd.DataFrame:
        """The first findings from reading the files."""
        return findings_of(self.folder.manifest)

    @property
    def inventory(self) -> Inventory:
        """What there is in the tables of the whole registry."""
        return self._once("inventory", self._listed)

    def _listed(self) -> Inventory:
        manifest = self.folder.manifest
        return Inventory(
            like(manifest.kinds["patients"]),
            like(manifest.kinds["visits"]),
            tuple(_measures(manifest.kinds["visits"])),
            tuple(sorted(manifest.drugs, key=lambda name: (-manifest.drugs[name], name))),
            manifest.events,
            manifest.rows,
        )

    def values_found(self, name: str) -> pd.Series:
        """Return the distinct values of a column, and a missing one if any patient has none."""
        return self._once(("values", name), lambda: values_found(self.registered, name))

    def without_value(self, *names: str) -> int:
        """Return the number of patients with a missing value in at least one of these columns."""
        return self._once(("without", names), lambda: without_value(self.registered, names))

    def group_sizes(self, by: By | None) -> GroupSizes:
        """Return the groups of a comparison with their numbers of patients."""
        groups = self._once(("groups", by), lambda: self.registered.asking.by_group(by, ())[0])
        shown = groups.only(np.flatnonzero(groups.members)) if isinstance(by, str | Cut) else groups
        return GroupSizes(shown.names, tuple(shown.members.tolist()), shown.shared)

    def where(self, filters: Keeps) -> RegistryCohort:
        """Return the patients who pass these filters too.

        Raises
        ------
        RowsElsewhereError
            If patients are chosen one by one.
        ValueError
            If the registry has no such column.
        """
        if not isinstance(filters, Filters):
            raise RowsElsewhereError(self.no_rows)
        return self._selecting(filters, self.registered.asking.columns.tests(filters)) if filters else self

    def either(self, pinned: Pinned) -> RegistryCohort:
        """Return the patients of either selection of a `Pinned` comparison."""
        columns = self.registered.asking.columns
        either = Either(columns.tests(pinned.of_first), columns.tests(pinned.of_second))
        return self._selecting(pinned, (either,) if either.first and either.second else ())

    def _selecting(self, by: Filters | Pinned, tests: tuple[Test, ...]) -> RegistryCohort:
        asking = self.registered.asking
        selected = object.__new__(RegistryCohort)
        registered = replace(self.registered, asking=replace(asking, where=(*asking.where, *tests)))
        selected._hold(registered, (*self._selected, by), self.whole)
        return selected

    def rows(self) -> Cohort:
        """Return these patients as an ordinary cohort in memory, in the order of the registry; see `RowsElsewhere`."""
        if refused := self.rows_refused:
            raise RowsElsewhereError(refused)
        words = [
            [f"{each.first} or {each.second}"] if isinstance(each, Pinned) else each.words() for each in self._selected
        ]
        return opened_rows(self.folder, self._of_part, tuple(chain.from_iterable(words)))

    def counts_of(self, asked: CountsAsked) -> Any:
        """Return a table of counts of these patients: by the engine, or else part by part."""
        if asked.kind in COMPOSED:
            return unasked(asked.kind)(self, **asked.choices)
        key = (asked.kind, repr(encoded(asked.choices)))
        return self._once(key, lambda: counts_by_engine(self.registered, asked) or self._by_parts(asked))

    def _by_parts(self, asked: CountsAsked) -> Any:
        of = unasked(asked.kind)
        choices, by = asked.choices, asked.choices.get("by")
        # Quantiles are of all these patients, not of those of each part.
        if isinstance(by, Cut) and by.at_quantiles and (points := self.registered.asking.points(by)):
            choices = {**choices, "by": Cut(by.column, points)}
        counts = _added(of(self._of_part(part), **choices) for part in _told(self.folder.parts))
        return counts if choices is asked.choices else regrouped(counts, lambda groups: replace(groups, by=by))

    def _of_part(self, part: Cohort) -> Cohort:
        for each in self._selected:
            part = each.either(part) if isinstance(each, Pinned) else part.where(each)
        return part

    def _once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        return self.store.once(self.whole, (self.fingerprint, key), make)


def _told(parts: Sequence[Cohort]) -> Iterator[Cohort]:
    """Yield parts, and tell how far it is."""
    for place, part in enumerate(parts):
        tell(place / len(parts), "Counting part by part")
        yield part


def _added(tables: Iterable[Any]) -> Any:
    """Return the sum of tables of counts of which each is as long as all that was added: those of equally many first.

    Examples
    --------
    >>> _added(["a", "b", "c", "d", "e"])
    'abcde'
    """
    held: list[tuple[int, Any]] = []  # how many tables are in a sum, and the sum
    for table in tables:
        number, total = 1, table
        while held and held[-1][0] == number:
            _, before = held.pop()
            number, total = 2 * number, before + total
        held.append((number, total))
    return reduce(add, (total for _, total in held))


def _measures(visits: Kinds) -> list[str]:
    """Return the numeric columns of the visits with a value, SLEDAI first; items of a score are no measures."""
    items = held_items(like(visits))
    names = [
        name for name, kind in visits.items() if kind.kind in (NUMBER, WHOLE) and name != "months" and name not in items
    ]
    return sorted(names, key=lambda name: name != "sledai")
