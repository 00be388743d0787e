"""Values at a limit of measurement: read with their mark, used in one of three ways, told, and written back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from analysis import Cohort, Response, baseline_table, read_cohort, trajectory
from analysis.cohort.changes import changes
from analysis.cohort.measurement_limits import AtLimit, has_limits, mark_column
from analysis.cohort.measures import characteristics, filterable, flag_columns, numeric_measures
from analysis.estimates.scores.change_differences import change_differences
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import response_share
from analysis.export.table_files import cohort_archive
from analysis.figures.description.patient_tables import patient_facts, patient_visits
from analysis.listings.patient_changes import patient_changes
from analysis.listings.trajectory_lines import trajectory_lines

DNA = "anti_dsdna_iu_per_ml"


def cohort_of(*visits: tuple[str, float, str], measure: str = DNA, **columns: list[str]) -> Cohort:
    table = pd.DataFrame(visits, columns=["patient_id", "months", measure]).assign(**columns)
    ids = list(dict.fromkeys(table["patient_id"]))
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": 40, "died": 0, "arm": ["x", "y"] * (len(ids) // 2)})
    return read_cohort(patients, table)


FOUR = cohort_of(
    *(("a", 0, "<2"), ("b", 0, "4"), ("c", 0, ">10"), ("d", 0, "6"), ("a", 12, "3"), ("b", 12, "<2"), ("d", 12, "2*"))
)


def marks(cohort: Cohort, measure: str = DNA) -> list[str]:
    return cohort.visits[mark_column(measure)].astype(object).fillna("").tolist()


@pytest.mark.parametrize(
    ("text", "mark"),
    [("<5", "<"), ("≤5", "<"), ("<= 5", "<"), (">5", ">"), ("≥5", ">"), ("5+", ">")],
)
def test_the_number_and_the_limit_are_kept_apart(text: str, mark: str) -> None:
    cohort = cohort_of(("a", 0, text), ("b", 0, "7"))
    assert cohort.visits[DNA].tolist() == [5, 7]
    assert marks(cohort) == [mark, ""]
    assert f'"{text}"' in " ".join(cohort.findings["message"])


@pytest.mark.parametrize("text", ["12 (high)", "0.47*", "~6", "H 12", "neg", "n.d.", "8"])
def test_other_marks_are_no_limits(text: str) -> None:
    cohort = cohort_of(("a", 0, text), ("b", 0, "7"))
    assert mark_column(DNA) not in cohort.visits
    assert not has_limits(cohort, DNA)


def test_a_limit_is_converted_with_its_unit() -> None:
    cohort = cohort_of(("a", 0, "<50"), ("b", 0, "120"), measure="C3 (mg/dl)")
    assert cohort.visits["c3_g_per_l"].tolist() == [0.5, 1.2]
    assert marks(cohort, "c3_g_per_l") == ["<", ""]


def test_which_values_are_limits_is_no_measure_group_or_filter() -> None:
    assert numeric_measures(FOUR) == [DNA]
    assert not [name for name in [*filterable(FOUR), *characteristics(FOUR)] if "limit" in name]


def test_a_limit_is_part_of_the_fingerprint() -> None:
    plain = cohort_of(("a", 0, "2"), ("b", 0, "4"))
    assert cohort_of(("a", 0, "<2"), ("b", 0, "4")).fingerprint != plain.fingerprint
    assert cohort_of(("a", 0, ">2"), ("b", 0, "4")).fingerprint != cohort_of(("a", 0, "<2"), ("b", 0, "4")).fingerprint


def test_the_corrected_copy_has_the_limits_as_written_and_is_read_as_the_same_cohort() -> None:
    with zipfile.ZipFile(io.BytesIO(cohort_archive(FOUR))) as archive:
        patients, visits = archive.read("patients.csv"), archive.read("visits.csv")
    assert b"a,0.0,<2.0\n" in visits
    assert b"c,0.0,>10.0\n" in visits
    assert b"limit" not in visits
    assert read_cohort(patients, visits).fingerprint == FOUR.fingerprint


def test_a_changed_limit_is_told_as_a_changed_value() -> None:
    before, after = cohort_of(("a", 0, "<2"), ("b", 0, "4")), cohort_of(("a", 0, "2"), ("b", 0, "4"))
    assert changes(before, after)[["change", "column", "rows"]].values.tolist() == [["value changed", DNA, 1]]


def test_a_column_of_the_file_with_the_marks_says_which_values_are_limits() -> None:
    cohort = cohort_of(("a", 0, "2"), ("b", 0, "4"), **{mark_column(DNA): ["<", ""]})
    assert has_limits(cohort, DNA)
    assert "1 value below a limit of measurement is taken at the limit" in trajectory(cohort, DNA).method


def test_a_column_of_the_file_with_this_name_and_other_words_is_kept_and_that_is_told() -> None:
    cohort = cohort_of(("a", 0, "<2"), ("b", 0, "4"), **{mark_column(DNA): ["yes", "no"]})
    assert cohort.visits[mark_column(DNA)].astype(str).tolist() == ["yes", "no"]
    assert not has_limits(cohort, DNA)
    assert "which of its values are limits is not kept" in " ".join(cohort.findings["message"])


# By hand: month 0 has <2, 4, >10, 6; month 12 has 3, <2, 2.
@pytest.mark.parametrize(
    ("at_limit", "centre", "values"),
    [
        ("used", "mean", [22 / 4, 7 / 3]),
        ("halved", "mean", [21 / 4, 6 / 3]),
        ("left out", "mean", [10 / 2, 5 / 2]),
        ("used", "median", [5, 2]),
        ("halved", "median", [5, 2]),
        ("left out", "median", [5, 2.5]),
    ],
)
def test_values_at_a_limit_are_used_in_three_ways(at_limit: AtLimit, centre: str, values: list[float]) -> None:
    result = trajectory(FOUR, DNA, centre=centre, schedule=[0, 12], at_limit=at_limit)
    assert result.summary["centre"].tolist() == pytest.approx(values)


WORDS: dict[tuple[AtLimit, str], str] = {
    ("used", "mean"): "2 values below a limit of measurement and 1 above one are taken at the limit, on which the mean",
    ("used", "median"): "2 values below a limit of measurement and 1 above one are taken at the limit; 4 patients",
    (
        "halved",
        "mean",
    ): "2 values below a limit of measurement are taken at half of it, and 1 above one at the limit, on",
    ("left out", "median"): "3 values at a limit of measurement are left out, on which the median depends; 3 patients",
}


@pytest.mark.parametrize(("way", "words"), WORDS.items())
def test_the_method_says_how_many_are_limits_and_how_they_are_used(way: tuple[AtLimit, str], words: str) -> None:
    at_limit, centre = way
    assert words in trajectory(FOUR, DNA, centre=centre, schedule=[0, 12], at_limit=at_limit).method


def test_only_values_that_are_counted_are_told() -> None:
    """Patient c has no value at month 12, and the visit at month 5 stands for no scheduled month."""
    cohort = cohort_of(
        *(("a", 0, "<2"), ("a", 5, "<2"), ("a", 12, "3"), ("c", 0, ">10"), ("c", 5, "1"), ("d", 0, "5"), ("e", 0, "6"))
    )
    asked = {"schedule": [0, 12], "window_months": 1}
    assert "; 1 value below a limit of measurement and 1 above one are" in trajectory(cohort, DNA, **asked).method
    same = trajectory(cohort, DNA, **asked, same_patients=True).method
    assert "; 1 value below a limit of measurement is taken" in same
    left_out = trajectory(cohort, DNA, **asked, at_limit="left out")
    assert "; 2 values at a limit of measurement are left out" in left_out.method
    assert left_out.patients == 4


def test_a_patient_with_no_other_value_is_left_out_in_these_words() -> None:
    result = trajectory(cohort_of(("a", 0, "<2"), ("b", 0, "4")), DNA, at_limit="left out")
    assert result.left_out.values.tolist() == [["no value within the limits of measurement", 1]]


def test_without_limits_nothing_is_told() -> None:
    assert "limit of measurement" not in trajectory(cohort_of(("a", 0, "2"), ("b", 0, "4")), DNA).method


def test_every_estimate_of_the_page_uses_them_alike() -> None:
    asked = {"schedule": [0, 12], "at_limit": "halved"}
    assert patient_changes(FOUR, DNA, months=12, **asked).set_index("patient_id")["change"].to_dict() == {
        "a": 2,
        "b": -3,
        "d": -4,
    }
    lines = trajectory_lines(FOUR, DNA, **asked)
    assert lines["value"].tolist() == [1, 3, 4, 1, 10, 6, 2]
    apart = change_differences(FOUR, DNA, by="arm", **asked)
    assert apart.table["difference"].tolist() == [-3.5 - 2]
    falls = response_share(FOUR, DNA, response=Response("fall", 3), **asked)
    assert falls.table["events"].tolist() == [2]
    for result in (apart, falls, dropout(FOUR, DNA, **asked)):
        assert "taken at half of it" in result.method


def test_the_model_uses_them_alike() -> None:
    pytest.importorskip("statsmodels")
    result = mixed_model(FOUR, DNA, schedule=[0, 12], at_limit="left out")
    assert "3 values at a limit of measurement are left out; 4 values of 3 patients" in result.method


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(ValueError, match="used, halved or left out"):
        trajectory(FOUR, DNA, at_limit="doubled")  # type: ignore[arg-type]


def test_limits_of_patients_are_kept_too_and_are_no_groups_filters_or_characteristics() -> None:
    ids = list("abcdefgh")
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": [f"{number}+" for number in range(10, 18)],
            "died": 0,
            "age_years": ["40", "41", ">89", "42", "43", "44", ">89", "45"],
            "ferritin": ["<5", "7", ">900", "8", "9", "10", "11", "12"],
        }
    )
    cohort = read_cohort(patients)
    assert cohort.patients.columns.tolist() == [
        *("patient_id", "follow_up_months", "died", "age_years", "ferritin", "age_years_limit", "ferritin_limit")
    ]
    assert cohort.patients["ferritin"].tolist() == [5, 7, 900, 8, 9, 10, 11, 12]
    names = [
        *filterable(cohort),
        *characteristics(cohort),
        *flag_columns(cohort),
        *flag_columns(cohort.subset(cohort.patients["age_years"].to_numpy() < 42)),
    ]
    assert not [name for name in names if "limit" in name]
    assert "limit" not in " ".join(baseline_table(cohort).table.astype(str).to_numpy().ravel())
    with zipfile.ZipFile(io.BytesIO(cohort_archive(cohort))) as archive:
        written = archive.read("patients.csv")
    assert b"c,12.0,0,>89.0,>900.0\n" in written
    assert read_cohort(written).fingerprint == cohort.fingerprint
    facts = patient_facts(cohort, "c").set_index("Patient")["c"]
    assert facts["Age (years)"] == ">89"


def test_the_visits_of_a_patient_are_shown_as_written() -> None:
    shown = patient_visits(FOUR, "a")
    assert shown.columns.tolist() == ["Months", "Anti-dsDNA (IU/mL)"]
    assert shown["Anti-dsDNA (IU/mL)"].tolist() == ["<2", "3"]


def test_a_laboratory_export_with_limits_marks_and_words() -> None:
    """By hand: 66 cells of <0.1, 69 of >200; 60 patients at month 0, of whom one has "n.d." for SLEDAI."""
    cases = Path(__file__).parents[1] / "intake" / "cases"
    cohort = read_cohort(cases / "vals_patients.csv", cases / "vals_visits.csv")
    result = trajectory(cohort, DNA)
    assert "66 values below a limit of measurement and 69 above one are taken at the limit" in result.method
    at_start = trajectory(cohort).summary.iloc[0]
    assert (at_start["patients"], round(at_start["centre"], 4)) == (59, 15.1525)
