"""Figures that leave the house with small counts hidden or patient numbers replaced."""

import io
import re
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis import Filters, OneOf
from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.question import Pin, Question
from analysis.disclosure.refused import NotSharedError
from analysis.export.figure_files import figure_files
from analysis.export.python_script import Origin, python_script
from analysis.export.shared_exhibit import check_shared, shared
from analysis.export.sharing import Sharing, replacements
from analysis.figures.common.paper import Paper
from tests.analysis.export.exhibits import (
    DRAWINGS,
    SAMPLE,
    at_a_month,
    changes,
    courses,
    exhibit,
    incidence,
    ledger,
    one_patient,
    remission,
    scores,
    states,
    survival,
    ways,
)

REPLACED = replacements(SAMPLE.patients["patient_id"])
HIDING = Sharing(least=5)
ALONE = (changes, courses, at_a_month, one_patient)
BINARY = ("PNG", "PNG, 600 dpi", "PDF", "R script with its data")


def texts(files) -> dict[str, str]:
    return {file.name.rpartition(".")[2]: file.make().decode("utf-8-sig") for file in files if file.label not in BINARY}


@pytest.mark.parametrize("draw", DRAWINGS)
def test_nothing_changes_where_nothing_is_asked_for(draw) -> None:
    shown = exhibit(draw)
    assert shared(shown, Sharing(), REPLACED) is shown


@pytest.mark.parametrize("draw", ALONE)
def test_single_patients_are_not_shared_while_counts_are_hidden(draw) -> None:
    with pytest.raises(NotSharedError, match=r"\."):
        shared(exhibit(draw), HIDING, REPLACED)


@pytest.mark.parametrize("draw", [survival, remission, ledger, states, scores, ways])
def test_what_is_shared_says_so_and_its_script_finds_the_same(
    draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    safe = shared(exhibit(draw), HIDING, REPLACED)
    assert (safe.reading, safe.alt_text) == ("", safe.question)
    assert "counts below 5 are hidden" in safe.provenance
    files = figure_files(safe, Origin(), Paper(width_mm=180))
    assert "R script with its data" not in [file.label for file in files]
    for content in texts(files).values():
        assert "counts below 5 are hidden" in re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", content))
    script = tmp_path / "script.py"
    script.write_text(python_script([safe], Origin(), Paper(width_mm=180)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script)])
    runpy.run_path(str(script))
    assert capsys.readouterr().out == "All numbers are as on screen.\n"


def test_no_small_count_of_remission_is_in_any_file() -> None:
    safe = shared(exhibit(remission), HIDING, REPLACED)
    files = texts(figure_files(safe, Origin(), Paper(width_mm=180)))
    read = pd.read_csv(io.StringIO(files["csv"]), comment="#")
    counts = read[["events", "patients"]].stack().dropna()
    assert not counts.between(1, 4).any()
    assert not {"3/6", "1/6", "50 %"} & set(re.findall(r">([^<>]+)</text>", files["svg"]))


@pytest.mark.parametrize("draw", [draw for draw in DRAWINGS if draw is not one_patient])
def test_no_file_names_a_patient_whose_number_is_replaced(draw) -> None:
    safe = shared(exhibit(draw), Sharing(ids=True), REPLACED)
    for content in texts(figure_files(safe, Origin(), Paper(width_mm=180))).values():
        assert not [patient for patient in REPLACED if patient in content]
    assert "S0" not in str(safe.chart.to_dict())


def test_one_patient_alone_is_not_shared_with_a_replaced_number() -> None:
    with pytest.raises(NotSharedError, match="One patient alone"):
        shared(exhibit(one_patient), Sharing(ids=True), REPLACED)


def test_few_patients_and_shared_patients_are_not_told_about() -> None:
    few = Question(Filters({"msc_source": OneOf("UC"), "age_years": OneOf(18.0, 19.0)}))
    assert 0 < len(few.of(SAMPLE).cohort) < 5
    pinned = Question(Filters({"msc_source": OneOf("UC")}), "pinned", pin=Pin(Filters()))
    for question in (few, pinned):
        with pytest.raises(NotSharedError):
            check_shared(question.of(SAMPLE), HIDING)
        check_shared(question.of(SAMPLE), Sharing())


@pytest.mark.parametrize("draw", [remission, scores])
def test_everybody_else_shares_nobody_and_is_told_from_disclosed_counts(draw) -> None:
    question = Question(Filters({"msc_source": OneOf("UC")}), "everybody_else")
    safe = shared(exhibit(draw, question), HIDING, REPLACED)
    by_source = shared(exhibit(draw, Question(compare="msc_source")), HIDING, REPLACED)
    # The same two groups as those of the column.
    numbers = [each.drawing.numbers.drop(columns="group") for each in (safe, by_source)]
    pd.testing.assert_frame_equal(*numbers)
    alone = Question(Filters({"msc_source": OneOf("UC"), "age_years": OneOf(18.0, 19.0)}), "everybody_else")
    with pytest.raises(NotSharedError):
        shared(exhibit(draw, alone), HIDING, REPLACED)


def test_a_curve_with_late_or_too_few_events_is_refused_in_words() -> None:
    with pytest.raises(NotSharedError, match=r"[A-Z].*\."):
        shared(exhibit(incidence), Sharing(least=20), REPLACED)


def test_patients_chosen_one_by_one_are_not_shared() -> None:
    chosen = Filters({"patient_id": ChosenPatients.of(SAMPLE, SAMPLE.patients["patient_id"].head(40))})
    for question in (Question(chosen), Question(compare="pinned", pin=Pin(chosen))):
        asked = question.of(SAMPLE)
        check_shared(asked, Sharing(years=True))
        for sharing in (HIDING, Sharing(ids=True)):
            with pytest.raises(NotSharedError, match="one by one"):
                check_shared(asked, sharing)
    shown = replace(exhibit(survival), asked=Question(chosen).of(SAMPLE))
    with pytest.raises(NotSharedError, match="one by one"):
        shared(shown, Sharing(ids=True), REPLACED)
