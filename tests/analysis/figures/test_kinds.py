"""Every kind of figure has all that pages, files, reports, slides and disclosure control need."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import pytest

from analysis import figures
from analysis.cohort.question import Question
from analysis.disclosure.refused import NotSharedError, Refused
from analysis.export.figure_files import figure_files, r_files
from analysis.export.python_script import Origin
from analysis.export.shared_exhibit import shared
from analysis.export.sharing import Sharing, replacements
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind, no_reading
from analysis.figures.common.paper import Paper
from analysis.figures.registry import KINDS
from tests.analysis.export.exhibits import EXAMPLES, SAMPLE, exhibit

QUESTIONS = [Question(), Question(compare="msc_source")]
LEAST = 3
NO_COUNTS = {"year", "lane"}  # whole numbers that are no counts of patients
# What a page passes to the reading of a figure.
WORDS = {"outcome": "alive", "measure": "mean SLEDAI"}

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def modules() -> list[Any]:
    return [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(figures.__path__, "analysis.figures.")
    ]


def called(function: Callable[..., str], drawing: Drawing) -> str:
    """Return the result of a figure's function, called with the options that it takes."""
    takes = inspect.signature(function).parameters
    words = [text for name, text in WORDS.items() if name in takes]
    return function(*_results(drawing.parts), *words, **_taken(takes, drawing.options))


def _taken(takes: Mapping[str, Any], options: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in takes}


def _results(parts: tuple[object, ...]) -> list[Any]:
    return [part.result if isinstance(part, Estimate) else part for part in parts]


def test_the_registry_has_every_kind_once() -> None:
    made = {id(held): held for module in modules() for held in vars(module).values() if isinstance(held, FigureKind)}
    assert {kind.name for kind in made.values()} == {kind.name for kind in KINDS}
    assert len({kind.name for kind in KINDS}) == len(KINDS) == len(made)


def test_every_kind_has_an_example() -> None:
    assert [kind.name for kind in KINDS if kind not in EXAMPLES] == []


@pytest.mark.parametrize("part", [each.name for each in fields(FigureKind)])
def test_an_incomplete_kind_cannot_be_made(part: str) -> None:
    parts = {each.name: getattr(KINDS[0], each.name) for each in fields(FigureKind)}
    del parts[part]
    with pytest.raises(TypeError, match=f"'{part}'"):
        FigureKind(**parts)


@pytest.mark.parametrize("empty", [{"name": ""}, {"columns": {}}])
def test_a_kind_says_its_name_and_what_its_columns_mean(empty: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="says what its columns mean"):
        replace(KINDS[0], **empty)


@every_kind
@pytest.mark.parametrize("question", QUESTIONS, ids=["everybody", "compared"])
def test_its_chart_is_drawn(kind: FigureKind, question: Question) -> None:
    shown = exhibit(EXAMPLES[kind], question)
    spec = shown.chart.to_dict(validate=True)
    assert sum(map(len, spec["datasets"].values())) > 0


@every_kind
@pytest.mark.parametrize("question", QUESTIONS, ids=["everybody", "compared"])
def test_each_column_of_its_numbers_has_a_meaning(kind: FigureKind, question: Question) -> None:
    numbers = exhibit(EXAMPLES[kind], question).drawing.numbers
    assert len(numbers) > 0
    of_the_cohort = set(SAMPLE.visits)
    assert set(numbers) <= {*kind.columns, *of_the_cohort}
    assert all(kind.meaning(str(name)) not in ("", name) for name in numbers)


@every_kind
def test_it_has_alternative_text_and_a_reading(kind: FigureKind) -> None:
    drawing = exhibit(EXAMPLES[kind]).drawing
    words = called(kind.description, drawing)
    assert re.fullmatch(r"[A-Za-z].*\.", words)
    if kind.reading is not no_reading:
        words += called(kind.reading, drawing)
    assert not re.search(r"\b(nan|inf|None|NaN|<NA>)\b", words)


@every_kind
def test_it_hides_small_counts_or_is_refused(kind: FigureKind) -> None:
    shown, sharing = exhibit(EXAMPLES[kind]), Sharing(LEAST)
    numbers = shown.drawing.numbers
    replaced = replacements(SAMPLE.patients["patient_id"])
    if isinstance(kind.disclosure, Refused):
        assert "patient_id" in numbers or shown.drawing.estimates
        with pytest.raises(NotSharedError, match=f"while counts below {LEAST} are hidden"):
            shared(shown, sharing, replaced)
        return
    counts = set(numbers.select_dtypes("integer")) - NO_COUNTS
    assert counts
    told = shared(shown, sharing, replaced).drawing.numbers
    assert "patient_id" not in told
    assert set(told) <= set(kind.columns)
    for name in counts & set(told):
        assert not told[name].dropna().astype(float).between(1, LEAST - 1).any(), name


@every_kind
def test_r_computes_its_numbers_if_it_says_so(kind: FigureKind) -> None:
    shown = exhibit(EXAMPLES[kind])
    in_r = "R script with its data" in [file.label for file in figure_files(shown, Origin(), Paper(width_mm=180))]
    assert in_r == (kind.in_r is not None) == bool(r_files(shown, Paper(width_mm=180)))
