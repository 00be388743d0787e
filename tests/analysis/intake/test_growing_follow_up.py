"""A row a visit, with the follow-up up to it and the state at it: the rows are visits if the user says so."""

import pytest

from analysis import CohortError, read_cohort

ROWS = ["A,0,alive,15", "A,30,alive,4", "B,0,alive,12", "B,12,alive,6", "B,40,dead,8", "C,50,alive,2", "C,0,alive,9"]


def table(heading: str, factor: float = 1) -> bytes:
    rows = []
    for row in ROWS:
        patient, months, *rest = row.split(",")
        rows.append(",".join([patient, f"{float(months) * factor:g}", *rest]))
    return "\n".join([f"patient_id,{heading},status,SLEDAI", *rows]).encode()


@pytest.mark.parametrize(("heading", "factor"), [("follow-up (months)", 1), ("follow-up (days)", 30.4375)])
def test_rows_of_growing_follow_up_are_visits_if_the_user_says_so(heading: str, factor: float) -> None:
    with pytest.raises(CohortError, match=r"rows are visits|Are the rows visits") as refused:
        read_cohort(table(heading, factor))
    assert [answer for answer, _ in refused.value.findings[0].choices][-1] == "rows are visits"
    cohort = read_cohort(table(heading, factor), mapping={"duplicates": "rows are visits"})
    patients = cohort.patients.set_index("patient_id")
    assert list(patients["follow_up_months"]) == pytest.approx([30, 40, 50], abs=0.01)
    assert list(patients["died"]) == [False, True, False]
    assert list(cohort.visits["months"]) == pytest.approx([0, 30, 0, 12, 40, 0, 50], abs=0.01)
    assert list(cohort.visits["sledai"]) == [15, 4, 12, 6, 8, 9, 2]


def test_rows_of_one_follow_up_are_not_offered_as_visits() -> None:
    text = b"patient_id,follow_up_months,died,sex\nA,30,0,F\nA,30,0,M\nB,40,1,F\n"
    with pytest.raises(CohortError) as refused:
        read_cohort(text)
    assert [answer for answer, _ in refused.value.findings[0].choices] == ["first row", "last row", "no row"]
