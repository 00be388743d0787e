"""The baseline table on the screen."""

import pandas as pd

from analysis import baseline_table, load_sample, read_cohort
from analysis.figures.description.baseline_tables import baseline_reading, baseline_rows


def test_each_characteristic_is_named_once() -> None:
    table = baseline_rows(baseline_table(load_sample(), by="msc_source"))
    assert table.columns.tolist() == [
        "Characteristic", " ", "BM (n = 45)", "UC (n = 42)", "Missing", "Standardised difference",
    ]  # fmt: skip
    assert table.iloc[0].tolist() == ["Sex", "female", "40/45 (89 %)", "37/42 (88 %)", "0", "0.02"]
    assert table.iloc[1].tolist() == ["", "male", "5/45 (11 %)", "5/42 (12 %)", "", "–"]
    assert table.iloc[2].tolist() == ["Age (years)", "mean (SD)", "32 (9)", "33 (9)", "0", "0.08"]
    assert not table.stack().str.contains(r"\bnan\b|\binf\b|None").any()


def test_a_single_group_has_no_differences() -> None:
    result = baseline_table(load_sample())
    assert baseline_rows(result).columns.tolist() == ["Characteristic", " ", "All (n = 87)", "Missing"]
    assert baseline_reading(result) == ""


def test_the_reading_names_the_largest_differences() -> None:
    reading = baseline_reading(baseline_table(load_sample(), by="msc_source"))
    assert reading.startswith("Standardised differences above 0.1: Baseline albumin (g/L) 0.62, ")
    assert "Organ involvement: cardiorespiratory 0.46" in reading
    assert "more. In small groups chance alone makes such differences." in reading


def test_groups_that_are_alike() -> None:
    patients = pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": 1, "died": 0, "arm": list("xxyy")})
    result = baseline_table(read_cohort(patients.assign(age_years=[20, 30, 20, 30])), by="arm")
    assert baseline_reading(result) == "No standardised difference is above 0.1."
