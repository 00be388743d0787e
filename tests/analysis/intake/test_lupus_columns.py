"""What nephrologists and cell laboratories record: read in its unit, and told by row where it cannot be."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort

PATIENTS = "patient_id,follow_up_months,died\na,9,1\nb,8,0\n"


def visits(heading: str, *values: str, **options: object) -> Cohort:
    rows = "".join(f"{patient},0,{value}\n" for patient, value in zip("ab", values, strict=True))
    return read_cohort(PATIENTS.encode(), f"patient_id,months,{heading}\n{rows}".encode(), **options)


def patients(heading: str, *values: str) -> Cohort:
    frame = pd.DataFrame({"patient_id": [*"abcdef"[: len(values)]], "follow_up_months": 9, "died": 0, heading: values})
    return read_cohort(frame)


def told(cohort: Cohort) -> list[str]:
    return list(cohort.findings.loc[cohort.findings["kind"].eq("doubtful"), "message"])


@pytest.mark.parametrize(
    ("heading", "value", "name", "expected"),
    [
        ("eGFR (mL/s/1.73 m²)", "1.5", "egfr_ml_per_min_per_1_73m2", 90),
        ("GFR (mL/min/1.73m2)", "87", "egfr_ml_per_min_per_1_73m2", 87),
        ("尿红细胞（/μL）", "50", "urine_red_cells_per_hpf", 9),
        ("Urine RBC (/HPF)", "9", "urine_red_cells_per_hpf", 9),
        ("PtGA (0-10)", "7.5", "patient_global_0_100", 75),
        ("Patient global assessment (mm)", "75", "patient_global_0_100", 75),
        ("EQ-5D index", "-0.2", "eq_5d_index", -0.2),
        ("SDI", "3", "sdi", 3),
    ],
)
def test_a_measure_is_read_in_its_unit(heading: str, value: str, name: str, expected: float) -> None:
    assert visits(heading, value, value).visits[name].tolist() == pytest.approx([expected, expected])


@pytest.mark.parametrize("heading", ["Urine RBC", "Patient global"])
def test_a_measure_with_two_units_in_use_asks_for_its_own(heading: str) -> None:
    with pytest.raises(CohortError) as refusal:
        visits(heading, "5", "7")
    assert [finding.question for finding in refusal.value.findings] == ["unit"]
    name = "urine_red_cells_per_hpf" if "RBC" in heading else "patient_global_0_100"
    unit = "/µL" if "RBC" in heading else "0-10"
    cohort = visits(heading, "5", "7", mapping={name: Source(heading, unit=unit)})
    assert cohort.visits[name].tolist() == pytest.approx([0.9, 1.26] if "RBC" in heading else [50, 70])


@pytest.mark.parametrize(
    ("heading", "name", "value", "words"),
    [
        ("BILAG renal", "bilag_renal", "F", '"F" is not one of A, B, C, D, E'),
        ("SDI", "sdi", "47", '"47" is not possible: the range is 0 to 46 points'),
        ("FACIT-Fatigue", "facit_fatigue", "53", '"53" is not possible: the range is 0 to 52 points'),
    ],
)
def test_a_value_outside_a_scale_is_told_by_row_and_not_used(heading: str, name: str, value: str, words: str) -> None:
    cohort = visits(heading, "B" if "BILAG" in heading else "4", value)
    assert cohort.visits[name].isna().tolist() == [False, True]
    assert [words in message and "row 3" in message for message in told(cohort)] == [True]


def test_grades_of_bilag_are_ordered() -> None:
    grades = visits("BILAG skin", "grade c", "A").visits["bilag_mucocutaneous"]
    assert grades.tolist() == ["C", "A"]
    assert grades.cat.ordered
    assert list(grades.cat.categories) == list("ABCDE")


def test_classes_of_nephritis_as_pathologists_write_them() -> None:
    words = ["Class III/V", "IV-S (A/C)", "Ⅴ型", "4", "IV + V", "III+IV"]
    cohort = patients("ISN/RPS class", *words)
    classes = cohort.patients["nephritis_class"].astype(object)
    assert classes[:5].tolist() == ["III+V", "IV", "V", "IV", "IV+V"]
    assert classes.isna().tolist() == [False] * 5 + [True]  # there is no class of III with IV
    assert ['"III+IV" is not one of' in message and "row 6" in message for message in told(cohort)] == [True]


@pytest.mark.parametrize(
    ("heading", "values", "name", "expected"),
    [
        ("Donor type", ["auto", "sibling", "unrelated"], "donor_relation", ["autologous", "allogeneic", "allogeneic"]),
        ("Passage", ["3", "P4", "P4-P5"], "passage", ["P3", "P4", "P4-P5"]),
        ("Fresh/frozen", ["thawed", "fresh", "fresh"], "cell_state", ["frozen", "fresh", "fresh"]),
        ("Route", ["i.v.", "ia", "spray"], "route", ["intravenous", "intra-arterial", "spray"]),
        ("Batch no.", ["007", "8", "8"], "lot", ["007", "8", "8"]),
        ("Viability", ["0.95", "0.9", "0.88"], "viability_percent", [95, 90, 88]),
        ("Viability (%)", ["95", "90", "88"], "viability_percent", [95, 90, 88]),
        ("Total cells", ["6e7", "5e7", "4e7"], "total_cells_million", [60, 50, 40]),
        ("Total cells (10^7)", ["6", "5", "4"], "total_cells_million", [60, 50, 40]),
    ],
)
def test_what_the_laboratory_says_of_the_cells(
    heading: str, values: list[str], name: str, expected: list[object]
) -> None:
    held = patients(heading, *values).patients[name].tolist()
    assert held == (pytest.approx(expected) if name.endswith(("percent", "million")) else expected)


def test_a_number_of_cells_that_could_be_in_two_units_is_asked() -> None:
    with pytest.raises(CohortError, match="total number of cells in million, single cells, 10⁷ or 10⁸"):
        patients("Total cells", "60", "50", "40")
