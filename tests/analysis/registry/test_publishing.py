"""A warehouse counts what was published there as the folder does, to the bit; a publication is whole or not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.centres.centre_question import CentreQuestion
from analysis.registry import publishing
from analysis.registry.connections import open_warehouse
from analysis.registry.count import Count, EngineError, StoredColumn
from analysis.registry.derived import DerivedTables
from analysis.registry.folder import Folder, RegistryError
from analysis.registry.ibis_engine import IbisEngine
from analysis.registry.published_engine import PublishedEngine
from analysis.registry.published_tables import LISTING, PublishedTables, listing_of, published_in
from analysis.registry.publishing import Publication, publish
from analysis.registry.registry_cohort import RegistryCohort
from analysis.registry.warehouse import NotThereError, Warehouse
from analysis.registry.writers import Writer, written
from tests.analysis.registry.folders import folder_of, sample_tables
from tests.analysis.registry.postgres_server import Server
from tests.analysis.registry.test_conformance import BASIC, FILTERS, GROUPS, assert_same_answers
from tests.analysis.registry.test_importing import PATIENTS, Killed, tables

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("ibis")
psycopg = pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.newest,  # the same counts on any versions
    pytest.mark.filterwarnings("ignore:fetch_arrow_table"),  # Ibis asks DuckDB in a way that is to go
]
DOCUMENTED = (Path(__file__).parents[3] / "docs" / "warehouses.md").read_text(encoding="utf-8")
_, ROLES = re.findall(r"```sql\n(.*?)```", DOCUMENTED, re.DOTALL)
SECRETS = {"registry_writer": "a-Secret-of-the-Wr1ter", "registry_pages": "a-Secret-of-the-Pag3s"}
HOSTILE = 'a "b"; DROP TABLE x -- ?' + "é" * 70
FEW = CentreQuestion("Few", endpoints=("overall_survival",), measures=())


class Places:
    """A schema of the server, or a file, that tables are published into."""

    def __init__(self, writes: dict[str, Any], reads: dict[str, Any], names: Callable[[], set[str]]) -> None:
        self.settings = {"writer": {**writes, "writes": True}, "pages": reads}
        self.names = names

    def publish(self, folder: Folder) -> Publication:
        return publish(folder, "writer", self.settings)

    def opened(self) -> Warehouse:
        return open_warehouse("pages", self.settings)


@pytest.fixture(scope="module")
def roles(server: Server) -> Server:
    """Make the roles by the very commands that the documentation gives."""
    server.execute(*(command for command in commands() if command.startswith("CREATE ROLE")))
    return server


def commands(schema: str = "") -> list[str]:
    """Return the commands of the documentation for a schema, with other passwords."""
    told = ROLES.replace("registry_counts", schema)
    for role, password in SECRETS.items():
        told = re.sub(rf"({role} LOGIN PASSWORD ')[^']*", rf"\g<1>{password}", told)
    return [command.strip() for command in told.split(";") if command.strip()]


def in_postgres(server: Server, schema: str = "counts") -> Places:
    """Return a schema without tables, made by the commands of the documentation."""
    made = [command for command in commands(schema) if not command.startswith("CREATE ROLE")]
    server.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE", *made)
    held = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}'"  # noqa: S608 -- ours
    writes, reads = (
        {**server.settings, "backend": "postgres", "schema": schema, "user": role, "password": password}
        for role, password in SECRETS.items()
    )
    return Places(writes, reads, lambda: {name for (name,) in server.execute(held)})


def in_duckdb(folder: Path) -> Places:
    def names() -> set[str]:
        with duckdb.connect(folder / "there.duckdb") as held:
            return {row[0] for row in held.execute("SHOW TABLES").fetchall()}

    file = {"backend": "duckdb", "file": str(folder / "there.duckdb")}
    return Places(file, file, names)


@pytest.fixture(params=["PostgreSQL", "DuckDB"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    if request.param == "DuckDB":
        return in_duckdb(tmp_path)
    return in_postgres(request.getfixturevalue("roles"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a registry in parts of which two tables are derived."""
    folder = folder_of(tables(), tmp_path / "registry", 30)
    derive(folder, "followed")
    derive(folder, HOSTILE)
    return folder


def derive(folder: Folder, name: str) -> None:
    made = {each: lambda part: part.values("follow_up_months") for each in (name, f"{name} too")}
    DerivedTables(folder).table(name, "", lambda part: {each: make(part).astype(float) for each, make in made.items()})


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> RegistryCohort:
    """Return the sample in three parts, of which all that the test below asks was asked."""
    cohort = RegistryCohort(folder_of(sample_tables(), tmp_path_factory.mktemp("sample"), patients_a_part=30))
    assert len(cohort.folder.parts) == 3
    ask_all(cohort, cohort)
    return cohort


def ask_all(found: RegistryCohort, expected: RegistryCohort) -> None:
    assert_same_answers(BASIC, None, found, expected)
    for name in ("cut", "pinned"):
        assert_same_answers(FEW, GROUPS[name], found, expected)
    for name in ("organs", "missing kept"):
        first, second = found.where(FILTERS[name]), expected.where(FILTERS[name])
        assert len(first) == len(second)
        assert_same_answers(FEW, "msc_source", first, second)


@pytest.fixture(scope="module")
def published(roles: Server, sample: RegistryCohort) -> Iterator[Warehouse]:
    places = in_postgres(roles, "counts_of_sample")
    places.publish(sample.folder)
    warehouse = places.opened()
    yield warehouse
    warehouse.close()


class Refusing:
    """An engine that may not be asked."""

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        raise AssertionError(asked)


def test_the_warehouse_answers_as_the_folder_does(
    sample: RegistryCohort, published: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = RegistryCohort(sample.folder, warehouse=published)
    monkeypatch.setattr(cohort.registered.asking.engine, "_folder", Refusing())
    ask_all(cohort, sample)


def test_what_was_derived_since_is_counted_in_the_folder(
    sample: RegistryCohort, published: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = CentreQuestion("More", endpoints=("time_to_remission",), measures=("c4_g_per_l",))
    cohort = RegistryCohort(sample.folder, warehouse=published)
    asked: list[Count] = []
    count = IbisEngine.count
    monkeypatch.setattr(IbisEngine, "count", lambda engine, each: asked.append(each) or count(engine, each))
    assert_same_answers(question, "msc_source", cohort, sample)
    there = published_in(published, sample.folder).contents
    assert asked
    assert all(table in there for each in asked for table in each.tables)


def test_a_table_that_was_derived_with_other_codes_is_counted_in_the_folder() -> None:
    sex, place = StoredColumn("patients", "sex"), StoredColumn("years", "place")
    published = PublishedTables({"patients": "as now", "years": "as it was"}, {})
    engine = PublishedEngine(published, Answering("there"), Answering("here"), lambda _: "as now")
    assert engine.count(Count((sex,))) == ("there",)
    assert engine.count(Count((sex, place))) == ("here",)


class Answering:
    def __init__(self, words: Any) -> None:
        self._words = words

    def count(self, _: Count) -> Any:
        return (self._words,)


def test_tables_that_are_gone_are_told() -> None:
    class Gone:
        def count(self, _: Count) -> Any:
            raise NotThereError("it has not the tables")

    engine = PublishedEngine(PublishedTables({"patients": ""}, {}), Gone(), Refusing(), lambda _: "")
    with pytest.raises(EngineError, match=r"no longer holds what was published of the registry\. Open") as told:
        engine.count(Count((StoredColumn("patients", "sex"),)))
    assert told.value.__context__ is None


def numbers(warehouse: Warehouse, folder: Folder) -> dict[str, list[list[float]]]:
    """Return how many patients have which value of each published column, which are counted side by side."""
    held = published_in(warehouse, folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("analysis.registry.ibis_engine.COLUMNS_A_PIECE", 1)
        found = IbisEngine(warehouse, held.places.__getitem__).count(Count(of=tuple(held.places)))
    return {column.column: each.to_numpy().tolist() for column, each in zip(held.places, found, strict=True)}


def test_only_what_is_missing_is_published_again(
    places: Places, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ROWS_AT_A_TIME", 7)
    assert places.publish(folder) == Publication(written=2, kept=0, deleted=0)
    warehouse = places.opened()
    names = ("followed", HOSTILE)
    assert numbers(warehouse, folder) == {each: [[24.0, PATIENTS]] for name in names for each in (name, f"{name} too")}
    warehouse.close()
    assert places.publish(folder) == Publication(written=0, kept=2, deleted=0)
    derive(folder, "more")
    assert places.publish(folder) == Publication(written=1, kept=2, deleted=0)
    assert len(places.names()) == 1 + 3


def test_columns_that_do_not_fit_into_one_table_are_in_several(
    places: Places, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MOST_COLUMNS", 1)
    assert places.publish(folder) == Publication(written=4, kept=0, deleted=0)
    warehouse = places.opened()
    assert numbers(warehouse, folder)[HOSTILE] == [[24.0, PATIENTS]]
    warehouse.close()


def test_half_a_publication_is_not_there(places: Places, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    write = publishing._write

    def killed(writer: Writer, table: str, *given: Any) -> None:
        write(writer, table, *given)
        seen.append(table)
        if len(seen) == 2:
            raise Killed

    monkeypatch.setattr(publishing, "_write", killed)
    with pytest.raises(Killed):
        places.publish(folder)
    assert len(seen) == 2
    assert not places.names()
    monkeypatch.undo()
    assert places.publish(folder).written == 2


def test_a_table_that_is_not_of_all_patients_is_not_published(
    places: Places, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = publishing._read
    monkeypatch.setattr(publishing, "_read", lambda *given: list(read(*given))[1:])
    with pytest.raises(EngineError, match=r"is not of all its patients\. Prepare it again"):
        places.publish(folder)
    assert not places.names()


def test_nobody_reads_half_a_publication(roles: Server, folder: Folder) -> None:
    places = in_postgres(roles)
    warehouse, told = places.opened(), []

    def look(share: float, words: str) -> None:
        with pytest.raises(EngineError, match="The warehouse pages holds no tables of a registry"):
            listing_of(warehouse)
        told.append(words)

    publish(folder, "writer", places.settings, look)
    assert told == ["Writing table 1 of 2", "Writing table 2 of 2", "Writing the listing"]
    assert len(listing_of(warehouse)) == 4
    warehouse.close()


def test_tables_of_another_import_are_refused_and_deleted(places: Places, folder: Folder, tmp_path: Path) -> None:
    places.publish(folder)
    before = places.names()
    other = folder_of(tables(), tmp_path / "other", 90)
    warehouse = places.opened()
    with pytest.raises(EngineError, match=r"warehouse pages holds tables of another import\. Publish again"):
        RegistryCohort(other, warehouse=warehouse)
    with pytest.raises(RegistryError, match="other: this version of the app has prepared nothing of it"):
        places.publish(other)
    warehouse.close()
    derive(other, "followed")
    assert places.publish(other) == Publication(written=1, kept=0, deleted=2)
    assert places.names() & before == {LISTING}


def test_nothing_published_is_told(places: Places, folder: Folder) -> None:
    warehouse = places.opened()
    if places.settings["pages"]["backend"] == "postgres":
        with pytest.raises(EngineError, match=r"holds no tables of a registry\. They have to be published"):
            RegistryCohort(folder, warehouse=warehouse)
    warehouse.close()


def test_numbers_are_written_to_the_last_bit(places: Places) -> None:
    random = np.random.default_rng(1)
    drawn = random.integers(0, 1 << 63, 2000, dtype=np.uint64).view(np.float64)
    values = np.append(drawn[np.isfinite(drawn)], [0.1 + 0.2, 0.3, 1e-300, 5e-324, np.finfo(float).max, 1 / 3])

    def write(writer: Writer) -> list[tuple[Any, ...]]:
        writer.execute('CREATE TABLE "there" ("row" bigint, c0 double precision, c1 integer)')
        held = pa.table({"row": range(len(values)), "c0": values, "c1": pa.array([None] * len(values), pa.int32())})
        writer.append("there", held)
        found = writer.execute('SELECT c0, c1 FROM "there" ORDER BY "row"')
        writer.execute('DROP TABLE "there"')
        return found

    found = written("writer", places.settings, write)
    assert np.array_equal(np.array([row[0] for row in found]).view(np.int64), values.view(np.int64))
    assert {row[1] for row in found} == {None}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM derived_tables", "permission denied"),
        ("DROP TABLE derived_tables", "must be owner"),
        ("CREATE TABLE other AS SELECT 1", "permission denied"),
    ],
)
def test_the_role_of_the_pages_may_not_write(statement: str, reason: str, published: Warehouse) -> None:
    def tried(backend: Any) -> str:
        backend.con.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.Error) as refused:
            backend.con.execute(statement)
        return str(refused.value)

    assert reason in published.ask(tried)
    published.close()


def test_pages_and_publishing_have_each_a_connection_of_their_own(places: Places, folder: Folder) -> None:
    with pytest.raises(EngineError, match="The warehouse writer is there to be written"):
        open_warehouse("writer", places.settings)
    with pytest.raises(EngineError, match="The warehouse pages is not set up to be written"):
        publish(folder, "pages", places.settings)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "wr0ng"}, "cannot be opened"),
        ({"schema": "no_such"}, "has no such schema"),
        ({"schema": "pg_catalog"}, "has a role that may not write there"),
        ({"user": "owner_of_tests", "password": "a-Secret-of-the-0wner"}, "may run programs or write files"),
        ({"backend": "trino"}, "The app writes no tables into a warehouse of the kind trino."),
    ],
)
def test_why_nothing_was_published_is_told_without_a_setting(
    wrong: dict[str, str], says: str, roles: Server, folder: Folder
) -> None:
    places = in_postgres(roles)
    places.settings["writer"] |= wrong
    with pytest.raises(EngineError, match=says) as told:
        places.publish(folder)
    assert told.value.__cause__ is told.value.__context__ is None
    held = [str(value) for key, value in places.settings["writer"].items() if key not in ("backend", "writes")]
    assert not [value for value in held if value in str(told.value)]
