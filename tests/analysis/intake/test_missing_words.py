"""Words for nothing: what is taken for missing, and what is kept as a level, is told for each column."""

import pandas as pd
import pytest

from analysis import Cohort, read_cohort


def cohort_with(column: str, *values: str) -> Cohort:
    rows = "".join(f"p{place},9,0,{value}\n" for place, value in enumerate(values))
    return read_cohort(f"patient_id,follow_up_months,died,{column}\n{rows}".encode())


def told(cohort: Cohort, column: str) -> list[tuple[str, str]]:
    held = cohort.findings[cohort.findings["column"] == column]
    return [(each["kind"], each["message"].split(": ", 1)[1]) for each in held.to_dict("records")]


@pytest.mark.parametrize("word", ["NULL", "undefined", "_hidden", "#N/A", "-", "NA", "unknown", "(blank)"])
@pytest.mark.parametrize(
    ("column", "value"), [("prior_treatment", "rituximab"), ("ferritin", "310.5"), ("sex", "male")]
)
def test_what_is_taken_for_missing_is_told(word: str, column: str, value: str) -> None:
    cohort = cohort_with(column, value, word, value, word)
    assert cohort.patients[column].isna().tolist() == [False, True, False, True]
    ((kind, words),) = told(cohort, column)
    assert kind == "note"
    assert words.startswith(f'"{word}" ')
    assert words.endswith("not recorded (2 rows).")


def test_blank_cells_need_no_word() -> None:
    assert told(cohort_with("prior_treatment", "rituximab", "", "  "), "prior_treatment") == []


@pytest.mark.parametrize("word", ["None", "none", "nil", "not applicable"])
def test_none_is_a_level_and_told(word: str) -> None:
    cohort = cohort_with("prior_treatment", "rituximab", word, word)
    assert cohort.patients["prior_treatment"].tolist() == ["rituximab", word, word]
    assert told(cohort, "prior_treatment") == [
        ("note", f'"{word}" is kept as a value of its own and is not missing (2 rows).')
    ]


def test_none_among_organs_is_no_organ_and_told() -> None:
    cohort = cohort_with("organs", "renal", "None")
    assert cohort.patients["organs"].tolist() == [{"renal"}, frozenset()]
    assert told(cohort, "organs") == [("note", '"None" is read as no organ involved (1 row).')]


def test_none_beside_numbers_is_missing_and_told() -> None:
    """A word does not turn a measured number into a list of hundreds of levels."""
    cohort = cohort_with("ferritin", "310.5", "None", "12", "None")
    assert cohort.patients["ferritin"].tolist()[::2] == [310.5, 12]
    assert cohort.patients["ferritin"].isna().sum() == 2
    assert told(cohort, "ferritin") == [("note", '"None" is read as not recorded (2 rows).')]


def test_a_table_in_memory_without_a_value_is_no_word() -> None:
    frame = pd.DataFrame(
        {"patient_id": ["a", "b"], "follow_up_months": [9, 9], "died": [0, 0], "prior_treatment": ["rituximab", None]}
    )
    cohort = read_cohort(frame)
    assert cohort.patients["prior_treatment"].isna().tolist() == [False, True]
    assert told(cohort, "prior_treatment") == []


def test_a_code_for_unknown_is_told() -> None:
    cohort = cohort_with("death_related", "1", "9", "0")
    assert cohort.patients["death_related"].isna().tolist() == [False, True, False]
    assert told(cohort, "death_related") == [("note", '"9" is read as not recorded (1 row).')]
