"""A part of a registry as a cohort: its tables are read when they are used, and its facts are kept in files."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from analysis.centres.coding import CodingError, encoded
from analysis.cohort.arrays import Flags
from analysis.cohort.columns import plain_array
from analysis.cohort.conditions import Condition
from analysis.cohort.model import Cohort, patient_values
from analysis.cohort.per_patient import Store
from analysis.cohort.table_kinds import KINDS
from analysis.registry.column_kinds import NOTHING, SETS, TEXT, Kinds
from analysis.registry.stored_tables import file_of, read_table

ROOT = Path(__file__).parents[1]
CODE = ("cohort", "facts", "intake")  # rooms on which a fact depends
OBJECTS = (NOTHING, TEXT, SETS)
OF_PARTS = Store(256_000_000)
MOST_TABLES = 4  # in memory, of all parts
DIGEST_BYTES = 32  # of the content of a file, before it
OF_SETS = "/sets"  # after the name of a column of sets, which are written as texts


class PartCohort(Cohort):
    """A part of the patients of a registry.

    Parameters
    ----------
    folder
        Where its tables are.
    facts
        Where its facts are kept.
    kinds
        The columns of each table.
    patients
        The number of patients.
    others
        What else a `Cohort` holds.
    """

    def __init__(self, folder: Path, facts: Path, kinds: Mapping[str, Kinds], patients: int, **others: Any) -> None:
        for name, value in {**others, "_folder": folder, "_facts": facts, "_kinds": kinds, "_size": patients}.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        size: int = vars(self)["_size"]
        return size

    @property
    def index(self) -> pd.Index:
        """The index of ``patients``."""
        return pd.RangeIndex(len(self))

    @property
    def patient_columns(self) -> pd.Index:
        """The column names of ``patients``, without reading them."""
        return pd.Index(vars(self)["_kinds"]["patients"])

    @property
    def visit_columns(self) -> pd.Index:
        """The column names of ``visits``, without reading them."""
        return pd.Index(vars(self)["_kinds"]["visits"])

    @property
    def store(self) -> Store:
        """Where what is worked out of parts is kept: little, as facts are in files too."""
        return OF_PARTS

    def holds_objects(self, name: str) -> bool:
        """Return whether a column of the patients holds texts or sets, without reading it."""
        return vars(self)["_kinds"]["patients"][name].kind in OBJECTS

    def values(self, name: str) -> Any:
        """Return a column of the patients as an array, without reading the others again."""
        return patient_values(self, name)["value"]

    @property
    def patients(self) -> pd.DataFrame:
        """The patients."""
        return self._table("patients")

    @property
    def visits(self) -> pd.DataFrame:
        """The visits."""
        return self._table("visits")

    @property
    def events(self) -> pd.DataFrame:
        """The adverse events."""
        return self._table("events")

    @property
    def treatments(self) -> pd.DataFrame:
        """The periods of treatment."""
        return self._table("treatments")

    @property
    def infusions(self) -> pd.DataFrame:
        """The infusions."""
        return self._table("infusions")

    def _table(self, name: str) -> pd.DataFrame:
        held = vars(self)
        return TABLES.once(self, name, lambda: read_table(file_of(held["_folder"], name), held["_kinds"][name]))

    def rows(self, kept: Flags) -> dict[str, pd.DataFrame]:
        """Return the tables of some of its patients by name; rows of others are not kept in memory."""
        held = vars(self)
        ids = pq.read_table(file_of(held["_folder"], "patients"), columns=["patient_id"]).column(0)
        of = ids.filter(pa.array(kept)).to_pylist()
        return {name: read_table(file_of(held["_folder"], name), held["_kinds"][name], of) for name in KINDS}

    def remembered(self, fact: Callable[..., Any], choices: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return a fact from its file, or else work it out and keep it there."""
        facts: Path = vars(self)["_facts"]
        if any(
            isinstance(choice, Condition) for choice in choices
        ):  # quick to work out, and asked in thousands of ways
            return make()
        try:
            key = json.dumps([f"{fact.__module__}.{fact.__qualname__}", encoded(choices)])
        except CodingError:  # a choice that cannot be told from others by its content
            return make()
        file = facts / version_of_code() / f"{sha256(key.encode()).hexdigest()[:24]}.arrow"
        held = _from_file(file)
        if held is not None:
            return held
        made = make()
        with suppress(pa.ArrowInvalid, pa.ArrowTypeError):  # objects without a form in a file
            _to_file(made, file)
        return made


class Tables:
    """The tables of parts that were used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[tuple[int, str], pd.DataFrame] = OrderedDict()
        self._numbers: WeakKeyDictionary[Cohort, int] = WeakKeyDictionary()
        self._next = 0
        self._lock = Lock()

    def once(self, owner: Cohort, name: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a table that is held, or else read it, and let go of the one that was used longest ago."""
        with self._lock:
            if owner not in self._numbers:
                self._numbers[owner] = self._next
                self._next += 1
            key = self._numbers[owner], name
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        table = read()
        with self._lock:
            self._held[key] = table
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return table


TABLES = Tables(MOST_TABLES)


@cache
def version_of_code() -> str:
    """Return what changes when the code does on which facts depend: what was kept by another code is not used."""
    digest = sha256()
    for room in CODE:
        for file in sorted((ROOT / room).glob("*.[pt][yo]*")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _to_file(made: Mapping[str, Any] | pd.DataFrame, file: Path) -> None:
    """Write a fact: its columns side by side; one of several rows by patient as so many columns."""
    flat: dict[str, Any] = {}
    for name in made:
        values = plain_array(made[name])
        if values.ndim > 1:
            flat |= {f"{name}/{place}": row for place, row in enumerate(values)}
        elif _of_sets(values):
            flat[f"{name}{OF_SETS}"] = values.rename_categories(
                [json.dumps(sorted(held)) for held in values.categories]
            )
        else:
            flat[str(name)] = values
    table = pa.Table.from_pandas(pd.DataFrame(flat, copy=False), preserve_index=False)
    written = BytesIO()
    feather.write_feather(table, written, compression="lz4")
    content = written.getbuffer()
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, suffix=".new", delete=False) as new:  # another process may write it too
        new.write(sha256(content).digest())
        new.write(content)
    Path(new.name).replace(file)


def _from_file(file: Path) -> dict[str, Any] | None:
    """Return a fact from its file; None if there is none, or it is not as it was written."""
    try:
        written = file.read_bytes()
    except FileNotFoundError:
        return None
    content = memoryview(written)[DIGEST_BYTES:]
    if sha256(content).digest() != written[:DIGEST_BYTES]:
        return None
    table = feather.read_table(pa.BufferReader(content)).to_pandas()
    columns: dict[str, Any] = {}
    for name in map(str, table):
        values = plain_array(table[name])
        whole, several, place = name.rpartition("/")
        if several and place.isdecimal():
            columns.setdefault(whole, []).append(values)
        elif name.endswith(OF_SETS):
            held = pd.Index(
                [frozenset(json.loads(text)) for text in values.categories], dtype=object, tupleize_cols=False
            )
            columns[name.removesuffix(OF_SETS)] = pd.Categorical.from_codes(values.codes, held)
        else:
            columns[name] = values
    return {name: np.stack(held) if isinstance(held, list) else held for name, held in columns.items()}


def _of_sets(values: Any) -> bool:
    return isinstance(values, pd.Categorical) and any(isinstance(held, frozenset) for held in values.categories)
