"""Hazard ratios worked out by hand, when they are not estimable or withheld, and properties of any cohort."""

from math import log, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lifelines import CoxPHFitter

from analysis import Cohort, Cut, Grouping, SmallNumbers, hazard_ratios, read_cohort
from analysis.listings.event_times import left_out_of_curves
from tests.analysis.made import arms, cohort_of, competing
from tests.properties import FEW

ALWAYS = SmallNumbers(0, 0)
COLUMNS = ["term", "reference", "hazard_ratio", "lower", "upper", "p", "proportional_p", "withheld"]
NUMBERS = ["hazard_ratio", "lower", "upper", "p", "proportional_p"]


def ratio_of(cohort: Cohort, **options: Any) -> float:
    return hazard_ratios(cohort, by="arm", limits=ALWAYS, **options).table["hazard_ratio"].iloc[0]


def test_worked_by_hand() -> None:
    # The likelihood r / (1 + 2 r) times 1 / (1 + r) is largest where 1 = 2 r^2.
    assert ratio_of(arms(A=[(2, 1)], B=[(1, 1), (3, 0)])) == pytest.approx(1 / sqrt(2))


def test_ties_by_efron_worked_by_hand() -> None:
    # r / (2 + r), then half of each of the two who died is gone: 1 / ((3 + r) / 2). Largest where r^2 = 6.
    assert ratio_of(arms(A=[(1, 1), (2, 0)], B=[(1, 1)])) == pytest.approx(sqrt(6))


def test_events_at_time_zero_count() -> None:
    assert ratio_of(arms(A=[(2, 1)], B=[(0, 1), (3, 0)])) == pytest.approx(1 / sqrt(2))


def test_late_entries_are_at_risk_after_they_enter() -> None:
    # As the first one; the patient of A who enters at 2 and leaves at 3 is in no risk set.
    cohort = cohort_of([2, 3, 1, 3], [1, 0, 1, 0], arm=["A", "A", "B", "B"], entry_months=[0, 2, 0, 0])
    assert ratio_of(cohort) == pytest.approx(1 / sqrt(2))


def test_a_competing_event_censors() -> None:
    cohort = competing([(2, 1), (1, 1), (3, 2)], arm=["A", "B", "B"])
    assert ratio_of(cohort, endpoint="relapse") == pytest.approx(1 / sqrt(2))


@pytest.mark.filterwarnings("ignore::Warning:lifelines.*")
def test_weighted_rows_give_the_same_fit_as_patients() -> None:
    # Many patients at few times: weighted rows of tied events would give another result than single patients.
    rng = np.random.default_rng(7)
    arm = rng.integers(0, 2, 300)
    months = rng.integers(1, 6, 300) + arm
    died = rng.integers(0, 2, 300)
    cohort = cohort_of(months.tolist(), died.tolist(), arm=["BU"[one] for one in arm])
    one_by_one = CoxPHFitter().fit(
        pd.DataFrame({"x": arm, "months": months, "died": died}), "months", "died", fit_options={"precision": 1e-12}
    )
    assert log(ratio_of(cohort)) == pytest.approx(one_by_one.params_["x"], abs=1e-8)


def separated(**silent: list[tuple[float, int]]) -> Cohort:
    return arms(**{"B": [(float(month), month % 2) for month in range(1, 25)], "C": [(30.0, 0)] * 12} | silent)


def test_a_level_without_events_is_not_estimable() -> None:
    row = hazard_ratios(separated(), by="arm").table.iloc[0]
    assert (row["term"], row["reference"]) == ("C", "B")
    assert row["withheld"] == "not estimable: no deaths in C"
    assert row[NUMBERS].isna().all()


def test_without_events_in_the_reference_nothing_is_estimable() -> None:
    cohort = separated(A=[(40.0, 0)] * 12)
    assert hazard_ratios(cohort, by="arm").table["withheld"].tolist() == [
        "not estimable: no deaths in A",
        "not estimable: no deaths in A or C",
    ]


def test_other_levels_are_estimated_without_one_without_events() -> None:
    cohort = separated(A=[(month + 0.5, month % 3 == 0) for month in range(1, 25)])
    both = hazard_ratios(cohort, by="arm").table.set_index("term")
    alone = hazard_ratios(cohort.subset(cohort.patients["arm"] != "C"), by="arm").table.set_index("term")
    assert both.loc["B", NUMBERS].astype(float).tolist() == pytest.approx(
        alone.loc["B", NUMBERS].astype(float).tolist()
    )
    assert both["withheld"].tolist() == ["", "not estimable: no deaths in C"]


def test_all_censored_is_not_estimable() -> None:
    table = hazard_ratios(arms(A=[(1, 0)] * 20, B=[(2, 0)] * 20), by="arm", limits=ALWAYS).table
    assert table["withheld"].tolist() == ["not estimable: no deaths"]


def test_separated_groups_are_not_estimable() -> None:
    cohort = arms(A=[(float(month), 1) for month in range(1, 13)], B=[(float(month), 1) for month in range(21, 33)])
    row = hazard_ratios(cohort, by="arm").table.iloc[0]
    assert row["withheld"].startswith("not estimable")
    assert row[NUMBERS].isna().all()


@pytest.mark.parametrize("cohort", [arms(A=[(5, 1)]), arms(A=[(5, 1)] * 30)], ids=["one patient", "one group"])
def test_a_single_group_is_withheld(cohort: Cohort) -> None:
    table = hazard_ratios(cohort, by="arm").table
    assert table.columns.tolist() == COLUMNS
    assert table[["term", "withheld"]].to_numpy().tolist() == [["A", "needs two groups"]]


def test_an_empty_cohort_has_an_empty_table() -> None:
    cohort = arms(A=[(5, 1)], B=[(6, 1)])
    table = hazard_ratios(cohort.subset(cohort.patients["follow_up_months"] > 9), by="arm").table
    assert table["withheld"].tolist() == ["needs two groups"]


def test_26_equal_groups_have_ratios_of_one() -> None:
    held = {chr(65 + place): [(1.0, 1), (2.0, 0)] for place in range(26)}
    table = hazard_ratios(arms(**held), by="arm", limits=ALWAYS).table
    assert table["hazard_ratio"].tolist() == pytest.approx([1] * 25)
    assert table["p"].tolist() == pytest.approx([1] * 25)
    assert set(table["reference"]) == {"A"}


def test_small_numbers_are_checked_with_the_reference() -> None:
    held = {"A": [(float(month), 1) for month in range(1, 13)], "B": [(month + 0.5, 1) for month in range(1, 13)]}
    table = hazard_ratios(arms(**held, C=[(3.2, 1), (7, 1)]), by="arm").table
    assert table["withheld"].tolist() == ["", "fewer than 10 patients (2 in C)"]
    assert table[NUMBERS].isna().all(axis=1).tolist() == [False, True]


def some(patients: int = 60, **columns: list[object]) -> Cohort:
    rng = np.random.default_rng(3)
    visits = pd.DataFrame({"patient_id": ["p0"], "months": [0], "sledai": [3]})
    made = cohort_of(
        rng.integers(1, 40, patients).tolist(),
        rng.integers(0, 2, patients).tolist(),
        age_years=rng.integers(18, 60, patients).tolist(),
        msc_source=rng.choice(["BM", "UC"], patients).tolist(),
        organs=rng.choice(["renal", "skin", "renal;skin"], patients).tolist(),
        **columns,
    )
    return read_cohort(made.patients.astype({"msc_source": object}), visits)


def test_terms_of_covariates() -> None:
    table = hazard_ratios(
        some(), covariates=["age_years", "msc_source", Grouping("skin"), Cut("age_years", [30])]
    ).table
    assert table["term"].tolist() == ["age_years", "msc_source: UC", "skin", "age 30 years or more"]
    assert table["reference"].tolist() == ["per year", "BM", "no skin", "age below 30 years"]
    assert set(table["withheld"]) == {""}


def test_proportional_hazards_have_one_p_per_factor() -> None:
    cohort = some(arm=list("ABC") * 20)
    table = hazard_ratios(cohort, covariates=["arm", "age_years"]).table
    assert table["proportional_p"].iloc[0] == table["proportional_p"].iloc[1] != table["proportional_p"].iloc[2]


def test_patients_without_a_covariate_are_left_out_and_reported() -> None:
    cohort = some(dose=[None, *range(1, 60)])
    result = hazard_ratios(cohort, covariates=["dose", "msc_source"])
    assert result.left_out.to_numpy().tolist() == [["dose is not recorded", 1]]
    listed = left_out_of_curves(cohort, covariates=["dose", "msc_source"])
    assert listed.to_numpy().tolist() == [["p0", "dose is not recorded"]]
    assert "59 patients" in result.method


def test_a_constant_covariate_is_not_estimable() -> None:
    table = hazard_ratios(some(dose=[1] * 60), covariates=["dose", "age_years"]).table
    assert table["withheld"].tolist() == ["not estimable: the same value in all patients", ""]


def test_collinear_covariates_are_not_estimable() -> None:
    cohort = some()
    cohort.patients["age_months"] = 12 * cohort.patients["age_years"]
    table = hazard_ratios(cohort, covariates=["age_years", "age_months"]).table
    assert table["withheld"].str.startswith("not estimable: the covariates determine one another").all()


@pytest.mark.parametrize("options", [{}, {"by": "arm", "covariates": ["arm"]}, {"covariates": []}])
def test_either_by_or_covariates(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either by or covariates"):
        hazard_ratios(arms(A=[(1, 1)]), **options)


@FEW
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 8), st.booleans()), min_size=12, max_size=40))
def test_reversed_groups_invert_the_ratio(rows: list[tuple[bool, int, bool]]) -> None:
    months = [float(time) for _, time, _ in rows]
    died = [int(event) for _, _, event in rows]
    one, other = (
        hazard_ratios(
            cohort_of(months, died, arm=[names[second] for second, _, _ in rows]), by="arm", limits=ALWAYS
        ).table.iloc[0]
        for names in ("AB", "ZB")
    )
    assume(not one["withheld"])
    assert other["hazard_ratio"] == pytest.approx(1 / one["hazard_ratio"], rel=1e-6)
    assert other["p"] == pytest.approx(one["p"], abs=1e-6)
    assert other["proportional_p"] == pytest.approx(one["proportional_p"], abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("late", [False, True])
def test_groups_from_counts_equal_a_covariate_of_patients(seed: int, late: bool) -> None:
    rng = np.random.default_rng(seed)
    months = rng.integers(1, 30, 150) if seed % 2 else rng.uniform(0.1, 30, 150)
    entry = {"entry_months": (months * rng.uniform(0, 0.9, 150) * rng.integers(0, 2, 150)).tolist()} if late else {}
    made = cohort_of(
        months.tolist(), rng.integers(0, 2, 150).tolist(), arm=rng.choice(["a", "b", "c"], 150).tolist(), **entry
    )
    by_counts = hazard_ratios(made, by="arm", limits=ALWAYS).table
    by_patients = hazard_ratios(made, covariates=["arm"], limits=ALWAYS).table
    assert by_counts[NUMBERS].to_numpy(float) == pytest.approx(by_patients[NUMBERS].to_numpy(float), rel=1e-7)
