"""How often the 95 % limits of the mean number of relapses hold the true one: ``python -m tests.benchmarks.coverage``.

Patients relapse at a rate, and die at one, that both are proportional to a frailty of their own (exponential, mean 1):
relapses of a patient depend on each other and on death. They come over four years and are seen to the end of six.
The true mean number by month t is r t / (1 + h t), for a rate of relapse r and a hazard of death h a month.
"""

from __future__ import annotations

import numpy as np

from analysis.counts.paths import Paths
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.survival.mean_function import mean_function
from analysis.facts.relapse_spells import CENSORED, DEAD, RELAPSED

COHORTS = 4000
SIZES = (25, 50, 100, 200)
MONTHS = (12.0, 36.0)
RELAPSES, DEATHS = 1 / 20, 1 / 60  # a month


def cohort(random: np.random.Generator, patients: int) -> Paths:
    """Return the courses of some patients."""
    frailty = random.exponential(size=patients)
    death = random.exponential(1 / (DEATHS * frailty))
    end = random.uniform(24, 72, patients)
    until = np.minimum(death, end)
    number = random.poisson(RELAPSES * frailty * until)
    path = np.repeat(np.arange(patients), number)
    relapses = random.uniform(size=len(path)) * until[path]
    row = np.concatenate([path, np.arange(patients)])
    stop = np.concatenate([relapses, until])
    ends = np.concatenate([np.full(len(path), RELAPSED), np.where(death <= end, DEAD, CENSORED)])
    order = np.lexsort((stop, row))
    row, stop, ends = row[order], stop[order], ends[order]
    first = np.append(True, row[1:] != row[:-1])
    start = np.where(first, 0.0, np.append(0.0, stop[:-1]))
    state = np.arange(len(row)) - np.repeat(np.flatnonzero(first), np.diff(np.append(np.flatnonzero(first), len(row))))
    return Paths(np.zeros(patients, dtype=np.int64), row, state, start, stop, ends)


def covered(patients: int, cohorts: int = COHORTS, seed: int = 1) -> dict[float, float]:
    """Return the share of cohorts whose limits at each month hold the true mean."""
    random, z = np.random.default_rng(seed), normal_quantile(0.95)
    true = {month: RELAPSES * month / (1 + DEATHS * month) for month in MONTHS}
    inside = dict.fromkeys(MONTHS, 0)
    for _ in range(cohorts):
        found = mean_function(cohort(random, patients), np.ones(patients, dtype=np.int64))
        for month in MONTHS:
            at = np.searchsorted(found["months"], month, side="right") - 1
            mean, error = found["mean"][at], found["standard_error"][at]
            if mean > 0:
                inside[month] += abs(np.log(mean / true[month])) <= z * error / mean
    return {month: float(number) / cohorts for month, number in inside.items()}


if __name__ == "__main__":
    for size in SIZES:
        told = ", ".join(f"{100 * share:.1f} % at month {month:g}" for month, share in covered(size).items())
        print(f"{size} patients: {told}")
