"""How long opening the answers of 20 centres takes, beside the same estimates of their patients in one table."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

from analysis import read_cohort
from analysis.centres.centre_answer import answer_question
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.merged_cohort import merge
from tests.benchmarks.synthetic import synthetic_tables

CENTRES, PATIENTS = 20, 300
TIMES = 5


def measure() -> pd.DataFrame:
    """Return centres, patients, kilobytes of an answer, seconds of processor time, and their ratio to one table's.

    One table's time is that of reading it, and of the same estimates for all, by group and by centre.
    """
    question = CentreQuestion("Benchmark", {"compare": ("msc_source",)})
    tables = synthetic_tables(CENTRES * PATIENTS, continuous=False)
    cohort = read_cohort(*tables)
    centre = np.arange(len(cohort)) // PATIENTS
    files = {
        f"Centre {place}": answer_question(cohort.subset(centre == place), question, f"Centre {place}").to_file()
        for place in range(CENTRES)
    }

    def one_table() -> None:
        patients = tables[0].assign(centre=[f"C{place:02}" for place in centre])
        pooled = read_cohort(patients, tables[1])
        for estimate in question.estimates:
            for by in (None, "msc_source", "centre"):
                estimate.of(pooled, by)

    opened, pooled = _seconds(lambda: merge(files)), _seconds(one_table)
    size = median(len(data) for data in files.values()) / 1000
    row = {"centres": CENTRES, "patients of each": PATIENTS, "kilobytes of an answer": size, "seconds": opened}
    return pd.DataFrame([{**row, "to one table": opened / pooled}])


def _seconds(run: Callable[[], object]) -> float:
    def once() -> float:
        began = process_time()
        run()
        return process_time() - began

    return median(once() for _ in range(TIMES))
