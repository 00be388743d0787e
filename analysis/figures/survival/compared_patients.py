"""How many patients of each group are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd


def patients_by_group(table: pd.DataFrame) -> dict[str, int]:
    """Return the patients of each group of a table with ``group`` and ``patients``."""
    return dict(zip(table["group"].astype(str), table["patients"], strict=True))


def patients_words(groups: Iterable[str], patients: Mapping[str, int]) -> str:
    """Return how many patients of each group are compared; of many groups, how many in all."""
    counts = [patients.get(group, 0) for group in groups]
    return ", ".join(f"{number:,}" for number in counts) if len(counts) < 3 else f"{sum(counts):,}"
