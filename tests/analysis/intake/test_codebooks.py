"""Codebooks and data dictionaries: their labels are those of the codes in the other tables."""

import io

import pandas as pd
import pytest

from analysis import Cohort, Source, read_cohort
from analysis.intake.assemble import read_files
from analysis.intake.codebooks import choices_in
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile

PATIENTS = pd.DataFrame(
    {
        "record_id": list("abcdef"),
        "follow_up_months": ["9"] * 6,
        "vital": ["1", "2", "1", "1", "1", "1"],
        "sex": ["2", "1", "2", "2", "9", "2"],
        "arm": ["1", "2", "1", "2", "1", "2"],
        "age": ["1", "2", "30", "40", "50", "60"],
        "form_complete": ["2", "2", "2", "0", "1", "2"],
        "comorb___1": ["1", "0", "1", "0", "0", "0"],
    }
)
LONG = pd.DataFrame(
    {
        "Variable": ["sex", "", "", "arm", "", "age"],
        "Code": ["1", "2", "9", "1", "2", "1"],
        "Meaning": ["male", "female", "unknown", "MSC", "control", "young"],
    }
)
SHORT = pd.DataFrame({"Variable name": ["sex", "arm"], "Values": ["1=male, 2=female; 9=unknown", "1=MSC\n2=control"]})
NAMED = {"died": Source("vital", event=["2"])}


def workbook(**sheets: pd.DataFrame) -> HeldFile:
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as writer:
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name, index=False)
    return HeldFile("own.xlsx", buffer.getvalue())


def csv(name: str, table: pd.DataFrame) -> HeldFile:
    return HeldFile(name, table.to_csv(index=False).encode())


def labelled(cohort: Cohort) -> None:
    sexes = ["female", "male", "female", "female", None, "female"]
    assert [None if pd.isna(value) else value for value in cohort.patients["sex"]] == sexes
    assert list(cohort.patients["arm"]) == ["MSC", "control"] * 3
    assert list(cohort.patients["age_years"]) == [1, 2, 30, 40, 50, 60]  # a number stays one


@pytest.mark.parametrize("book", [LONG, SHORT], ids=["a row a code", "a cell a variable"])
def test_a_codebook_in_a_sheet_or_a_file(book: pd.DataFrame) -> None:
    for files in ([workbook(data=PATIENTS, codebook=book)], [csv("p.csv", PATIENTS), csv("book.csv", book)]):
        cohort = read_files(files, mapping=NAMED)
        labelled(cohort)
        assert "the codes of sex, arm are read as" in " ".join(cohort.findings["message"])
    buffer = workbook(data=PATIENTS, codebook=book).data
    labelled(read_cohort(buffer, mapping=NAMED))


def test_what_the_user_said_of_a_column_comes_first() -> None:
    said = NAMED | {"sex": Source("sex", codes={"1": "female", "2": "male", "9": None})}
    cohort = read_files([csv("p.csv", PATIENTS), csv("book.csv", LONG)], mapping=said)
    assert list(cohort.patients["sex"][:2]) == ["male", "female"]


def test_a_variable_with_two_labels_for_a_code_is_asked() -> None:
    book = LONG.assign(Code=["1", "1", "9", "1", "2", "1"])
    proposal = propose([csv("p.csv", PATIENTS), csv("book.csv", book)], NAMED)
    assert [(question.key, question.kind) for question in proposal.questions] == [("patients.sex", "codes")]


def test_a_table_of_measures_is_no_codebook() -> None:
    measures = pd.DataFrame({"record_id": list("abc"), "Variable": ["age"] * 3, "Value": ["1", "2", "3"]})
    file = csv("m.csv", measures.assign(Label=["x", "y", "z"]))
    assert "labels them" not in " ".join(note.message for note in propose([csv("p.csv", PATIENTS), file], NAMED).notes)


def test_the_status_of_a_form_is_set_aside_and_boxes_are_named() -> None:
    book = pd.DataFrame(
        {
            "Variable / Field Name": ["comorb", "sex"],
            "Field Type": ["checkbox", "radio"],
            "Choices, Calculations, OR Slider Labels": ["1, Diabetes | 2, Gout", "1, Male | 2, Female | 9, Unknown"],
        }
    )
    cohort = read_files([csv("p.csv", PATIENTS), csv("dictionary.csv", book)], mapping=NAMED)
    assert "form_complete" not in cohort.patients
    assert "comorb (choice=Diabetes)" in cohort.patients
    assert "what REDCap adds is not used: form_complete" in " ".join(cohort.findings["message"])


def test_complete_remission_is_no_status_of_a_form() -> None:
    table = PATIENTS.rename(columns={"record_id": "patient_id", "form_complete": "remission_complete"})
    cohort = read_cohort(table, mapping=NAMED | {"sex": None})
    assert "remission_complete" in cohort.patients


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("0, No remission | 1, Partial | 2, Complete", {"0": "No remission", "1": "Partial", "2": "Complete"}),
        ("1: Renal; 2: Skin", {"1": "Renal", "2": "Skin"}),
        ("sum([a], [b])", {}),
        ("", {}),
        ("years", {}),
    ],
)
def test_choices_in_one_cell(text: str, choices: dict[str, str]) -> None:
    assert choices_in(text) == choices
