"""The cohorts that the reference figures of recurrent relapses are of.

``python tests/analysis/reference/relapses.py DIRECTORY`` writes their patients and visits as files for ``relapses.R``,
which works out on its own who is at risk when.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

Tables = tuple[pd.DataFrame, pd.DataFrame]


def frail() -> Tables:
    """120 patients at times of their own: some relapse often, others never, and those who do die earlier."""
    return _relapsing(23, 120)


def late() -> Tables:
    """The same, a third of them observed only from later on."""
    patients, visits = frail()
    random = np.random.default_rng(29)
    entry = np.where(random.random(len(patients)) < 1 / 3, random.uniform(0.5, 10, len(patients)), 0)
    return patients.assign(entry_months=np.where(entry < patients["follow_up_months"], entry, 0)), visits


def tied() -> Tables:
    """150 patients in whole months: relapses, deaths and ends of follow-up fall on the same ones."""
    patients, visits = _relapsing(31, 150)
    patients = patients.assign(follow_up_months=np.ceil(patients["follow_up_months"]))
    return patients, visits.assign(months=np.ceil(visits["months"])).drop_duplicates(ignore_index=True)


def _relapsing(seed: int, number: int) -> Tables:
    random = np.random.default_rng(seed)
    ids = [f"F{row:03d}" for row in range(number)]
    arm = random.choice(["x", "y", "z"], number, p=[0.4, 0.35, 0.25])
    frailty = random.gamma(1, 1, number)
    death = random.exponential(60 / (0.5 + frailty))
    end = random.uniform(6, 60, number)
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": np.minimum(death, end),
            "died": (death < end).astype(int),
            "arm": arm,
        }
    )
    faster = {"x": 1.0, "y": 1.6, "z": 0.6}
    visits = []
    for patient, followed, group, often in zip(ids, patients["follow_up_months"], arm, frailty, strict=True):
        months = random.exponential(20 / (often * faster[group]), 40).cumsum()
        visits += [(patient, month, 1) for month in months[months <= followed]]
    return patients, pd.DataFrame(visits, columns=["patient_id", "months", "relapse"])


COHORTS = {"frail": frail, "late": late, "tied": tied}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, make in COHORTS.items():
        for table, rows in zip(("patients", "visits"), make(), strict=True):
            rows.to_csv(folder / f"{name}_{table}.csv", index=False)
