"""Tables of treatments and infusions: recognised, read in months, and what is wrong in them told by row."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, load_sample, read_cohort
from analysis.export.table_files import cohort_archive, template_workbook
from analysis.intake.assemble import read_files
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile

PATIENTS = pd.DataFrame(
    {
        "patient_id": ["a", "b", "c"],
        "follow_up_months": [12.0, 24.0, 30.0],
        "died": [0, 0, 1],
        "transplant_date": ["2020-01-01"] * 3,
    }
)
PERIODS = pd.DataFrame(
    {
        "patient_id": ["a", "a", "b"],
        "drug": ["prednisone", "prednisone", "mycophenolate"],
        "dose": [20, 5, 1.5],
        "dose_unit": ["mg/day", "mg/day", "g/day"],
        "start_months": [-3.0, 2.0, 0.0],
        "stop_months": [2.0, None, 8.0],
    }
)
INFUSIONS = pd.DataFrame({"patient_id": ["a", "b", "b"], "months": [0, 0, 6], "cell_dose_million_per_kg": [1, 1, 2]})


def found(cohort: Cohort, table: str, kind: str) -> list[tuple[object, str]]:
    """Return row and message of the findings of a kind in a table."""
    held = cohort.findings[(cohort.findings["table"] == table) & (cohort.findings["kind"] == kind)]
    return list(zip(held["row"], held["message"], strict=True))


def read(periods: pd.DataFrame, **more: object) -> Cohort:
    return read_cohort(PATIENTS.drop(columns="transplant_date"), treatments=periods, **more)


def test_periods_and_infusions_are_read_as_they_stand() -> None:
    cohort = read(PERIODS, infusions=INFUSIONS)
    assert cohort.recorded == {"treatments", "infusions"}
    pd.testing.assert_frame_equal(cohort.treatments, PERIODS, check_dtype=False)
    assert cohort.infusions["months"].tolist() == [0, 0, 6]
    assert cohort.rows_of("treatments").tolist() == [0, 0, 1]
    part = cohort.subset(np.array([False, True, True]))
    assert part.treatments["drug"].tolist() == ["mycophenolate"]
    assert part.rows_of("infusions").tolist() == [0, 0]
    assert cohort.of_patient("b").infusions["months"].tolist() == [0, 6]


def test_no_table_is_not_an_empty_one() -> None:
    without, empty = read_cohort(PATIENTS), read(PERIODS.head(0).astype(str), mapping=None)
    assert without.recorded == frozenset()
    assert empty.recorded == {"treatments"}
    assert without.fingerprint != read(PERIODS).fingerprint


def test_a_fingerprint_does_not_depend_on_the_order_of_periods() -> None:
    assert read(PERIODS).fingerprint == read(PERIODS.iloc[::-1]).fingerprint
    assert read(PERIODS).fingerprint != read(PERIODS.assign(dose=1)).fingerprint


def test_dates_are_months_since_transplantation() -> None:
    dated = pd.DataFrame(
        {
            "patient_id": ["a", "b"],
            "medication": ["prednisone", "prednisone"],
            "start_date": ["2020-01-01", "2019-12-01"],
            "end date": ["2020-07-01", "ongoing"],
        }
    )
    cohort = read_cohort(PATIENTS, treatments=dated)
    assert cohort.treatments["start_months"].round(2).tolist() == [0.0, -1.02]
    assert cohort.treatments["stop_months"].round(2).tolist()[0] == 5.98
    assert cohort.treatments["stop_months"].isna().tolist() == [False, True]
    infused = pd.DataFrame({"patient_id": ["a"], "date_of_infusion": ["2020-07-01"], "msc_source": ["UC"]})
    assert read_cohort(PATIENTS, infusions=infused).infusions["months"].round(2).tolist() == [5.98]


@pytest.mark.parametrize("name", ["treatments", "infusions"])
def test_dates_without_those_of_transplantation_are_refused(name: str) -> None:
    tables = {
        "treatments": pd.DataFrame({"patient_id": ["a"], "drug": ["x"], "start_date": ["2020-01-01"]}),
        "infusions": pd.DataFrame({"patient_id": ["a"], "infusion_date": ["2020-01-01"]}),
    }
    with pytest.raises(CohortError, match=f"{name} with dates need the date of transplantation"):
        read_cohort(PATIENTS.drop(columns="transplant_date"), **{name: tables[name]})


def test_a_unit_of_time_in_the_heading_or_told_is_used() -> None:
    weeks = PERIODS.drop(columns=["start_months", "stop_months"]).assign(
        **{"start (weeks)": [0, 13, 0], "stop_weeks": 26}
    )
    assert read(weeks).treatments["stop_months"].round(1).unique().tolist() == [6.0]


def test_a_period_that_ends_before_it_starts_is_left_out() -> None:
    cohort = read(PERIODS.assign(stop_months=[2.0, 1.0, 8.0]))
    assert len(cohort.treatments) == 2
    [(row, message)] = found(cohort, "treatments", "left out")
    assert row == 2
    assert "ends before it starts" in message


def test_an_end_that_cannot_be_read_does_not_go_on() -> None:
    cohort = read(PERIODS.assign(stop_months=["2", "soon", "8"]))
    assert len(cohort.treatments) == 2
    [(row, message)] = found(cohort, "treatments", "left out")
    assert row == 2
    assert "the end of the period cannot be read" in message


def test_no_column_of_ends_is_doubtful() -> None:
    cohort = read(PERIODS.drop(columns="stop_months").iloc[[0, 2]])
    assert cohort.treatments["stop_months"].isna().all()
    assert "each is read as taken until the end of follow-up" in found(cohort, "treatments", "doubtful")[0][1]


@pytest.mark.parametrize(("start", "doubted"), [(1.0, True), (2.0, False), (3.0, False)])
def test_overlapping_periods_of_a_drug_are_doubtful(start: float, doubted: bool) -> None:
    cohort = read(PERIODS.assign(start_months=[-3.0, start, 0.0]))
    told = found(cohort, "treatments", "doubtful")
    assert [row for row, message in told if "within another period" in message] == ([2] if doubted else [])
    # Of another drug, or of another patient, they do not overlap.
    apart = read(PERIODS.assign(start_months=-5.0, drug=["prednisone", "azathioprine", "prednisone"]))
    assert not found(apart, "treatments", "doubtful")


def test_a_long_period_covers_later_ones() -> None:
    periods = pd.DataFrame({"patient_id": "a", "drug": "MMF", "start_months": [0, 1, 5], "stop_months": [10, 2, 6]})
    assert [row for row, _ in found(read(periods), "treatments", "doubtful")] == [2, 3]


def test_what_is_wrong_in_a_row_is_told() -> None:
    periods = pd.DataFrame(
        {
            "patient_id": ["a", "z", "b", "c", "b"],
            "drug": ["PREDNISONE", "prednisone", "Prednisone", "MMF", ""],
            "dose": ["much", "5", "5", "2", "1"],
            "start_months": ["0", "0", "0", "31", "3"],
            "stop_months": ["3", "3", "4", "32", "4"],
        }
    )
    cohort = read(periods)
    assert cohort.treatments["drug"].tolist() == ["PREDNISONE", "PREDNISONE", "MMF"]
    assert cohort.treatments["dose"].isna().tolist() == [True, False, False]
    doubts = dict(found(cohort, "treatments", "doubtful"))
    assert "is not a number" in doubts[1]
    assert "after the end of the patient's follow-up, which is the death" in doubts[4]
    left_out = dict(found(cohort, "treatments", "left out"))
    assert set(left_out) == {2, 5}
    assert "not in the patient table" in left_out[2]
    assert any('"Prednisone" is read as PREDNISONE' in message for _, message in found(cohort, "treatments", "note"))


def test_after_a_cutoff_nothing_is_known() -> None:
    periods = PERIODS.assign(patient_id=["a", "a", "b"], start_months=[0.0, 7.0, 0.0], stop_months=[2.0, 9.0, 8.0])
    cohort = read_cohort(PATIENTS, treatments=periods, infusions=INFUSIONS, cutoff="2020-06-01")
    assert cohort.treatments["start_months"].tolist() == [0.0, 0.0]
    assert cohort.treatments["stop_months"].isna().tolist() == [False, True]
    assert cohort.infusions["months"].tolist() == [0, 0]


def test_a_number_of_infusions_that_differs_is_doubtful() -> None:
    cohort = read_cohort(PATIENTS.assign(infusions=[1, 1, 0]), infusions=INFUSIONS)
    assert [row for row, message in found(cohort, "infusions", "doubtful")] == [2]


def test_infusions_alone_name_the_column_and_not_the_table() -> None:
    cohort = read_cohort(PATIENTS.assign(n=[1, 2, 0]), infusions=INFUSIONS, mapping={"infusions": "n"})
    assert cohort.patients["infusions"].tolist() == [1, 2, 0]
    assert len(cohort.infusions) == 3


def workbook(**sheets: pd.DataFrame) -> HeldFile:
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as book:
        for name, table in sheets.items():
            table.to_excel(book, sheet_name=name, index=False)
    return HeldFile("cohort.xlsx", buffer.getvalue())


SHEETS = {
    "p": PATIENTS,
    "v": pd.DataFrame({"patient_id": ["a", "b"], "months": [0, 6], "sledai": [8, 4]}),
    "e": pd.DataFrame({"patient_id": ["a"], "months": [3], "event": ["fever"]}),
    "t": PERIODS,
    "i": INFUSIONS.assign(route="iv"),
}


@pytest.mark.parametrize("packed", [True, False])
def test_they_are_found_among_the_sheets_and_files(packed: bool) -> None:
    files = [HeldFile(f"{name}.csv", table.to_csv(index=False).encode()) for name, table in SHEETS.items()]
    cohort = read_files([workbook(**SHEETS)] if packed else files[::-1])
    sizes = [len(getattr(cohort, name)) for name in ("patients", "visits", "events", "treatments", "infusions")]
    assert sizes == [3, 2, 1, 3, 3]


def test_other_tables_are_not_taken_for_them() -> None:
    """Not a visit table with the source of the cells, and not a part of the patient table with their number."""
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [0, 6], "msc_source": ["BM", "UC"], "my_score": [3, 4]})
    cells = pd.DataFrame(
        {"patient_id": ["a", "b", "c"], "sex": ["f", "m", "f"], "transplant_date": "2020-01-01", "cell_dose": [1, 2, 1]}
    )
    both = PATIENTS.drop(columns="transplant_date")
    cohort = read_files(
        [HeldFile(f"{n}.csv", t.to_csv(index=False).encode()) for n, t in enumerate([both, visits, cells])]
    )
    assert cohort.recorded == frozenset()
    assert len(cohort.visits) == 2
    assert "cell_dose_million_per_kg" in cohort.patients


def test_rows_of_one_drug_with_start_and_stop_are_periods_and_those_with_a_status_are_refused() -> None:
    periods = pd.DataFrame({"patient_id": ["a", "a"], "drug": ["x", "x"], "start": [0, 5], "stop": [5, 7]})
    with pytest.raises(CohortError, match="is the start of the treatment in days, weeks, months or years"):
        read(periods)
    told = {name: Source(name.removesuffix("_months"), unit="years") for name in ("start_months", "stop_months")}
    assert read(periods, mapping=told).treatments["stop_months"].tolist() == [60, 84]
    rows = periods.rename(columns={"drug": "treatment"}).assign(status=[0, 1])
    with pytest.raises(CohortError, match="its rows are intervals of time"):
        read_files([HeldFile("rows.csv", rows.to_csv(index=False).encode())])


def test_two_tables_of_a_kind_are_asked_about() -> None:
    proposal = propose([workbook(p=PATIENTS, one=INFUSIONS.assign(route="iv"), two=INFUSIONS.assign(route="sc"))])
    [question] = proposal.questions
    assert (question.kind, question.key) == ("sheet", "infusions_table")
    answered = propose(
        [workbook(p=PATIENTS, one=INFUSIONS.assign(route="iv"), two=INFUSIONS.assign(route="sc"))],
        {question.key: question.answered("two")},
    )
    assert answered.reading is not None
    assert set(answered.reading.cohort.infusions["route"]) == {"subcutaneous"}


def test_the_archive_and_the_template_hold_them() -> None:
    sample = load_sample()
    data = cohort_archive(sample)
    again = read_files([HeldFile("again.zip", data)], mapping={"pga": "pga"}) if data else sample
    assert len(again.treatments) == len(sample.treatments)
    assert len(again.infusions) == len(sample.infusions)
    names = openpyxl.load_workbook(io.BytesIO(template_workbook()), read_only=True).sheetnames
    assert names == ["patients", "visits", "events", "treatments", "infusions", "dictionary"]


HOSTILE = ['=HYPERLINK("http://x","y")', "![x](http://x)", "<script>alert(1)</script>", "$x$ _y_", "\u202ex", "a\nb"]


def test_hostile_drugs_and_doses_stay_text() -> None:
    periods = pd.DataFrame(
        {
            "patient_id": ["a"] * len(HOSTILE),
            "drug": HOSTILE,
            "dose": ["1e999", "-5", "nan", "=1+1", "9" * 40, "5"],
            "dose_unit": HOSTILE,
            "start_months": ["0", "1e400", "-1e9", "abc", "3", "4"],
        }
    )
    cohort = read(periods)
    assert np.isfinite(cohort.treatments["start_months"]).all()
    assert np.isfinite(cohort.treatments["dose"].dropna()).all()
    infused = pd.DataFrame(
        {"patient_id": ["a", "a"], "months": ["1e400", "2"], "route": HOSTILE[:2], "lot": HOSTILE[2:4]}
    )
    assert read_cohort(PATIENTS, infusions=infused).infusions["months"].tolist() == [2.0]
