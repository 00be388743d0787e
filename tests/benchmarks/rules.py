"""How long a first and a later yearly question by each kind of rule take at 100,000 patients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from analysis import (
    Cohort,
    bicla,
    doris_2021,
    lldas,
    read_cohort,
    renal_response_eular_2019,
    renal_response_kdigo_2024,
    sledai_at_most,
    sri_4,
    sustained,
    without_steroids,
    yearly_remission,
)
from analysis.facts.remission import RECORDED, RemissionRule
from analysis.facts.responder_rules import SYSTEMS
from tests.benchmarks.synthetic import synthetic_tables

PATIENTS = 100_000
RUNS = 5
RULES = (
    RECORDED,
    sledai_at_most(4),
    doris_2021(),
    lldas(),
    renal_response_kdigo_2024(),
    renal_response_eular_2019(),
    sri_4(),
    bicla(),
    sustained(without_steroids(renal_response_kdigo_2024()), 6),
)


def with_measures() -> Cohort:
    """Return a synthetic cohort with every column that the rules need."""
    patients, visits = synthetic_tables(PATIENTS, continuous=False)
    random = np.random.default_rng(PATIENTS)
    size = len(visits)
    visits = visits.assign(
        clinical_sledai=np.maximum(visits["sledai"] - 4, 0),
        pga=random.uniform(0, 3, size).round(1),
        prednisone_mg_per_day=random.choice([0.0, 5.0, 10.0, 20.0], size),
        upcr_g_per_g=random.lognormal(0, 1, size).round(2),
        egfr_ml_per_min_per_1_73m2=random.normal(85, 12, size).round().clip(10, 140),
        **{system: random.choice([*"ABCDE"], size) for system in SYSTEMS},
    )
    return read_cohort(patients, visits)


def seconds(work: Callable[[Cohort], object], cohorts: list[Cohort]) -> float:
    """Return the median time of a work with each of some cohorts."""
    times = []
    for cohort in cohorts:
        start = perf_counter()
        work(cohort)
        times.append(perf_counter() - start)
    return median(times)


def measure() -> pd.DataFrame:
    """Return a row a rule: the seconds of a first and of a later question, and how many times the recorded state's."""
    cohort = with_measures()
    rows = []
    for rule in RULES:

        def ask(of: Cohort, rule: RemissionRule = rule) -> object:
            return yearly_remission(of, rule=rule, response="any")

        # A copy knows nothing of the cohort but its tables; the visits of each patient are found by the first question.
        copies = [replace(cohort) for _ in range(RUNS)]
        for copy in copies:
            yearly_remission(copy, response="complete")
        first = seconds(ask, copies)
        ask(cohort)
        later = seconds(ask, [cohort.subset(np.arange(PATIENTS) != out) for out in range(RUNS)])
        rows.append((rule.name, first, later))
    table = pd.DataFrame(rows, columns=["rule", "first, seconds", "later, seconds"])
    for which in ("first", "later"):
        table[f"{which} / recorded"] = table[f"{which}, seconds"] / table[f"{which}, seconds"].iloc[0]
    return table
