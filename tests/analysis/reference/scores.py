"""The visits that the reference figures of scores over time are of.

``python tests/analysis/reference/scores.py DIRECTORY`` writes them as files for ``scores.R``. They are made by formula:
a reference figure needs the same data on both sides and no meaning.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

MONTHS = [0, 3, 6, 12, 24]


def scores() -> pd.DataFrame:
    """90 patients in three arms, seen ever less often: whole points, with ties and changes of 0."""
    visits = _visits(number=90, arms=["AD", "BM", "UC"])
    return visits.assign(value=np.maximum(np.round(visits["value"]), 0))


def albumin() -> pd.DataFrame:
    """40 patients in one arm with long decimals, all above 0: neither ties nor zeros."""
    visits = _visits(number=40, arms=["UC"])
    return visits.assign(value=np.exp(visits["value"] / 10) + visits["months"] / 7)


def _visits(number: int, arms: list[str]) -> pd.DataFrame:
    patient = np.repeat(np.arange(1, number + 1), len(MONTHS))
    visit = np.tile(np.arange(len(MONTHS)), number)
    arm = patient % len(arms)
    own = 12 * (_scattered(patient) - 0.5)
    noise = 9 * (_scattered(patient + 0.37 * (1 + visit)) - 0.5)
    visits = pd.DataFrame(
        {
            "patient_id": [f"S{one:03d}" for one in patient],
            "months": np.array(MONTHS)[visit],
            "arm": np.array(arms)[arm],
            "value": 13 - (1.5 + 0.5 * arm) * visit + own + noise,
        }
    )
    seen = (visit == 0) | (_scattered(patient + 0.71 * visit) > 0.12 * visit)
    return visits[seen].reset_index(drop=True)


def _scattered(numbers: np.ndarray) -> np.ndarray:
    """Return numbers from 0 to 1, as good as chance and the same everywhere."""
    return np.mod(np.round(np.sin(numbers * 12.9898) * 43758.5453, 3), 1)


COHORTS = {"scores": scores, "albumin": albumin}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in COHORTS.items():
        made().to_csv(folder / f"{name}.csv", index=False, float_format="%.17g")
