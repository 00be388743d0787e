"""How long estimates take, from 87 to a million patients, as ratios to lifelines, R and bare numpy in the same run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import (
    Cohort,
    Filters,
    OneOf,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    read_cohort,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from tests.benchmarks.synthetic import synthetic_tables

SIZES = (87, 1_000, 10_000, 100_000, 1_000_000)
IN_R = ("remission", "relapse", "trajectory")
WORKS = ("survival", "yearly", "trajectory")
RUNS = {87: 101, 1_000: 101, 10_000: 15, 100_000: 5, 1_000_000: 3}
THREE_ROUNDS_UP_TO = 10_000
R_SCRIPT = Path(__file__).with_name("estimates.R")

Work = Callable[[], object]


def survival(cohort: Cohort) -> None:
    """Estimate survival of the women by source, as a page does after a click."""
    women = cohort.where(Filters({"sex": OneOf("female")}))
    kaplan_meier(women, by="msc_source")
    log_rank(women, by="msc_source")
    hazard_ratios(women, by="msc_source")


def yearly(cohort: Cohort) -> None:
    """Count remission and relapse each year."""
    yearly_remission(cohort)
    yearly_relapse(cohort)


def plain_lifelines(patients: pd.DataFrame) -> None:
    """Do the same as `survival` with lifelines on patient rows, as its documentation shows."""
    from lifelines import CoxPHFitter, KaplanMeierFitter
    from lifelines.statistics import multivariate_logrank_test

    women = patients[patients["sex"] == "female"]
    for _, group in women.groupby("msc_source"):
        KaplanMeierFitter().fit(group["follow_up_months"], group["died"])
    multivariate_logrank_test(women["follow_up_months"], women["msc_source"], women["died"])
    sources = pd.get_dummies(women["msc_source"], drop_first=True, dtype=float)
    CoxPHFitter().fit(sources.assign(time=women["follow_up_months"], died=women["died"]), "time", "died")


def sorted_and_counted(*columns: NDArray[np.float64]) -> Work:
    """Return what sorts columns and counts their values: no estimate can do with less."""

    def work() -> None:
        for column in columns:
            np.diff(np.flatnonzero(np.diff(np.sort(column))))

    return work


def bare_numpy(patients: pd.DataFrame, visits: pd.DataFrame) -> dict[str, Work]:
    """Return the bare limit of each work: its arrays sorted and counted."""
    women = patients["sex"].to_numpy() == "female"
    months, source = patients["follow_up_months"].to_numpy(), patients["msc_source"].to_numpy()
    groups = [months[women & (source == each)] for each in ("AD", "BM", "UC")]
    relapse = patients["relapse_months"].dropna().to_numpy()
    visited = visits["months"].to_numpy()
    return {
        # Curves, test and ratios each need the times in order.
        "survival": sorted_and_counted(*groups, *groups, *groups),
        # Remission and relapse each need who was seen when, relapse the relapses too.
        "yearly": sorted_and_counted(visited, visited, relapse),
        "trajectory": sorted_and_counted(visited, visits["sledai"].to_numpy()),
    }


def seconds(work: Callable[[Any], object], runs: int, prepare: Callable[[], Any] = lambda: None) -> float:
    """Return the median time of one run, without what prepares it."""
    times = []
    for _ in range(runs):
        given = prepare()
        start = perf_counter()
        work(given)
        times.append(perf_counter() - start)
    return median(times)


def seconds_in_r(cohort: Cohort, patients: pd.DataFrame, visits: pd.DataFrame, runs: int) -> dict[str, float]:
    """Return the time of each work in R, without starting it and reading the files; missing where R is not.

    It does the same: what it says is compared with the cohort's own figures.
    """
    if shutil.which("Rscript") is None:
        return dict.fromkeys(WORKS, np.nan)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        patients.drop(columns=["patient_id", "organs"]).to_csv(folder / "patients.csv", index=False)
        numbers = pd.Index(patients["patient_id"]).get_indexer(visits["patient_id"]) + 1
        visits.assign(patient=numbers).drop(columns="patient_id").to_csv(folder / "visits.csv", index=False)
        done = subprocess.run(["Rscript", str(R_SCRIPT), name, str(runs)], capture_output=True, text=True, check=True)
        check_same(
            cohort, {each: pd.read_csv(folder / f"{each}.csv") for each in ("remission", "relapse", "trajectory")}
        )
    return dict(zip(WORKS, map(float, done.stdout.split()), strict=True))


def check_same(cohort: Cohort, in_r: dict[str, pd.DataFrame]) -> None:
    """Raise an AssertionError if R says something else of a cohort."""
    for name, estimate in {"remission": yearly_remission, "relapse": yearly_relapse}.items():
        ours, theirs = estimate(cohort), in_r[name]
        shares, places = ours.bars.drop(columns="group"), ours.ledger.drop(columns="group")
        np.testing.assert_allclose(theirs.to_numpy(), np.hstack([shares, places]), rtol=1e-9)
    summary = trajectory(cohort).summary.drop(columns="group")
    np.testing.assert_allclose(in_r["trajectory"].to_numpy(), summary, rtol=1e-9)


def compare(patients: int, *, continuous: bool) -> pd.DataFrame:
    """Return a row a work: how many times as long the others take, and how many times as long as bare numpy ours does.

    The first question of a cohort works out what later ones use; both are told. A later one is of all patients but one,
    each time a part anew, so that nothing is found that was made for the very same patients. Small cohorts are measured
    in three rounds, of which the medians are told: what else the machine does then meets all alike.
    """
    tables = synthetic_tables(patients, continuous=continuous)
    cohort, small = read_cohort(*tables), read_cohort(*synthetic_tables(87, continuous=continuous))
    numpy, runs = bare_numpy(*tables), RUNS[patients]
    without = count()

    def another_part() -> Cohort:
        """Return all patients but one, another one each time: what is known of a part is not asked for again."""
        return cohort.subset(np.arange(patients) != next(without) % patients)

    works = {"survival": survival, "yearly": yearly, "trajectory": trajectory}
    for estimate in works.values():
        estimate(small)  # imports what is imported late
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in works}
    for _ in range(3 if patients <= THREE_ROUNDS_UP_TO else 1):
        r = seconds_in_r(cohort, *tables, runs)
        for name, estimate in works.items():
            first = seconds(estimate, max(runs // 5, 3), lambda: replace(cohort))
            estimate(cohort)
            later = seconds(lambda _, estimate=estimate: estimate(another_part()), runs)
            plain = seconds(lambda _: plain_lifelines(tables[0]), max(runs // 10, 1)) if name == "survival" else np.nan
            limit = seconds(lambda _, name=name: numpy[name](), runs)
            found[name].append((plain, r[name], first, later, limit))
    times = "continuous" if continuous else "months"
    rows = []
    for name, rounds in found.items():
        plain, in_r, first, later, limit = np.median(rounds, axis=0)
        rows.append((name, patients, times, plain / first, plain / later, in_r / first, in_r / later,
                     first / limit, later / limit))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "work", "patients", "times", "lifelines / first", "lifelines / later", "R / first", "R / later",
    "first / numpy", "later / numpy",
]  # fmt: skip


def measure() -> pd.DataFrame:
    """Return the table of all sizes, by whole months and by continuous times."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines warns of groups of few
        tables = [compare(size, continuous=continuous) for continuous in (False, True) for size in SIZES]
    return pd.concat(tables).sort_values(["work", "times", "patients"], ignore_index=True)
