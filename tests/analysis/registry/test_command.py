"""The command imports, checks and prepares, and answers everything with a sentence and an exit code."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.saved import FORMAT, VERSION
from analysis.registry import __main__ as command
from analysis.registry.__main__ import DONE, MISUSED, REFUSED, main
from analysis.registry.folder import Folder
from analysis.registry.progress_line import ProgressLine
from tests.analysis.registry.test_importing import dated, lost_ages, tables

duckdb = pytest.importorskip("duckdb")
Run = Callable[..., tuple[int, str]]
CATALOGUE = """
name = "Hospital"
[patients]
table = "subject"
patient = "no"
[patients.columns]
follow_up_months = "months"
died = "dead"
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def once(*given: object) -> tuple[int, str]:
        try:
            code = main([str(each) for each in given])
        except SystemExit as error:
            code = int(error.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out + said.err

    return once


def files(folder: Path, given: dict[str, pd.DataFrame]) -> list[object]:
    for name, table in given.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return [each for name in given for each in (f"--{name}", folder / f"{name}.csv")]


def mapping(folder: Path, **columns: object) -> list[object]:
    file = folder / "mapping.json"
    file.write_text(json.dumps({"format": FORMAT, "version": VERSION, "columns": columns}))
    return ["--mapping", file]


def test_a_registry_is_imported_checked_and_prepared(tmp_path: Path, run: Run) -> None:
    given, folder = files(tmp_path, tables()), tmp_path / "registry"
    code, said = run("import", *given, "--name", "Synthetic", "--patients-a-part", 30, folder)
    assert code == DONE
    assert "  0 %  Reading part 1 of 3\n" in said
    assert "Synthetic: 90 patients of 90 rows.\nRows: 180 in the visit table, 0 in the table of adverse events" in said
    assert run("check", folder) == (DONE, said[said.index("Synthetic:") :])
    code, said = run("prepare", folder)
    assert code == DONE
    assert said.endswith("What the pages ask first is prepared.\n")
    assert "Not prepared: Relapse free survival needs relapse_months" in said
    made = sorted((Folder(folder).derived / "tables").iterdir())
    assert len(made) >= 4
    assert run("prepare", folder)[0] == DONE
    assert sorted((Folder(folder).derived / "tables").iterdir()) == made  # nothing was left to prepare
    assert folder.stat().st_mode & 0o077 == 0


def test_a_question_is_told_with_its_answer(tmp_path: Path, run: Run) -> None:
    given, folder = files(tmp_path, dated("03/04/2020")), tmp_path / "registry"
    code, said = run("import", *given, folder)
    assert code == REFUSED
    assert said.endswith(
        'visits, column visit_date: is a date such as "03/04/2020" written day first or month first?\n'
        '  In the file of --mapping, under "columns": "our name": {"column": "visit_date", "format": "day first"}\n'
    )
    answer = mapping(tmp_path, visit_date={"column": "visit_date", "format": "day first"})
    assert run("import", *given, *answer, folder)[0] == DONE


def test_a_loss_is_confirmed(tmp_path: Path, run: Run) -> None:
    given, folder = files(tmp_path, lost_ages()), tmp_path / "registry"
    code, said = run("import", *given, folder)
    assert code == REFUSED
    assert 'put "without.patients.age_years": "9" into the mapping' in said
    answer = mapping(tmp_path, **{"without.patients.age_years": "9"})
    assert run("import", *given, *answer, folder)[0] == DONE


def test_what_cannot_be_done_is_told_in_a_sentence(tmp_path: Path, run: Run) -> None:
    given, folder = files(tmp_path, tables()), tmp_path / "registry"
    (tmp_path / "bad.json").write_text("{}")
    for words, expected in (
        (["check", folder], "registry: it is not the folder of a registry.\n"),
        (["prepare", folder], "registry: it is not the folder of a registry.\n"),
        (["import", "--patients", tmp_path / "none.csv", folder], "none.csv: there is no such file.\n"),
        (["import", *given, tmp_path], "the folder holds something else ("),
        (["import", *given, "--mapping", tmp_path / "bad.json", folder], "it is not a mapping file."),
        (["import", *given, "--mapping", tmp_path / "none.json", folder], "none.json: No such file or directory.\n"),
    ):
        code, said = run(*words)
        assert (code, expected in said) == (REFUSED, True), said


def test_a_command_that_is_wrong_is_told_how_it_is_right(tmp_path: Path, run: Run) -> None:
    for words in (
        ["import", tmp_path],
        ["import", "--patients", "p.csv", "--warehouse", "w", tmp_path],
        ["import", "--warehouse", "w", tmp_path],
        ["import", "--patients", "p.csv", "--patients-a-part", "0", tmp_path],
        ["publish", tmp_path],
        ["forget", tmp_path],
        [],
    ):
        code, said = run(*words)
        assert code == MISUSED
        assert "usage: python -m analysis.registry" in said


def test_a_stop_is_no_error(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "import_registry", stopped)
    code, said = run("import", *files(tmp_path, tables()), tmp_path / "registry")
    assert code == REFUSED
    assert said.endswith("Stopped. The same command goes on from here.\n")


@pytest.mark.filterwarnings("ignore:fetch_arrow_table")  # Ibis asks DuckDB in a way that is to go
def test_a_warehouse_is_imported(tmp_path: Path, run: Run) -> None:
    pytest.importorskip("ibis")
    with duckdb.connect(tmp_path / "hospital.duckdb") as database:
        database.execute(
            "CREATE TABLE subject AS SELECT range AS no, 24 AS months, range % 3 = 0 AS dead FROM range(9)"
        )
    catalogue = tmp_path / "hospital.toml"
    catalogue.write_text(CATALOGUE)
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(f'[warehouses.hospital]\nbackend = "duckdb"\nfile = "{tmp_path / "hospital.duckdb"}"\n')
    asked = ["import", "--catalogue", catalogue, "--secrets", secrets, "--warehouse"]
    code, said = run(*asked, "hospital", tmp_path / "registry")
    assert code == DONE, said
    assert "Hospital: 9 patients of 9 rows.\n" in said
    code, said = run(*asked, "other", tmp_path / "registry")
    assert (code, said.endswith("The secrets of the server have no warehouse other.\n")) == (REFUSED, True)
    secrets.write_text("password = secret word")
    code, said = run(*asked, "hospital", tmp_path / "registry")
    assert (code, said.endswith("secrets.toml: it is not in the form of TOML.\n")) == (REFUSED, True)


class Terminal:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def test_progress_stands_on_one_line() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal, iter([0.0, 100.0, 101.0]).__next__)
    line.show(0.0, "Reading part 1 of 3")
    line.show(1 / 3, "Reading part 2 of 3")
    line.show(1.0, "Done")
    line.end()
    shown = terminal.text.split("\r")[1:]
    assert [each.strip() for each in shown] == [
        "0 %  Reading part 1 of 3",
        "33 %  Reading part 2 of 3, about 3 minutes left",
        "100 %  Done",
    ]
    assert len(shown[2].rstrip("\n")) >= len(shown[1])  # nothing of the longer line is left
    assert terminal.text.endswith("\n")
