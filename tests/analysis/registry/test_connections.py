"""A warehouse may only be read, for a limited time, and tells nothing of its connection when it fails."""

import re
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest

from analysis.registry.connections import open_warehouse
from analysis.registry.count import Count, EngineError, StoredColumn
from analysis.registry.ibis_engine import IbisEngine
from analysis.registry.telling import telling
from analysis.registry.warehouse import Opened, Warehouse
from tests.analysis.registry.postgres_server import MISSING, PASSWORD, Server, running

pytest.importorskip("ibis")
psycopg = pytest.importorskip("psycopg")
READER, READS = "reader_of_tests", "a-Secret-of-the-Read3r"
DOCUMENTED = Path(__file__).parents[3] / "docs" / "warehouses.md"
ROLE = re.search(r"```sql\n(CREATE ROLE.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)
FOREVER = "SELECT count(*) AS patients FROM generate_series(1, 1000000000) AS row"
RUNNING = (
    "SELECT {} FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%(1, 1000000000)%' AND usename <> user"
)


def told(error: BaseException) -> str:
    """Return all that whoever catches an error can read of it."""
    assert error.__cause__ is None
    assert error.__context__ is None  # what a driver said, which "from None" only keeps out of sight
    return "".join([repr(error), *traceback.format_exception(error), str(error.__dict__)])


def secrets(server: Server) -> list[str]:
    return [PASSWORD, READS, READER, str(server.folder), "5432", "psycopg", "FATAL", "generate_series"]


def make(server: Server) -> None:
    """Make a table, and a role by the very commands that the documentation gives."""
    assert ROLE
    commands = ROLE[1].replace("registry_reader", READER).replace("a long password", READS).replace("cdm", "public")
    server.execute(
        "CREATE TABLE stored AS SELECT row, row % 2 AS sex FROM generate_series(0, 9) AS row",
        *(command for command in commands.split(";") if command.strip()),
    )


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """Yield a server that may be stopped."""
    if MISSING:
        pytest.skip(MISSING)
    with running() as server:
        make(server)
        yield server


@pytest.fixture
def settings(own: Server) -> dict[str, Any]:
    return {"backend": "postgres", **own.settings, "user": READER, "password": READS}


@pytest.fixture
def warehouse(settings: dict[str, Any]) -> Iterator[Warehouse]:
    opened = open_warehouse("tests", {"tests": settings})
    yield opened
    opened.close()


class NewerClickError(Exception):
    pass


def asked_forever(warehouse: Warehouse, then: Any) -> EngineError:
    """Ask what is never answered, do something when it is told, and return what was raised."""
    told: list[float | None] = []

    def whom(share: float | None, words: str) -> None:
        assert (share, words) == (None, "Counting the patients")
        told.append(share)
        if len(told) == 2:
            then()

    with telling(whom), pytest.raises(EngineError) as raised:
        warehouse.ask(lambda backend: backend.con.execute(FOREVER))
    return raised.value


def running_forever(server: Server) -> int:
    """Return how many of these questions the server is answering."""
    return len(server.execute(RUNNING.format("pid")))


def stop_them(server: Server) -> None:
    server.execute(RUNNING.format("pg_cancel_backend(pid)"))


def test_the_engine_counts_over_a_connection_of_that_name(warehouse: Warehouse) -> None:
    (found,) = IbisEngine(warehouse, lambda column: column).count(Count((StoredColumn("stored", "sex"),)))
    assert found.to_numpy().tolist() == [[0, 5], [1, 5]]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("CREATE TABLE other AS SELECT 1", "read-only transaction"),
        ("INSERT INTO stored VALUES (10, 1)", "read-only transaction"),
        ("SET default_transaction_read_only = off; INSERT INTO stored VALUES (10, 1)", "permission denied"),
        ("SET default_transaction_read_only = off; CREATE TABLE other AS SELECT 1", "permission denied"),
        ("SET default_transaction_read_only = off; CREATE SCHEMA other", "permission denied"),
        ("SET default_transaction_read_only = off; DROP TABLE stored", "must be owner"),
        ("COPY stored TO PROGRAM 'cat'", "pg_execute_server_program"),
        ("COPY stored TO '/tmp/stored'", "pg_write_server_files"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
    ],
)
def test_the_role_of_the_documentation_may_only_read(statement: str, reason: str, warehouse: Warehouse) -> None:
    def tried(backend: Any) -> str:
        *before, last = statement.split("; ")  # each a transaction
        for each in before:
            backend.con.execute(each)
        with pytest.raises(psycopg.Error) as refused:
            backend.con.execute(last)
        return str(refused.value)

    assert reason in warehouse.ask(tried)
    warehouse.close()  # what was set goes with the connection


def test_a_role_that_may_run_programs_is_refused(own: Server) -> None:
    powerful = open_warehouse("tests", {"tests": {"backend": "postgres", **own.settings}})
    with pytest.raises(EngineError, match="may run programs") as refused:
        powerful.table("stored")
    assert not [secret for secret in secrets(own) if secret in told(refused.value)]


@pytest.mark.parametrize("wrong", [{"password": "wr0ng"}, {"host": "/nowhere"}, {"database": "no_such"}])
def test_a_connection_that_cannot_be_opened_says_nothing_of_itself(
    wrong: dict[str, str], settings: dict[str, Any], own: Server, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = open_warehouse("tests", {"tests": {**settings, **wrong}})
    with pytest.raises(EngineError, match="The warehouse tests cannot be opened") as refused:
        warehouse.table("stored")
    text = told(refused.value) + repr(warehouse) + caplog.text
    assert not [secret for secret in [*secrets(own), *wrong.values()] if secret in text]


def test_a_question_that_takes_too_long_is_stopped_by_the_server(settings: dict[str, Any], own: Server) -> None:
    warehouse = open_warehouse("tests", {"tests": {**settings, "most_seconds": 1}})
    warehouse._most_seconds = 60
    start = monotonic()
    with pytest.raises(EngineError, match="did not answer in time") as late:
        warehouse.ask(lambda backend: backend.con.execute(FOREVER))
    assert monotonic() - start < 10
    assert not [secret for secret in secrets(own) if secret in told(late.value)]
    warehouse.close()


def test_whoever_is_told_stops_the_question_and_no_other(warehouse: Warehouse, own: Server) -> None:
    def click(share: float | None, words: str) -> None:
        if running_forever(own) == 3:
            clicked.append(monotonic())
            raise NewerClickError

    clicked: list[float] = []
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(warehouse.ask, lambda backend: backend.con.execute(FOREVER))
        with telling(click), pytest.raises(NewerClickError):  # of one question in two pieces
            warehouse.ask_together([lambda backend: backend.con.execute(FOREVER)] * 2)
        assert monotonic() - clicked[0] < 10
        assert running_forever(own) == 1
        assert not other.done()
        stop_them(own)
        assert "was stopped" in str(other.exception(10))
    assert warehouse.run(warehouse.table("stored")).shape == (10, 2)


def test_who_waits_for_a_connection_can_go(settings: dict[str, Any], own: Server) -> None:
    def click(share: float | None, words: str) -> None:
        if running_forever(own):
            raise NewerClickError

    warehouse = open_warehouse("tests", {"tests": {**settings, "connections": 1}})
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(warehouse.ask, lambda backend: backend.con.execute(FOREVER))
        while not running_forever(own):
            sleep(0.05)
        start = monotonic()
        with telling(click), pytest.raises(NewerClickError):
            warehouse.table("stored")
        assert monotonic() - start < 10
        stop_them(own)
        assert "was stopped" in str(other.exception(10))
    warehouse.close()


def test_a_question_that_cannot_be_stopped_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.registry.warehouse.SECONDS_TO_STOP", 0.2)
    ended = Event()
    opened = Opened(None, lambda: None, lambda: None, lambda: None)
    warehouse = Warehouse("tests", lambda: opened, most_seconds=0.1)
    with pytest.raises(EngineError, match="did not answer in time"):
        warehouse.ask(lambda _: ended.wait(60))
    ended.set()


def test_a_connection_that_ends_in_mid_question_is_told_and_opened_again(
    warehouse: Warehouse, own: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def end() -> None:
        own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader_of_tests'")

    lost = asked_forever(warehouse, end)
    assert "was lost" in str(lost)
    assert not [secret for secret in secrets(own) if secret in told(lost) + caplog.text]
    assert warehouse.run(warehouse.table("stored")).shape == (10, 2)
    end()  # while nobody asks: nobody notices
    assert warehouse.run(warehouse.table("stored")).shape == (10, 2)


def test_a_server_that_stops_in_mid_question_is_told(
    warehouse: Warehouse, own: Server, caplog: pytest.LogCaptureFixture
) -> None:
    lost = asked_forever(warehouse, own.stop)
    assert "was lost" in str(lost)
    with pytest.raises(EngineError, match="cannot be opened") as away:
        warehouse.table("stored")
    own.start()
    assert not [secret for secret in secrets(own) if secret in told(lost) + told(away.value) + caplog.text]
    assert warehouse.run(warehouse.table("stored")).shape == (10, 2)


def test_a_table_that_is_not_there_or_may_not_be_read_is_told(warehouse: Warehouse, own: Server) -> None:
    with pytest.raises(EngineError, match="has not the tables"):
        warehouse.table("no_such")
    own.execute("CREATE TABLE hidden AS SELECT 1 AS row", f"REVOKE ALL ON hidden FROM {READER}")
    with pytest.raises(EngineError, match="may not read") as refused:
        warehouse.run(warehouse.table("hidden"))
    assert not [secret for secret in secrets(own) if secret in told(refused.value)]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "The secrets of the server have no warehouse tests."),
        ({"tests": {"backend": "s3cret"}}, "The backend of the warehouse tests must be one of postgres, duckdb"),
        ({"tests": {"backend": "postgres", "pasword": "s3cret"}}, "has the unknown setting pasword"),
        ({"tests": {"backend": "postgres", "most_seconds": "s3cret"}}, "most_seconds of the warehouse tests must be"),
        ({"tests": {"backend": "trino", "password": "s3cret"}}, "then set only_reads = true"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(given: dict[str, Any], says: str) -> None:
    with pytest.raises(EngineError, match=re.escape(says)) as refused:
        open_warehouse("tests", given)
    assert "s3cret" not in told(refused.value)


@pytest.mark.filterwarnings("ignore:fetch_arrow_table")  # Ibis asks DuckDB in a way that is to go
def test_a_file_of_duckdb_is_only_read(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "cohort.duckdb"
    with duckdb.connect(str(file)) as made:
        made.execute("CREATE TABLE stored AS SELECT range AS row, range % 2 AS sex FROM range(10)")
    warehouse = open_warehouse("tests", {"tests": {"backend": "duckdb", "file": str(file)}})
    assert warehouse.run(warehouse.table("stored")).shape == (10, 2)
    for statement in ("CREATE TABLE other AS SELECT 1", "COPY stored TO '/tmp/stored.csv'"):
        with pytest.raises(EngineError) as refused:
            warehouse.ask(lambda backend, text=statement: backend.con.execute(text))
        assert str(file) not in told(refused.value)
    warehouse.close()
