"""Where the patients of a registry come from, some of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

import pandas as pd

RawPart: TypeAlias = Mapping[str, pd.DataFrame]
"""Tables by name ("patients", "visits", "events", "treatments", "infusions") as `read_cohort` takes them."""


class PartsSource(Protocol):
    """Whatever holds all patients of a registry and can be read in parts, so that memory is bounded.

    Attributes
    ----------
    name
        What the source is called on the screen.
    patients
        How many patients it holds.
    """

    name: str
    patients: int

    def fingerprint(self) -> str:
        """Return what changes when the data change, so that an import can be resumed, or is begun anew."""

    def parts(self, number: int) -> Sequence[Callable[[], RawPart]]:
        """Return a function for each of so many parts, which reads its tables.

        Each patient is in one part, with all rows. The same number gives the same parts as long as the fingerprint is
        the same. A part without patients has tables without rows.
        """
