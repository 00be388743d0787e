"""Tables whose column of patients is not known: asked or told, never a patient for each visit."""

import io

import pandas as pd
import pytest

from analysis import Cohort, CohortError, read_cohort

ROWS = [",30,0,0,15", ",30,0,12,4", ",40,1,0,15", ",40,1,12,4"]


def long(heading: str, ids: str = "AABB") -> bytes:
    rows = [f"{patient}{rest}" for patient, rest in zip(ids, ROWS, strict=True)]
    return "\n".join([f"{heading},follow_up_months,died,months,sledai", *rows]).encode()


def counts(cohort: Cohort) -> tuple[int, int, int]:
    return len(cohort), int(cohort.patients["died"].sum()), len(cohort.visits)


@pytest.mark.parametrize("heading", ["MRN", "Hospital No.", "住院号", "IPP", "カルテ番号"])
def test_the_numbers_of_hospitals_tell_the_patients(heading: str) -> None:
    assert counts(read_cohort(long(heading))) == (2, 1, 4)


@pytest.mark.parametrize("heading", ["No.", "Name", "姓名", "Initials", "Who"])
def test_rows_of_visits_are_not_numbered_as_patients(heading: str) -> None:
    with pytest.raises(CohortError, match=r"no column for the patients.*repeats with the same follow-up") as refused:
        read_cohort(long(heading))
    (question,) = refused.value.findings
    assert (question.question, question.column, question.choices[0][0]) == ("column", "patient_id", heading)
    assert counts(read_cohort(long(heading), mapping={"patients.patient_id": heading})) == (2, 1, 4)


def test_a_time_of_visits_alone_is_asked_about_and_rows_can_be_patients() -> None:
    table = io.BytesIO(b"follow_up_months,died,months,sledai\n30,0,0,15\n40,1,12,4\n")
    with pytest.raises(CohortError, match="months tells the time of a visit"):
        read_cohort(table)
    frame = pd.DataFrame({"follow_up_months": [30, 40], "died": [0, 1], "months": [0, 12]})
    assert len(read_cohort(frame, mapping={"patients.patient_id": None})) == 2


@pytest.mark.parametrize("heading", ["MRN", "Name"])
def test_personal_ids_become_numbers_unless_they_are_kept(heading: str) -> None:
    cohort = read_cohort(long(heading), mapping={"patients.patient_id": heading})
    assert list(cohort.patients["patient_id"]) == ["1", "2"]
    assert list(cohort.visits["patient_id"]) == ["1", "1", "2", "2"]
    assert "it is personal data; a number stands for each patient, in" in " ".join(cohort.findings["message"])
    kept = read_cohort(long(heading), mapping={"patients.patient_id": heading, heading: heading})
    assert list(kept.patients["patient_id"]) == ["A", "B"]
