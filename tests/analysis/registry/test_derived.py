"""What is derived of a registry is made once, and never silently another one."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from analysis import Cohort, kaplan_meier
from analysis.registry import derived
from analysis.registry.coded import Made
from analysis.registry.count import Count, EngineError
from analysis.registry.derived import DerivedTables
from analysis.registry.duckdb_engine import DuckDBEngine, connect
from analysis.registry.folder import Folder
from analysis.registry.registry_cohort import RegistryCohort
from tests.analysis.registry.folders import folder_of
from tests.analysis.registry.test_importing import A_PART, PARTS, PATIENTS, Killed, tables

pytest.importorskip("duckdb")
pytestmark = pytest.mark.newest  # what stays on the disk; test_file_source.py reads and writes files
FOLLOWED = "followed"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return folder_of(tables(), tmp_path, A_PART)


class Maker:
    """Makes a column, counts how often, and can be killed."""

    def __init__(self, killed_at: int | None = None) -> None:
        self.parts = 0
        self.killed_at = killed_at

    def __call__(self, part: Cohort) -> Made:
        if self.parts == self.killed_at:
            raise Killed
        self.parts += 1
        return {FOLLOWED: part.values("follow_up_months").astype(float)}


def counted(of: DerivedTables, folder: Folder, maker: Callable[[Cohort], Made]) -> dict[float, int]:
    table = of.table("Followed", "", maker)
    (numbers,) = DuckDBEngine(connect(folder.path), of.files).count(Count(of=(table.column(FOLLOWED),)))
    return dict(zip(numbers["value"], numbers["patients"], strict=True))


def rows_of(folder: Folder) -> list[Path]:
    return sorted(folder.derived.glob("tables/*/rows/*.parquet"))


def test_a_table_that_was_stopped_is_made_again(folder: Folder) -> None:
    with pytest.raises(Killed):
        counted(DerivedTables(folder), folder, Maker(killed_at=2))
    assert not rows_of(folder)
    (left,) = [folder.derived / "tables" / "left.new-over"]
    left.mkdir(parents=True)
    assert counted(DerivedTables(folder), folder, Maker()) == {24.0: PATIENTS}


def test_what_a_killed_process_left_is_deleted_after_a_day(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    counted(DerivedTables(folder), folder, Maker())
    (made,) = (folder.derived / "tables").iterdir()
    left = made.rename(made.with_name(f"{made.name}.new-abc"))
    assert counted(DerivedTables(folder), folder, Maker()) == {24.0: PATIENTS}
    assert left.exists()  # another process may be making it
    made.rename(made.with_name("other"))
    monkeypatch.setattr(derived, "ABANDONED_SECONDS", -1.0)
    assert counted(DerivedTables(folder), folder, Maker()) == {24.0: PATIENTS}
    assert not left.exists()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def swap(file: Path) -> None:
    """Replace it by a whole file of other rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({FOLLOWED: np.full(7, 3.0)}), file)


DAMAGES = [cut, swap, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES, ids=["cut", "swapped", "deleted"])
@pytest.mark.parametrize("which", ["rows/00001.parquet", "table.json"])
def test_a_damaged_table_is_made_again(damage: Callable[[Path], Any], which: str, folder: Folder) -> None:
    counted(DerivedTables(folder), folder, Maker())
    (made,) = (folder.derived / "tables").iterdir()
    damage(made / which)
    maker = Maker()
    assert counted(DerivedTables(folder), folder, maker) == {24.0: PATIENTS}
    assert maker.parts == PARTS
    assert [file.name for file in (folder.derived / "tables").iterdir()] == [made.name]


@pytest.mark.parametrize("damage", DAMAGES, ids=["cut", "swapped", "deleted"])
def test_a_table_that_is_damaged_while_it_is_open_is_refused(damage: Callable[[Path], Any], folder: Folder) -> None:
    of = DerivedTables(folder)
    counted(of, folder, Maker())
    damage(rows_of(folder)[1])
    with pytest.raises(
        EngineError, match=r"^What was prepared of the registry was changed or deleted. Open it again\.$"
    ):
        counted(of, folder, Maker())
    assert counted(DerivedTables(folder), folder, Maker()) == {24.0: PATIENTS}
    assert counted(of, folder, Maker()) == {24.0: PATIENTS}  # touched, and the same again


def test_threads_make_a_table_once(folder: Folder) -> None:
    of, maker = DerivedTables(folder), Maker()
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(counted, of, folder, maker) for _ in range(4)]
    assert [each.result() for each in asked] == [{24.0: PATIENTS}] * 4
    assert maker.parts == PARTS


def test_who_asks_for_another_table_does_not_wait(folder: Folder) -> None:
    of, begun, may_end = DerivedTables(folder), Event(), Event()

    def slow(part: Cohort) -> Made:
        begun.set()
        assert may_end.wait(60)
        return Maker()(part)

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(of.table, "Slow", "", slow)
        assert begun.wait(60)
        assert of.table("Followed", "", Maker()).profiles == {FOLLOWED: None}
        assert not waiting.done()
        may_end.set()
        assert waiting.result().profiles == {FOLLOWED: None}


def test_processes_make_a_table_at_once(folder: Folder) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.analysis.registry import test_derived as t\n"
        "folder = t.Folder(Path(sys.argv[1])); sys.stdin.readline()\n"
        "print(t.counted(t.DerivedTables(folder), folder, t.Maker()))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, folder.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for each in running:
        assert each.stdin
        each.stdin.write(b"\n")
        each.stdin.flush()
    assert [each.communicate()[0].decode() for each in running] == [f"{{24.0: {PATIENTS}}}\n"] * 2


def test_another_process_was_first(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    put, other = derived._put, DerivedTables(folder)

    def late(new: Path, place: Path) -> None:
        monkeypatch.setattr(derived, "_put", put)
        counted(other, folder, Maker())
        put(new, place)

    monkeypatch.setattr(derived, "_put", late)
    assert counted(DerivedTables(folder), folder, Maker()) == {24.0: PATIENTS}
    assert counted(other, folder, Maker()) == {24.0: PATIENTS}
    assert len([*(folder.derived / "tables").iterdir()]) == 1


@pytest.mark.parametrize("damage", [cut, Path.unlink], ids=["cut", "deleted"])
def test_a_damaged_fact_is_made_again(damage: Callable[[Path], Any], folder: Folder) -> None:
    expected = kaplan_meier(RegistryCohort(folder), "overall_survival", by="sex").curve
    files = [*folder.derived.glob("facts/**/*.arrow")]
    assert files
    for file in files:
        damage(file)
    for table in (folder.derived / "tables").iterdir():
        (table / "table.json").unlink()
    found = kaplan_meier(RegistryCohort(Folder(folder.path)), "overall_survival", by="sex").curve
    assert found.equals(expected)
