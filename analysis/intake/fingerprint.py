"""A fingerprint of the data: the same tables have the same one, whatever the order of their rows."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

BETWEEN = "\x1f"
# One pattern of bits for every missing number: there are many, and they would hash differently.
MISSING = np.float64("nan")


def fingerprint(*tables: pd.DataFrame) -> str:
    """Return the SHA-256 of tables, in hexadecimal.

    Rows are taken by patient and time, columns by name. Numbers enter as little-endian doubles and everything else as
    text, so that neither the version of pandas nor the machine makes a difference.
    """
    digest = hashlib.sha256()
    for table in tables:
        ids = np.array(table["patient_id"].tolist(), dtype=object)
        order = np.lexsort((_months(table), pd.factorize(ids, sort=True)[0]))
        digest.update(f"table of {len(table)}".encode())
        for name in sorted(str(column) for column in table.columns):
            digest.update(f"{BETWEEN}{name}{BETWEEN}".encode("utf-8", "surrogatepass"))
            digest.update(_bytes(table[name].iloc[order]))
    return digest.hexdigest()


def _months(table: pd.DataFrame) -> np.ndarray:
    # A patient table may have a column of this name too, holding anything.
    timed = "months" in table and pd.api.types.is_float_dtype(table["months"])
    return table["months"].to_numpy(dtype=float) if timed else np.zeros(len(table))


def _bytes(column: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(column):  # numbers, whole numbers and booleans
        values = column.astype("Float64").to_numpy(dtype="<f8", na_value=MISSING)
        return bytes(np.where(np.isnan(values), MISSING, values).astype("<f8").tobytes())
    codes, distinct = pd.factorize(np.array([*column.tolist()], dtype=object))
    texts = ["", *(_text(value) for value in distinct)]
    return BETWEEN.join(texts[code + 1] for code in codes).encode("utf-8", "surrogatepass")


def _text(value: object) -> str:
    return "{" + ";".join(sorted(value)) + "}" if isinstance(value, frozenset) else str(value)
