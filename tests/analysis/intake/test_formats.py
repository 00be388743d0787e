"""Parquet, SPSS, Stata and SAS files; workbooks and tables that are too large; arbitrary bytes and tables."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, CohortError, Source, read_cohort
from analysis.intake import formats
from analysis.intake.assemble import read_files
from analysis.intake.content import tables_in
from analysis.intake.reading import parse
from tests.running import run_alone

FRAME = pd.DataFrame(
    {
        "patient_id": ["007", "1234567890123456789", "c"],
        "follow_up_months": [1.5, 2.0, 3.0],
        "status": [1.0, 2.0, 1.0],
        "transplant_date": pd.to_datetime(["2010-01-02", None, "2011-01-01"]),
    }
)
LABELS = {"status": {1.0: "alive", 2.0: "dead"}}


@dataclass
class Upload:
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


def parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


def test_parquet_files_are_read() -> None:
    cohort = read_cohort(parquet(FRAME), mapping={"died": Source("status", event=[2])})
    assert list(cohort.patients["patient_id"]) == list(FRAME["patient_id"])
    assert list(cohort.patients["died"]) == [False, True, False]
    indexed = read_cohort(parquet(FRAME.set_index("patient_id")), mapping={"died": Source("status", event=[2])})
    assert indexed.fingerprint == cohort.fingerprint


@pytest.mark.parametrize(("write", "labelled"), [("write_sav", True), ("write_dta", True), ("write_xport", False)])
def test_files_of_statistics_programs_are_read_with_their_words(write: str, labelled: bool, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = tmp_path / "cohort.file"
    frame = FRAME.rename(columns={"follow_up_months": "fu_month", "transplant_date": "tx_date"})
    frame = frame.rename(columns={"patient_id": "subjid"})
    getattr(pyreadstat, write)(frame, str(path), **({"variable_value_labels": LABELS} if labelled else {}))
    cohort = read_cohort(path, mapping=None if labelled else {"died": Source("status", event=[2])})
    assert list(cohort.patients["patient_id"]) == list(FRAME["patient_id"])
    assert list(cohort.patients["died"]) == [False, True, False]
    assert list(cohort.patients["follow_up_months"]) == [1.5, 2, 3]


def test_without_its_reader_a_file_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ImportError

    monkeypatch.setattr(formats, "_labelled", missing)
    with pytest.raises(CohortError, match="this is a SPSS file, and its reader is not installed"):
        tables_in(b"$FL2" + bytes(200), "p.sav")


@pytest.mark.parametrize("beginning", [b"PAR1", b"$FL2", b"<stata_dta>", b"\x71\x01\x01\x00", *formats.BEGINNINGS])
def test_a_broken_file_of_a_statistics_program_is_refused(beginning: bytes) -> None:
    with pytest.raises(CohortError, match=r"file is broken|is not installed|table is empty"):
        parse(beginning + bytes(300), "p")


def test_a_table_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_CELLS", 10)
    with pytest.raises(CohortError, match="the table has more than 10 cells"):
        tables_in(parquet(FRAME), "p.parquet")


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.intake.reading.MAX_BYTES", 100)
    with pytest.raises(CohortError, match="the file is larger than"):
        parse(b"a,b\n" * 100, "p.csv")


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(60):
                member.write(bytes(1_000_000))
    return buffer.getvalue()


def wide(columns: int) -> bytes:
    return (",".join(f"c{number}" for number in range(columns)) + "\n" + "1," * (columns - 1) + "1\n").encode()


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (bomb, "unpacks to more than 250 times its size"),
        (lambda: wide(20_001), "more than 20,000 columns"),
        (lambda: b"x" * 20_000_000, "longer than 1,000,000 characters"),
        (lambda: b"title\n" + b"x" * 20_000_000, "longer than 1,000,000 characters"),
        (
            lambda: parquet(pd.DataFrame([range(20_001)]).set_axis([f"c{number}" for number in range(20_001)], axis=1)),
            "20,000 columns",
        ),
    ],
    ids=["bomb", "wide", "line", "second line", "parquet"],
)
def test_what_would_hang_or_fill_memory_is_refused(made: Callable[[], bytes], words: str) -> None:
    data = made()
    tracemalloc.start()
    try:
        with pytest.raises(CohortError, match=words):
            parse(data, "p")
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_progress_is_told() -> None:
    steps: list[tuple[float, str]] = []
    read_files(
        [Upload("p.csv", b"patient_id,follow_up_months,died\na,1,1\n")],
        progress=lambda share, words: steps.append((share, words)),
    )
    shares = [share for share, _ in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert steps[0][1] == "Reading p.csv"


CELLS = st.sampled_from(
    [
        "",
        "1",
        "0",
        "2",
        "a",
        "NA",
        "-999",
        "1,5",
        "1.5",
        "2010-01-01",
        "01/02/2010",
        "40000",
        "yes",
        "UC",
        "nan",
        "inf",
        "\0",
    ]
) | st.text(max_size=4)
NAMES = st.sampled_from(
    [
        "patient_id",
        "id",
        "time",
        "status",
        "died",
        "follow_up_months",
        "months",
        "month",
        "sledai",
        "organs",
        "renal",
        "skin",
        "death_date",
        "transplant_date",
        "visit_date",
        "event",
        "redcap_event_name",
        "sex",
        "",
        "name",
        "relapse",
        "remission",
    ]
)
TABLES = st.lists(NAMES, min_size=1, max_size=6).flatmap(
    lambda names: st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=5).map(
        lambda rows: "\n".join(";".join(row) for row in [names, *rows])
    )
)


@given(TABLES, st.none() | TABLES)
def test_any_table_is_read_or_refused_in_words(patients: str, visits: str | None) -> None:
    try:
        cohort: Cohort | None = read_cohort(patients.encode(), visits.encode() if visits is not None else None)
    except CohortError as error:
        messages = [finding.message for finding in error.findings]
        assert messages
    else:
        assert cohort is not None
        assert len(cohort.patients) + (cohort.left_out["table"] == "patients").sum() == cohort.rows_read
        assert cohort.patients["follow_up_months"].ge(0).all()
        assert cohort.patients["patient_id"].is_unique
        messages = list(cohort.findings["message"])
    spoken = " ".join(messages)
    assert "Traceback" not in spoken
    assert not any(f" {word}{end}" in spoken for word in ("None", "<NA>", "NaT") for end in (" ", ".", ","))


@given(st.data())
def test_a_damaged_parquet_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(parquet(FRAME))
    for place in data.draw(st.lists(st.integers(4, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    try:
        parse(bytes(whole), "p.parquet")
    except CohortError as error:
        assert error.findings  # noqa: PT017


SCRIPT = """
from analysis import CohortError
from analysis.intake.content import tables_in

with open({path!r}, "rb") as file:
    whole = file.read()
footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
for place in range(footer, len(whole) - 8):
    damaged = bytearray(whole)
    damaged[place] ^= 4
    try:
        tables_in(bytes(damaged), "p")
    except CohortError:
        pass
print("alive")
"""


def test_no_damage_to_what_a_parquet_file_says_of_itself_ends_the_program(tmp_path: Path) -> None:
    (tmp_path / "p.parquet").write_bytes(parquet(pd.DataFrame({"a": ["x", "y"], "n": [1, 2]})))
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(path=str(tmp_path / "p.parquet")))
    done = run_alone(script)
    assert done.stdout == "alive\n", done.stderr[-500:]
