"""The baseline table on the screen."""

import pandas as pd

from analysis import baseline_table, read_cohort
from analysis.estimates.description.baseline_table import MEAN, MEDIAN
from analysis.figures.description.baseline_tables import INDENT, baseline_paper, baseline_reading
from tests.analysis.made import SAMPLE


def test_a_paper_has_one_line_a_characteristic_and_fits_a_page() -> None:
    result = baseline_table(SAMPLE, by="msc_source")
    table = baseline_paper(result, MEAN)
    assert table.columns.tolist() == [
        "Characteristic", "BM (n = 45)", "UC (n = 42)", "Missing", "Standardised difference",
    ]  # fmt: skip
    assert not table.stack().str.contains(r"\bnan\b|\binf\b|None").any()
    rows = {first: rest for first, *rest in table.to_numpy().tolist()}
    assert len(rows) == len(table) < 40
    assert rows["Sex: female"] == ["40/45 (89 %)", "37/42 (88 %)", "0", "0.02"]
    assert rows["Age (years), mean (SD)"] == ["32 (9)", "33 (9)", "0", "0.08"]
    assert rows["Baseline proteinuria (g/24 h), mean (SD)"] == ["3.4 (2.2)", "2.4 (1.4)", "5", "0.57"]
    assert rows["Prior cyclophosphamide"] == ["31/45 (69 %)", "28/42 (67 %)", "0", "0.05"]
    # Levels that exclude each other have one difference, organs one each.
    assert rows["Year of transplantation"] == ["", "", "0", "0.43"]
    assert rows[f"{INDENT}2007"] == ["8/45 (18 %)", "4/42 (10 %)", "", ""]
    assert rows["Organ involvement"] == ["", "", "0", ""]
    assert rows[f"{INDENT}renal"] == ["44/45 (98 %)", "37/42 (88 %)", "", "0.38"]


def test_a_paper_tells_numbers_by_their_median_on_request() -> None:
    result = baseline_table(SAMPLE, by="msc_source")
    rows = {first: rest for first, *rest in baseline_paper(result, MEDIAN).to_numpy().tolist()}
    assert rows["Age (years), median (quartiles)"] == ["32 (27–39)", "31 (27–41)", "0", "0.08"]
    assert not [name for name in rows if name.endswith("mean (SD)")]
    assert len(rows) == len(baseline_paper(result, MEAN))


def test_of_two_organs_neither_goes_without_saying() -> None:
    patients = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": 1, "died": 0})
    result = baseline_table(read_cohort(patients.assign(organs=["renal; skin", "renal", "skin"])))
    table = baseline_paper(result, MEAN)
    assert table.to_numpy().tolist() == [
        ["Organ involvement", "", "0"],
        [f"{INDENT}renal", "2/3 (67 %)", ""],
        [f"{INDENT}skin", "2/3 (67 %)", ""],
    ]


def test_a_single_group_has_no_differences() -> None:
    result = baseline_table(SAMPLE)
    assert baseline_paper(result, MEAN).columns.tolist() == ["Characteristic", "All (n = 87)", "Missing"]
    assert baseline_reading(result) == ""


def test_the_reading_names_the_largest_differences() -> None:
    reading = baseline_reading(baseline_table(SAMPLE, by="msc_source"))
    assert reading.startswith("Standardised differences above 0.1: Baseline albumin (g/L) 0.62, ")
    assert "Organ involvement: cardiorespiratory 0.46" in reading
    assert "more. In small groups chance alone makes such differences." in reading


def test_groups_that_are_alike() -> None:
    patients = pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": 1, "died": 0, "arm": list("xxyy")})
    result = baseline_table(read_cohort(patients.assign(age_years=[20, 30, 20, 30])), by="arm")
    assert baseline_reading(result) == "No standardised difference is above 0.1."
