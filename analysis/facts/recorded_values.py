"""Which visit data each patient has."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Flags
from analysis.cohort.baseline import baseline
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient


@per_patient
def recorded_values(cohort: Cohort) -> dict[str, Flags]:
    """Return flags of each patient: any visit (``months``), one with ``remission``, one with ``sledai``, ``baseline``.

    ``baseline`` is a SLEDAI at transplantation.
    """

    def at_any_visit(name: str) -> Flags:
        found = np.zeros(len(cohort), dtype=bool)
        if name in cohort.visit_columns:
            found[cohort.visit_rows[cohort.visits[name].notna().to_numpy()]] = True
        return found

    at_start = baseline(cohort, "sledai").notna().to_numpy()
    return {**{name: at_any_visit(name) for name in ("months", "remission", "sledai")}, "baseline": at_start}
