"""What patients can be compared by."""

import pandas as pd
import pytest

from analysis import load_sample, read_cohort
from analysis.cohort.column_words import measure_words, unit_words
from analysis.cohort.measures import characteristics, numeric_characteristics


@pytest.mark.parametrize(
    ("name", "words", "unit"),
    [
        ("sledai", "SLEDAI", "points"),
        ("albumin_g_per_l", "albumin", "g/L"),
        ("anti_dsdna_iu_per_ml", "anti-dsDNA", "IU/mL"),
        ("c3_g_per_l", "complement C3", "g/L"),
        ("upcr_g_per_g", "urine protein/creatinine ratio", "g/g"),
        ("pga", "physician global assessment", ""),
        ("baseline_sledai", "baseline SLEDAI", "points"),
        ("Hb", "Hb", ""),
        ("il_6", "il 6", ""),
    ],
)
def test_measures_are_named_as_in_mid_sentence(name: str, words: str, unit: str) -> None:
    assert (measure_words(name), unit_words(name)) == (words, unit)


def test_the_sample_is_compared_by_what_was_known_at_transplantation() -> None:
    sample = load_sample()
    assert characteristics(sample) == ["msc_source", "sex"]
    assert numeric_characteristics(sample) == [
        "baseline_sledai", "age_years", "disease_duration_months", "transplant_year",
    ]  # fmt: skip


def test_a_column_of_many_levels_is_no_grouping() -> None:
    patients = pd.DataFrame({"patient_id": [str(row) for row in range(20)], "follow_up_months": 1, "died": 0})
    cohort = read_cohort(patients.assign(centre=[f"c{row % 10}" for row in range(20)], arm=["a", "b"] * 10))
    assert "centre" not in characteristics(cohort)
