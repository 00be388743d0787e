"""The cohorts that the reference figures of times between visits are of.

``python tests/analysis/reference/between_visits.py DIRECTORY`` writes their patients and visits as files for
``between_visits.R``, which works out on its own between which visits each patient came into remission.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

Tables = tuple[pd.DataFrame, pd.DataFrame]


def irregular() -> Tables:
    """40 patients who come about every five months, some not for long, at times of their own."""
    return _seen(3, 40, decimals=3)


def tied() -> Tables:
    """60 patients who come in whole months."""
    return _seen(5, 60, decimals=0)


def _seen(seed: int, number: int, decimals: int) -> Tables:
    random = np.random.default_rng(seed)
    ids = [f"V{row:03d}" for row in range(number)]
    arm = random.choice(["x", "y"], number)
    came = random.exponential(np.where(arm == "x", 14, 25))
    end = random.uniform(4, 48, number)
    visits = []
    for patient, month, last in zip(ids, came, end, strict=True):
        times = np.unique(np.round(random.gamma(4, 1.3, 12).cumsum(), decimals))
        visits += [(patient, time, "complete" if time >= month else "none") for time in times[times <= last]]
    died = random.integers(0, 2, number)
    followed = np.round(end + 0.5, 3)
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": followed, "died": died, "arm": arm})
    return patients, pd.DataFrame(visits, columns=["patient_id", "months", "remission"])


COHORTS = {"irregular": irregular, "tied": tied}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, make in COHORTS.items():
        for table, rows in zip(("patients", "visits"), make(), strict=True):
            rows.to_csv(folder / f"{name}_{table}.csv", index=False)
