"""Synthetic cohorts of any size, for the benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd

SCHEDULE = np.array([0, 3, 6, 12, 24, 36, 48])
MOST_MONTHS = 60.0


def synthetic_tables(patients: int, *, continuous: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a patient table and a visit table under canonical names.

    Parameters
    ----------
    patients
        How many.
    continuous
        Whether times have all their decimals; else they are whole months.
    """
    random = np.random.default_rng(patients)
    lived, watched = random.exponential(240, patients), random.uniform(3, MOST_MONTHS, patients)
    followed = np.minimum(lived, watched)
    relapse = random.exponential(90, patients)
    if not continuous:
        followed, relapse = np.ceil(followed), np.ceil(relapse)
    ids = np.array([f"SYN{number:07}" for number in range(patients)])
    table = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": followed,
            "died": lived < watched,
            "follow_up_ended": np.where(lived < watched, "died", random.choice(["lost", "ongoing"], patients)),
            "msc_source": random.choice(["AD", "BM", "UC"], patients),
            "sex": random.choice(["female", "male"], patients, p=[0.9, 0.1]),
            "age_years": random.integers(16, 66, patients),
            "organs": random.choice(["renal", "skin", "renal;joints", "joints;blood"], patients),
            "relapse_months": np.where(relapse < followed, relapse, np.nan),
        }
    )
    row, place = np.nonzero(SCHEDULE[None, :] <= followed[:, None])
    month = SCHEDULE[place].astype(float)
    if continuous:
        month = np.minimum(month + np.where(place > 0, random.normal(0, 0.4, len(month)), 0.0), followed[row])
    score = np.clip(14 - 1.5 * place + random.normal(0, 3, len(row)), 0, 40).round()
    visits = pd.DataFrame(
        {
            "patient_id": ids[row],
            "months": month,
            "sledai": score,
            "remission": np.where(score <= 4, "complete", np.where(score <= 8, "partial", "none")),
        }
    )
    return table, visits
