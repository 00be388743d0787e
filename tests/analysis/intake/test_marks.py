"""Numbers with a mark, points between thousands, dates in words, headers of two rows, and rows for each endpoint."""

from __future__ import annotations

import datetime
import math

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort
from analysis.intake.dates import ordinal
from analysis.intake.proposal import propose

pytestmark = pytest.mark.usefixtures("read_here")


PATIENTS = b"id,fu_months,died\nA,30,0\nB,40,1\n"


def visits(column: str, values: list[str], delimiter: str = ",") -> Cohort:
    rows = [delimiter.join(("A", str(month), f'"{value}"')) for month, value in enumerate(values)]
    return read_cohort(PATIENTS, "\n".join([delimiter.join(("id", "months", column)), *rows]).encode())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("12 (high)", 12), ("12(H)", 12), ("12 H", 12), ("H 12", 12), ("0.47*", 0.47), ("7†", 7), ("9 ↑", 9)),
        *(("<0.1", 0.1), ("< 0.1", 0.1), ("≤5", 5), (">200", 200), ("≥5", 5), (">= 5", 5), ("5+", 5), ("~6", 6)),
        *(("neg", 0), ("negative", 0), ("trace", 0), ("n.n.", 0), ("40 IU/mL", 40)),
        *(("n.d.", None), ("n.b.", None), ("k.A.", None), ("not done", None), ("12 or 14", None)),
    ],
)
def test_a_number_is_used_with_its_mark(text: str, number: float | None) -> None:
    cohort = visits("dsDNA", ["3", "4", text, "12"])
    value = cohort.visits["anti_dsdna_iu_per_ml"].iloc[2]
    assert math.isnan(value) if number is None else value == number
    assert f'"{text}"' in " ".join(cohort.findings["message"])


def test_marks_beside_decimal_commas() -> None:
    cohort = visits("dsDNA", ["< 0,1", "12,5", "0,47*", "3"], ";")
    assert list(cohort.visits["anti_dsdna_iu_per_ml"]) == [0.1, 12.5, 0.47, 3]


def test_a_column_that_is_not_known_keeps_its_limits_too() -> None:
    assert list(visits("crp", ["<1", "3", "12", "5*"]).visits["crp"]) == [1, 3, 12, 5]


def test_the_grade_of_a_test_strip_is_no_amount() -> None:
    cohort = visits("proteinuria", ["0.5", "1.2", "2+", "0.3"])
    assert math.isnan(cohort.visits["proteinuria_g_per_24h"].iloc[2])


def test_levels_stay_levels() -> None:
    text = b"id,fu_months,died,age group,strip\nA,30,0,<40,1+\nB,40,1,>=40,2+\n"
    patients = read_cohort(text).patients
    assert list(patients["age group"]) == ["<40", ">=40"]
    assert list(patients["strip"]) == ["1+", "2+"]


@pytest.mark.parametrize(
    ("table", "format", "days"),
    [
        ("id;FU days;died\n1;1.234;1\n2;2.345;0\n3;987;0\n", "decimal comma", [1234, 2345, 987]),
        ("id;FU days;died\n1;1.234;1\n2;2.345;0\n", "decimal point", [1.234, 2.345]),
        ("id,FU days,died\n1,1.234,1\n2,987,0\n", "decimal comma", [1234, 987]),
        ("id;Tage;verstorben\n1;1.234;ja\n2;3.100;nein\n", "decimal comma", [1234, 3100]),
    ],
)
def test_points_that_may_stand_between_thousands_are_asked(table: str, format: str, days: list[float]) -> None:
    with pytest.raises(CohortError) as refused:
        read_cohort(table.encode())
    (finding,) = refused.value.findings
    assert (finding.question, [each for each, _ in finding.choices]) == ("format", ["decimal comma", "decimal point"])
    source = Source(finding.column, unit="days", format=format)
    cohort = read_cohort(table.encode(), mapping={"follow_up_months": source})
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([day / 30.4375 for day in days])


@pytest.mark.parametrize(
    ("table", "months"),
    [
        ("id,FU months,died\n1,1.234,1\n2,12.345,0\n", [1.234, 12.345]),
        ("id;FU months;died;c3\n1;1.234;1;0.5\n2;9.871;0;0.75\n", [1.234, 9.871]),
        ("id;FU days;died;c3\n1;1.234;1;0,5\n2;9.871;0;0,75\n", [1234 / 30.4375, 9871 / 30.4375]),
    ],
)
def test_points_are_not_asked_about_where_the_file_says_what_they_are(table: str, months: list[float]) -> None:
    assert list(read_cohort(table.encode()).patients["follow_up_months"]) == pytest.approx(months)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("19 de julio de 2014", "2014-07-19"), ("3 de septiembre del 2014", "2014-09-03")),
        *(
            ("Sat 19 Jul 2014", "2014-07-19"),
            ("Saturday, July 19, 2014", "2014-07-19"),
            ("19 of July 2014", "2014-07-19"),
        ),
        *(("19 maart 2014", "2014-03-19"), ("4 mrt. 2014", "2014-03-04"), ("wo 4 mei 2014", "2014-05-04")),
        *(("Maart 3, 2014", "2014-03-03"), ("Mar 4, 2014", "2014-03-04"), ("2 december 2018", "2018-12-02")),
        *(("1er juillet 2014", "2014-07-01"), ("mar. 4 févr. 2014", "2014-02-04"), ("04 août 2014", "2014-08-04")),
        *(
            ("Mo., 3. März 2014", "2014-03-03"),
            ("1º de julho de 2014", "2014-07-01"),
            ("4 dicembre 2014", "2014-12-04"),
        ),
        *(("segunda-feira, 4 de agosto de 2014", "2014-08-04"), ("martes, 4 de marzo de 2014", "2014-03-04")),
        *(("4 września 2014", "2014-09-04"), ("4 paź 2014", "2014-10-04"), ("2014/07/19(土)", "2014-07-19")),
    ],
)
def test_dates_in_words(text: str, day: str) -> None:
    assert datetime.date.fromordinal(ordinal(text, None)).isoformat() == day


@pytest.mark.parametrize("text", ["before 19 Jul 2014", "Sat", "19 foo 2014", "Sat 31 Feb 2014", "de 2014", ""])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is no date
        ordinal(text, None)


@pytest.mark.parametrize(
    "table",
    [
        "ID,Age,Sex,Follow-up,Dead\n,years,,months,0/1\nA,40,F,30,1\nB,50,F,40,0\n",
        "ID,Age,Sex,Follow-up,Dead\n,(years),,(months),(0/1)\nA,40,F,30,1\nB,50,F,40,0\n",
        "ID,Age,Sex,Follow-up,Dead,SLEDAI,,\n,years,,months,,pre,M3,M12\nA,40,F,30,1,5,4,3\nB,50,F,40,0,5,4,3\n",
        "ID,Demographics,,Outcome,\n,age,sex,FU (months),died\nA,40,F,30,1\nB,50,F,40,0\n",
        "#ID\tage\n#Id\tYears\n#STRING\tNUMBER\n#1\t1\nID\tage\tfu_months\tdied\nA\t40\t30\t1\nB\t50\t40\t0\n",
        "# Exported 2016\n# from the registry\nID,age,fu_months,died\nA,40,30,1\nB,50,40,0\n",
        "#ID,age,fu_months,died\nA,40,30,1\nB,50,40,0\n",
    ],
)
def test_what_stands_round_the_header(table: str) -> None:
    patients = read_cohort(table.encode()).patients
    assert list(patients["patient_id"]) == ["A", "B"]
    assert list(patients["age_years"]) == [40, 50]
    assert list(patients["follow_up_months"]) == [30, 40]
    assert list(patients["died"]) == [True, False]


@pytest.mark.parametrize(
    ("column", "death", "other"),
    [("PARAMCD", "OS", "TTREL"), ("endpoint", "OS", "PFS"), ("etype", "2", "1"), ("kind", "death", "relapse")],
)
def test_of_rows_for_each_endpoint_it_is_asked_which_are_used(column: str, death: str, other: str) -> None:
    text = f"id,{column},time_months,died\nA,{death},30,1\nA,{other},10,0\nB,{death},40,0\nB,{other},40,1\n".encode()
    with pytest.raises(CohortError) as refused:
        read_cohort(text)
    (finding,) = refused.value.findings
    assert (finding.question, finding.column) == ("event", column)
    assert dict(finding.choices) == {death: 2, other: 2}
    cohort = read_cohort(text, mapping={"rows": Source(column, event=[death])})
    assert list(cohort.patients["follow_up_months"]) == [30, 40]
    assert list(cohort.patients["died"]) == [True, False]
    assert f"of 4 rows the 2 are used whose {column} is {death}" in " ".join(cohort.findings["message"])


def test_an_endpoint_other_than_survival_is_asked_even_when_alone() -> None:
    with pytest.raises(CohortError, match="overall survival"):
        read_cohort(b"USUBJID,PARAMCD,AVAL,AVALU,died\nA,PFS,30,MONTHS,1\nB,PFS,40,MONTHS,0\n")


def test_a_flag_beside_its_time() -> None:
    text = "sample,OS,OS.time,PFI,PFI.time\nA,1,300,1,100\nB,0,900,1,200\nC,0,1000,0,1000\n"
    cohort = read_cohort(text.encode(), mapping={"follow_up_months": Source("OS.time", unit="days")})
    assert list(cohort.patients["died"]) == [True, False, False]
    frame = pd.DataFrame({"id": ["A", "B"], "OS": [30, 40], "OS_event": [1, 0]})
    source = Source("OS", unit="months")
    assert list(read_cohort(frame, mapping={"follow_up_months": source}).patients["died"]) == [True, False]


def test_blanks_between_columns() -> None:
    text = "id   months   died\nA   30   0\nB B   40   1\n"
    assert list(read_cohort(text.encode()).patients["patient_id"]) == ["A", "B B"]
    rows = "".join(f"{number}   30   0\n" for number in range(100))
    with pytest.raises(CohortError, match="row 102: blanks stand between the columns, and this row has 2 values"):
        read_cohort(f"id   months   died\n{rows}X   1\n".encode())


class Upload:
    name = "p.csv"

    def getvalue(self) -> bytes:
        return b"id;time;status\n1;1.234;1\n2;2.345;0\n3;987;0\n"


def test_two_questions_about_one_column_are_answered_at_once() -> None:
    unit, decimals = propose([Upload()]).questions
    assert (unit.key, unit.kind, decimals.key, decimals.kind) == (
        *("patients.follow_up_months", "unit", "patients.follow_up_months", "format"),
    )
    both = decimals.with_source(unit.answered("days")).answered("decimal comma")
    assert both == Source("time", unit="days", format="decimal comma")
