"""Measure, print and write tables of ratios: ``python -m tests.benchmarks``, or with the names of some measures.

``registry=10000000`` gives a measure a number of its own, here of patients.
Each table is written to ``tests/benchmarks/results``. All of them take about 40 minutes.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests.benchmarks import (
    beginning,
    centres,
    click,
    estimates,
    growth,
    intake,
    peer,
    registry,
    rules,
    sessions,
    workbooks,
)

RESULTS = Path(__file__).with_name("results")
MEASURES: dict[str, Callable[..., pd.DataFrame]] = {
    "estimates": estimates.measure,
    "rules": rules.measure,
    "centres": centres.measure,
    "growth": growth.measure,
    "beginning": beginning.measure,
    "sessions": sessions.measure,
    "click": click.measure,
    "peer": peer.measure,
    "intake": intake.measure,
    "workbooks": workbooks.measure,
    "registry": registry.measure,
}

if __name__ == "__main__":
    RESULTS.mkdir(exist_ok=True)
    for asked in sys.argv[1:] or MEASURES:
        name, _, number = asked.partition("=")
        table = MEASURES[name](*([int(number)] if number else []))
        print(f"\n{name}, {os.cpu_count()} cores\n{table.to_string(index=False, float_format='%.2f', na_rep='')}")
        table.to_csv(RESULTS / f"{name}.csv", index=False, float_format="%.3g")
