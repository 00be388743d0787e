"""How a redraw grows with the cohort: ``python tests/benchmarks/redraw.py``.

Prints what one filter and every estimate of the Overview cost for a hundred times the patients, as a ratio to the
sample cohort in the same run.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis import (
    Cohort,
    Filters,
    OneOf,
    follow_up,
    kaplan_meier,
    load_sample,
    read_cohort,
    trajectory,
    yearly_relapse,
    yearly_remission,
)

COPIES = 100
RUNS = 7


def many(sample: Cohort) -> Cohort:
    """Return the sample cohort many times over, each copy with ids of its own."""
    tables = []
    for table in (sample.patients, sample.visits):
        plain = table.assign(**{name: table[name].astype(object) for name in table.select_dtypes("category")})
        copies = [plain.assign(patient_id=f"{copy}-" + plain["patient_id"]) for copy in range(COPIES)]
        tables.append(pd.concat(copies, ignore_index=True))
    return read_cohort(*tables)


def seconds(work: Callable[[Cohort], object], cohort: Cohort) -> float:
    """Return the median time of one call."""
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        work(cohort)
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    """Print a row an estimate."""
    uc = Filters({"msc_source": OneOf("UC")})
    works: dict[str, Callable[[Cohort], object]] = {
        "filter": lambda cohort: cohort.where(uc),
        "follow_up": follow_up,
        "kaplan_meier": kaplan_meier,
        "yearly_remission": yearly_remission,
        "yearly_relapse": yearly_relapse,
        "trajectory": trajectory,
    }
    small = load_sample()
    large = many(small)
    print(f"{'':<18}{len(small):>8} patients{len(large):>8} patients   ratio")
    for name, work in works.items():
        work(small)
        first, second = seconds(work, small), seconds(work, large)
        print(f"{name:<18}{1000 * first:>14.1f} ms{1000 * second:>14.1f} ms{second / first:>8.1f}")


if __name__ == "__main__":
    main()
