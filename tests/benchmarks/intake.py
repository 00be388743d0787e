"""What reading with every check costs beside parsing alone.

It is the time of `read_cohort` on a large synthetic cohort as a ratio to `pandas.read_csv` on the same bytes in the
same run, for two files, for one long file, and for a registry of thousands of columns.
"""

import io
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis import Cohort, read_cohort
from tests.benchmarks.estimates import seconds

PATIENTS = 100_000
VISITS = 10
RUNS = 5


def synthetic() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a patient table and a visit table of a million rows, 50 MB as text."""
    random = np.random.default_rng(1)
    ids = np.array([f"SYN{number:07}" for number in range(PATIENTS)])
    rows = PATIENTS * VISITS
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": 60.5,
            "died": random.integers(0, 2, PATIENTS),
            "sex": random.choice(["female", "male"], PATIENTS),
            "msc_source": random.choice(["BM", "UC"], PATIENTS),
        }
    )
    visits = pd.DataFrame(
        {
            "patient_id": np.repeat(ids, VISITS),
            "months": np.tile(np.arange(VISITS) * 6.0, PATIENTS) + random.integers(0, 9, rows) / 10,
            "sledai": random.integers(0, 30, rows),
            "remission": random.choice(["none", "partial", "complete"], rows),
            "prednisone_mg_per_day": random.integers(0, 60, rows),
            "albumin_g_per_l": random.normal(38, 3, rows).clip(15, 60).round(1),
            "c3_g_per_l": random.normal(1, 0.1, rows).clip(0.2, 3).round(2),
            "creatinine_umol_per_l": random.integers(40, 200, rows),
            "proteinuria_g_per_24h": random.gamma(1, 1, rows).round(2),
        }
    )
    return patients, visits


def wide(patients: pd.DataFrame) -> pd.DataFrame:
    """Return 2,000 patients with 3,000 columns, as in the export of a registry."""
    random = np.random.default_rng(2)
    first = patients.head(2000)
    items = {f"form_{number // 20}_item_{number}": random.integers(0, 5, len(first)) for number in range(2995)}
    return pd.concat([first, pd.DataFrame(items)], axis=1)


def peak(work: Callable[[], object]) -> float:
    """Return the most memory that one call holds, in MB."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return most


def measure() -> pd.DataFrame:
    """Return a row a shape."""
    patients, visits = synthetic()
    two = [table.to_csv(index=False).encode() for table in (patients, visits)]
    long = visits.merge(patients, on="patient_id").to_csv(index=False).encode()
    export = wide(patients).to_csv(index=False).encode()
    shapes: dict[str, tuple[list[bytes], Callable[[], Cohort]]] = {
        "two files": (two, lambda: read_cohort(*two)),
        "one long file": ([long], lambda: read_cohort(long)),
        "3,000 columns": ([export], lambda: read_cohort(export)),
    }
    rows = []
    for name, (files, work) in shapes.items():
        plain = seconds(lambda _, files=files: [pd.read_csv(io.BytesIO(data)) for data in files], RUNS)
        size = sum(map(len, files)) / 1e6
        rows.append((name, size, seconds(lambda _, work=work: work(), RUNS) / plain, peak(work) / size))
    return pd.DataFrame(rows, columns=["shape", "MB", "read_cohort / read_csv", "memory / file"])
