"""What a registry in a folder costs: importing it, and each question of the pages after a new filter."""

from __future__ import annotations

import resource
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import pandas as pd

from analysis import (
    Between,
    Filters,
    baseline_table,
    kaplan_meier,
    option_counts,
    read_cohort,
    state_counts,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.cohort.model import Cohort
from analysis.registry.count import Count
from analysis.registry.folder import Folder
from analysis.registry.importing import import_registry
from analysis.registry.memory_engine import MemoryEngine
from analysis.registry.parts_source import RawPart
from analysis.registry.registry_cohort import RegistryCohort
from tests.benchmarks.synthetic import synthetic_tables
from tests.pages.test_pages import go, open_app

PATIENTS, A_PART = 1_000_000, 100_000
MOST_IN_MEMORY = 1_000_000  # patients: above, there are no arrays to compare with
SAMPLE = 20_000  # patients read by `read_cohort`
ON_DISK = "/var/tmp"  # noqa: S108 -- a folder that is not in memory
HOUR = 3600.0  # seconds
LOWS = (20, 21, 22)  # ages from which on patients are asked about
MEGABYTES_A_UNIT = 1000 if sys.platform != "darwin" else 1_000_000
QUESTIONS: Mapping[str, Callable[[Any], object]] = {
    "survival": lambda cohort: kaplan_meier(cohort, "overall_survival"),
    "survival by source": lambda cohort: kaplan_meier(cohort, "overall_survival", by="msc_source"),
    "yearly remission": yearly_remission,
    "yearly relapse": yearly_relapse,
    "remission, current": lambda cohort: yearly_remission(cohort, estimand="current"),
    "states over time": state_counts,
    "SLEDAI over time": trajectory,
    "baseline table": baseline_table,
    "counts of a filter": lambda cohort: option_counts(cohort, Filters(), "organs"),
}


PAGES = ("overview", "survival", "response", "activity", "cohort", "report")


class SyntheticSource:
    """Synthetic patients, made a part at a time."""

    def __init__(self, patients: int) -> None:
        self.name = "Synthetic registry"
        self.patients = patients

    def fingerprint(self) -> str:
        """Return what tells it from others."""
        return f"synthetic {self.patients}"

    def parts(self, number: int) -> Sequence[Callable[[], RawPart]]:
        """Return a function for each part."""
        ends = [self.patients * place // number for place in range(number + 1)]
        return [partial(_part, place, ends[place + 1] - ends[place]) for place in range(number)]


def _part(place: int, patients: int) -> RawPart:
    tables = synthetic_tables(patients, continuous=False)
    # Of equal sizes, parts would be equal: each has ages of its own.
    tables[0]["age_years"] = (tables[0]["age_years"] - 16 + place) % 50 + 16
    ids = [table["patient_id"].str.replace("SYN", f"S{place}N") for table in tables]
    return {
        name: table.assign(patient_id=id_) for name, table, id_ in zip(("patients", "visits"), tables, ids, strict=True)
    }


def measure(patients: int = PATIENTS) -> pd.DataFrame:
    """Return a row a step or question: seconds, and their ratios.

    - "to reading": of importing, the time a patient to that of `read_cohort` on a sample.
    - "to a scan": of a question after a new filter, the time to a bare count of the same stored columns by the engine.
    - "to arrays": its time to that of the same question of a cohort in memory, up to a million patients.
    - "megabytes": the most memory of the process so far.
    """
    place = Path(mkdtemp(dir=ON_DISK))
    try:
        return _measured(patients, place / "registry")
    finally:
        shutil.rmtree(place)


def _measured(patients: int, place: Path) -> pd.DataFrame:
    source, sample = SyntheticSource(patients), SyntheticSource(min(SAMPLE, patients))
    (read,) = sample.parts(1)
    tables = read()
    reading = _seconds(lambda: read_cohort(tables["patients"], tables["visits"])) / sample.patients
    importing = _seconds(lambda: import_registry(source, place, patients_a_part=A_PART))
    opening = _seconds(lambda: RegistryCohort(Folder(place)))
    rows: list[dict[str, Any]] = [
        {"step": "import", "seconds": importing, "to reading": importing / patients / reading, **_memory()},
        {"step": "open", "seconds": opening, **_memory()},
        *questions(place),
    ]
    return pd.DataFrame([{"patients": patients, **row} for row in rows])


def questions(place: Path) -> list[dict[str, Any]]:
    """Return a row a question to the registry in a folder: asked for the first time, and after a new filter."""
    registry, rows = RegistryCohort(Folder(place)), []
    for words, ask in QUESTIONS.items():
        rows.append({"step": f"first: {words}", "seconds": _seconds(lambda ask=ask: ask(registry)), **_memory()})
    for page in PAGES:
        seconds = _seconds(lambda page=page: _page(registry, page))
        rows.append({"step": f"first: page {page}", "seconds": seconds, **_memory()})
    asked = [
        _asked(registry, words, lambda low, ask=ask: ask(registry.where(_older_than(low))))
        for words, ask in QUESTIONS.items()
    ]
    asked += [
        _asked(registry, f"page {page}", lambda low, page=page: _page(registry, page, age=f"{low}..100"))
        for page in PAGES
    ]
    memory = _memory()
    source = SyntheticSource(len(registry))
    arrays: Mapping[str, float] = _of_arrays(source) if len(registry) <= MOST_IN_MEMORY else {}
    for words, seconds, scan in asked:
        ratios = {"to a scan": seconds / scan} if scan else {}  # counted part by part, it asks no column
        ratios |= {"to arrays": seconds / arrays[words]} if words in arrays else {}
        rows.append({"step": words, "seconds": seconds, **ratios, **memory})
    return rows


def _page(registry: RegistryCohort, page: str, **filters: str) -> None:
    """Run a page as a browser asks for it, with the charts made and not drawn."""
    app = open_app()
    app.default_timeout = HOUR
    app.session_state["uploaded"] = registry
    for key, words in filters.items():
        app.query_params[key] = words
    if go(app, page).exception:
        raise ValueError(f"The page {page} failed.")


def _asked(registry: RegistryCohort, words: str, ask: Callable[[int], object]) -> tuple[str, float, float]:
    """Return the seconds of a question after a new filter, and those of a bare scan of the columns that it reads."""
    with _counts_heard() as counts:
        seconds = [_seconds(lambda low=low: ask(low)) for low in LOWS]
    columns = {column for count in counts for column in count.columns}
    return words, median(seconds), median(_scan(registry, columns) for _ in range(3))


def _of_arrays(source: SyntheticSource) -> dict[str, float]:
    held: list[RawPart] = [read() for read in source.parts(max(1, source.patients // A_PART))]
    cohort: Cohort = read_cohort(*(pd.concat([part[name] for part in held]) for name in ("patients", "visits")))
    held.clear()
    for ask in QUESTIONS.values():
        ask(cohort)  # the facts of all patients are there, as those of the registry are
    return {
        words: median(_seconds(lambda low=low, ask=ask: ask(cohort.where(_older_than(low)))) for low in LOWS)
        for words, ask in QUESTIONS.items()
    }


def _older_than(low: int) -> Filters:
    return Filters({"age_years": Between(float(low), 100.0)})


@contextmanager
def _counts_heard() -> Iterator[list[Count]]:
    """Collect what engines are asked."""
    heard: list[Count] = []
    true = MemoryEngine.count

    def count(self: MemoryEngine, asked: Count) -> Any:
        heard.append(asked)
        return true(self, asked)

    MemoryEngine.count = count  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        MemoryEngine.count = true  # type: ignore[method-assign]


def _scan(registry: RegistryCohort, columns: set[Any]) -> float:
    """Return the seconds of a sum over stored columns, each table by itself: they are read, and nothing is grouped."""
    import duckdb

    total = 0.0
    for table in {column.table for column in columns}:
        names = [column.column.replace('"', '""') for column in columns if column.table == table]
        sums = ", ".join(f'sum("{name}")' for name in names)
        files = [str(file) for file in registry.registered.tables.files(table)]
        with duckdb.connect() as connection:
            query = f"SELECT {sums} FROM read_parquet(?)"  # noqa: S608
            total += _seconds(lambda query=query, files=files, to=connection: to.execute(query, [files]).fetchall())
    return total


def _memory() -> dict[str, float]:
    return {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTES_A_UNIT}


def _seconds(run: Callable[[], object]) -> float:
    began = perf_counter()
    run()
    return perf_counter() - began
