"""Scripts that make a figure again: each is run unchanged."""

import io
import runpy
import sys
from contextlib import redirect_stdout
from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest

from analysis import AnyOf, Between, Filters, NoneOf, OneOf, Source, trajectory
from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.column_words import normal_range
from analysis.cohort.question import Asked, Pin, Question
from analysis.export.exhibit import Drawing
from analysis.export.python_script import Origin, python_script
from analysis.figures.common.paper import Paper
from analysis.figures.scores.trajectory import TRAJECTORY
from analysis.intake.assemble import read_files
from tests.analysis.export.exhibits import DRAWINGS, courses, exhibit, made, remission, survival
from tests.analysis.made import SAMPLE
from tests.running import run_alone

QUESTIONS = {
    "everybody": Question(),
    "filtered": Question(Filters({"msc_source": OneOf("UC"), "organs": NoneOf("renal"), "age_years": Between(18, 45)})),
    "compared": Question(compare="msc_source"),
    "chosen": Question(
        Filters({"patient_id": ChosenPatients.of(SAMPLE, ["S009", "S024", "S030"], 'a "reason"')}), "sex"
    ),
    "cut": Question(compare="number:age_years", cut="30,40"),
    "pinned": Question(
        Filters({"sex": OneOf("female")}),
        "pinned",
        pin=Pin(Filters({"organs": AnyOf("renal", without=("skin",))}), ('A "\\', "B\n'")),
    ),
}


def run(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a script unchanged in a folder; return its output."""
    file = folder / "script.py"
    file.write_text(script, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [str(file)])
    with redirect_stdout(io.StringIO()) as said:
        runpy.run_path(str(file))
    return said.getvalue()


@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_figure_is_made_again(draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = exhibit(draw)
    assert (
        run(python_script([shown], Origin(), Paper(width_mm=180)), tmp_path, monkeypatch)
        == "All numbers are as on screen.\n"
    )
    assert (tmp_path / f"{shown.file_name}.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / f"{shown.file_name}.png").read_bytes().startswith(b"\x89PNG")


def test_a_logarithmic_axis_and_a_normal_range_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(asked: Asked) -> Drawing:
        result = made(trajectory, asked.cohort, "proteinuria_g_per_24h", by=asked.by)
        options = {"label": "Proteinuria", "normal": normal_range("proteinuria_g_per_24h"), "log": True}
        return Drawing(TRAJECTORY, (result,), options)

    shown = exhibit(draw)
    script = python_script([shown], Origin(), Paper(width_mm=85))
    assert run(script, tmp_path, monkeypatch) == "All numbers are as on screen.\n"
    assert "normal (KDIGO 2024)" in (tmp_path / f"{shown.file_name}.svg").read_text(encoding="utf-8")


# How patients are chosen is written alike for any figure: they take turns, and are in one script once.
DRAWN = {**dict(zip(QUESTIONS, cycle([[survival], [remission]]), strict=False)), "compared": [survival, remission]}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_kind_of_question_is_reproduced(question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = [exhibit(draw, QUESTIONS[question]) for draw in DRAWN[question]]
    script = python_script(shown, Origin(), Paper(width_mm=85))
    assert run(script, tmp_path, monkeypatch) == "All numbers are as on screen.\n"
    compile(script, "script", "exec")


def test_a_script_reads_the_files_of_a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patients = pd.DataFrame(
        {"case": ["x1", "x2", 'x"3'], "days": [400, 800, 900], "status": [1, 2, 1], "arm": ["UC", "BM", "UC"]}
    )
    file = tmp_path / "my cohort.csv"
    patients.to_csv(file, index=False)
    mapping = {
        "patient_id": "case",
        "follow_up_months": Source("days", unit="days"),
        "died": Source("status", event=[2]),
    }
    shown = exhibit(survival, whole=read_files([file], mapping=mapping))
    script = tmp_path / "script.py"
    script.write_text(python_script([shown], Origin((file.name,), mapping), Paper(width_mm=120)), encoding="utf-8")
    done = run_alone(script)
    assert (done.returncode, done.stdout) == (0, "All numbers are as on screen.\n"), done.stderr

    patients.assign(days=[400, 800, 901]).to_csv(file, index=False)
    with pytest.raises(SystemExit, match="other data"):
        run(script.read_text(encoding="utf-8"), tmp_path, monkeypatch)


def test_a_number_that_differs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = python_script([exhibit(remission)], Origin(), Paper(width_mm=180))
    assert "All,1,23,83," in script
    with pytest.raises(AssertionError, match="Row 1, events: 24 on screen, 23 here"):
        run(script.replace("All,1,23,83,", "All,1,24,83,"), tmp_path, monkeypatch)


def test_no_patient_is_in_a_script() -> None:
    script = python_script([exhibit(draw) for draw in (survival, courses)], Origin(), Paper(width_mm=180))
    assert not any(patient in script for patient in exhibit(survival).asked.whole.patients["patient_id"])


def test_a_script_uses_values_at_a_limit_as_on_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "patients.csv": "patient_id,follow_up_months,died\na,20,0\nb,30,1\n",
        "visits.csv": "patient_id,months,c3_g_per_l\na,0,<1\nb,0,3\nb,12,5\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def halved(asked: Asked) -> Drawing:
        result = made(trajectory, asked.cohort, "c3_g_per_l", at_limit="halved")
        assert result.result.summary["centre"].iloc[0] == (0.5 + 3) / 2
        return Drawing(TRAJECTORY, (result,), {"label": "C3"})

    shown = exhibit(halved, whole=read_files([tmp_path / name for name in files]))
    script = python_script([shown], Origin((*files,)), Paper(width_mm=120))
    assert "at_limit='halved'" in script
    assert run(script, tmp_path, monkeypatch) == "All numbers are as on screen.\n"
