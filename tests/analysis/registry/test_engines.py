"""Every engine counts as arrays do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.registry.answering import ASKING
from analysis.registry.arrays_engine import ArraysEngine
from analysis.registry.count import Among, Count, Either, Engine, EngineError, StoredColumn, Within
from analysis.registry.duckdb_engine import DuckDBEngine, connect
from analysis.registry.held_columns import HeldColumns, Room
from analysis.registry.ibis_engine import IbisEngine
from analysis.registry.memory_engine import MemoryEngine
from analysis.registry.telling import telling
from analysis.registry.warehouse import Opened, Warehouse

pytest.importorskip("duckdb")
ibis = pytest.importorskip("ibis")
PARTS, PATIENTS = 3, 700
HOSTILE = 'a "b"; DROP TABLE x -- ?'
COLUMNS = [
    StoredColumn("patients", "sex"),
    StoredColumn("patients", "age"),
    StoredColumn("patients", HOSTILE),
    StoredColumn("years", "code"),
    StoredColumn("years", "none"),
]


def made() -> dict[str, pd.DataFrame]:
    random = np.random.default_rng(1)

    def gaps(values: np.ndarray) -> pd.Series:
        return pd.Series(values, dtype=float).mask(random.random(PATIENTS) < 0.1)

    return {
        "patients": pd.DataFrame(
            {
                "sex": gaps(random.integers(0, 2, PATIENTS)),
                "age": gaps(random.normal(40, 10, PATIENTS).round(1)),
                HOSTILE: gaps(random.integers(0, 4, PATIENTS)),
            }
        ),
        "years": pd.DataFrame({"code": random.integers(0, 30, PATIENTS), "none": np.full(PATIENTS, np.nan)}),
    }


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return made()


def in_files(folder: Path, tables: dict[str, pd.DataFrame]) -> dict[str, list[Path]]:
    files: dict[str, list[Path]] = {}
    for name, table in tables.items():
        for place, part in enumerate(np.array_split(np.arange(PATIENTS), PARTS)):
            file = folder / f"{name}-{place}.parquet"
            table.iloc[part].to_parquet(file)
            files.setdefault(name, []).append(file)
    return files


@pytest.fixture(scope="module")
def files(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    return in_files(tmp_path_factory.mktemp("registry"), tables)


def with_rows(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables in another order than that of their rows, which only the column "row" tells."""
    return {name: table.rename_axis("row").reset_index().sample(frac=1) for name, table in tables.items()}


@contextmanager
def in_warehouse(backend: Any, tables: dict[str, pd.DataFrame]) -> Iterator[Engine]:
    for name, table in with_rows(tables).items():
        if backend.name == "duckdb":
            backend.con.register("given", table).execute(f"CREATE TABLE stored_{name} AS FROM given")
        elif backend.name == "pyspark":
            backend.create_view(f"stored_{name}", ibis.memtable(table))  # a table would be a folder beside the project
        else:
            backend.create_table(f"stored_{name}", table)
    opened = Opened(backend, lambda: None, lambda: None, backend.disconnect)
    warehouse = Warehouse("tests", lambda: opened, connections=1)
    yield IbisEngine(warehouse, lambda column: replace(column, table=f"stored_{column.table}"))
    warehouse.close()


@pytest.fixture(
    scope="module",
    params=["memory", "memory and DuckDB", "DuckDB", "Ibis on DuckDB", "Ibis on PostgreSQL", "Ibis on Spark"],
)
def engine(request: pytest.FixtureRequest, tables: dict[str, pd.DataFrame]) -> Iterator[Engine]:
    if request.param in FOLDERS:
        files = request.getfixturevalue("files")
        in_files = DuckDBEngine(connect(files["years"][0].parent), files.__getitem__)
        yield FOLDERS[request.param](files.__getitem__, in_files)
    elif request.param == "Ibis on DuckDB":
        with in_warehouse(ibis.duckdb.connect(), tables) as engine:
            yield engine
    elif request.param == "Ibis on Spark":
        if os.environ.get("SPARK_TESTS") != "required":
            pytest.skip("takes minutes: SPARK_TESTS=required, with Java and pip install pyspark")
        with in_warehouse(ibis.pyspark.connect(), tables) as engine:
            yield engine
    else:
        server = request.getfixturevalue("server")
        with in_warehouse(ibis.postgres.connect(**server.settings), tables) as engine:
            yield engine


class Nobody:
    """An engine that must not be asked."""

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        raise AssertionError(asked)


TWO_COLUMNS = 2000  # bytes: of five columns, one of which needs more
FOLDERS: dict[str, Callable[[Callable[[str], list[Path]], Engine], Engine]] = {
    "memory": lambda files, _: MemoryEngine(HeldColumns(files), Nobody()),
    "memory and DuckDB": lambda files, in_files: MemoryEngine(HeldColumns(files, Room(TWO_COLUMNS)), in_files),
    "DuckDB": lambda _, in_files: in_files,
}

columns = st.sampled_from(COLUMNS)
numbers = st.integers(-1, 60).map(float)
limits = st.one_of(numbers, st.sampled_from([-np.inf, np.inf]))
tests = st.one_of(
    st.builds(Among, columns, st.lists(numbers, max_size=4, unique=True).map(tuple), st.booleans()),
    st.builds(Within, columns, limits, limits, st.booleans()),
)
lists_of_tests = st.lists(tests, max_size=3).map(tuple)
counts = st.builds(
    Count,
    st.lists(columns, max_size=2, unique=True).map(tuple),
    st.tuples(lists_of_tests, st.lists(st.builds(Either, lists_of_tests, lists_of_tests), max_size=1)).map(
        lambda held: (*held[0], *held[1])
    ),
    st.lists(columns, max_size=3, unique=True).map(tuple),
).filter(lambda asked: asked.columns and not set(asked.keys) & set(asked.of))


@pytest.mark.filterwarnings("ignore:fetch_arrow_table")  # Ibis asks DuckDB in a way that is to go
@given(asked=counts)
def test_every_engine_counts_as_arrays_do(asked: Count, tables: dict[str, pd.DataFrame], engine: Engine) -> None:
    for expected, found in zip(ArraysEngine(tables).count(asked), engine.count(asked), strict=True):
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM 'https://example.org/a.parquet'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET memory_limit",
    ],
)
def test_engine_is_locked(query: str, tmp_path: Path) -> None:
    import duckdb

    with pytest.raises(duckdb.Error):
        connect(tmp_path).execute(query)


ENDLESS = "SELECT sum(sqrt(a.range * b.range)) FROM range(1000000) a, range(1000000) b"


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DuckDBEngine:
    file = tmp_path / "patients.parquet"
    made()["patients"].to_parquet(file)
    monkeypatch.setattr("analysis.registry.duckdb_engine.sql", lambda *_: (ENDLESS, []))
    return DuckDBEngine(connect(tmp_path), lambda _: [file], most_seconds=0.5)


ASKED = Count(of=(COLUMNS[0],))


def test_a_question_that_takes_too_long_is_stopped(endless: DuckDBEngine) -> None:
    with pytest.raises(EngineError, match="stopped"):
        endless.count(ASKED)


def test_files_that_are_gone_are_told_in_words(tmp_path: Path) -> None:
    columns = HeldColumns(lambda _: [tmp_path / "gone.parquet"])
    with pytest.raises(EngineError, match="cannot be read any more"):
        MemoryEngine(columns, Nobody()).count(ASKED)


def test_whoever_is_told_can_stop_a_question(endless: DuckDBEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    class NewerClickError(Exception):
        pass

    def click(share: float | None, words: str) -> None:
        raise NewerClickError(words)

    with telling(click), pytest.raises(NewerClickError, match="Counting the patients"):
        endless.count(ASKED)
    assert not [thread for thread in enumerate_threads() if thread.name == ASKING]
    monkeypatch.setattr(
        "analysis.registry.duckdb_engine.sql", lambda *_: ("SELECT 1.0 AS v0, 0 AS others, 2 AS patients", [])
    )
    assert endless.count(ASKED)[0]["patients"].tolist() == [2]
