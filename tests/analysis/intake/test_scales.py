"""Scales and units that change what a number means: a ratio is no amount a day, and a score stays on its scale."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Finding, Source, doris_2021, read_cohort
from analysis.facts.remission import visit_states
from analysis.intake.proposal import propose

PATIENTS = b"patient_id,follow_up_months,died\na,90,0\n"


def visits(header: str, *values: str, **mapping: Source) -> Cohort:
    rows = "".join(f"a,{month},{value}\n" for month, value in enumerate(values))
    return read_cohort(PATIENTS, f"patient_id,months,{header}\n{rows}".encode(), mapping=mapping)


def question(header: str, *values: str) -> Finding:
    with pytest.raises(CohortError) as refused:
        visits(header, *values)
    (finding,) = refused.value.findings
    return finding


def told(cohort: Cohort, column: str) -> list[tuple[str, object, str]]:
    held = cohort.findings[cohort.findings["column"] == column]
    return [(each["kind"], each["row"], each["message"].split(": ", 1)[1]) for each in held.to_dict("records")]


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("UPCR (g/g)", "1.5", 1.5),
        ("uPCR mg/mmol", "226", 2),
        ("UPCR [mg/g]", "1500", 1.5),
        ("Protein/creatinine ratio (mg/mmol)", "113", 1),
        ("urine protein to creatinine ratio (mg/mg)", "0.7", 0.7),
        ("protein-creatinine quotient (g/g Kreatinin)", "0.7", 0.7),
        ("PCR urine g/mol", "113", 1),
        ("UPCR mg/g Cr", "500", 0.5),
        ("Proteinuria (mg/mmol)", "56.5", 0.5),
        ("upcr_g_per_g", "0.4", 0.4),
    ],
)
def test_the_ratio_of_protein_to_creatinine_has_units_of_its_own(header: str, value: str, expected: float) -> None:
    cohort = visits(header, value)
    assert cohort.visits["upcr_g_per_g"].iloc[0] == pytest.approx(expected)
    assert "proteinuria_g_per_24h" not in cohort.visits


@pytest.mark.parametrize("header", ["UPCR", "upcr", "protein creatinine ratio", "PCR urine"])
def test_a_ratio_without_a_unit_is_asked_for_it(header: str) -> None:
    finding = question(header, "150", "20")
    assert (finding.table, finding.question, finding.column) == ("visits", "unit", header)
    assert [unit for unit, _ in finding.choices] == ["g/g", "mg/g", "mg/mmol"]
    told_it = visits(header, "226", "0", upcr_g_per_g=Source(header, unit="mg/mmol"))
    assert list(told_it.visits["upcr_g_per_g"]) == [2, 0]


@pytest.mark.parametrize("headers", ["UPCR mg/mmol,24h urine protein g/24h", "24h urine protein g/24h,UPCR mg/mmol"])
def test_a_ratio_never_stands_for_a_day(headers: str) -> None:
    values = ("226,3.1", "113,2.2") if headers.startswith("UPCR") else ("3.1,226", "2.2,113")
    cohort = visits(headers, *values)
    assert list(cohort.visits["upcr_g_per_g"]) == [2, 1]
    assert list(cohort.visits["proteinuria_g_per_24h"]) == [3.1, 2.2]


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [("Proteinuria (g/24h)", "1.5", 1.5), ("Proteinuria (mg/24h)", "1500", 1.5), ("urine protein g/d", "1.5", 1.5)],
)
def test_a_day_is_written_in_many_ways(header: str, value: str, expected: float) -> None:
    assert visits(header, value).visits["proteinuria_g_per_24h"].iloc[0] == expected


@pytest.mark.parametrize(
    ("column", "value", "limits"),
    [
        ("sledai", "106", "0 to 105"),
        ("sledai", "-2", "0 to 105"),
        ("clinical_sledai", "250", "0 to 105"),
    ],
)
def test_a_score_beyond_its_scale_is_not_used(column: str, value: str, limits: str) -> None:
    cohort = visits(column, "8", value)
    assert cohort.visits[column].iloc[0] == 8
    assert pd.isna(cohort.visits[column].iloc[1])
    ((kind, row, words),) = told(cohort, column)
    assert (kind, row) == ("doubtful", 3)
    assert f'"{value}"' in words
    assert limits in words
    assert words.endswith("The value is taken as not recorded.")


def test_an_age_that_nobody_reaches_is_not_used() -> None:
    cohort = read_cohort(b"patient_id,follow_up_months,died,age_years\na,9,0,130\nb,9,0,31\n")
    assert cohort.patients["age_years"].tolist()[1:] == [31]
    assert pd.isna(cohort.patients["age_years"].iloc[0])
    ((kind, row, words),) = told(cohort, "age_years")
    assert (kind, row) == ("doubtful", 2)
    assert "0 to 110 years" in words


@pytest.mark.parametrize("name", ["age", "age_years"])
@pytest.mark.parametrize("ages", [(16000, 12000, 9000), (334, 402, 512)])
def test_ages_that_only_fit_another_unit_are_asked_for_it(name: str, ages: tuple[int, ...]) -> None:
    rows = "".join(f"p{age},9,0,{age}\n" for age in ages)
    with pytest.raises(CohortError) as refused:
        read_cohort(f"patient_id,follow_up_months,died,{name}\n{rows}".encode())
    (finding,) = refused.value.findings
    assert (finding.question, finding.column) == ("unit", name)


@pytest.mark.parametrize("values", [("4.5", "0.2"), ("35", "2"), ("3.1", "")])
def test_a_global_assessment_above_three_is_asked_for_its_scale(values: tuple[str, ...]) -> None:
    finding = question("pga", *values)
    assert (finding.question, finding.column) == ("unit", "pga")
    assert [unit for unit, _ in finding.choices] == ["0-3", "0-10", "0-100"]
    assert "on a scale from 0 to 3, 0 to 10 or 0 to 100" in finding.message


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("PGA (0-10)", "2", 0.6),
        ("PGA VAS mm", "2", 0.06),
        ("PGA VAS 0-100 mm", "50", 1.5),
        ("physician global (0-100)", "100", 3),
        ("PGA cm", "10", 3),
        ("PGA (0-3)", "2", 2),
        ("pga", "2", 2),
    ],
)
def test_the_heading_tells_the_scale(header: str, value: str, expected: float) -> None:
    assert visits(header, value).visits["pga"].iloc[0] == pytest.approx(expected)


def test_a_scale_that_is_told_is_used_and_what_lies_beyond_it_is_not() -> None:
    cohort = visits("pga", "4.5", "40", "1", pga=Source("pga", unit="0-10"))
    held = cohort.visits["pga"].tolist()
    assert held[0] == pytest.approx(1.35)
    assert pd.isna(held[1])
    assert held[2] == pytest.approx(0.3)
    assert [(kind, row) for kind, row, _ in told(cohort, "pga")] == [("doubtful", 3)]
    assert '"40" is not possible: the range is 0 to 10' in told(cohort, "pga")[0][2]


def test_a_scale_read_without_a_heading_is_said() -> None:
    notes = told(visits("PGA", "0.4", "1"), "PGA")
    assert {kind for kind, _, _ in notes} == {"note"}
    assert any("a scale from 0 to 3" in words for _, _, words in notes)


def test_remission_by_doris_rests_on_the_scale_of_the_assessment() -> None:
    """1 of 10 is 0.3 of 3, below 0.5; 2 of 10 is 0.6."""
    cohort = visits("clinical_sledai,prednisone_mg_per_day,PGA (0-10)", "0,5,1", "0,5,2")
    assert visit_states(cohort, doris_2021())["state"].tolist() == ["complete", "none"]


class _File:
    name = "visits.csv"

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name = content, name

    def getvalue(self) -> bytes:
        return self.content


def test_the_page_gets_the_scale_as_a_choice() -> None:
    files = [_File(PATIENTS, "patients.csv"), _File(b"patient_id,months,pga\na,0,7\na,3,2\n", "visits.csv")]
    (asked,) = propose(files).questions
    assert (asked.kind, asked.key) == ("unit", "visits.pga")
    assert asked.choices == (("0-3", 1), ("0-10", 2), ("0-100", 2))
    assert propose(files, {asked.key: asked.answered("0-10")}).ready
