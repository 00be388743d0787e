"""A score over time: scheduled visits, centres and limits worked out by hand, change from baseline."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, read_cohort, trajectory
from analysis.listings.left_out import left_out_of_trajectory
from analysis.listings.trajectory_lines import trajectory_lines
from tests.analysis.made import SAMPLE


def cohort_of(rows: list[tuple[str, float, float | None]], **columns: list[object]) -> Cohort:
    ids = list(dict.fromkeys(row[0] for row in rows))
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": 60, "died": 0, **columns})
    return read_cohort(patients, pd.DataFrame(rows, columns=["patient_id", "months", "sledai"]))


def scheduled(cohort: Cohort, **arguments: object) -> dict[float, float]:
    lines = trajectory_lines(cohort, **arguments).dropna()
    return dict(zip(lines["months"], lines["scheduled"], strict=True))


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([0, 1, 3], {0: 0, 1: 1, 3: 3}),
        ([-2, -0.5], {-0.5: 0}),  # before transplantation: baseline, the nearest
        ([-24], {-24: 0}),
        ([0.5], {0.5: 0}),  # half-way: the earlier month
        ([0, 0.5], {0: 0, 0.5: 1}),  # its month has a nearer visit, so it stands for the next
        ([5, 7], {5: 6}),  # equally near: the earlier visit
        ([54], {54: 48}),  # as far after the last month as half-way before it
        ([54.1], {}),
        ([11.9, 12.05, 13], {12.05: 12}),
    ],
)
def test_which_visit_stands_for_which_month(months: list[float], expected: dict[float, float]) -> None:
    assert scheduled(cohort_of([("a", month, 4) for month in months])) == expected


def test_a_fixed_window_replaces_half_way() -> None:
    cohort = cohort_of([("a", month, 4) for month in (0, 5, 12)])
    assert scheduled(cohort, window_months=0.5) == {0: 0, 12: 12}


def test_visits_without_a_value_stand_for_no_month() -> None:
    assert scheduled(cohort_of([("a", 6.0, None), ("a", 7.0, 3)])) == {7.0: 6.0}


def summary_row(values: list[float], **arguments: object) -> list[float]:
    cohort = cohort_of([(f"p{number}", 0, value) for number, value in enumerate(values)])
    row = trajectory(cohort, schedule=[0, 6], **arguments).summary.iloc[0]
    return [row["patients"], row["centre"], row["lower"], row["upper"]]


def test_mean_with_its_interval() -> None:
    # 2, 4, 6, 8: mean 5, standard deviation 2.58199, t(3; 0.975) = 3.18245.
    half = 3.182446 * 2.581989 / 2
    assert summary_row([2, 4, 6, 8]) == pytest.approx([4, 5, 5 - half, 5 + half], abs=1e-5)


def test_mean_with_standard_deviation() -> None:
    assert summary_row([2, 4, 6, 8], spread="sd") == pytest.approx([4, 5, 5 - 2.581989, 5 + 2.581989], abs=1e-5)


def test_median_with_quartiles_of_type_7() -> None:
    assert summary_row([1, 2, 4, 8], centre="median", spread="iqr") == [4, 3, 1.75, 5]


def test_median_with_order_statistics() -> None:
    # Of 10 the second and ninth: 1 - 2 * 11/1024 = 97.9 %; the third and eighth would cover 89.1 %.
    values = [float(value) for value in range(1, 11)]
    assert summary_row(values, centre="median") == [10, 5.5, 2, 9]


def test_below_six_no_order_statistics_cover_the_median() -> None:
    row = summary_row([1, 2, 3, 4, 5], centre="median")
    assert row[:2] == [5, 3]
    assert np.isnan(row[2:]).all()


def test_one_patient_has_a_value_and_no_limits() -> None:
    row = summary_row([7])
    assert row[:2] == [1, 7]
    assert np.isnan(row[2:]).all()


def test_months_without_patients_have_rows() -> None:
    summary = trajectory(cohort_of([("a", 0, 4)])).summary
    assert summary["months"].tolist() == [0, 1, 3, 6, 12, 24, 36, 48]
    assert summary["patients"].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert summary["centre"].isna().sum() == 7


def change_of(pairs: list[tuple[float, float]]) -> pd.Series:
    rows = [
        row
        for number, (before, after) in enumerate(pairs)
        for row in ((f"p{number}", 0.0, before), (f"p{number}", 6.0, after))
    ]
    return trajectory(cohort_of(rows), schedule=[0, 6]).change.iloc[0]


def test_change_from_baseline() -> None:
    # Differences -5, -4, -3, -2, -1: mean -3, t(4; 0.975) = 2.776445; all of one sign: p = 2 / 2 ** 5.
    change = change_of([(10, 5), (10, 6), (10, 7), (10, 8), (10, 9)])
    half = 2.776445 * np.sqrt(2.5) / np.sqrt(5)
    assert change[["pairs", "mean_change", "lower", "upper"]].tolist() == pytest.approx(
        [5, -3, -3 - half, -3 + half], abs=1e-5
    )
    assert change["p"] == pytest.approx(2 / 32, abs=1e-12)


def test_with_ties_the_normal_approximation_without_continuity_correction() -> None:
    # R: wilcox.test(c(-4, -4, -2, 2, -6, -8), exact = FALSE, correct = FALSE). Ranks 3.5 3.5 1.5 1.5 5 6, W = 1.5,
    # mean 10.5, variance 6 * 7 * 13 / 24 - (6 + 6) / 48 = 22.5.
    from scipy.stats import norm

    change = change_of([(8, 4), (8, 4), (8, 6), (8, 10), (8, 2), (8, 0)])
    assert change["p"] == pytest.approx(2 * norm.cdf((1.5 - 10.5) / np.sqrt(22.5)), abs=1e-9)


def test_differences_within_rounding_are_ties() -> None:
    # 0.8 - 0.5 and 0.7 - 0.4 differ in the last bit; as ties they make the test approximate.
    cohort = read_cohort(
        pd.DataFrame({"patient_id": list("abc"), "follow_up_months": 60, "died": 0}),
        pd.DataFrame(
            {
                "patient_id": list("aabbcc"),
                "months": [0, 6] * 3,
                "c3_g_per_l": [0.5, 0.8, 0.4, 0.7, 0.5, 1.0],
            }
        ),
    )
    change = trajectory(cohort, "c3_g_per_l", schedule=[0, 6]).change.iloc[0]
    # Ranks 1.5, 1.5, 3: W- = 0, mean 3, variance 3 * 4 * 7 / 24 - 6 / 48 = 3.375.
    from scipy.stats import norm

    assert change["p"] == pytest.approx(2 * norm.cdf(-3 / np.sqrt(3.375)), abs=1e-9)


def test_no_change_at_all_has_no_p() -> None:
    assert np.isnan(change_of([(4, 4), (6, 6)])["p"])


def test_values_as_change() -> None:
    cohort = cohort_of([("a", 0, 10), ("a", 6, 4), ("b", 6, 3)])
    result = trajectory(cohort, change=True, schedule=[0, 6])
    assert result.summary["centre"].tolist() == [0, -6]
    assert result.left_out.to_numpy().tolist() == [["no value at month 0", 1]]


def test_groups() -> None:
    cohort = cohort_of([("a", 0, 10), ("b", 0, 4), ("c", 0, 2)], msc_source=["UC", "BM", None])
    result = trajectory(cohort, schedule=[0], by="msc_source")
    assert result.summary[["group", "patients", "centre"]].to_numpy().tolist() == [["BM", 1, 4], ["UC", 1, 10]]
    assert result.left_out.to_numpy().tolist() == [["the group is not recorded", 1]]


def test_patients_without_values_are_reported() -> None:
    cohort = cohort_of([("a", 0, 10), ("b", 0, None)])
    assert trajectory(cohort).left_out.to_numpy().tolist() == [["no value at any visit", 1]]


@pytest.mark.parametrize("arguments", [{"measure": "height"}, {"centre": "mode"}, {"centre": "median", "spread": "sd"}])
def test_unknown_arguments_are_refused_by_name(arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no column|not offered"):
        trajectory(SAMPLE, **arguments)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(-20, 600), st.integers(0, 40)),
        min_size=1,
        max_size=60,
        unique_by=lambda row: row[:2],
    )
)
def test_each_patient_counts_once_a_month_and_each_visit_once(rows: list[tuple[str, int, int]]) -> None:
    cohort = cohort_of([(who, tenths / 10, score) for who, tenths, score in rows])
    result, lines = trajectory(cohort), trajectory_lines(cohort)
    counted = lines.dropna(subset=["scheduled"])
    assert len(lines) == result.extent.visits == len(rows)
    assert not counted.duplicated(["patient_id", "scheduled"]).any()
    means = counted.groupby("scheduled")["value"].mean()
    told = result.summary.set_index("months")["centre"].dropna()
    assert told.to_dict() == pytest.approx(means.to_dict())


def test_geometric_mean() -> None:
    # Logarithms 0, ln 10, 2 ln 10: mean and standard deviation ln 10, t(2; 0.975) = 4.302653.
    factor = 10 ** (4.302653 / np.sqrt(3))
    assert summary_row([1, 10, 100], centre="geometric mean") == pytest.approx([3, 10, 10 / factor, 10 * factor])
    assert summary_row([1, 10, 100], centre="geometric mean", spread="sd") == pytest.approx([3, 10, 1, 100])


def test_values_without_a_logarithm_are_left_out_and_reported() -> None:
    result = trajectory(
        cohort_of([("a", 0, 0), ("a", 6, 4), ("b", 0, 9), ("b", 6, 0), ("c", 0, 0)]),
        schedule=[0, 6],
        centre="geometric mean",
    )
    assert result.summary["patients"].tolist() == [1, 1]
    assert "3 values not above 0 left out" in result.method
    assert result.left_out.to_numpy().tolist() == [["no value above 0", 1]]


def test_change_in_percent_and_the_table_of_changes_as_it_was() -> None:
    cohort = cohort_of([("a", 0, 10), ("a", 6, 4), ("b", 0, 8), ("b", 6, 10), ("c", 0, 0), ("c", 6, 2), ("d", 6, 1)])
    result = trajectory(cohort, change="percent", schedule=[0, 6])
    assert result.summary["centre"].tolist() == [0, (-60 + 25) / 2]
    assert result.left_out.to_numpy().tolist() == [["no value at month 0", 1], ["0 at month 0", 1]]
    assert "Mean percent change of SLEDAI" in result.method
    pd.testing.assert_frame_equal(result.change, trajectory(cohort, schedule=[0, 6]).change)


def test_the_same_patients_throughout() -> None:
    cohort = cohort_of([("a", 0, 10), ("a", 6, 4), ("a", 9, 4), ("b", 0, 20)])
    result = trajectory(cohort, schedule=[0, 6], same_patients=True)
    assert result.summary[["patients", "centre"]].to_numpy().tolist() == [[1, 10], [1, 4]]
    assert len(trajectory_lines(cohort, schedule=[0, 6], same_patients=True)) == result.extent.visits == 3
    assert result.left_out.to_numpy().tolist() == [["no value at every scheduled month", 1]]
    assert "the same patients at every month" in result.method


@pytest.mark.parametrize(
    "arguments",
    [
        {"centre": "geometric mean", "change": True},
        {"change": "ratio"},
        {"schedule": []},
        {"schedule": [6, 0]},
        {"window_months": -1},
    ],
)
def test_invalid_arguments_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"geometric mean of changes|A change is|A schedule|A window"):
        trajectory(SAMPLE, **arguments)


def test_patients_left_out_are_listed_and_counted_alike() -> None:
    cohort = cohort_of([("a", 0, 10), ("a", 6, 4), ("b", 0, 8), ("c", 0, 0), ("c", 6, 2), ("d", 6, 1), ("e", 0, None)])
    asked = {"change": "percent", "schedule": [0, 6], "same_patients": True}
    listed = left_out_of_trajectory(cohort, **asked)
    assert listed.to_numpy().tolist() == [
        ["e", "no value at any visit"],
        ["b", "no value at every scheduled month"],
        ["d", "no value at every scheduled month"],
        ["c", "0 at month 0"],
    ]
    counted = trajectory(cohort, **asked).left_out.set_index("reason")["patients"]
    assert counted.to_dict() == listed["reason"].value_counts(sort=False).to_dict()
