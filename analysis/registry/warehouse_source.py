"""The patients of a warehouse as a catalogue describes them, read in parts by ranges of their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd

from analysis.cohort.table_kinds import KINDS
from analysis.cohort.wording import count_words
from analysis.registry.catalogue import Catalogue, CatalogueError
from analysis.registry.catalogue_tables import ID, Codes, table_in
from analysis.registry.parts_source import RawPart
from analysis.registry.warehouse import Warehouse

MOST_TOLD = 3  # codes without a meaning


class WarehouseSource:
    """Reads what a catalogue describes, as `PartsSource` promises.

    Rows of patients who are not in the catalogue's patients are not read: a hospital's tables hold those of everybody.

    Parameters
    ----------
    warehouse
        Where the tables are.
    catalogue
        What they mean.

    Raises
    ------
    CatalogueError
        If the catalogue does not fit the warehouse: a table, column or type, several rows of a patient, or a code
        without a meaning; or if there is no patient.
    EngineError
        If the warehouse does not answer.
    """

    def __init__(self, warehouse: Warehouse, catalogue: Catalogue) -> None:
        self.name = catalogue.name
        self._warehouse = warehouse
        self._text = catalogue.text
        found = {name: table_in(warehouse, name, asked) for name, asked in catalogue.tables.items()}
        for said, ids in ((said, ids) for each in found.values() for said, ids in each.single.items()):
            if int(warehouse.run(ids.count())) != int(warehouse.run(ids[ID].nunique())):
                raise CatalogueError(said)
        self._tables = {name: each.table for name, each in found.items()}
        self._ids = self._tables["patients"].select(ID)
        for name, table in self._tables.items():
            if table[ID].type().is_string() != self._ids[ID].type().is_string():
                raise CatalogueError(f"The catalogue, [{name}]: its ids are of another type than the patients'.")
        self.patients = int(warehouse.run(self._ids.count()))
        if not self.patients:
            raise CatalogueError("The catalogue, [patients]: the warehouse has no such patient.")
        for name, codes in ((name, codes) for name, each in found.items() for codes in each.codes):
            self._check(name, codes)

    def _check(self, name: str, codes: Codes) -> None:
        """Refuse values without a meaning in rows of the patients."""
        rows = self._of_patients(name, codes.unknown)
        found = self._warehouse.run(rows.group_by("value").aggregate(rows=rows.count()).limit(MOST_TOLD))
        if len(found):
            listed = [f"{value or 'nothing'} ({count_words(number, 'row')})" for value, number in found.to_numpy()]
            raise CatalogueError(
                f"{codes.place}: {codes.column} has values without a meaning: {', '.join(listed)}. "
                'Give each one, or "" if it means that nothing is known.'
            )

    def fingerprint(self) -> str:
        """Return what changes when the data or the catalogue change: numbers of rows and values, and their limits."""
        import ibis

        seen = [self._text]
        for name, theirs in self._tables.items():
            table = self._of_patients(name, theirs)
            limits: dict[str, Any] = {"rows": table.count()}
            for place, column in enumerate(table.columns):
                kept = table[column]
                kept = ibis.cases((kept, 1), (~kept, 0)) if kept.type().is_boolean() else kept
                limits |= {f"n{place}": kept.count(), f"low{place}": kept.min(), f"high{place}": kept.max()}
                if kept.type().is_numeric():
                    limits[f"total{place}"] = kept.cast("float64").sum()
            found = self._warehouse.run(table.aggregate(**limits)).iloc[0]
            # The last digits of a total depend on the order in which a warehouse adds up.
            seen += [f"{each:.9g}" if isinstance(each, float) else str(each) for each in found]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()

    def parts(self, number: int) -> Sequence[Callable[[], RawPart]]:
        """Return a function for each of so many parts, which reads its tables."""
        import ibis

        ids = self._ids.mutate(part=ibis.ntile(number).over(order_by=self._ids[ID]))
        ranges = self._warehouse.run(ids.group_by("part").aggregate(low=ids[ID].min(), high=ids[ID].max()))
        limits = sorted(zip(ranges["low"].tolist(), ranges["high"].tolist(), strict=True))
        held = [partial(self._read, low, high) for low, high in limits]
        return [*held, *[self._nobody] * (number - len(held))]

    def _read(self, low: Any, high: Any) -> RawPart:
        tables: dict[str, pd.DataFrame] = {}
        for name, table in self._tables.items():
            part = self._of_patients(name, table, low, high)
            times = [each for pair in KINDS[name].times.items() for each in pair if each in table.columns]
            tables[name] = self._warehouse.run(part.order_by(ID, *times)).astype({ID: str})
        return tables

    def _of_patients(self, name: str, rows: Any, *limits: Any) -> Any:
        """Return those of the rows that are of the patients, or of those in a range of ids."""
        ids = self._ids
        if limits:  # on both sides, so that a database finds rows by an index on each
            ids, rows = ids.filter(ids[ID].between(*limits)), rows.filter(rows[ID].between(*limits))
        return rows if name == "patients" else rows.semi_join(ids, ID)

    def _nobody(self) -> RawPart:
        return {name: self._warehouse.run(table.limit(0)).astype({ID: str}) for name, table in self._tables.items()}
