"""Files of a registry are split so that every row keeps its number, and every patient all rows."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import read_cohort
from analysis.registry.file_source import FileSource
from analysis.registry.folder import Folder, RegistryError
from analysis.registry.importing import SPLIT, import_registry
from tests.analysis.registry.test_importing import findings_of, found, tables

pytest.importorskip("duckdb")


def write(folder: Path, **text: str) -> dict[str, Path]:
    files = {name: folder / f"{name}.csv" for name in text}
    for name, content in text.items():
        files[name].write_bytes(content.encode())
    return files


def texts(patients: int = 90) -> dict[str, str]:
    return {name: table.to_csv(index=False) for name, table in tables(patients).items()}


def imported(files: dict[str, Path], folder: Path, **choices: Any) -> Folder:
    source = FileSource(files, folder / SPLIT, **choices)
    return import_registry(source, folder, patients_a_part=30)


def assert_same_findings(files: dict[str, Path], folder: Folder) -> list[tuple[Any, ...]]:
    """Check that rows are told of with the same numbers and words as by `read_cohort`, and return them."""
    held = findings_of(folder)
    expected = [tuple(text.replace(".csv", "") for text in row) for row in found(read_cohort(**files).findings)]
    rows = [row for row in held if row[2] != "None"]
    assert rows == [row for row in expected if row[2] != "None"]
    return rows


def test_rows_are_those_of_the_file(tmp_path: Path) -> None:
    given = texts()
    given["visits"] = given["visits"].replace("P085,12,11", "P085,12,400")
    files = write(tmp_path, **given)
    rows = assert_same_findings(files, imported(files, tmp_path / "registry"))
    assert [row[2] for row in rows] == ["173"]
    assert not (tmp_path / "registry" / SPLIT).exists()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_quoted_ends_of_lines_and_marks_deep_in_the_file(end: str, tmp_path: Path) -> None:
    lines = ["patient_id,follow_up_months,died,note"]
    lines += [f"P{number:03},24,{'yes' if number % 3 else 'no'},x" for number in range(90)]
    lines[20:20] = [""]
    lines[30] = f'P200,24,no,"two{end}{end}lines, and ""quotes"""'
    lines[40] = "#P201,24,no,x"
    lines[50:50] = ["", ""]
    lines += ["P300,900,no,x"]
    files = write(tmp_path, patients=end.join(lines) + end)
    folder = imported(files, tmp_path / "registry")
    rows = assert_same_findings(files, folder)
    assert [row[2] for row in rows if row[4] == "900"] == [str(len(lines))]
    ids = {name for part in folder.parts for name in part.patients["patient_id"]}
    assert ids == {*read_cohort(**files).patients["patient_id"]}


def test_a_quote_that_comes_late_is_one(tmp_path: Path) -> None:
    rows = [f"P{number:05};24;no;x" for number in range(22_000)]  # more than are looked at to guess a delimiter
    files = write(tmp_path, patients="\n".join(["patient_id;follow_up_months;died;note", *rows, 'Q;24;no;"a;b"']))
    source = FileSource(files, tmp_path / "split")
    (read,) = source.parts(1)
    assert read()["patients"].iloc[-1].tolist() == ["Q", "24", "no", "a;b"]


def test_ids_that_are_one_patient_are_in_one_part(tmp_path: Path) -> None:
    given = tables()
    ids = [str(number + 1) for number in range(90)]
    given["patients"]["patient_id"] = ids
    given["visits"]["patient_id"] = [f"{blank}{name}.0" for name in ids for blank in ("", " ")]
    files = write(tmp_path, **{name: table.to_csv(index=False) for name, table in given.items()})
    assert len(read_cohort(**files).visits) == 180
    folder = imported(files, tmp_path / "registry")
    assert folder.manifest.rows["visits"] == 180
    assert_same_findings(files, folder)


def test_ids_that_differ_in_blanks_and_visits_of_nobody(tmp_path: Path) -> None:
    given = texts()
    given["patients"] += "P 07,24,no,male\np008,24,no,male\n"
    given["visits"] += "P 07,3,4\nX9,0,3\nP0 9,1,3\n"
    files = write(tmp_path, **given)
    rows = assert_same_findings(files, imported(files, tmp_path / "registry"))
    assert {"p008", "X9"} <= {row[4] for row in rows}


def test_a_split_that_was_stopped_is_done_anew(tmp_path: Path) -> None:
    files = write(tmp_path, **texts())
    source = FileSource(files, tmp_path / "split")
    source.parts(3)
    (done,) = (tmp_path / "split").glob("*/visits.done")
    done.unlink()
    for number, file in enumerate([*done.parent.glob("visits/*/*.parquet")]):
        file.rename(file.with_name(f"left_{number}.parquet"))
    parts = [read() for read in source.parts(3)]
    assert sum(len(part["visits"]) for part in parts) == 180


def test_parquet(tmp_path: Path) -> None:
    files = {}
    for name, table in tables().items():
        files[name] = tmp_path / f"{name}.parquet"
        table.to_parquet(files[name], index=False)
    assert len(imported(files, tmp_path / "registry")) == 90


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "patients.csv: "),
        (b"a,b\n1,2\n", "patients.csv: it is not known which column holds the ids of the patients. Name it: "),
        (b"patient_id,died\n" + b"P1,no\n" * 30_000 + b"P2,no,7\n", "patients.csv: it cannot be read as CSV in UTF-8"),
        ("patient_id,died\nP1,no\nGérard,no\n".encode("latin-1"), "patients.csv: it cannot be read as CSV in UTF-8"),
        (b"patient_id,follow_up_months,died\n", "patients: there is no patient in it."),
        (None, "patients.csv: there is no such file."),
    ],
    ids=["empty", "no ids", "ragged", "latin", "no rows", "missing"],
)
def test_files_that_cannot_be_used(content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RegistryError) as error:
        imported({"patients": file}, tmp_path / "registry")
    assert str(error.value).startswith(words)
    assert "\n" not in str(error.value)


def test_a_hostile_name(tmp_path: Path) -> None:
    file = tmp_path / "it's {a} name.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["patient_id", "follow_up_months", "died", 'a "b" {c}'])
        writer.writerows([[f"P{number}", "24", "no", "x"] for number in range(3)])
    folder = imported({"patients": file}, tmp_path / "registry")
    assert len(folder) == 3
    assert isinstance(folder.parts[0].patients, pd.DataFrame)
