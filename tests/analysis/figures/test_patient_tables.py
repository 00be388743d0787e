"""Lists of patients read as text, with nothing missing in between."""

import pandas as pd

from analysis import read_cohort
from analysis.figures.patient_tables import patient_list


def test_a_list_says_what_is_known() -> None:
    patients = pd.DataFrame(
        {
            "patient_id": ["a", "b"],
            "follow_up_months": [12.5, 3],
            "died": [0, 1],
            "organs": ["renal;skin", None],
            "age_years": [30, None],
        }
    )
    table = patient_list(
        read_cohort(patients), pd.DataFrame({"patient_id": ["b", "a"], "ended": ["event", "last contact"]})
    )
    assert table.to_dict("records") == [
        {
            "Patient": "b", "Ended": "event", "Age (years)": "", "Organ involvement": "", "Follow-up (months)": "3",
            "Died": "yes",
        },
        {
            "Patient": "a", "Ended": "last contact", "Age (years)": "30", "Organ involvement": "renal, skin",
            "Follow-up (months)": "12.5", "Died": "no",
        },
    ]  # fmt: skip
