"""The baseline table of small cohorts, worked out by hand, and of the sample."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Cut, Grouping, baseline_table, read_cohort
from tests.analysis.made import SAMPLE, pinned


def six(**columns: list[object]) -> Cohort:
    """Return six patients, three per arm, with these columns."""
    ids = [f"p{number}" for number in range(6)]
    patients = {"patient_id": ids, "follow_up_months": 12, "died": 0, "arm": ["A"] * 3 + ["B"] * 3, **columns}
    return read_cohort(pd.DataFrame(patients))


def cells(cohort: Cohort, characteristic: str, by: object = "arm") -> dict[str, list[object]]:
    """Return the cells of a characteristic by level."""
    table = baseline_table(cohort, by=by).table
    rows = table[table["characteristic"] == characteristic].drop(columns=["characteristic", "difference"])
    return {row[0]: list(row[1:]) for row in rows.to_numpy().tolist()}


def test_numbers_are_summarised_by_mean_and_median_of_known_values() -> None:
    cohort = six(age_years=[20, 30, 46, 31, 33, None])
    assert cells(cohort, "Age (years)") == {
        "mean (SD)": ["32 (13)", "32 (1)", 1],
        "median (quartiles)": ["30 (25–38)", "32 (32–32)", 1],
        "not recorded": ["0/3", "1/3", 1],
    }
    rows = baseline_table(cohort, by="arm").numbers.set_index("group")
    row = rows[rows["characteristic"] == "Age (years)"].loc["A"]
    assert row[["patients", "recorded"]].tolist() == [3, 3]
    # Squares of -12, -2 and 14 are 344
    names = ["mean", "standard_deviation", "lower_quartile", "median", "upper_quartile"]
    assert row[names].tolist() == pytest.approx([32, (344 / 2) ** 0.5, 25, 30, 38])


def test_levels_are_counted_among_known_values() -> None:
    cohort = six(sex=["female", "female", "male", "female", None, "female"])
    assert cells(cohort, "Sex") == {
        "female": ["2/3 (67 %)", "2/2 (100 %)", 1],
        "male": ["1/3 (33 %)", "0/2 (0 %)", 1],
        "not recorded": ["0/3", "1/3", 1],
    }
    table = baseline_table(cohort, by="arm").table
    # 1/3 against 0: (1/3) / sqrt((2/9) / 2) = 1
    assert table.loc[table["level"] == "female", "difference"].tolist() == pytest.approx([1])
    assert table.loc[table["level"] == "male", "difference"].isna().all()


def test_each_organ_has_its_own_difference() -> None:
    cohort = six(organs=["renal;skin", "renal", "none", "skin", "skin", None])
    assert cells(cohort, "Organ involvement") == {
        "renal": ["2/3 (67 %)", "0/2 (0 %)", 1],
        "skin": ["1/3 (33 %)", "2/2 (100 %)", 1],
        "not recorded": ["0/3", "1/3", 1],
    }
    table = baseline_table(cohort, by="arm").table.set_index("level")
    assert table.loc[["renal", "skin"], "difference"].tolist() == pytest.approx([2, 2])


def test_a_flag_has_one_row() -> None:
    cohort = six(biologics=[1, 0, 1, 0, 0, None])
    assert cells(cohort, "Biologics")["yes"] == ["2/3 (67 %)", "0/2 (0 %)", 1]


def test_one_value_has_no_deviation_and_none_has_no_mean() -> None:
    cohort = six(age_years=[20, None, None, None, None, None])
    found = cells(cohort, "Age (years)")
    assert found["mean (SD)"] == ["20 (one value)", "no values", 5]
    assert found["median (quartiles)"] == ["20 (20–20)", "no values", 5]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([10, 20, 30], "20 (10)"),
        ([1, 2, 3], "2.0 (1.0)"),
        ([0.1, 0.2, 0.3], "0.20 (0.10)"),
        ([0.001, 0.002, 0.003], "0.002 (0.001)"),
        ([-1, -2, -3], "−2.0 (1.0)"),
        ([2.25, 2.25, 2.25], "2.25 (0.00)"),
        ([0.1, 0.1, 0.1], "0.1 (0.0)"),
    ],
)
def test_decimals_follow_the_standard_deviation(values: list[float], words: str) -> None:
    assert cells(six(score=values * 2), "Score")["mean (SD)"] == [words, words, 0]


def test_a_constant_dose_keeps_its_decimal() -> None:
    cohort = six(cell_dose_million_per_kg=[0.5] * 6)
    assert cells(cohort, "Cell dose (million per kg)")["mean (SD)"] == ["0.5 (0.0)", "0.5 (0.0)", 0]


def test_outcomes_and_uninformative_columns_are_left_out() -> None:
    cohort = six(
        relapse_months=[3, None, None, 4, None, None],
        cause_of_death=[None] * 6,
        origin=["synthetic"] * 6,
        note=[f"a long remark {number}" for number in range(6)],
    )
    found = set(baseline_table(cohort).table["characteristic"])
    assert found <= {"Patients", "Arm", "Note"}
    assert {"Patients", "Arm"} <= found


def test_the_groups_own_column_is_left_out() -> None:
    cohort = six(organs=["renal;skin", "renal", "none", "skin", "skin", "renal"])
    assert "Arm" not in set(baseline_table(cohort, by="arm").table["characteristic"])
    table = baseline_table(cohort, by=Grouping("renal")).table
    assert table.loc[table["characteristic"] == "Organ involvement", "level"].tolist() == ["skin"]


def test_a_group_with_the_name_of_a_column() -> None:
    cohort = six(ward=["level"] * 3 + ["other"] * 3)
    table = baseline_table(cohort, by="ward").table
    assert table.columns.tolist() == ["characteristic", "level", "group level", "other", "missing", "difference"]


def test_patients_without_a_group_are_in_no_column() -> None:
    cohort = six(ward=["x", "x", "y", "y", "y", None], age_years=[1, 2, 3, 4, 5, 6])
    result = baseline_table(cohort, by="ward")
    assert result.table.iloc[0][["x", "y"]].tolist() == ["2", "3"]
    assert result.left_out.to_numpy().tolist() == [["the group is not recorded", 1]]
    assert "1 patient: the group is not recorded" in result.method


def test_pinned_cohorts_may_overlap() -> None:
    cohort = six(age_years=[1, 2, 3, 4, 5, 6])
    by = pinned(frozenset({"p0", "p1", "p2"}), frozenset({"p2", "p3"}))
    result = baseline_table(cohort, by=by)
    assert result.table.iloc[0][["A", "B"]].tolist() == ["3", "2"]
    assert "4 patients" in result.method


def test_the_sample_by_source() -> None:
    sample = SAMPLE
    result = baseline_table(sample, by="msc_source")
    held = dict.fromkeys(result.table["characteristic"])
    assert list(held)[:5] == ["Patients", "Sex", "Age (years)", "Disease duration (months)", "Baseline SLEDAI"]
    assert "MSC source" not in held
    assert not {"Died", "Follow-up (months)", "Time to first relapse (months)", "Data origin"} & set(held)
    ages = sample.patients.groupby("msc_source", observed=True)["age_years"]
    rows = result.numbers[result.numbers["characteristic"] == "Age (years)"]
    assert rows["mean"].tolist() == pytest.approx(ages.mean().tolist(), abs=1e-9)
    assert rows["standard_deviation"].tolist() == pytest.approx(ages.std().tolist(), abs=1e-9)
    assert rows["upper_quartile"].tolist() == pytest.approx(ages.quantile(0.75).tolist(), abs=1e-9)
    years = result.table[result.table["characteristic"] == "Year of transplantation"]
    assert years["level"].tolist() == ["2007", "2008", "2009", "2010"]


def test_groups_by_a_cut_and_none() -> None:
    sample = SAMPLE
    assert baseline_table(sample, by=Cut("age_years", "median")).table["difference"].notna().any()
    alone = baseline_table(sample)
    assert alone.table.columns.tolist() == ["characteristic", "level", "All", "missing", "difference"]
    assert alone.table["difference"].isna().all()
    assert "standardised" not in alone.method


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from(["low", "mid", "high", None]), st.integers(0, 80)),
        min_size=4,
        max_size=20,
    )
)
def test_groups_add_up(rows: list[tuple[str, str | None, int]]) -> None:
    # the constant rows keep every column readable
    rows = [("A", "low", 1), ("B", "mid", 2), *rows]
    table = pd.DataFrame(rows, columns=["arm", "centre", "age_years"])
    table.insert(0, "patient_id", [f"p{number}" for number in range(len(rows))])
    cohort = read_cohort(table.assign(follow_up_months=12, died=0))
    whole = baseline_table(cohort).numbers.set_index(["characteristic", "level"])
    parts = baseline_table(cohort, by="arm").numbers.groupby(["characteristic", "level"])
    for name in ("patients", "recorded", "count"):
        together = parts[name].sum(min_count=1)
        held = whole.loc[together.index, name]
        assert together.fillna(-1).tolist() == held.fillna(-1).tolist()
    centre = whole.loc["Centre"]
    assert centre["count"].sum() == centre["recorded"].iloc[0]
    assert centre["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1e-5])
def test_tiny_numbers_have_a_mean_and_a_deviation(unit: float) -> None:
    # Of 1, 2, 3 and 3, 4, 8: means 2 and 5, deviations 1 and the root of 7, and 3 / root(4) = 1.5 between them
    cohort = six(dose=[value * unit for value in (1, 2, 3, 3, 4, 8)])
    table = baseline_table(cohort, by="arm")
    power = f"{unit:g}".removeprefix("1").replace("-", "−")
    assert cells(cohort, "Dose")["mean (SD)"] == [f"2{power} (1{power})", f"5{power} (2.6{power})", 0]
    row = table.table[table.table["level"] == "mean (SD)"].iloc[-1]
    assert row["difference"] == pytest.approx(1.5)
    numbers = table.numbers[table.numbers["characteristic"] == "Dose"]
    assert numbers["standard_deviation"].tolist() == pytest.approx([unit, 7**0.5 * unit], rel=1e-12, abs=0)
