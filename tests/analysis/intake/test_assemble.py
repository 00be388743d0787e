"""Which table is which, the cohort that comes of it, and its fingerprint."""

import io
import time
from dataclasses import dataclass

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis import Cohort, CohortError, load_sample, read_cohort
from analysis.cohort.findings import Finding
from analysis.intake.assemble import SAMPLE, findings_frame, read_files

PATIENTS = "patient_id,follow_up_months,died\na,9,1\nb,9,0\n"
VISITS = "patient_id,months,sledai\na,1,4\na,2,6\n"
EVENTS = "patient_id,months,event\na,1,fever\n"


@dataclass
class Upload:
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


def workbook(**sheets: str) -> bytes:
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for name, text in sheets.items():
            pd.read_csv(io.StringIO(text)).to_excel(writer, sheet_name=name, index=False)
    return buffer.getvalue()


def sizes(cohort: Cohort) -> tuple[int, int, int]:
    return len(cohort.patients), len(cohort.visits), len(cohort.events)


def test_the_sample_reads_without_a_doubt() -> None:
    sample = load_sample()
    assert sample.findings["kind"].tolist() == ["note", "note"]  # its eGFR is computed; treatments that go on
    assert len(sample.left_out) == 0
    assert sample.rows_read == len(sample) == 87
    assert sample.name == "Synthetic sample (87 patients)"
    assert len(sample.visits) == len(pd.read_csv(SAMPLE / "visits.csv"))


def test_the_sample_keeps_every_value() -> None:
    sample = load_sample()
    plain = pd.read_csv(SAMPLE / "patients.csv")
    for name in ("follow_up_months", "relapse_months", "age_years"):
        assert np.array_equal(sample.patients[name], plain[name].astype(float), equal_nan=True)
    assert [";".join(sorted(held)) for held in sample.patients["organs"]] == [
        ";".join(sorted(text.split(";"))) for text in plain["organs"]
    ]
    visits = pd.read_csv(SAMPLE / "visits.csv", keep_default_na=False)
    assert sample.visits["remission"].astype(str).tolist() == visits["remission"].tolist()


def test_a_cohort_read_again_is_the_same() -> None:
    sample = load_sample()
    tables = {"treatments": sample.treatments, "infusions": sample.infusions}
    again = read_cohort(sample.patients, sample.visits, sample.events, **tables)
    assert again.fingerprint == sample.fingerprint
    # Of the scale of the physician's assessment, and of treatments that go on.
    assert again.findings["kind"].tolist() == ["note", "note"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([("p.csv", PATIENTS)], (2, 0, 0)),
        ([("p.csv", PATIENTS), ("v.csv", VISITS)], (2, 2, 0)),
        ([("v.tsv", VISITS.replace(",", "\t")), ("p.csv", PATIENTS)], (2, 2, 0)),
        ([("e.csv", EVENTS), ("v.csv", VISITS), ("p.csv", PATIENTS)], (2, 2, 1)),
    ],
)
def test_files_are_told_apart_by_their_columns(files: list[tuple[str, str]], expected: tuple[int, int, int]) -> None:
    cohort = read_files([Upload(name, text.encode()) for name, text in files])
    assert sizes(cohort) == expected
    assert cohort.name == "p"


def test_a_workbook_is_searched_for_its_tables() -> None:
    data = workbook(Readme="about,this\n1,2\n", Followup=VISITS, Patients=PATIENTS, AE=EVENTS)
    cohort = read_files([Upload("cohort.xlsx", data)])
    assert sizes(cohort) == (2, 2, 1)
    assert sizes(read_cohort(data)) == (2, 2, 1)
    assert sizes(read_cohort((data, "Patients"))) == (2, 0, 0)
    assert sizes(read_cohort((data, "Patients"), (data, "Followup"))) == (2, 2, 0)
    assert sizes(read_cohort(PATIENTS.encode(), data)) == (2, 2, 0)
    assert cohort.findings["message"].iloc[0].startswith("cohort.xlsx, sheet Readme: it is not used")


def test_a_workbook_without_visits_says_so() -> None:
    cohort = read_cohort(workbook(Patients=PATIENTS))
    assert sizes(cohort) == (2, 0, 0)
    assert "there is no visit table" in cohort.findings["message"].iloc[0]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("v.csv", VISITS)], "this is not a patient table"),
        ([("e.csv", EVENTS)], "this is not a patient table"),
        ([("v.csv", VISITS), ("e.csv", EVENTS)], "none of these looks like a patient table"),
        ([("p.csv", PATIENTS), ("q.csv", PATIENTS)], "p.csv and q.csv: each looks like a patient table"),
        ([("p.csv", PATIENTS), ("v.csv", VISITS), ("w.csv", VISITS)], "each looks like a visit table"),
        ([("x.csv", "a,b\n1,2\n")], "there is no column for the follow-up"),
    ],
)
def test_tables_that_make_no_cohort_are_refused(files: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(CohortError, match=words):
        read_files([Upload(name, text.encode()) for name, text in files])


def test_patients_without_ids_are_numbered_only_without_visits() -> None:
    frame = pd.DataFrame({"follow_up_months": [1, 2], "died": [0, 1]})
    cohort = read_cohort(frame)
    assert list(cohort.patients["patient_id"]) == ["1", "2"]
    assert "the patients are numbered" in " ".join(cohort.findings["message"])
    with pytest.raises(CohortError, match="there is no column for the patients"):
        read_cohort(frame, VISITS.encode())


def test_a_visit_table_without_rows_is_a_visit_table() -> None:
    cohort = read_cohort(PATIENTS.encode(), b"patient_id,months,sledai,remission\n")
    assert sizes(cohort) == (2, 0, 0)
    assert list(cohort.visits.columns) == ["patient_id", "months", "sledai", "remission"]
    assert len(cohort.findings) == 0


@pytest.mark.parametrize("name", ["self", "months", "index", "group", "a.b[0]", "=1+1", "visit_date"])
def test_any_name_can_be_that_of_another_column(name: str) -> None:
    cohort = read_cohort(f"patient_id,follow_up_months,died,{name}\na,9,1,x\nb,9,0,y\n".encode())
    assert list(cohort.patients[name]) == ["x", "y"]


def test_the_fingerprint_knows_the_data_and_not_their_order() -> None:
    whole = read_cohort(PATIENTS.encode(), VISITS.encode()).fingerprint
    reordered = read_cohort(b"died,patient_id,follow_up_months\n0,b,9.0\n1,a,9\n", VISITS.encode()).fingerprint
    assert reordered == whole
    changed = [
        read_cohort(PATIENTS.replace("b,9", "b,8").encode(), VISITS.encode()),
        read_cohort(PATIENTS.encode(), VISITS.replace("6", "7").encode()),
        read_cohort(PATIENTS.encode()),
        read_cohort(PATIENTS.replace("b,", "c,").encode(), VISITS.encode()),
    ]
    assert len({whole, *(cohort.fingerprint for cohort in changed)}) == 5
    assert len(whole) == 64


def test_the_fingerprint_stays_what_it_was() -> None:
    cohort = read_cohort(
        b"patient_id,follow_up_months,died,msc_source,organs\na,9,1,UC,skin;renal\nb,9.5,0,,none\n", VISITS.encode()
    )
    assert cohort.fingerprint == "bfdc48af22016059b1f63da4e5bf5b1ceb3080bc4ce6c84769fc9325ff2c05de"


def test_findings_as_a_table() -> None:
    table = findings_frame(
        [Finding("note", "patients", None, "", "", "words"), Finding("note", "visits", 3, "", "", "")]
    )
    assert list(table.columns) == ["kind", "table", "row", "column", "value", "message", "question"]
    assert table["row"].isna().tolist() == [True, False]
    assert len(findings_frame([])) == 0


def test_a_large_cohort_is_read_in_seconds() -> None:
    count = 100_000
    number = np.arange(count)
    patients = pd.DataFrame(
        {
            "patient_id": number,
            "follow_up_months": number % 600 / 10,
            "died": number % 7 == 0,
            "msc_source": np.where(number % 2, "UC", "BM"),
            "organs": np.where(number % 3, "renal;skin", "none"),
        }
    ).to_csv(index=False)
    began = time.perf_counter()
    cohort = read_cohort(patients.encode())
    assert len(cohort) == count
    assert time.perf_counter() - began < 20


def test_rows_of_a_workbook_are_named_as_excel_shows_them() -> None:
    book = openpyxl.Workbook()
    for row in (["patient_id", "follow_up_months", "died"], ["a", 1, 0], [], ["b", "twelve", 1], ["c", 2, 1]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    cohort = read_files([Upload("cohort.xlsx", buffer.getvalue())])
    assert cohort.left_out["reason"].tolist() == [
        (
            'cohort.xlsx, sheet Sheet, row 4, column follow_up_months: "twelve" is not a number. '
            "The patient is left out; write months as a number, such as 12.5."
        )
    ]


def test_a_sheet_of_the_patients_that_is_not_used_is_doubtful() -> None:
    patients = "patient_id,follow_up_months,died\na,12,0\nb,14,1"
    book = workbook(Patients=patients, Doses="patient_id,dose\na,1\na,2\nb,2", Readme="about,when\nthis,now")
    found = read_cohort(book).findings
    told = found[found["message"].str.contains("it is not used")].set_index("table")["kind"]
    assert told.to_dict() == {"Doses": "doubtful", "Readme": "note"}
