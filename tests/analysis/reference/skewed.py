"""Cohorts with skewed covariates and strong effects, where a fit easily ends where it should not.

``python tests/analysis/reference/skewed.py DIRECTORY`` writes those of `SEEDS`, and ``ferritin.csv``, as files for
``skewed.R``. They are made by chance from a seed: a reference figure needs the same data on both sides and no meaning.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

FERRITIN = "ferritin"  # 87 synthetic patients, 46 deaths
SEEDS = [1, 4, 10, 12, 13, 18, 22, 34, 37, 41, 46, 50]


def skewed(seed: int) -> pd.DataFrame:
    """Return patient_id, entry_months, months, died and one to four log-normal covariates x1, x2, ...

    The logarithms of a covariate have a standard deviation of up to 2.5, and one unit of it, or of its logarithm, may
    multiply the hazard by up to ten. In a third of the cohorts months are whole, so that many are tied; in a third some
    patients come late.
    """
    rng = np.random.default_rng(seed)
    number = int(rng.integers(30, 130))
    width = int(rng.integers(1, 5))
    logs = rng.normal(size=(number, width)) * rng.uniform(0.3, 2.5, width)
    by_log = rng.random(width) < 0.5
    effect = rng.uniform(-2.3, 2.3, width) * np.where(by_log, 1, 0.3)
    log_hazard = np.clip(np.where(by_log, logs, np.exp(logs)) @ effect, -20, 20)
    event = rng.exponential(np.exp(-log_hazard))
    event *= 24 / np.median(event)
    censored = rng.uniform(0, 72, number)
    months = np.minimum(event, censored)
    if seed % 3 == 0:
        months = np.ceil(months)
    entry = np.zeros(number)
    if seed % 3 == 1:
        late = rng.random(number) < 0.4
        entry[late] = months[late] * rng.uniform(0.1, 0.9, late.sum())
    months, entry = np.round(months, 4), np.round(entry, 4)
    entry[entry >= months] = 0
    return pd.DataFrame(
        {
            "patient_id": [f"p{place}" for place in range(number)],
            "entry_months": entry,
            "months": months,
            "died": (event <= censored).astype(int),
            **{f"x{place + 1}": np.round(np.exp(logs[:, place]), 6) for place in range(width)},
        }
    )


def ferritin() -> pd.DataFrame:
    """Return the same of the file, with ferritin as the only covariate."""
    table = pd.read_csv(Path(__file__).with_name("ferritin.csv"))
    return pd.DataFrame(
        {
            "patient_id": table["patient_id"],
            "entry_months": 0.0,
            "months": table["follow_up_months"],
            "died": (table["died"] == "yes").astype(int),
            "x1": table["ferritin"],
        }
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in {FERRITIN: ferritin(), **{f"skewed_{seed}": skewed(seed) for seed in SEEDS}}.items():
        made.to_csv(folder / f"{name}.csv", index=False, float_format="%.17g")
