"""How many patients each figure can use, and what it needs of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.baseline import baseline
from analysis.cohort.model import Cohort
from analysis.facts.recorded_events import has_relapses


def usable(cohort: Cohort) -> pd.DataFrame:
    """Return how many patients have what each figure needs.

    Returns
    -------
    DataFrame with figure, patients, needs (in words), in the order of the pages.
    """
    at_any_visit = {name: _with_any(cohort, name) for name in ("months", "remission", "sledai")}
    everybody = len(cohort)
    relapse = at_any_visit["months"] if has_relapses(cohort) else 0
    rows = [
        ("Survival", everybody, "follow-up and whether the patient died"),
        ("Relapse-free survival", everybody if has_relapses(cohort) else 0, "the same, and relapses"),
        ("Remission per year", at_any_visit["remission"], "a visit with a recorded state of remission"),
        ("Relapse per year", relapse, "relapses, and a visit"),
        ("SLEDAI over time", at_any_visit["sledai"], "a visit with a SLEDAI"),
        ("Change of SLEDAI", int(baseline(cohort, "sledai").notna().sum()), "a SLEDAI at transplantation"),
    ]
    return pd.DataFrame(rows, columns=["figure", "patients", "needs"])


def _with_any(cohort: Cohort, name: str) -> int:
    """Return how many patients have a value of a visit column at any visit."""
    if name not in cohort.visit_columns:
        return 0
    rows = cohort.visit_rows[cohort.visits[name].notna().to_numpy()]
    return int(np.count_nonzero(np.bincount(rows, minlength=len(cohort))))
