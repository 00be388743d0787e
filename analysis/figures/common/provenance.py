"""The line below every figure that says where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis.cohort.model import Cohort
from analysis.version import VERSION


def provenance(
    whole: Cohort,
    patients: str,
    filter_words: Sequence[str],
    method: str,
    on: date,
    time_zero: str = "transplantation",
) -> str:
    """Return the line: cohort, fingerprint, filters, n of N, time zero, method, version, date."""
    filtered = "; ".join(filter_words) or "No filter"
    return (
        f"{whole.name}, fingerprint {whole.fingerprint[:12]}. {filtered}. "
        f"{patients}. Time zero: {time_zero}. {method} "
        f"Version {VERSION}, {on:%Y-%m-%d}."
    )
