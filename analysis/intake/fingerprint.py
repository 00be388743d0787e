"""A fingerprint of the data, independent of the order of rows and columns."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analysis.cohort.table_kinds import KINDS

BETWEEN = "\x1f"
ALWAYS = ("visits", "events")  # hashed also where there are none
# The bit pattern of every missing number; other NaNs would hash differently.
MISSING = np.float64("nan")


def fingerprint(patients: pd.DataFrame, others: Mapping[str, pd.DataFrame], recorded: Collection[str]) -> str:
    """Return the SHA-256 of the tables of a cohort in hexadecimal.

    Rows are sorted by patient and time, columns by name. Numbers are hashed as little-endian doubles and all else as
    text, so that the fingerprint does not depend on the version of pandas or the machine.

    Parameters
    ----------
    patients, others
        The tables, those that refer to the patients by name.
    recorded
        Which optional tables there are. One that came later counts only then, so that older fingerprints hold.
    """
    digest = hashlib.sha256()
    told = {name: table for name, table in others.items() if name in ALWAYS or name in recorded}
    for name, table in {"patients": patients, **told}.items():
        order = _order(table, KINDS[name].time or "months")
        digest.update(f"table of {len(table)}".encode())
        for column in sorted(map(str, table.columns)):
            digest.update(f"{BETWEEN}{column}{BETWEEN}".encode("utf-8", "surrogatepass"))
            digest.update(_bytes(table[column], order))
    return digest.hexdigest()


def _order(table: pd.DataFrame, time: str) -> np.ndarray | slice:
    """Return the order of rows by patient and time; a full slice if they are already in it."""
    codes = _ranked(table["patient_id"].to_numpy(dtype=object))
    # A patient table may also have a column "months", with any content.
    timed = time in table and pd.api.types.is_float_dtype(table[time])
    months = table[time].to_numpy(dtype=float) if timed else np.zeros(len(table))
    later = (codes[1:] > codes[:-1]) | ((codes[1:] == codes[:-1]) & (months[1:] >= months[:-1]))
    return slice(None) if later.all() else np.lexsort((months, codes))


def _ranked(ids: np.ndarray) -> np.ndarray:
    """Return the place of each id among the ids in alphabetical order."""
    codes, distinct = pd.factorize(ids)
    held = distinct.tolist()
    if held == sorted(held):  # as it mostly is
        return codes
    return np.argsort(np.argsort(distinct))[codes]


def _bytes(column: pd.Series, order: np.ndarray | slice) -> bytes:
    if pd.api.types.is_numeric_dtype(column):  # numbers, whole numbers and booleans
        values = column.to_numpy(dtype="<f8", na_value=MISSING)[order]
        missing = np.isnan(values)
        return (np.where(missing, MISSING, values) if missing.any() else values).tobytes()
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, distinct = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, distinct = pd.factorize(column.to_numpy(dtype=object))
    only_texts = pd.api.types.infer_dtype(distinct, skipna=False) in ("string", "empty")
    texts = np.array(["", *(distinct if only_texts else map(_text, distinct))], dtype=object)
    return BETWEEN.join(texts[codes[order] + 1].tolist()).encode("utf-8", "surrogatepass")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "{" + ";".join(sorted(value)) + "}" if isinstance(value, frozenset) else str(value)
