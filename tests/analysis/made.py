"""Cohorts made up for a test, and the sample."""

from collections.abc import Iterable

import pandas as pd

from analysis import Cohort, Filters, OneOf, Pinned, load_sample, read_cohort

SAMPLE = load_sample()  # read once for all test files, and what is known of each patient worked out once


def cohort_of(times: list[float], died: list[int], **columns: list[object]) -> Cohort:
    """Return patients p0, p1, ... with these times, deaths and other columns."""
    ids = [f"p{number}" for number in range(len(times))]
    return read_cohort(pd.DataFrame({"patient_id": ids, "follow_up_months": times, "died": died, **columns}))


def arms(**patients: list[tuple[float, int]]) -> Cohort:
    """Return patients by ``arm``: months and died of each."""
    rows = [(arm, *patient) for arm, held in patients.items() for patient in held]
    return cohort_of([row[1] for row in rows], [row[2] for row in rows], arm=[row[0] for row in rows])


def competing(rows: list[tuple[float, int]], **columns: list[object]) -> Cohort:
    """Return patients by months and status: 0 censored, 1 relapsed (and alive at the end), 2 died."""
    return cohort_of(
        [months for months, _ in rows],
        [int(status == 2) for _, status in rows],
        relapse_months=[months if status == 1 else None for months, status in rows],
        **columns,
    )


def pinned(first: Iterable[str], second: Iterable[str], names: tuple[str, str] = ("A", "B")) -> Pinned:
    """Return two cohorts side by side, each given by the ids of its patients."""
    return Pinned(*names, *(Filters({"patient_id": OneOf(*sorted(ids))}) for ids in (first, second)))
