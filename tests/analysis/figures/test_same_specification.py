"""On the screen, a figure of another question differs in its tables only: the browser then keeps what is drawn."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import vl_convert

from analysis import AnyOf, Between, Filters, OneOf
from analysis.cohort.question import Asked, Question
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.ready import ready
from analysis.figures.common.theme import Look
from tests.analysis.export.exhibits import DRAWINGS, SAMPLE, courses

QUESTIONS = {
    # Few patients have lower swimmer plots than these, which have the height of a screen.
    "": [{}, {"msc_source": OneOf("UC")}, {"organs": AnyOf("neuropsychiatric")}, {"age_years": Between(18, 20)}],
    "sex": [{}, {"msc_source": OneOf("UC")}, {"organs": AnyOf("renal")}],
}
every_figure = pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)
every_comparison = pytest.mark.parametrize("compare", QUESTIONS, ids=lambda compare: compare or "everybody")


def on_screen(draw: Callable[[Asked], Drawing], question: Question) -> dict[str, Any]:
    return ready(draw(question.of(SAMPLE)).chart(Look()))


def without_tables(spec: dict[str, Any]) -> str:
    return json.dumps({**spec, "datasets": sorted(spec["datasets"])})


@every_figure
@every_comparison
def test_only_its_tables_change_with_the_question(draw: Callable[[Asked], Drawing], compare: str) -> None:
    conditions = QUESTIONS[compare][:2] if draw == courses else QUESTIONS[compare]
    asked = [Question(Filters(each), compare=compare) for each in conditions]
    specs = [on_screen(draw, question) for question in asked]
    assert len({without_tables(spec) for spec in specs}) == 1
    assert specs[0]["datasets"] != specs[1]["datasets"]


@every_figure
@every_comparison
def test_the_screen_shows_what_a_file_shows(draw: Callable[[Asked], Drawing], compare: str) -> None:
    chart = draw(Question(compare=compare).of(SAMPLE)).chart(Look())
    spec = ready(chart)
    spec["datasets"] = {name: rows.to_pylist() for name, rows in spec["datasets"].items()}
    of_facts = rf'<g class="mark-text role-mark layer_{len(spec["layer"]) - 1}_marks"[^>]*><text[^>]*/></g>'
    assert re.sub(of_facts, "", svg(spec), count=1) == svg(chart.to_dict())


def svg(spec: dict[str, Any]) -> str:
    return re.sub(r"\bclip\d+", "clip", vl_convert.vegalite_to_svg(spec))


@every_figure
def test_a_specification_is_written_once(draw: Callable[[Asked], Drawing]) -> None:
    written: dict[object, dict[str, Any]] = {}

    def once(key: object, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        if key not in written:
            written[key] = make()
        return written[key]

    questions = [Question(), Question(Filters({"msc_source": OneOf("UC")}))]
    charts = [draw(question.of(SAMPLE)).chart(Look(dark)) for question in questions for dark in (False, True)]
    assert [ready(chart, once) for chart in charts] == [ready(chart) for chart in charts]
    assert len(written) == 2
