"""Names of visits, under any heading: the months of most are known, and of the others they are asked."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import CohortError, read_cohort

PATIENTS = pd.DataFrame({"patient_id": [*"abc"], "follow_up_months": [30, 40, 50], "died": [0, 1, 0]})
HEADINGS = ["Visit", "Timepoint", "Time point", "time", "Follow-up", "随访时间点", "Event Name", "随访"]


def visits(heading: str, *names: str) -> pd.DataFrame:
    rows = [(patient, name, 15 - place) for patient in "abc" for place, name in enumerate(names)]
    return pd.DataFrame(rows, columns=["patient_id", heading, "SLEDAI"])


def months(table: pd.DataFrame, schedule: str = "") -> list[float]:
    cohort = read_cohort(PATIENTS, table, mapping={"schedule": schedule} if schedule else None)
    return cohort.visits["months"].drop_duplicates().round(2).tolist()


@pytest.mark.parametrize("heading", HEADINGS)
def test_names_tell_their_months(heading: str) -> None:
    assert months(visits(heading, "Baseline", "3 months", "12 months")) == [0, 3, 12]


@pytest.mark.parametrize("heading", ["Month", "months"])
def test_baseline_is_month_0_among_numbers(heading: str) -> None:
    assert months(visits(heading, "Baseline", "6", "12")) == [0, 6, 12]


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("word", ["Screening", "Unscheduled", "末次随访"])
def test_the_month_of_an_unknown_name_is_asked(heading: str, word: str) -> None:
    table = visits(heading, "Baseline", "Month 6", word)
    with pytest.raises(CohortError, match=f"do not tell their month: {word}. How many months"):
        months(table)
    assert months(table, "9") == [0, 6, 9]
    assert months(table, "-") == [0, 6]


def test_several_unknown_names_are_asked_in_their_order() -> None:
    table = visits("Visit", "Screening", "Visit 1", "Visit 2", "Month 12")
    with pytest.raises(CohortError, match="month: Screening, Visit 1, Visit 2"):
        months(table)
    assert months(table, "-1, 0, 3") == [-1, 0, 3, 12]


def test_t0_beside_a_numbered_visit_is_known() -> None:
    table = visits("Visit", "T0", "T3")
    with pytest.raises(CohortError, match="month: T3"):
        months(table)
    assert months(table, "3") == [0, 3]


def test_one_name_with_a_time_is_enough() -> None:
    table = visits("Visit", "Screening", "Unscheduled", "Last visit", "Early termination", "Phone", "Month 3")
    with pytest.raises(CohortError, match="month: Screening, Unscheduled, Last visit, Early"):
        months(table)
    assert months(table, "0, -, 24, -, -") == [0, 3, 24]
