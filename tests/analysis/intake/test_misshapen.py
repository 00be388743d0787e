"""Files that are no tables of patients are refused in one sentence; tables that look a little like them are not."""

from __future__ import annotations

import pytest

from analysis import CohortError, read_cohort

PAGE = "<html><body><table><tr><th>patient_id</th><th>died</th></tr><tr><td>A</td><td>0</td></tr></table></body></html>"
TURNED = "ID,A,B,C\nAge,30,40,50\nSex,F,M,F\nFollow-up (months),30,40,10\nDied,0,0,1\n"
RECORDS = '{"A": {"age": 30, "sex": "F", "died": 0}, "B": {"age": 40, "sex": "M", "died": 1}}'
TWO = "patient_id,follow_up_months,died\nA,30,0\nB,40,1\n\npatient_id,months,sledai\nA,0,15\nB,0,12\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PAGE, "this is a web page or XML"),
        (TURNED, "headings stand in the first column"),
        (RECORDS, "records stand under the id of the patient"),
        (TWO, "a second table begins in row 5"),
    ],
)
def test_what_it_is_is_said_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(CohortError, match=words) as refused:
        read_cohort(text.encode())
    assert len(refused.value.findings) == 1


def test_a_table_of_columns_in_json_is_read() -> None:
    columns = '{"patient_id": {"0": "A", "1": "B"}, "follow_up_months": {"0": 3, "1": 4}, "died": {"0": 0, "1": 1}}'
    assert read_cohort(columns.encode()).patients["died"].tolist() == [False, True]
