"""Long tables, REDCap exports, workbooks of several sheets, dates of all kinds: what comes out of each shape."""

import io

import openpyxl
import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort

LONG = """pid,sex,age,fu_months,died,month,sledai
a,F,30,24,1,0,12
a,F,30,24,1,6,4
b,M,40,36,0,0,10
b,M,40,36,0,3,8
b,M,40,36,0,12,2
"""
FIRST_ONLY = """pid,sex,age,fu_months,died,month,sledai
a,F,30,24,1,0,12
a,,,,,6,4
b,M,40,36,0,0,10
b,,,,,3,8
b,,,,,12,2
"""
REDCAP_RAW = """record_id,redcap_event_name,sex,age,fu_months,died,organs___renal,organs___skin,sledai_total,a_complete
1,baseline_arm_1,F,30,24,1,1,0,12,2
1,month_6_arm_1,,,,,,,4,
2,baseline_arm_1,M,40,36,0,0,1,10,2
2,month_3_arm_1,,,,,,,8,
2,year_1_arm_1,,,,,,,2,
"""
REDCAP_LABELLED = """\
Record ID,Event Name,Sex,Age,FU (months),Died,Organs (choice=Renal),Organs (choice=Skin),SLEDAI,Complete?
1,Baseline (Arm 1: MSC),Female,30,24,Yes,Checked,Unchecked,12,Complete
1,Month 6 (Arm 1: MSC),,,,,,,4,
2,Baseline (Arm 1: MSC),Male,40,36,No,Unchecked,Checked,10,Complete
2,Month 3 (Arm 1: MSC),,,,,,,8,
2,12 months (Arm 1: MSC),,,,,,,2,
"""
REDCAP_REPEATS = """\
record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,age,fu_months,died,visit_month,sledai,ae_term,ae_month
1,,,F,30,24,1,,,,
1,visit,1,,,,,0,12,,
1,visit,2,,,,,6,4,,
1,adverse_event,1,,,,,,,fever,2
2,,,M,40,36,0,,,,
2,visit,1,,,,,0,10,,
2,visit,2,,,,,3,8,,
2,visit,3,,,,,12,2,,
"""


def read(text: str, **options: object) -> Cohort:
    return read_cohort(text.encode(), **options)


@pytest.mark.parametrize(
    "text",
    [LONG, FIRST_ONLY, REDCAP_RAW, REDCAP_LABELLED, REDCAP_REPEATS],
    ids=["long", "first", "raw", "labelled", "repeats"],
)
def test_a_long_table_becomes_patients_and_visits(text: str) -> None:
    cohort = read(text)
    assert list(cohort.patients["sex"]) == ["female", "male"]
    assert list(cohort.patients["age_years"]) == [30, 40]
    assert list(cohort.patients["follow_up_months"]) == [24, 36]
    assert list(cohort.patients["died"]) == [True, False]
    assert list(cohort.visits["months"]) == [0, 6, 0, 3, 12]
    assert list(cohort.visits["sledai"]) == [12, 4, 10, 8, 2]
    assert cohort.rows_read == 2
    assert set(cohort.findings["kind"]) == {"note"}
    if "rgans" in text:
        assert list(cohort.patients["organs"]) == [{"renal"}, {"skin"}]
    assert len(cohort.events) == ("ae_term" in text)


def test_rows_of_a_long_table_are_those_of_the_file() -> None:
    text = FIRST_ONLY.replace("b,M,40,36,0,0,10", "b,M,forty,,0,0,10").replace("b,,,,,3,8", "b,,,,,soon,8")
    cohort = read(text)
    assert [(row["table"], row["row"]) for row in cohort.left_out.to_dict("records")] == [
        ("patients", 4),
        ("visits", 4),
        ("visits", 5),
        ("visits", 6),
    ]


def test_a_contradiction_within_a_patient_is_a_finding() -> None:
    cohort = read(LONG.replace("a,F,30,24,1,6,4", "a,M,30,24,1,6,4"), mapping={"sex": "sex"})
    doubts = cohort.findings[cohort.findings["kind"] == "doubtful"]
    assert [(row["row"], row["column"], row["value"]) for row in doubts.to_dict("records")] == [(3, "sex", "M")]
    assert cohort.patients["sex"].iloc[0] == "female"


def test_a_contradiction_about_death_is_asked() -> None:
    with pytest.raises(CohortError) as refused:
        read(LONG.replace("a,F,30,24,1,6,4", "a,F,30,24,0,6,4"))
    (finding,) = refused.value.findings
    assert (finding.question, finding.column, finding.row) == ("duplicates", "died", 3)


def test_a_long_table_beside_a_patient_table_holds_visits() -> None:
    cohort = read_cohort(b"pid,fu_months,died\na,24,1\nb,36,0\n", LONG.encode())
    assert (len(cohort), len(cohort.visits)) == (2, 5)


def book(*, hidden: str = "", **sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


PATIENT_ROWS: list[list[object]] = [
    ["Hospital export"],
    [],
    [None, "Pt.ID", "Transplant date", "Last contact", "Date of death", "Female"],
    [None, 7, pd.Timestamp("2010-01-01"), pd.Timestamp("2011-01-01"), None, True],
    [None, 8, pd.Timestamp("2010-01-01"), None, pd.Timestamp("2010-07-01"), False],
]
VISIT_ROWS: list[list[object]] = [
    ["Pt.ID", "Visit date", "SLEDAI-2K"],
    [7, pd.Timestamp("2010-02-01"), 4],
    [8, "#N/A", 5],
]


def test_a_workbook_of_two_sheets() -> None:
    cohort = read_cohort(book(Notes=[["made by hand"]], Patients=PATIENT_ROWS, Visits=VISIT_ROWS))
    assert list(cohort.patients["patient_id"]) == ["7", "8"]
    assert list(cohort.patients["died"]) == [False, True]
    assert list(cohort.patients["sex"]) == ["female", "male"]
    assert list(cohort.patients["follow_up_months"] * 30.4375) == pytest.approx([365, 181])
    assert list(cohort.visits["months"] * 30.4375) == pytest.approx([31])
    assert cohort.left_out["row"].tolist() == [3]


def test_a_hidden_sheet_is_used_only_when_it_is_named() -> None:
    data = book(hidden="Old", Patients=PATIENT_ROWS, Old=VISIT_ROWS)
    cohort = read_cohort(data)
    assert len(cohort.visits) == 0
    assert "the sheet is hidden" in " ".join(cohort.findings["message"])
    assert len(read_cohort(data, mapping={"visits": "Old"}).visits) == 1
    assert len(read_cohort((data, "Patients"), (data, "Old")).visits) == 1


def test_two_header_rows_in_a_workbook() -> None:
    rows: list[list[object]] = [
        ["ID", "Baseline", None, "Outcome", None],
        [None, "age", "sex", "follow_up_months", "died"],
        ["a", 30, "F", 24, 1],
        ["b", 40, "M", 36, 0],
    ]
    cohort = read_cohort(book(Sheet=rows))
    assert list(cohort.patients["age_years"]) == [30, 40]


DATED = "id,transplant_date,last_contact_date,death_date\n"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2010-01-15", "2011-01-15"),
        ("2010-01-15T00:00:00", "2011-01-15 10:30"),
        ("15.01.2010", "15.01.2011"),
        ("15/1/2010", "15/1/2011"),
        ("01/15/2010", "01/15/2011"),
        ("15-Jan-2010", "15-Jan-2011"),
        ("15JAN2010", "15JAN2011"),
        ("15 janvier 2010", "15 janvier 2011"),
        ("15. Januar 2010", "15. Januar 2011"),
        ("January 15, 2010", "January 15, 2011"),
        ("20100115", "20110115"),
        ("2010-01", "2011-01"),
        ("01/2010", "01/2011"),
        ("Jan 2010", "Jan 2011"),
        ("2010年1月15日", "2011年1月15日"),
    ],
)
def test_dates_that_can_be_read_one_way(start: str, end: str) -> None:
    cohort = read(f'{DATED}a,"{start}","{end}",\nb,"{start}",,"{end}"\n')
    assert list(cohort.patients["follow_up_months"] * 30.4375) == pytest.approx([365, 365])
    assert list(cohort.patients["died"]) == [False, True]


def test_how_dates_are_read_is_said() -> None:
    words = " ".join(read(f"{DATED}a,31/12/10,2011-05,\nb,01/02/10,2012-05,\n").findings["message"])
    assert "read day first; no other way fits them all" in words
    assert "the middle of the month is taken" in words
    assert "a year of two digits" in words


@pytest.mark.parametrize(
    "dates", [("01/02/2010", "03/04/2010"), ("13/02/2010", "02/13/2010"), ("01.02.10", "02.01.10")]
)
def test_dates_that_can_be_read_two_ways_are_asked(dates: tuple[str, str]) -> None:
    text = f"{DATED}a,{dates[0]},2011-01-01,\nb,{dates[1]},2011-01-01,\n"
    with pytest.raises(CohortError) as refused:
        read(text)
    assert [(finding.question, finding.column) for finding in refused.value.findings] == [("format", "transplant_date")]
    told = read(text, mapping={"transplant_date": Source("transplant_date", format="day first")})
    assert len(told) + len(told.left_out) == 2


@pytest.mark.parametrize(
    ("unit", "factor"), [("days", 1 / 30.4375), ("weeks", 7 / 30.4375), ("months", 1), ("years", 12)]
)
def test_the_unit_in_a_name(unit: str, factor: float) -> None:
    cohort = read(f"id,follow-up ({unit}),died\na,10,1\nb,20,0\n")
    assert cohort.patients["follow_up_months"].iloc[0] == pytest.approx(10 * factor)


def test_a_wide_table_without_visits() -> None:
    cohort = read("id,time_months,status,arm,renal,skin\na,1,dead,UC-MSC,1,0\nb,2,alive,BM-MSC,1,1\n")
    assert list(cohort.patients["msc_source"]) == ["UC", "BM"]
    assert "there is no visit table" in " ".join(cohort.findings["message"])


def test_a_patient_table_with_events_in_words_beside_time_and_status() -> None:
    rows = [f"{number},{10 * number},{1 + number % 2},{'SAE' if number % 3 else ''}" for number in range(1, 7)]
    mapping = {"follow_up_months": Source("time", unit="months"), "died": Source("status", event=["2"])}
    cohort = read("\n".join(["id,time,status,event", *rows]), mapping=mapping)
    assert (len(cohort), int(cohort.patients["died"].sum())) == (6, 3)
    with pytest.raises(CohortError) as refused:
        read("\n".join(["id,time,status,event", *rows]))
    assert {finding.question for finding in refused.value.findings} == {"unit", "event", "column"}
