"""Relapses as dates, as rows of a table, and as adverse events become the time to the first one."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort
from analysis.intake.assemble import read_files
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile

DATED = "patient_id,transplant_date,last_contact_date,died"
PATIENTS = f"{DATED}\na,2010-01-01,2014-01-01,0\nb,2010-06-01,2013-06-01,0\nc,2011-01-01,2012-01-01,1\n"
DAYS = 30.4375


def months(cohort: Cohort) -> list[float | None]:
    held = cohort.patients["relapse_months"]
    return [None if pd.isna(value) else pytest.approx(value * DAYS) for value in held]


def told(cohort: Cohort, kind: str = "doubtful") -> str:
    return " ".join(cohort.findings.loc[cohort.findings["kind"] == kind, "message"])


def file(name: str, text: str) -> HeldFile:
    return HeldFile(name, text.encode())


@pytest.mark.parametrize("heading", ["relapse_date", "Date of relapse", "flare_date", "复发日期", "Rezidivdatum"])
def test_a_date_of_relapse(heading: str) -> None:
    rows = [
        "a,2010-01-01,2014-01-01,0,2010-12-31",
        "b,2010-06-01,2013-06-01,0,",
        "c,2011-01-01,2012-01-01,1,2011-02-01",
    ]
    cohort = read_cohort("\n".join([f"{DATED},{heading}", *rows]).encode())
    assert months(cohort) == [364, None, 31]
    assert "worked out from its date" in told(cohort, "note")
    assert heading not in cohort.patients
    assert "relapse" not in told(cohort)


def test_contradictions_of_dates_of_relapse_are_told() -> None:
    rows = [
        "a,2010-01-01,2014-01-01,0,2009-12-31",  # before
        "b,2010-06-01,2013-06-01,0,2013-07-01",  # after the end
        "c,,2012-01-01,1,2011-02-01",  # the patient is left out
        "d,2011-01-01,2012-01-01,1,soon",
        "e,2011-01-01,2012-01-01,0,2010-01-01; 2011-03-01; 2011-02-01",
    ]
    cohort = read_cohort("\n".join([f"{DATED},relapse_date", *rows]).encode())
    assert list(cohort.patients["patient_id"]) == ["a", "b", "d", "e"]
    assert months(cohort) == [None, 1126, None, 31]
    doubts = told(cohort)
    for words in (
        '"2009-12-31" in column relapse_date is not after the transplantation',
        '"2013-07-01" is after the end of follow-up',
        '"soon" in column relapse_date is not a date',
    ):
        assert words in doubts


def test_a_time_and_a_date_of_relapse_that_differ_are_told() -> None:
    rows = ["a,2010-01-01,2014-01-01,0,12,2010-06-01", "b,2010-01-01,2014-01-01,0,,2011-01-01"]
    cohort = read_cohort("\n".join([f"{DATED},relapse_months,relapse_date", *rows]).encode())
    assert list(cohort.patients["relapse_months"].isna()) == [False, True]
    assert "is not what the date of relapse says" in told(cohort)
    assert "has no time of relapse beside it" in told(cohort)


def test_yes_or_no_beside_a_date() -> None:
    text = f"{DATED},relapse,relapse_date\na,2010-01-01,2014-01-01,0,yes,\nb,2010-01-01,2014-01-01,0,no,2014-01-01\n"
    cohort = read_cohort(text.encode())
    assert months(cohort) == [None, None]
    assert "says that there was a relapse, and not when" in told(cohort)
    assert "says that there was no relapse" in told(cohort)


@pytest.mark.parametrize("heading", ["relapse", "relapsed"])
def test_codes_of_yes_and_no_beside_a_time_are_asked(heading: str) -> None:
    text = f"patient_id,follow_up_months,died,{heading},relapse_months\na,9,0,1,5\nb,9,0,2,9\nc,9,0,2,9\n"
    with pytest.raises(CohortError, match="may say who had a relapse"):
        read_cohort(text.encode())
    codes = {heading: Source(heading, codes={"1": "yes", "2": "no"})}
    cohort = read_cohort(text.encode(), mapping=codes)
    assert list(cohort.patients["relapse_months"].fillna(-1)) == [5, -1, -1]


FLARES = "patient_id,flare_date,severity\na,2012-01-01,1\na,2011-01-01,2\nb,2010-01-01,1\nb,2010-07-01,2\n"


def test_a_table_with_a_row_for_each_relapse() -> None:
    cohort = read_files([file("patients.csv", PATIENTS), file("flares.csv", FLARES)])
    assert months(cohort) == [365, 30, None]
    notes = told(cohort, "note")
    assert "its 4 rows are read as the relapses of 2 patients" in notes
    assert "what it says of each relapse is not used: severity" in notes


def test_repeating_relapses_of_redcap() -> None:
    header = "record_id,redcap_event_name,redcap_repeat_instrument,tx_date,last_contact_date,died"
    header += ",visit_date,sledai,flare_date,severity"
    rows = [
        "1,enrollment_arm_1,,2010-01-01,2014-01-01,0,,,,",
        "1,baseline_arm_1,,,,,2010-01-01,8,,",
        "1,month_3_arm_1,,,,,2010-04-01,4,,",
        "1,flares_arm_1,flare,,,,,,2012-01-01,1",
        "1,flares_arm_1,flare,,,,,,2011-01-01,2",
        "2,enrollment_arm_1,,2010-06-01,2013-06-01,0,,,,",
        "2,baseline_arm_1,,,,,2010-06-01,9,,",
    ]
    cohort = read_cohort("\n".join([header, *rows]).encode())
    assert (len(cohort), len(cohort.visits), len(cohort.left_out)) == (2, 3, 0)
    assert months(cohort) == [365, None]
    assert "what is said of each relapse is not used: severity" in told(cohort, "note")


def test_relapses_among_adverse_events() -> None:
    events = "patient_id,months,event\na,0,flare\na,24,Flare\na,12,flare\nb,3,infection\nc,6,relapse\n"
    cohort = read_files([file("patients.csv", PATIENTS), file("events.csv", events)])
    assert list(cohort.patients["relapse_months"].fillna(-1)) == [12, -1, 6]
    assert "of the adverse events is read as the first relapse (2 patients)" in told(cohort, "note")
    assert list(cohort.patients.columns).index("relapse_months") < list(cohort.patients.columns).index("died") + 3
    alone = read_files([file("patients.csv", PATIENTS), file("events.csv", "patient_id,months,event\na,1,fever\n")])
    assert "relapse_months" not in alone.patients


TIMES = "patient_id,follow_up_months,died"
FOLLOWED = {"A": 30, "B": 40, "C": 50, "D": 20, "E": 60, "F": 10}


def timed(heading: str, other: str = "", first: str = "") -> str:
    """Return a table in which only the first patient had a relapse, after a year."""
    rows = [
        f"{each},{months},{int(each in 'BF')},{first if each == 'A' else other or months}"
        for each, months in FOLLOWED.items()
    ]
    return "\n".join([f"{TIMES},{heading}", *rows])


def test_a_relapse_at_zero_is_none() -> None:
    cohort = read_cohort(timed("relapse_months", "0", "12").encode())
    assert list(cohort.patients["relapse_months"].dropna()) == [12]
    assert '"0" is read as no relapse (5 rows)' in told(cohort)


def test_times_to_relapse_that_are_the_end_of_follow_up_are_asked() -> None:
    text = timed("Time to relapse (months)", first="12").encode()
    with pytest.raises(CohortError, match=r"5 times of Time to relapse .* would not be counted as relapses"):
        read_cohort(text)
    cohort = read_cohort(text, mapping={"without.patients.relapse_months.ends": "5"})
    assert list(cohort.patients["relapse_months"].dropna()) == [12]


def test_one_time_to_relapse_at_the_end_of_follow_up_is_doubtful() -> None:
    rows = ["A,30,0,12", "B,40,1,40", "C,50,0,20", "D,20,0,"]
    cohort = read_cohort("\n".join([f"{TIMES},relapse_months", *rows]).encode())
    assert list(cohort.patients["relapse_months"].dropna()) == [12, 40, 20]
    assert "is also the end of follow-up" in told(cohort)


def test_codes_beside_times_are_asked_in_a_table_of_codes() -> None:
    rows = [f"{each},{months},0,{'2,12' if each == 'A' else f'1,{months}'}" for each, months in FOLLOWED.items()]
    file_of_codes = file("p.csv", "\n".join([f"{TIMES},Relapse,Time to relapse (months)", *rows]))
    (question,) = propose([file_of_codes]).questions
    assert (question.kind, question.key, question.levels) == ("codes", "Relapse", ("yes", "no"))
    answer = {question.key: question.answered(*("no" if value == "1" else "yes" for value, _ in question.choices))}
    assert list(read_files([file_of_codes], mapping=answer).patients["relapse_months"].dropna()) == [12]
