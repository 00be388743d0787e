"""A file is read by a program of its own, which may take so much memory and time and no more."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import CohortError
from analysis.intake import passing, reading, reading_program, texts
from analysis.intake.assemble import read_files
from analysis.intake.content import tables_in
from analysis.intake.exchange import BROKEN, ENDED, MEMORY, Request, receive
from analysis.intake.proposal import propose
from analysis.intake.raw import RawTable, RowNote
from analysis.intake.reading import HeldFile, parse
from tests.analysis.intake.bursting import FILES
from tests.running import ROOT, run_alone

CSV = b"patient_id,follow_up_months,died\na,1.5,0\nb,2,1\n"
QUOTED = CSV.replace(b"a,1.5", b'"a",1.5')
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
LIMITED = pytest.mark.skipif(sys.platform != "linux", reason="this system keeps no limit of memory")
MOST_MEGABYTES = 300
MOST_SECONDS = 8.0  # On a very slow machine: a usual one takes 0.02 to 1.8, and without limits it was 10 to 175.

MEASURED = """
import io, resource, sys
from pathlib import Path
from analysis.intake import reading, reading_program
from analysis.intake.exchange import Request

reading_program.load()
for path in map(Path, sys.argv[1:]):
    data = path.read_bytes()
    request = Request("p", len(data), reading.allowed_memory(data), reading.allowed_seconds(data), "")
    answer = io.BytesIO()
    reading_program.serve(io.BytesIO(request.line() + data), answer)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    kind = answer.getvalue().partition(b"\\n")[0].decode()
    print(path.name, kind, used.ru_maxrss // 1000, used.ru_utime + used.ru_stime, sep=";")
"""


@pytest.fixture(scope="module")
def bursting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bursting")
    for name, (make, _) in FILES.items():
        (folder / name).write_bytes(make())
    return {name: folder / name for name in FILES}


@LIMITED
@pytest.mark.parametrize("name", FILES)
def test_what_would_burst_is_refused_in_one_sentence(name: str, bursting: dict[str, Path]) -> None:
    with pytest.raises(CohortError) as refused:
        parse(bursting[name].read_bytes(), "p")
    (finding,) = refused.value.findings
    assert FILES[name][1] in finding.message
    assert finding.message.count("\n") == 0


@LIMITED
def test_what_would_burst_takes_little_memory_and_time(bursting: dict[str, Path], tmp_path: Path) -> None:
    script = tmp_path / "measured.py"
    script.write_text(MEASURED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, bursting.values())],
        env={**os.environ, "PYTHONPATH": str(ROOT), **reading.ALONE},
        capture_output=True,
        text=True,
        check=False,
    )
    before = 0.0
    lines = done.stdout.splitlines()
    assert len(lines) == len(FILES), done.stderr[-500:]
    for line in lines:
        name, kind, megabytes, seconds = line.split(";")
        assert kind in ("refused", "memory"), name
        assert int(megabytes) < MOST_MEGABYTES, name
        assert float(seconds) - before < MOST_SECONDS, name  # of the processor: a machine may be busy
        before = float(seconds)


def test_short_rows_are_one_note_with_examples() -> None:
    rows = b"".join(b"p%d,1,1\n" % number for number in range(1_000))
    (table,) = parse(b"patient_id,follow_up_months,died,age_years\n" + rows, "p.csv")
    (note,) = table.rows
    assert (note.kind, note.row) == ("doubtful", 2)
    assert note.message.startswith("the row ends after 3 of 4 columns; the others are taken as not recorded.")
    assert "So do 999 others: row 3, 4, 5, 6, 7 and 994 more." in note.message


def test_a_cell_of_many_letters_is_refused() -> None:
    rows = b"1,2\n" * 100
    parse(b"a,b\n" + rows + b"x" * 100_000 + b",2\n", "p")
    with pytest.raises(CohortError, match='a cell of the column "a" holds more than 100,000 characters'):
        parse(b"a,b\n" + rows + b"x" * 100_001 + b",2\n", "p")


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SECONDS", 0)
    with pytest.raises(CohortError, match=r"p\.csv: it takes more than 0 seconds to read"):
        parse(b"a,b\n" + b"1,2\n" * 1_000_000, "p.csv")


@FORKS
def test_a_program_that_is_no_more_is_started_again() -> None:
    assert len(parse(CSV, "p")[0].cells) == 2
    for program in reading._idle:
        os.kill(program.pid, signal.SIGKILL)
        program.wait()
    assert len(parse(CSV, "p")[0].cells) == 2


def test_two_files_are_read_at_once_and_the_others_wait_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, said = 0, [], []
    ask, lock = reading._ask, threading.Lock()

    def counted(request: Request, data: bytes) -> tuple[bytes, bytes]:
        nonlocal at_once
        with lock:
            at_once += 1
            most.append(at_once)
        time.sleep(0.1)
        answer = ask(request, data)
        with lock:
            at_once -= 1
        return answer

    def drop(number: int) -> None:
        propose([HeldFile(f"{number}.csv", CSV)], progress=lambda _, words: said.append(words))

    monkeypatch.setattr(reading, "_ask", counted)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(drop, range(6)))
    assert len(most) == 6
    assert max(most) == reading.MOST_AT_ONCE
    assert any(words.startswith("Waiting until other files are read, then reading ") for words in said)
    assert not reading.full()


def test_two_million_short_distinct_values_are_allowed_what_they_take() -> None:
    taken = 342 * reading.MEGABYTE  # measured, as the parser needs it
    data = b"a\n" + b"\n".join(b"%d" % number for number in range(2_000_000))
    assert reading.allowed_memory(data) > taken * 1.5


def test_a_text_that_ends_its_reading_took_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_ask", lambda *_: (BROKEN, b""))
    with pytest.raises(CohortError, match="more memory than any table of its size"):
        parse(CSV, "p.csv")
    with pytest.raises(CohortError, match="the workbook is broken"):
        parse(b"PK\x03\x04", "p.xlsx")


@FORKS
def test_one_program_reads_many_files_and_few_wait() -> None:
    parse(CSV, "p")
    waiting = [program.pid for program in reading._idle]
    parse(CSV, "p")
    assert [program.pid for program in reading._idle] == waiting
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda number: parse(CSV.replace(b"1.5", b"%d" % number), "p"), range(8)))
    assert [tables[0].cells.iloc[0, 1] for tables in found] == [str(number) for number in range(8)]
    assert len(reading._idle) <= reading.MOST_IDLE


def test_a_script_needs_no_guard_and_no_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(CSV)
    script = tmp_path / "script.py"
    script.write_text("from analysis import read_cohort\nprint(len(read_cohort('p.csv')))\n", encoding="utf-8")
    done = run_alone(script)
    assert (done.stdout, done.stderr) == ("2\n", "")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script.read_text(encoding="utf-8")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("2\n", "")


def test_where_a_system_cannot_fork_the_program_reads_one_file_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_program, "FORKS", False)
    monkeypatch.setattr(reading_program, "_limit_memory", lambda _: None)  # it would be that of this process
    request = Request("p", len(CSV), 10**9, 60, "").line() + CSV
    answers = BytesIO()
    reading_program.serve(BytesIO(request + request), answers)
    answers.seek(0)
    (table,) = passing.unpacked(receive(answers)[1])
    assert table.cells["patient_id"].tolist() == ["a", "b"]
    assert receive(answers) == (ENDED, b"")


def test_memory_that_runs_out_in_a_library_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise pd.errors.ParserError("Error tokenizing data. C error: out of memory")

    monkeypatch.setattr(pd, "read_csv", fails)
    monkeypatch.setattr(reading_program, "_limit_memory", lambda _: None)
    assert reading_program._answer(Request("p", len(QUOTED), 1, 60, ""), QUOTED) == (MEMORY, b"")


def test_a_held_file_is_read_once_whatever_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(data: bytes, file: str) -> list[RawTable]:
        asked.append(file)
        return tables_in(data, file)

    monkeypatch.setattr(reading, "read_apart", counted)
    held = HeldFile("p.csv", CSV)
    assert propose([held]).ready
    assert propose([held], {"died": "died"}).ready
    cohort = read_files([held])
    assert asked == ["p.csv"]
    assert cohort.fingerprint == read_files([HeldFile("p.csv", CSV)]).fingerprint


def test_a_refused_file_is_read_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(data: bytes, file: str) -> list[RawTable]:
        asked.append(file)
        return tables_in(data, file)

    monkeypatch.setattr(reading, "read_apart", counted)
    held = HeldFile("p.csv", b"a,a\n1,2\n")
    assert not held.refused
    for _ in range(2):
        assert propose([held]).refusals
        with pytest.raises(CohortError, match="more than one column"):
            read_files([held])
    assert asked == ["p.csv"]
    assert held.refused


LETTERS = st.characters(min_codepoint=1)  # pandas takes a text to end at a zero
CELLS = st.lists(st.text(LETTERS, max_size=5) | st.sampled_from(["", "1", "\ud800"]), min_size=3, max_size=3)


@given(st.lists(CELLS, max_size=5), st.integers(1, 10**6), st.text(max_size=5), st.booleans())
def test_tables_arrive_as_they_were_sent(rows: list[list[str]], first: int, name: str, hidden: bool) -> None:
    whole = [[text.replace("\ud800", "\ufffd") for text in row] for row in rows]
    for index in (pd.RangeIndex(first, first + len(rows)), pd.Index([2 * place + 1 for place in range(len(rows))])):
        columns = {f"{name}{place}": texts.as_texts([row[place] for row in rows], index) for place in range(3)}
        table = RawTable(
            pd.DataFrame(columns, index=index), name, "s", ("a",), (RowNote("left out", 3, name, "b"),), hidden
        )
        came, again = passing.unpacked(passing.packed([table, table]))
        assert [came.file, came.sheet, came.notes, came.rows] == [table.file, table.sheet, table.notes, table.rows]
        assert came.hidden == again.hidden == hidden
        assert list(came.cells.columns) == list(table.cells.columns)
        assert list(came.cells.index) == list(table.cells.index)
        assert came.cells.astype(object).to_numpy().tolist() == whole


def test_texts_that_lose_half_a_letter_and_are_alike_are_one_text() -> None:
    # A workbook can write half a letter of UTF-16 as _xD801_; of two categories of one text only one would be counted.
    sent = pd.DataFrame({"arm": texts.as_texts(["\ud801", "\ufffd", "BM"])})
    (table,) = passing.unpacked(passing.packed([RawTable(sent, "p.xlsx")]))
    assert texts.counts(table.cells["arm"]) == {"\ufffd": 2, "BM": 1}
