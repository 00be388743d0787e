"""What is remembered of answers, and for which files it holds."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Source
from analysis.intake.proposal import propose
from analysis.intake.raw import RawTable
from analysis.intake.reading import HeldFile
from analysis.intake.remembered import Remembered, as_text, from_text, headings_key, recalled, remembered
from analysis.intake.source import ColumnMapping


def table(text: str, file: str = "a.csv", sheet: str = "") -> RawTable:
    heading, *rows = [line.split(",") for line in text.split()]
    return RawTable(pd.DataFrame(rows, columns=heading, dtype="string").astype("category"), file, sheet)


FIRST = table("id,time,status,sex\nA,1,1,1\nB,2,2,2\n")
ANSWERS: ColumnMapping = {
    "patients.follow_up_months": Source("time", unit="days"),
    "patients.died": Source("status", event=["2"]),
    "patients.sex": Source("sex", codes={"1": "male", "2": "female"}),
    "patients.age_years": None,
}


def test_answers_hold_for_the_same_headings_in_any_order_and_file() -> None:
    again = table("status,id,sex,time\n2,C,2,5\n", "later.csv")
    assert headings_key([FIRST]) == headings_key([again])
    assert recalled(remembered(ANSWERS, [FIRST]), [again]) == ANSWERS


@pytest.mark.parametrize("text", ["id,time,status\nA,1,1\n", "id,time,Status,sex\nA,1,1,1\n", "id,time,status,sex,x\n"])
def test_other_headings_are_another_layout(text: str) -> None:
    assert headings_key([table(text)]) != headings_key([FIRST])
    assert headings_key([FIRST, table(text)]) == headings_key([table(text), FIRST]) != headings_key([FIRST])


def test_a_new_code_of_the_outcome_is_asked_and_not_taken_for_alive() -> None:
    again = table("id,time,status,sex\nA,1,1,1\nB,2,3,2\n")
    assert set(recalled(remembered(ANSWERS, [FIRST]), [again])) == set(ANSWERS) - {"patients.died"}


def test_an_outcome_with_many_values_is_not_remembered() -> None:
    many = table("id,time,status,sex\n" + "\n".join(f"{row},1,v{row},1" for row in range(21)))
    assert "patients.died" not in remembered(ANSWERS, [many]).mapping


def test_answers_about_one_version_of_the_data_are_not_remembered() -> None:
    of_version: ColumnMapping = {"cutoff": "2024-01-31", "duplicates": "first row", "without.patients": "17"}
    assert remembered({**ANSWERS, **of_version}, [FIRST]).mapping == ANSWERS


def test_a_sheet_is_remembered_by_its_name_only_where_it_is_there() -> None:
    sheets = [table("id\nA\n", "a.xlsx", "one"), table("id\nA\n", "a.xlsx", "two")]
    held = remembered({"visits": "two"}, sheets)
    assert recalled(held, sheets) == {"visits": "two"}
    assert recalled(held, [table("id\nA\n", "b.xlsx", "three")]) == {}


def test_a_new_code_of_a_category_is_asked() -> None:
    text = "patient_id,follow_up_months,died,sex\nA,1,0,1\nB,2,1,2\n"
    mapping = {"patients.sex": Source("sex", codes={"1": "male", "2": "female"})}
    assert propose([HeldFile("a.csv", text.encode())], mapping).ready
    questions = propose([HeldFile("a.csv", f"{text}C,3,0,3\n".encode())], mapping).questions
    assert [(question.kind, question.name) for question in questions] == [("codes", "sex")]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)


@given(
    st.dictionaries(st.sampled_from(["sex", "died", "patients.age_years"]), st.none() | WORDS.map(Source)),
    st.dictionaries(WORDS, st.lists(WORDS)),
)
def test_what_is_remembered_comes_back_from_its_text(
    mapping: dict[str, str | Source | None], values: dict[str, list[str]]
) -> None:
    held = Remembered(mapping, values)
    assert from_text(as_text(held)) == held


@given(st.recursive(st.none() | st.integers() | WORDS, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner)))
def test_what_is_none_is_ignored(content: object) -> None:
    assert from_text(json.dumps(content)) is None
    assert from_text(json.dumps({"answers": content, "values": content})) is None
