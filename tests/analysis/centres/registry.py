"""A made-up registry and its centres, with what makes adding up hard."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import Cohort, read_cohort
from analysis.cohort.vocabulary import VISITS

SCHEDULE = np.array([0, 1, 3, 6, 9, 12, 24, 36, 48])
BILAG = tuple(name for name in VISITS if name.startswith("bilag_"))
SOURCES = ("BM", "UC", "AD", "All", "=1+1", "<b>x</b>", "UC; AD")  # the last ones are hostile names
ORGANS = ("renal", "mucocutaneous", "haematological", "musculoskeletal", "neuropsychiatric")


def registry_tables(seed: int, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return patients and visits: ties, whole months, missing values, late entry, rare groups."""
    random = np.random.default_rng(seed)
    ids = [f"P{place:05}" for place in range(size)]
    whole = random.random(size) < 0.5
    months = np.where(whole, random.integers(0, 60, size), random.uniform(0, 60, size).round(1))
    died = random.random(size) < 0.25
    relapse = np.where(random.random(size) < 0.4, (months * random.uniform(0, 1, size)).round(1), np.nan)
    rare = np.array([0.4, 0.3, 0.15, 0.05, 0.04, 0.04, 0.02])
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": months,
            "died": died,
            "entry_months": np.where(random.random(size) < 0.15, np.floor(months / 3), 0.0),
            "relapse_months": np.where(relapse > 0, relapse, np.nan),
            "follow_up_ended": np.where(died, "died", random.choice(["lost", "ongoing", ""], size)),
            "msc_source": _some_missing(random, random.choice(SOURCES, size, p=rare)),
            "sex": _some_missing(random, random.choice(["female", "male"], size, p=[0.9, 0.1])),
            "age_years": np.where(random.random(size) < 0.1, np.nan, random.integers(16, 66, size)),
            "organs": [";".join(sorted(held)) for held in _sets(random, size)],
            "nephritis_class": _some_missing(random, random.choice(["III", "IV", "V"], size)),
            "cell_dose_million_per_kg": random.choice([1.0, 1.5, np.nan], size),
            "transplant_year": random.integers(2005, 2015, size),
        }
    )
    row, place = np.nonzero((SCHEDULE[None, :] <= months[:, None]) & (random.random((size, len(SCHEDULE))) < 0.85))
    when = np.where(
        random.random(len(row)) < 0.6,
        SCHEDULE[place],
        np.clip(SCHEDULE[place] + random.normal(0, 0.5, len(row)).round(1), 0, months[row]),
    )
    visits = _visits(random, np.array(ids)[row], when, place)
    return patients, visits


def registry(seed: int, size: int) -> Cohort:
    """Return the registry as one cohort."""
    return read_cohort(*registry_tables(seed, size), name="Synthetic registry")


def centres_of(cohort: Cohort, centre: np.ndarray) -> dict[str, Cohort]:
    """Return the patients of each centre by its name, given their numbers."""
    return {f"Centre {place:02}": cohort.subset(centre == place) for place in np.unique(centre)}


def _some_missing(random: np.random.Generator, values: np.ndarray) -> np.ndarray:
    return np.where(random.random(len(values)) < 0.1, "", values)


def _sets(random: np.random.Generator, size: int) -> list[list[str]]:
    return [[organ for organ in ORGANS if random.random() < 0.4] for _ in range(size)]


def _visits(random: np.random.Generator, ids: np.ndarray, months: np.ndarray, place: np.ndarray) -> pd.DataFrame:
    size = len(ids)

    def missing(values: np.ndarray, share: float = 0.1) -> np.ndarray:
        return np.where(random.random(size) < share, np.nan, values)

    better = place / 3
    score = np.clip(np.round(14 - 3 * better + random.normal(0, 4, size)), 0, 40)
    return pd.DataFrame(
        {
            "patient_id": ids,
            "months": months,
            "sledai": missing(score),
            "clinical_sledai": missing(np.maximum(score - 2, 0)),
            "remission": np.where(
                random.random(size) < 0.1, "", np.select([score <= 4, score <= 8], ["complete", "partial"], "none")
            ),
            "relapse": random.random(size) < 0.05,
            "pga": missing(np.clip(2.5 - better / 2 + random.normal(0, 0.4, size), 0, 3).round(1)),
            "prednisone_mg_per_day": missing(random.choice([0, 2.5, 5, 7.5, 10, 20], size)),
            "proteinuria_g_per_24h": missing(np.clip(random.normal(2 - better, 1, size), 0, 9).round(2)),
            "upcr_g_per_g": missing(np.clip(random.normal(2 - better, 1, size), 0, 9).round(2)),
            "egfr_ml_per_min_per_1_73m2": missing(np.clip(random.normal(80, 20, size), 10, 140).round(1)),
            "creatinine_umol_per_l": missing(random.integers(40, 200, size)),
            "albumin_g_per_l": missing(np.clip(random.normal(35, 5, size), 15, 50).round(1)),
            "urine_red_cells_per_hpf": missing(random.integers(0, 20, size)),
            "c3_g_per_l": missing(random.uniform(0.2, 1.4, size).round(2)),
            **{name: random.choice(list("ABCDE"), size, p=[0.05, 0.1, 0.15, 0.3, 0.4]) for name in BILAG},
        }
    )
