"""A derived table while it is made: each part in a file, with codes of its own, until those of all parts are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import feather

from analysis.registry.coded import Coded, Made

WHOLE = (pa.int8(), pa.int16(), pa.int32())


@dataclass(frozen=True, eq=False)
class Draft:
    """The columns of a part.

    Attributes
    ----------
    file
        Where the numbers and codes are.
    patients
        The number of patients.
    profiles
        By column what its codes mean; None if it holds numbers.
    types
        By column the smallest type that holds its numbers.
    """

    file: Path
    patients: int
    profiles: Mapping[str, pd.DataFrame | None]
    types: Mapping[str, pa.DataType]

    @classmethod
    def written(cls, made: Made, patients: int, file: Path) -> Draft:
        """Write the columns of a part."""
        values = {
            name: held.code if isinstance(held, Coded) else np.asarray(held, float) for name, held in made.items()
        }
        feather.write_feather(pa.table(values), file, compression="lz4")
        profiles = {name: held.profiles if isinstance(held, Coded) else None for name, held in made.items()}
        return cls(file, patients, profiles, {name: smallest_type(held) for name, held in values.items()})

    def columns(self, number: int, meanings: Mapping[str, Meaning]) -> dict[str, NDArray[Any]]:
        """Return the columns of all parts for this one, which is the part of that number, with the codes of all."""
        held = feather.read_table(self.file)
        own = {name: held.column(name).to_numpy() for name in held.column_names}
        return {name: meaning.of_part(own.get(name), number, self.patients) for name, meaning in meanings.items()}


@dataclass(frozen=True, eq=False)
class Meaning:
    """What a column of all parts means.

    Attributes
    ----------
    profiles
        A row a code; None if the column holds numbers.
    codes
        By part: for each of its codes that of all parts.
    type
        The smallest type that holds the column.
    """

    profiles: pd.DataFrame | None
    codes: Sequence[NDArray[np.signedinteger[Any]]]
    type: pa.DataType

    @classmethod
    def of_each(cls, drafts: Sequence[Draft]) -> dict[str, Meaning]:
        """Return the meaning of each column that a part has."""
        names = dict.fromkeys(name for draft in drafts for name in draft.types)
        return {name: cls._of(name, drafts) for name in names}

    @classmethod
    def _of(cls, name: str, drafts: Sequence[Draft]) -> Meaning:
        held = [draft.profiles.get(name) for draft in drafts]
        known = [profiles for profiles in held if profiles is not None]
        if not known:
            types = [draft.types[name] for draft in drafts if name in draft.types]
            return cls(None, (), max(types, key=(*WHOLE, pa.float64()).index))
        together = pd.concat([_to_last_year(profiles, known) for profiles in known], ignore_index=True)
        whole = Coded.of({column: together[column] for column in together})
        ends = np.cumsum([0 if profiles is None else len(profiles) for profiles in held])
        return cls(whole.profiles, np.split(whole.code, ends[:-1]), smallest_type(np.array([len(whole.profiles)])))

    def of_part(self, values: NDArray[Any] | None, number: int, patients: int) -> NDArray[Any]:
        """Return the column for a part, given its own numbers or codes; None if it has no such column."""
        if values is None:
            return np.full(patients, np.nan if self.profiles is None else -1)
        return values if self.profiles is None else np.append(self.codes[number], -1)[values]


def smallest_type(values: NDArray[Any]) -> pa.DataType:
    """Return the smallest type that holds numbers or codes: of small whole numbers, most are counted faster."""
    held = values[values >= 0] if values.dtype.kind == "i" else values[~np.isnan(values)]
    if (held != np.trunc(held)).any():
        return pa.float64()
    for whole in WHOLE:
        limits = np.iinfo(whole.to_pandas_dtype())
        if limits.min <= held.min(initial=0) and held.max(initial=0) <= limits.max:
            return whole
    return pa.float64()


def _to_last_year(profiles: pd.DataFrame, known: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return profiles with the columns of all parts; those of later years repeat the last year that there is."""
    names = dict.fromkeys(str(name) for each in known for name in each)
    table = profiles.copy(deep=False)
    for name in names:
        if name not in table:
            start = name.rpartition("_")[0]
            last = max((each for each in table if str(each).rpartition("_")[0] == start), key=_year_of)
            table[name] = table[last]
    return table[sorted(names, key=lambda name: (_year_of(name), list(names).index(name)))]


def _year_of(name: object) -> int:
    number = str(name).rpartition("_")[2]
    return int(number) if number.isdecimal() else 0
