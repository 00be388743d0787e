"""The flow of patients: who was left out where, in numbers that add up, and a diagram whose boxes hold their texts."""

import re
from xml.etree import ElementTree

import pandas as pd
import pytest

from analysis import Filters, OneOf, read_cohort
from analysis.cohort.conditions import Between
from analysis.cohort.question import ELSE, PINNED, Pin, Question
from analysis.export.patient_flow import LETTER, PatientFlow, Step, patient_flow
from analysis.export.sharing import Sharing
from analysis.figures.common.theme import text_width
from tests.analysis.made import SAMPLE

UMBILICAL = Filters({"msc_source": OneOf("UC"), "age_years": Between(18, 40)})
SVG = "{http://www.w3.org/2000/svg}"


def flow(question: Question, sharing: Sharing = Sharing()) -> PatientFlow:
    return patient_flow(question.of(SAMPLE), question.filters, sharing)


def test_filters_are_steps_one_by_one() -> None:
    made = flow(Question(UMBILICAL, compare="sex"))
    assert made.steps == (
        Step("Patients in the file", "87"),
        Step("MSC source UC", "42", (("Other than MSC source UC", 45),)),
        Step("Age 18 to 40 years", "31", (("Other than Age 18 to 40 years", 11),)),
    )
    assert sum(number for _, number in made.groups) == 31


def test_against_everybody_else_nobody_is_left_out() -> None:
    made = flow(Question(Filters({"msc_source": OneOf("UC")}), ELSE))
    assert [step.left for step in made.steps] == ["87"]
    assert dict(made.groups) == {"everybody else": 45, "UC": 42}


def test_of_two_selections_those_in_neither_are_left_out_and_those_in_both_are_told() -> None:
    young = Filters({"age_years": Between(0, 30)})
    made = flow(Question(Filters({"msc_source": OneOf("UC")}), PINNED, pin=Pin(young, ("young", "UC"))))
    # 39 are young, 42 have UC, and 20 are both (`Pinned`): 61 in one of the selections, 26 in neither.
    assert made.steps[-1] == Step("In one of the two selections", "61", (("In neither selection", 26),))
    assert made.groups == (("young", 39), ("UC", 42), ("in both", 20))


def test_rows_that_could_not_be_used_have_their_reasons_without_values() -> None:
    months = ["12"] * 17 + ["x", "-3", ""]
    rows = pd.DataFrame({"patient_id": range(20), "follow_up_months": months, "died": 0})
    cohort = read_cohort(rows)
    asked = Question().of(cohort)
    made = patient_flow(asked, Filters())
    assert made.steps == (
        Step("Patient rows in the file", "20"),
        Step(
            "Patients with usable rows",
            "17",
            (
                ("follow_up_months: is not a number", 1),
                ("follow_up_months: is below zero", 1),
                ("follow_up_months: it is not recorded", 1),
            ),
        ),
    )
    for sharing in (Sharing(ids=True), Sharing(years=True)):
        assert patient_flow(asked, Filters(), sharing).steps[1].out == (("could not be used", 3),)


def test_patients_without_a_value_are_in_no_group() -> None:
    rows = pd.DataFrame({"patient_id": range(5), "follow_up_months": 9, "died": 0, "arm": ["x", "x", "y", "y", None]})
    made = patient_flow(Question(compare="arm").of(read_cohort(rows)), Filters())
    assert made.groups == (("x", 2), ("y", 2), ("in no group, as the value is missing", 1))


def test_with_hidden_counts_only_the_end_is_told() -> None:
    made = flow(Question(UMBILICAL, compare="sex"), Sharing(least=5))
    assert made == PatientFlow((Step("Analysed", "31 of 87 patients"),))
    assert made.table.to_numpy().tolist() == [["Analysed", "", "31 of 87 patients"]]


@pytest.mark.parametrize("compare", ["", "msc_source", "number:age_years"])
def test_the_boxes_of_the_diagram_hold_their_texts_and_stand_apart(compare: str) -> None:
    long = Filters({"organs": OneOf("renal", "skin", "mucosal", "serositis"), "age_years": Between(18, 40)})
    made = flow(Question(long, compare=compare))
    drawn = ElementTree.fromstring(made.svg)  # noqa: S314 -- made here
    width, height = float(drawn.get("width", 0)), float(drawn.get("height", 0))
    boxes = [[float(box.get(name, 0)) for name in ("x", "y", "width", "height")] for box in drawn.iter(f"{SVG}rect")]
    for place, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0
        assert x + wide <= width
        assert y + high <= height
        for left, top, across, down in boxes[:place]:
            assert x >= left + across or left >= x + wide or y >= top + down or top >= y + high
    for text in drawn.iter(f"{SVG}text"):
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        end = x + text_width(text.text or "", LETTER) * 0.9  # as wide as a mean letter of Arial
        assert [b for b in boxes if b[0] < x and end <= b[0] + b[2] and b[1] < y - LETTER / 2 and y < b[1] + b[3]]
    told = " ".join(text.text or "" for text in drawn.iter(f"{SVG}text"))
    for number in re.findall(r"\d+", " ".join(step.left for step in made.steps)):
        assert number in told


def test_names_are_text() -> None:
    made = PatientFlow((Step("<script>", "1"),), (("a & b\x00", 1),))
    assert "&lt;script&gt;" in made.svg
    ElementTree.fromstring(made.svg)  # noqa: S314 -- made here
