"""Text files as spreadsheets, databases and people write them: what comes out of each, row by row."""

import csv
import io

import pytest

from analysis import Cohort, CohortError, read_cohort
from analysis.intake.reading import parse

PLAIN = [
    ["patient_id", "follow_up_months", "died", "note"],
    ["007", "12.5", "1", "é"],
    ["0012345678901234567", "3", "0", "x"],
]


def read(text: str | bytes, **options: object) -> Cohort:
    return read_cohort(text.encode() if isinstance(text, str) else text, **options)


def written(delimiter: str, line_end: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(PLAIN)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_dialect_gives_the_same_cells(delimiter: str, line_end: str, encoding: str) -> None:
    (table,) = parse(written(delimiter, line_end).encode(encoding), "p.csv")
    assert [list(table.cells.columns), *table.cells.to_numpy().tolist()] == PLAIN
    assert list(table.cells.index) == [2, 3]


@pytest.mark.parametrize("sign", [";", ",", "\t", ":"])
def test_the_line_that_names_the_delimiter_is_obeyed(sign: str) -> None:
    (table,) = parse(f"sep={sign}\na{sign}b\n1{sign}2\n".encode(), "p.csv")
    assert list(table.cells.columns) == ["a", "b"]
    assert list(table.cells.index) == [3]


def test_chinese_files_are_read() -> None:
    cohort = read("编号,生存时间(月),死亡,性别\n1,12,是,女\n2,3,否,男\n".encode("gb18030"))
    assert list(cohort.patients["sex"]) == ["female", "male"]
    assert "GB 18030" in " ".join(cohort.findings["message"])


HEADER = "patient_id,follow_up_months,died\n"


@pytest.mark.parametrize(
    ("text", "patients", "left_out", "words"),
    [
        (f"Cohort 2012\nprinted 3 May\n\n{HEADER}a,1,1\nb,2,0\n", {"a": 5, "b": 6}, {}, "above the header is not used"),
        (f"{HEADER}a,1,1\n\n\nb,2,0\n\n", {"a": 2, "b": 5}, {}, ""),
        (f"{HEADER}a,1,1\nb,2,0\nTotal,3,1\n", {"a": 2, "b": 3}, {4: "sums up other rows"}, "sums up"),
        (f"{HEADER}a,1,1\nb,2,0\n\nMean follow-up,1.5,\n", {"a": 2, "b": 3}, {5: "sums up other rows"}, "sums up"),
        (f"{HEADER}a,1,1\nSumme:,2,0\n", {"a": 2}, {3: "sums up other rows"}, "sums up"),
        (f"{HEADER}total1,1,1\nb,2,0\n", {"total1": 2, "b": 3}, {}, ""),
        ('patient_id,follow_up_months,died,"a\nnote"\na,1,1,"two\nlines"\nb,2,0,x\n', {"a": 2, "b": 3}, {}, ""),
        ("patient_id,follow_up_months,died,,\na,1,1,,\nb,2,0,,\n", {"a": 2, "b": 3}, {}, ""),
        ("patient_id,follow_up_months,died\na,1,1,,\nb,2,0\n", {"a": 2, "b": 3}, {}, ""),
        (",patient_id,follow_up_months,died\n1,a,1,1\n2,b,2,0\n", {"a": 2, "b": 3}, {}, 'called "column 1"'),
        ("patient_id,follow_up_months,died\n1,a,1,1\n2,b,2,0\n", {"a": 2, "b": 3}, {}, 'called "column 1"'),
        ("patient_id,follow_up_months,died,x,y\na,1,1\nb,2,0,4,5\n", {"a": 2, "b": 3}, {}, "ends after 3 of 5 columns"),
        (
            "Patient,,Outcome,\npatient_id,sex,follow_up_months,died\na,F,1,1\nb,M,2,0\n",
            {"a": 3, "b": 4},
            {},
            "above the header",
        ),
        (
            "patient_id,Outcome,,Baseline,\n,follow_up_months,died,age,sex\na,1,1,20,F\nb,2,0,30,M\n",
            {"a": 3, "b": 4},
            {},
            "the header stands in two rows",
        ),
    ],
)
def test_what_surrounds_a_table(text: str, patients: dict[str, int], left_out: dict[int, str], words: str) -> None:
    cohort = read(text)
    assert list(cohort.patients["patient_id"]) == list(patients)
    assert dict(zip(cohort.left_out["row"], cohort.left_out["reason"], strict=True)).keys() == left_out.keys()
    assert all(reason in " ".join(cohort.left_out["reason"]) for reason in left_out.values())
    assert words in " ".join(cohort.findings["message"])
    assert cohort.rows_read == len(patients) + len(left_out)
    (table,) = parse(text.encode(), "p.csv")
    assert list(table.cells.index) == list(patients.values())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1,5", "12,25"], [1.5, 12.25]),
        (["1,5", "1.234,5"], [1.5, 1234.5]),
        (["1.5", "1,234.5"], [1.5, 1234.5]),
        (["1 234,5", "2,5"], [1234.5, 2.5]),
        (["1'234.5", "2"], [1234.5, 2]),
        (["1,234,567", "2"], [1234567, 2]),
        (["0,123", "2,5"], [0.123, 2.5]),
        (["1.5", "2,5"], [1.5, 2.5]),
        (["\u22121,5", "2,5"], [-1.5, 2.5]),
        (["1,5e1", "2"], [15, 2]),
    ],
)
def test_decimals_and_thousands(values: list[str], expected: list[float]) -> None:
    cohort = read(f"patient_id;follow_up_months;died;measure\na;1;1;{values[0]}\nb;2;0;{values[1]}\n")
    assert list(cohort.patients["measure"]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("follow_up_months", ["1,234", "12,5"], [1.234, 12.5]),
        ("follow_up_months", ["1,234", "2,345"], [1.234, 2.345]),  # as thousands it would be a century
        ("platelets", ["1,234", "345"], None),
        ("cell_dose_million_per_kg", ["1,234", "2,345"], [1.234, 2.345]),
    ],
)
def test_a_comma_is_read_for_the_column_as_a_whole(
    column: str, values: list[str], expected: list[float] | None
) -> None:
    columns = {"patient_id": ["a", "b"], "follow_up_months": ["1", "2"], "died": ["1", "0"], column: values}
    text = ";".join(columns) + "\n" + "\n".join(";".join(row) for row in zip(*columns.values(), strict=True)) + "\n"
    cohort = read(text)
    if expected is None:
        assert list(cohort.patients[column]) == values
    else:
        assert list(cohort.patients[column]) == pytest.approx(expected)
        assert "the comma is read as standing before decimals" in " ".join(cohort.findings["message"])


def test_a_comma_that_cannot_be_known_is_asked() -> None:
    patients, visits = b"patient_id,follow_up_months,died\na,20,1\n", b"patient_id;months;dsdna\na;1;1,234\na;2;2,345\n"
    with pytest.raises(CohortError) as refused:
        read_cohort(patients, visits)
    (finding,) = refused.value.findings
    assert (finding.question, finding.column, finding.value) == ("format", "dsdna", "1,234")
    assert [choice for choice, _ in finding.choices] == ["decimal comma", "decimal point"]


def test_errors_of_a_spreadsheet_are_missing_with_a_note() -> None:
    cohort = read("patient_id,follow_up_months,died,age_years\na,1,1,#DIV/0!\nb,#VALUE!,1,30\nc,2,0,#N/A\n")
    assert list(cohort.patients["patient_id"]) == ["a", "c"]
    assert cohort.patients["age_years"].isna().all()
    notes = cohort.findings[cohort.findings["message"].str.contains("error of the spreadsheet")]
    assert set(notes["value"]) == {"#DIV/0!", "#VALUE!", "#N/A"}
