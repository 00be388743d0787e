"""The cohorts that the reference figures of remission over time are of.

``python tests/analysis/reference/states.py DIRECTORY`` writes their patients and visits as files for ``states.R``,
which works out on its own who is in which state when.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SAMPLE = Path(__file__).parents[3] / "sample_data"


def sample() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The 87 patients of the sample."""
    return pd.read_csv(SAMPLE / "patients.csv"), pd.read_csv(SAMPLE / "visits.csv")


def tied() -> tuple[pd.DataFrame, pd.DataFrame]:
    """200 patients seen in whole months, so that visits, deaths and ends of follow-up fall on the same ones."""
    random = np.random.default_rng(7)
    number = 200
    ids = [f"T{row:03d}" for row in range(number)]
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": random.integers(1, 60, number),
            "died": (random.random(number) < 0.3).astype(int),
            "msc_source": random.choice(["BM", "UC"], number),
        }
    )
    states = random.choice(["none", "partial", "complete", ""], (number, 60), p=[0.4, 0.2, 0.3, 0.1])
    months = np.where(random.random((number, 60)) < 0.15, np.arange(60), -1)
    months[:, 0] = np.where(random.random(number) < 0.5, 0, -1)
    visits = pd.DataFrame({"patient_id": np.repeat(ids, 60), "months": months.ravel(), "remission": states.ravel()})
    visits = visits[(visits["months"] >= 0) & (visits["remission"] != "")]
    last = visits["patient_id"].map(patients.set_index("patient_id")["follow_up_months"])
    return patients, visits[visits["months"] <= last].reset_index(drop=True)


def tied_from_active() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same, nobody seen at transplantation: all start out of remission."""
    patients, visits = tied()
    return patients, visits[visits["months"] > 0].reset_index(drop=True)


def dense() -> tuple[pd.DataFrame, pd.DataFrame]:
    """60 patients at times of their own, some in remission at transplantation, all dead by month 50."""
    random = np.random.default_rng(11)
    ids = [f"D{row:02d}" for row in range(60)]
    followed = np.round(random.uniform(2, 50, 60), 3)
    visits = [
        (patient, month, random.choice(["none", "complete"]))
        for patient, end in zip(ids, followed, strict=True)
        for month in [0.0, *np.unique(np.round(random.uniform(0.01, end, 6), 3))]
        if month <= end
    ]
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": followed, "died": 1, "msc_source": "UC"})
    return patients, pd.DataFrame(visits, columns=["patient_id", "months", "remission"])


def late() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same, half of them observed only from later on, in whatever state the last visit by then found."""
    patients, visits = tied_from_active()
    random = np.random.default_rng(13)
    entry = np.where(random.random(len(patients)) < 0.5, random.integers(1, 30, len(patients)), 0)
    return patients.assign(entry_months=np.minimum(entry, patients["follow_up_months"] - 1)), visits


COHORTS = {"sample": sample, "tied": tied, "tied_from_active": tied_from_active, "dense": dense, "late": late}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, make in COHORTS.items():
        for table, rows in zip(("patients", "visits"), make(), strict=True):
            rows.to_csv(folder / f"{name}_{table}.csv", index=False)
