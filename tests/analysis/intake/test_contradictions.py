"""What cannot both be true, what fits another unit only, and who must not be recognised: each with row and words."""

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort
from analysis.cohort.vocabulary import TABLES

PATIENTS = "patient_id,follow_up_months,died"


def read(patients: str, visits: str | None = None, **options: object) -> Cohort:
    return read_cohort(patients.encode(), visits.encode() if visits else None, **options)


def doubts(cohort: Cohort) -> list[tuple[int | None, str]]:
    found = cohort.findings[cohort.findings["kind"] == "doubtful"]
    return [(None if pd.isna(row["row"]) else row["row"], row["column"]) for row in found.to_dict("records")]


def words(cohort: Cohort, kind: str = "doubtful") -> str:
    return " ".join(cohort.findings.loc[cohort.findings["kind"] == kind, "message"])


ALIVE, DEAD = "a,20,0", "a,20,1"


@pytest.mark.parametrize(
    ("patient", "visits", "expected", "said"),
    [
        (DEAD, "months,sledai\na,21,4\n", [(2, "months")], "the death"),
        (ALIVE, "months,sledai\na,21,4\n", [(2, "months")], "after the end of the patient's follow-up"),
        (ALIVE, "months,sledai\na,3,4\na,3,5\n", [(3, "months")], "another visit of the same patient"),
        (
            ALIVE,
            "months,sledai,clinical_sledai\na,1,8,4\na,2,8,5\na,3,8,10\n",
            [(3, "clinical_sledai"), (4, "clinical_sledai")],
            "0, 2 or 4",
        ),
        (
            ALIVE,
            "months,remission,relapse\na,1,none,1\na,6,complete,0\n",
            [(2, "relapse")],
            "before the patient's first remission",
        ),
        (ALIVE, "months,remission,relapse\na,1,complete,0\na,6,none,1\n", [], ""),
        (ALIVE, "months,remission,relapse\na,1,none,0\na,6,none,1\n", [], ""),
        (
            ALIVE,
            "months,albumin_g_per_l\na,1,38\na,2,3.7\na,3,39\na,4,36\n",
            [(3, "albumin_g_per_l")] * 2,
            "as if the unit had changed",
        ),
        (
            ALIVE,
            "months,creatinine_umol_per_l\na,1,80\na,2,90\na,3,1\na,4,85\n",
            [(4, "creatinine_umol_per_l")] * 2,
            "unit had changed",
        ),
        (ALIVE, "months,sledai\na,1,0\na,2,105\n", [], ""),
    ],
)
def test_visits_that_contradict(patient: str, visits: str, expected: list[tuple[int, str]], said: str) -> None:
    cohort = read(f"{PATIENTS}\n{patient}\n", f"patient_id,{visits}")
    assert doubts(cohort) == expected
    assert said in words(cohort)


@pytest.mark.parametrize(
    ("table", "column", "values", "unit"),
    [
        ("visits", "albumin_g_per_l", [3.5, 3.8, 4.1, 2.9], "g/dL"),
        ("visits", "albumin", [3.5, 3.8, 4.1, 2.9], "g/dL"),
        ("visits", "proteinuria", [1500, 800, 2400, 90], "mg/24 h"),
        ("visits", "haemoglobin", [12.5, 11.1, 9.8, 13.2], "g/dL"),
        ("visits", "creatinine", [0.8, 1.1, 0.9, 2.3], "mg/dL"),
        ("visits", "c3", [85, 110, 60, 95], "mg/dL"),
        ("patients", "disease_duration_months", [3650, 7300, 5000, 9000], "days"),
        ("patients", "follow_up_months", [900, 1800, 730, 1200], "days"),
        ("visits", "C3 (g/L)", [59, 80, 85, 60], "mg/dL"),
    ],
)
def test_values_that_fit_another_unit_are_asked(table: str, column: str, values: list[float], unit: str) -> None:
    patients = pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": [50.0] * 4, "died": [0, 1, 0, 0]})
    visits = pd.DataFrame({"patient_id": list("abcd"), "months": [1.0] * 4})
    {"patients": patients, "visits": visits}[table][column] = values
    with pytest.raises(CohortError, match=f"they look like {unit}") as refused:
        read_cohort(patients, visits)
    (question,) = refused.value.findings
    assert (question.question, question.column) == ("unit", column)
    name = next(name for name in TABLES[table] if name.startswith(column.lower().split()[0]))
    own = TABLES[table][name].unit
    cohort = read_cohort(patients, visits, mapping={f"{table}.{name}": Source(column, unit=own)})
    assert doubts(cohort) == [(None, column)]  # said once
    assert f"they look like {unit}" in words(cohort)
    assert len(cohort.left_out) == 0
    assert not doubts(read_cohort(patients, visits, mapping={f"{table}.{name}": Source(column, unit=unit)}))


def test_a_time_named_in_years_that_looks_like_months() -> None:
    text = "patient_id,time,died\na,334,1\nb,288,0\nc,120,0\n"
    cohort = read(text, mapping={"follow_up_months": Source("time", unit="years")})
    assert "not plausible in years; they look like months" in words(cohort)


def test_a_flag_with_nearly_all_events_is_doubtful() -> None:
    rows = "".join(f"p{number},5,{int(number != 3)}\n" for number in range(20))
    cohort = read(f"{PATIENTS}\n{rows}")
    assert doubts(cohort) == [(None, "died")]
    assert "19 of 20 patients are read as died" in words(cohort)


def test_ids_that_differ_by_a_blank_or_a_capital_are_doubtful() -> None:
    cohort = read(f"{PATIENTS}\nA1,5,0\na1,6,0\nB 2,5,0\nB2,5,1\n")
    assert len(cohort) == 4
    assert doubts(cohort) == [(3, "patient_id"), (5, "patient_id")]
    with pytest.raises(CohortError, match="is also in row 2"):
        read(f"{PATIENTS}\na,5,0\n a,6,0\n")


def test_an_unknown_patient_who_is_nearly_known_is_named() -> None:
    cohort = read(f"{PATIENTS}\n007,5,0\nB2,5,1\n", "patient_id,months\n7,1\nb2,1\nz,1\n")
    reasons = list(cohort.left_out["reason"])
    assert 'Is "007" meant?' in reasons[0]
    assert 'Is "B2" meant?' in reasons[1]
    assert "meant" not in reasons[2]


def test_ids_keep_leading_zeros_and_lose_a_decimal_only() -> None:
    cohort = read(f"{PATIENTS}\n007,5,0\n1234567890123456789,5,1\n")
    assert list(cohort.patients["patient_id"]) == ["007", "1234567890123456789"]
    floats = read(f"{PATIENTS}\n1.0,5,0\n2.0,5,1\n", "patient_id,months\n1,2\n")
    assert list(floats.patients["patient_id"]) == ["1", "2"]
    assert len(floats.visits) == 1


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("name", ["Test One", "Test Two"]),
        ("Surname", ["One", "Two"]),
        ("date of birth", ["1980-01-01", "1981-01-01"]),
        ("DOB", ["1980-01-01", "1981-01-01"]),
        ("phone", ["1", "2"]),
        ("contact", ["+44 20 7946 0000", "+44 20 7946 0001"]),
        ("E-mail", ["", ""]),
        ("reach", ["one@example.org", "two@example.org"]),
        ("address", ["here", "there"]),
        ("MRN", ["1", "2"]),
    ],
)
def test_what_tells_who_somebody_is_stays_out(column: str, values: list[str]) -> None:
    frame = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [1, 2], "died": [0, 1], column: values})
    cohort = read_cohort(frame)
    assert column not in cohort.patients
    (note,) = cohort.findings[cohort.findings["column"] == column].to_dict("records")
    assert note["kind"] == "note"
    assert "is not taken into the cohort" in note["message"]
    assert not any(value and value in note["message"] + note["value"] for value in values if len(value) > 2)
    assert column in read_cohort(frame, mapping={column: column}).patients


def test_levels_of_one_spelling_are_joined_and_listed() -> None:
    cohort = read(f"{PATIENTS},msc_source,centre\na,5,0,UC,Rome\nb,5,0,uc ,\uff32ome\nc,5,1,U\u200bC,ROME\n")
    assert list(cohort.patients["msc_source"]) == ["UC"] * 3
    assert cohort.patients["centre"].nunique() == 1
    assert words(cohort, "note").count('is read as "UC"') == 2


def test_a_blank_is_never_zero() -> None:
    cohort = read(f"{PATIENTS},infusions\na,5,0,0\nb,5,0,\n", "patient_id,months,sledai,relapse\na,0,0,0\na,1,,\n")
    assert [None if pd.isna(value) else value for value in cohort.patients["infusions"]] == [0, None]
    assert [None if pd.isna(value) else value for value in cohort.visits["sledai"]] == [0, None]
    assert [None if pd.isna(value) else bool(value) for value in cohort.visits["relapse"]] == [False, None]


def test_infinities_are_no_numbers() -> None:
    frame = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [np.inf, 5.0], "died": [0, 1]})
    cohort = read_cohort(frame)
    assert list(cohort.patients["patient_id"]) == ["b"]
    assert "is not a number" in cohort.left_out["reason"].iloc[0]


def test_many_findings_of_one_kind_are_counted() -> None:
    rows = "".join(f"p{number},5,{number % 2},{1000 + number}\n" for number in range(3000))
    mixed = "".join(f"q{number},5,{number % 2},30\n" for number in range(4000))
    cohort = read(f"{PATIENTS},age_years\n{rows}{mixed}")
    found = cohort.findings[cohort.findings["column"] == "age_years"]
    assert len(found) == 1001
    assert "2,000 more rows" in found["message"].iloc[-1]
    lost = read(f"{PATIENTS}\n" + "".join(f"p{number},,1\n" for number in range(3000)) + "a,1,0\n")
    assert len(lost.left_out) == 3000
    assert (lost.findings["kind"] == "left out").sum() == 1001


def test_death_without_follow_up_is_left_out() -> None:
    cohort = read(f"{PATIENTS}\na,,1\nb,5,0\n")
    assert "it is not recorded" in cohort.left_out["reason"].iloc[0]


def test_a_relapse_before_the_first_remission_is_doubtful() -> None:
    cohort = read(
        f"{PATIENTS},relapse_months\na,20,0,3\nb,20,0,9\nc,20,0,2\n",
        "patient_id,months,remission\na,6,complete\nb,6,partial\nc,6,none\n",
    )
    assert doubts(cohort) == [(2, "relapse_months")]
    assert "before the patient's first remission" in words(cohort)


def test_dates_that_contradict_are_doubtful() -> None:
    cohort = read(
        "patient_id,follow_up_months,died,transplant_date,last_contact_date,death_date\n"
        "a,12,0,2010-01-01,2011-01-01,\nb,20,0,2010-01-01,2011-01-01,\nc,6,1,2010-01-01,2011-01-01,2010-07-01\n"
    )
    assert doubts(cohort) == [(4, "last_contact_date"), (3, "follow_up_months")]
