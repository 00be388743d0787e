"""Registries made for a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.table_kinds import KINDS
from analysis.registry.folder import Folder
from analysis.registry.importing import import_registry
from analysis.registry.parts_source import RawPart


@dataclass
class TablesSource:
    """Tables in memory, in parts of patients chosen by chance."""

    tables: dict[str, pd.DataFrame]
    name: str = "Synthetic registry"
    read: int = 0

    @property
    def patients(self) -> int:
        return len(self.tables["patients"])

    def fingerprint(self) -> str:
        return str({name: pd.util.hash_pandas_object(table).sum() for name, table in self.tables.items()})

    def parts(self, number: int) -> Sequence[Callable[[], RawPart]]:
        ids = self.tables["patients"]["patient_id"]
        part = pd.Series(np.random.default_rng(3).integers(0, number, len(ids)), index=ids)
        return [partial(self._part, part, place) for place in range(number)]

    def _part(self, part: pd.Series, place: int) -> dict[str, pd.DataFrame]:
        self.read += 1
        return {name: table[table["patient_id"].map(part) == place] for name, table in self.tables.items()}


def sample_tables() -> dict[str, pd.DataFrame]:
    """Return the files of the sample as tables of texts, each row with its number in the file."""
    folder = Path(__file__).parents[3] / "sample_data"
    tables = {name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False) for name in KINDS}
    return {name: table.set_axis(range(2, len(table) + 2)) for name, table in tables.items()}


def folder_of(tables: dict[str, pd.DataFrame], path: Path, patients_a_part: int) -> Folder:
    """Return the folder of a registry with these tables."""
    return import_registry(TablesSource(tables), path, patients_a_part=patients_a_part)
