"""The archive of a report: what it says of its files, and that it makes itself again from the files of a user."""

import io
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

import pandas as pd
import pytest

from analysis import Cohort, Source, yearly_remission
from analysis.cohort.question import Question
from analysis.export.archive import report_archive
from analysis.export.archive_texts import README, REPRODUCE
from analysis.export.patient_flow import patient_flow
from analysis.export.python_script import Origin
from analysis.export.report import Report, Table
from analysis.export.shared_exhibit import shared
from analysis.export.sharing import Sharing, replacements
from analysis.figures.common.paper import Paper
from analysis.figures.yearly.outcome_table import outcome_table
from analysis.intake.assemble import read_files
from tests.analysis.elsewhere import SampleElsewhere
from tests.analysis.export.exhibits import exhibit, ledger, remission, scores, survival
from tests.analysis.export.exhibits import made as made_estimate
from tests.analysis.made import SAMPLE
from tests.running import run_alone

pytestmark = pytest.mark.newest  # scripts of one figure each run in test_python_script.py

# A cohort that is not the sample: 12 patients under other headings, in days.
PATIENTS = pd.DataFrame(
    {
        "case": [f"x{place}" for place in range(12)],
        "days": [400 + 61 * place for place in range(12)],
        "status": [1, 2, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1],
        "arm": ["UC", "BM"] * 6,
    }
)
VISITS = pd.DataFrame(
    [
        (f"x{place}", month, 14 - place - month // 6, "complete" if month > place else "none")
        for place in range(12)
        for month in (0, 12)
    ],
    columns=["case", "months", "SLEDAI", "remission"],
)
MAPPING = {
    "patient_id": "case",
    "follow_up_months": Source("days", unit="days"),
    "died": Source("status", event=[2]),
}
NAMES = ("my patients.csv", "visits.csv")
SHOWN = (survival, scores)


def put(folder: Path, patients: pd.DataFrame = PATIENTS) -> Cohort:
    """Write the files of the user into a folder; return the cohort read from them."""
    for name, table in zip(NAMES, (patients, VISITS), strict=True):
        table.to_csv(folder / name, index=False)
    return read_files([folder / name for name in NAMES], mapping=MAPPING)


def report_of(whole: Cohort, sharing: Sharing = Sharing(), shown=SHOWN, compare: str = "msc_source") -> Report:
    question = Question(compare=compare)
    replaced = replacements(whole.patients["patient_id"]) if sharing.ids else {}
    exhibits = tuple(shared(exhibit(draw, question, whole), sharing, replaced) for draw in shown)
    asked = exhibits[0].asked
    estimate = made_estimate(yearly_remission, asked.cohort, by=asked.by)
    rows = outcome_table(estimate.result, titles=["Complete remission"])
    return Report(
        title="In print",
        asked=asked,
        selection=(),
        patients=patient_flow(asked, question.filters, sharing),
        exhibits=exhibits,
        tables=(Table("Remission per year", rows, (estimate,)),),
        limitations=(),
        made_on=date(2026, 11, 24),
        synthetic=False,
        paper=Paper(width_mm=85),
        sharing=sharing,
    )


def unpacked(report: Report, origin: Origin, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(report_archive(report, origin))) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data of a user")


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(report_of(put(data)), Origin(NAMES, MAPPING), tmp_path_factory.mktemp("archive"))


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the archive, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "archive"))


class RunHere(Protocol):
    def __call__(self, script: Path, *words: str) -> str: ...


@pytest.fixture
def run_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunHere:
    """Return a function that runs a script without a program of its own and returns what it prints."""

    def run(script: Path, *words: str) -> str:
        monkeypatch.chdir(script.parent)
        monkeypatch.setattr(sys, "argv", [str(script), *words])
        runpy.run_path(str(script), run_name="__main__")
        return capsys.readouterr().out

    return run


def why_it_ends(run_here: RunHere, script: Path, *words: str) -> str:
    """Return what a script that fails says on its way out."""
    with pytest.raises(SystemExit) as end:
        run_here(script, *words)
    return str(end.value)


def test_every_file_is_told_and_has_a_checksum(archive: Path) -> None:
    names = {str(file.relative_to(archive)) for file in archive.rglob("*") if file.is_file()}
    told = (archive / "README.txt").read_text(encoding="utf-8")
    listed = told.split("\nFiles\n")[1].split("\n\n")[0].splitlines()
    assert {line.split("  ")[0] for line in listed} == names - {"README.txt"}
    assert "my patients.csv, visits.csv, which are not in here" in told
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=archive, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0
    assert {line.removesuffix(": OK") for line in checked.stdout.splitlines()} == names - {"SHA256SUMS"}
    assert not any(part in told for part in PATIENTS["case"])


def test_every_number_and_figure_is_made_again_from_the_files_of_a_user(archive: Path, data: Path) -> None:
    put(data)
    done = run_alone(archive / REPRODUCE, str(data))
    assert done.returncode == 0, done.stderr
    said = re.fullmatch(r"As on screen: (\d+) numbers, 2 figures\.\n", done.stdout)
    assert said
    assert int(said[1]) > 50
    assert not (archive / "reproduced").exists()


def test_one_changed_value_is_told(archive: Path, data: Path, run_here: RunHere, capsys) -> None:
    put(data, PATIENTS.assign(days=PATIENTS["days"].replace(461, 462)))
    said = why_it_ends(run_here, archive / REPRODUCE, str(data))
    assert capsys.readouterr().out == ""
    assert "These are other data than on screen: the fingerprint of the cohort is another." in said
    assert re.search(r"What about survival\? Row \d, \w+: [\d.]+ on screen, [\d.]+ here\.", said)
    (other,) = (archive / "reproduced").iterdir()  # changes of SLEDAI are as they were
    assert f"pictures/{other.name} differs; reproduced/{other.name} is as drawn now." in said
    assert other.name.startswith("survival")


def test_a_value_that_no_figure_shows_is_told_too(archive: Path, data: Path, run_here: RunHere) -> None:
    put(data, PATIENTS.assign(sex="f"))
    assert "the fingerprint of the cohort is another" in why_it_ends(run_here, archive / REPRODUCE, str(data))


def test_a_changed_number_and_a_changed_picture_of_the_archive_are_named(archive: Path, data: Path) -> None:
    put(data)
    script, (picture, _) = archive / REPRODUCE, sorted((archive / "pictures").glob("*.svg"))
    text = script.read_text(encoding="utf-8")
    start = text.index("archive.check_numbers('Remission per year'")
    assert "BM,1,6,6," in text[start:]
    script.write_text(text[:start] + text[start:].replace("BM,1,6,6,", "BM,1,6,7,"), encoding="utf-8")
    picture.write_text(picture.read_text(encoding="utf-8").replace("0", "1", 1), encoding="utf-8")
    done = run_alone(script, str(data))
    assert done.returncode == 1
    assert "Remission per year Row 1, patients: 7 on screen, 6 here." in done.stderr
    assert f"pictures/{picture.name} differs" in done.stderr
    assert done.stderr.count(" differs") == 1


def test_without_the_files_it_names_one(archive: Path, tmp_path: Path) -> None:
    done = run_alone(archive / REPRODUCE, str(tmp_path))
    assert done.returncode == 1
    assert "my patients.csv" in done.stderr


def test_what_cannot_be_compared_is_said(tmp_path: Path, run_here: RunHere) -> None:
    report = report_of(SAMPLE, Sharing(ids=True), (remission, scores))
    said = run_here(unpacked(report, Origin(), tmp_path) / REPRODUCE)
    assert re.match(r"As on screen: \d+ numbers, 1 figure\.\nNot compared: pictures/scores_", said)
    assert said.endswith("whose patient numbers are replaced by chance.\n")


def test_numbers_with_hidden_counts_are_made_again(tmp_path: Path, run_here: RunHere) -> None:
    report = report_of(SAMPLE, Sharing(least=5), (ledger, remission), compare="")
    said = run_here(unpacked(report, Origin(), tmp_path) / REPRODUCE)
    assert re.match(r"As on screen: \d+ numbers, 2 figures\.\n", said)
    assert 'Not compared: the table "Remission per year", as small counts are hidden in it.' in said


def test_a_table_of_patients_that_no_figure_shows_is_not_compared(tmp_path: Path, run_here: RunHere) -> None:
    report = report_of(SAMPLE, shown=(survival,), compare="")
    (table,) = report.tables
    other = replace(table.estimates[0], cohort=put(tmp_path))
    alone = replace(report, tables=(replace(table, estimates=(other,)),))
    said = run_here(unpacked(alone, Origin(), tmp_path) / REPRODUCE)
    assert 'Not compared: the table "Remission per year", as no figure shows its patients.' in said


def test_of_patients_whose_rows_are_elsewhere_it_has_the_same_numbers_and_no_script(tmp_path: Path) -> None:
    shown = (survival, remission)
    here = unpacked(report_of(SAMPLE, shown=shown), Origin(), tmp_path / "here")
    elsewhere = unpacked(report_of(SampleElsewhere(SAMPLE), shown=shown), Origin(), tmp_path / "elsewhere")
    assert {path.suffix for path in elsewhere.rglob("*.*")} == {".html", ".csv", ".png", ".svg", ".pdf", ".txt"}
    assert SampleElsewhere.no_rows in (elsewhere / README).read_text()
    for path in elsewhere.rglob("*.csv"):
        assert path.read_bytes() == (here / path.relative_to(elsewhere)).read_bytes()
