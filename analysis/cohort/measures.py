"""Which numbers were measured at the visits."""

from __future__ import annotations

from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.model import Cohort


def numeric_measures(cohort: Cohort) -> list[str]:
    """Return the numeric visit columns that hold at least one value, SLEDAI first."""
    names = [
        str(name)
        for name in cohort.visits.columns
        if name != "months"
        and is_numeric_dtype(cohort.visits[name])
        and not is_bool_dtype(cohort.visits[name])
        and cohort.visits[name].notna().any()
    ]
    return sorted(names, key=lambda name: name != "sledai")
