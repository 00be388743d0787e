"""Every engine counts as arrays do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.registry.arrays_engine import ArraysEngine
from analysis.registry.count import Among, Count, EngineError, StoredColumn, Within
from analysis.registry.duckdb_engine import DuckDBEngine, connect

pytest.importorskip("duckdb")
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


@pytest.fixture(scope="module")
def duckdb_engine(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    folder = tmp_path_factory.mktemp("registry")
    files: dict[str, list[Path]] = {}
    for name, table in tables.items():
        for place, part in enumerate(np.array_split(np.arange(PATIENTS), PARTS)):
            file = folder / f"{name}-{place}.parquet"
            table.iloc[part].to_parquet(file)
            files.setdefault(name, []).append(file)
    return DuckDBEngine(connect(folder), files.__getitem__)


columns = st.sampled_from(COLUMNS)
numbers = st.integers(-1, 60).map(float)
tests = st.one_of(
    st.builds(Among, columns, st.lists(numbers, max_size=4, unique=True).map(tuple), st.booleans()),
    st.builds(Within, columns, numbers, numbers, st.booleans()),
)
counts = st.builds(
    Count,
    st.lists(columns, max_size=2, unique=True).map(tuple),
    st.lists(tests, max_size=3).map(tuple),
    st.lists(columns, max_size=3, unique=True).map(tuple),
).filter(lambda asked: asked.columns and not set(asked.keys) & set(asked.of))


@given(asked=counts)
def test_duckdb_counts_as_arrays_do(asked: Count, tables: dict[str, pd.DataFrame], duckdb_engine: DuckDBEngine) -> None:
    for expected, found in zip(ArraysEngine(tables).count(asked), duckdb_engine.count(asked), strict=True):
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


def test_question_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect(tmp_path)
    engine = DuckDBEngine(connection, lambda _: [], most_seconds=0.2)
    monkeypatch.setattr(
        "analysis.registry.duckdb_engine.sql",
        lambda *_: ("SELECT sum(sqrt(a.range * b.range)) FROM range(1000000) a, range(1000000) b", []),
    )
    with pytest.raises(EngineError, match="stopped"):
        engine.count(Count(of=(COLUMNS[0],)))
