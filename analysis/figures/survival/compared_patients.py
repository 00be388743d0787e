"""How many patients of each group are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd


def patients_by_group(table: pd.DataFrame) -> dict[str, int]:
    """Return group to number of patients, from a table with ``group`` and ``patients``."""
    return dict(zip(table["group"].astype(str), table["patients"], strict=True))


def patients_words(groups: Iterable[str], patients: Mapping[str, int]) -> str:
    """Return the number of patients in each group; for many groups, in all of them."""
    counts = [patients.get(group, 0) for group in groups]
    return ", ".join(f"{number:,}" for number in counts) if len(counts) < 3 else f"{sum(counts):,}"
