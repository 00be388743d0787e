"""Differences between curves: by hand, by R, and reasons for missing ones."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Pinned, TimeToEvent, cumulative_incidence, kaplan_meier
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.survival.curve_differences import curve_differences
from analysis.estimates.yearly.share_differences import newcombe_interval
from tests.analysis.made import SAMPLE, arms, cohort_of, competing

NUMBERS = ["share_a", "share_b", "difference", "lower", "upper"]

# Freireich et al. 1963, as in Gehan 1965: months (weeks there) in remission, and whether it ended
PLACEBO = [(time, 1) for time in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]
MERCAPTOPURINE = [(time, 1) for time in (6, 6, 6, 7, 10, 13, 16, 22, 23)] + [
    (time, 0) for time in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]


@pytest.fixture(scope="module")
def leukaemia() -> Cohort:
    return arms(A=PLACEBO, B=MERCAPTOPURINE)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        # R, survfit(conf.type = interval), limits put together by hand
        ("log-log", [0.190476190476, 0.752941176471, 0.562464985994, 0.250496309492, 0.751594973829]),
        ("plain", [0.190476190476, 0.752941176471, 0.562464985994, 0.309744557429, 0.81518541456]),
        ("log", [0.190476190476, 0.752941176471, 0.562464985994, 0.245375488385, 0.804381259429]),
    ],
)
def test_survival_differences_against_r(leukaemia: Cohort, interval: str, expected: list[float]) -> None:
    table = curve_differences(leukaemia, by="arm", months=[12], interval=interval).table
    assert table[["months", "group_a", "group_b", "withheld"]].to_numpy().tolist() == [[12, "A", "B", ""]]
    assert table[NUMBERS].iloc[0].tolist() == pytest.approx(expected, abs=1e-10)


def test_incidence_differences_with_a_competing_event() -> None:
    first = list(zip(range(2, 25, 2), [1, 2, 1, 0, 1, 0, 2, 1, 0, 0, 1, 0], strict=True))
    second = list(zip(range(3, 26, 2), [2, 0, 0, 1, 2, 0, 1, 0, 0, 2, 0, 0], strict=True))
    cohort = competing(first + second, arm=["A"] * 12 + ["B"] * 12)
    found = curve_differences(cohort, "relapse", by="arm", months=[12, 18])
    # R, survfit(Surv(months, factor(status)), conf.type = "log-log"), limits put together by hand
    expected = [
        [0.260416666667, 0.101851851852, -0.158564814815, -0.437185950352, 0.169446005104],
        [0.369791666667, 0.220679012346, -0.149112654321, -0.476961293074, 0.240874938701],
    ]
    assert found.table[NUMBERS].to_numpy() == pytest.approx(np.array(expected), abs=1e-6)
    assert "Gray's test covers the whole curve" in found.method
    assert "p" not in found.table


def test_without_censoring_limits_come_from_clopper_pearson() -> None:
    cohort = arms(A=[(month, 1) for month in range(1, 11)], B=[(month + 3, 1) for month in range(1, 21)])
    row = curve_differences(cohort, by="arm", months=[6], interval="exact").table.iloc[0]
    lower, upper = proportion_interval([4, 17], [10, 20], "clopper-pearson")
    assert row["difference"] == pytest.approx(0.85 - 0.4)
    assert row["lower"] == pytest.approx(0.45 - math.hypot(0.85 - lower[1], upper[0] - 0.4))
    assert row["upper"] == pytest.approx(0.45 + math.hypot(upper[1] - 0.85, 0.4 - lower[0]))
    # Newcombe's, from Wilson limits, is the narrower one: another interval, of the same family
    narrow = newcombe_interval((4, 17), (10, 20))
    assert row["lower"] < narrow[0] < narrow[1] < row["upper"]


@pytest.mark.parametrize("endpoint", ["overall_survival", "relapse"])
def test_the_confidence_level_is_that_of_the_curves(endpoint: str) -> None:
    sample, estimate = SAMPLE, kaplan_meier if endpoint == "overall_survival" else cumulative_incidence
    for level in (0.8, 0.99):
        (a, a_lower, a_upper), (b, b_lower, b_upper) = (
            estimate(sample, endpoint, by="msc_source", level=level).at([24]).iloc[:, -3:].to_numpy()
        )
        found = curve_differences(sample, endpoint, by="msc_source", months=[24], level=level)
        expected = [b - a, b - a - math.hypot(b - b_lower, a_upper - a), b - a + math.hypot(b_upper - b, a - a_lower)]
        assert found.table[["difference", "lower", "upper"]].iloc[0].tolist() == pytest.approx(expected)
        assert f"{100 * level:g} % interval" in found.method


def test_missing_numbers_have_a_reason(leukaemia: Cohort) -> None:
    months = [0, 4, 24, 35, 36, 99]
    table = curve_differences(leukaemia, by="arm", months=months).table
    assert dict(zip(months, table["withheld"], strict=True)) == {
        0: "",
        4: "",
        24: "no interval: survival is 0 % in A",  # it stays at 0 without anybody at risk
        35: "no interval: survival is 0 % in A",
        36: "nobody is at risk so long in B",
        99: "nobody is at risk so long in B",
    }
    assert table["difference"].tolist()[:4] == pytest.approx([0, 1 - 14 / 21, 0.4481793, 0.4481793], abs=1e-6)
    assert table["difference"].isna().tolist() == [False] * 4 + [True] * 2
    assert table[["lower", "upper"]].notna().to_numpy().tolist() == [[True] * 2] * 2 + [[False] * 2] * 4


def test_two_groups_without_an_event_so_far_are_compared_by_their_exact_limits(leukaemia: Cohort) -> None:
    # 21 of 21 in each: 0.025 ** (1 / 21) to 1.
    width = 1 - 0.025 ** (1 / 21)
    row = curve_differences(leukaemia, by="arm", months=[0]).table.iloc[0]
    assert row[["difference", "lower", "upper"]].tolist() == pytest.approx([0, -width, width])


def test_both_groups_are_named_where_neither_is_followed() -> None:
    table = curve_differences(SAMPLE, by="msc_source", months=[999]).table
    assert table["withheld"].tolist() == ["nobody is at risk so long in BM and UC"]


def test_a_group_without_events_has_limits() -> None:
    cohort = arms(A=[(month, month % 2) for month in range(1, 21)], B=[(month, 0) for month in range(1, 21)])
    row = curve_differences(cohort, by="arm", months=[6]).table.iloc[0]
    assert row["share_b"] == 1
    assert row["withheld"] == ""
    assert -1 < row["lower"] < row["difference"] < row["upper"] <= 1


def test_all_pairs_of_groups_with_patients() -> None:
    cohort = arms(A=PLACEBO, B=MERCAPTOPURINE, C=[(30, 0)] * 5)
    missing = cohort_of([5, 6, 7, 8], [1, 0, 0, 0], arm=["A", "A", "B", "C"], entry_months=[0, 0, 0, 9])
    table = curve_differences(cohort, by="arm", months=[6, 12]).table
    assert table[["group_a", "group_b", "months"]].to_numpy().tolist() == [
        ["A", "B", 6], ["A", "B", 12], ["A", "C", 6], ["A", "C", 12], ["B", "C", 6], ["B", "C", 12],
    ]  # fmt: skip
    found = curve_differences(missing, by="arm", months=[6])
    assert found.table[["group_a", "group_b"]].to_numpy().tolist() == [["A", "B"]]
    assert found.left_out["patients"].tolist() == [1]


@pytest.mark.parametrize("shared", [1, 2])
def test_overlapping_cohorts_have_a_difference_without_limits(shared: int) -> None:
    cohort = cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], relapse_months=[1, 3, 5, None, None, None])
    first, second = (
        cohort.subset(cohort.patients["patient_id"].isin(ids))
        for ids in (["p0", "p1", "p2", "p3"], ["p2", "p3", "p4"][2 - shared :])
    )
    pinned = Pinned.of(first, second, ("first", "second"))
    words = f"the groups share {shared} patient{'s' if shared > 1 else ''}"
    for endpoint, estimate, what in (
        ("overall_survival", kaplan_meier, "survival"),
        ("relapse", cumulative_incidence, "incidence"),
    ):
        row = curve_differences(cohort, endpoint, by=pinned, months=[6]).table.iloc[0]
        expected = [estimate(alone, endpoint).at([6])[what].iloc[0] for alone in (first, second)]
        assert row[["share_a", "share_b"]].tolist() == pytest.approx(expected)
        assert row["difference"] == pytest.approx(expected[1] - expected[0])
        assert row["withheld"] == words
        assert row[["lower", "upper"]].isna().all()
    # Both reasons hold; the one for the missing difference is given. The second curve is at 0.
    assert set(curve_differences(cohort, by=pinned, months=[9, 99]).table["withheld"]) == {
        "nobody is at risk so long in first"
    }


def test_negative_times_are_refused(leukaemia: Cohort) -> None:
    with pytest.raises(ValueError, match="from 0 months on"):
        curve_differences(leukaemia, by="arm", months=[-1])


patients = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["event", "death", ""])), min_size=1, max_size=12)


@given(patients, patients, st.booleans(), st.sampled_from(["log-log", "plain", "log", "exact"]))
def test_reversed_groups_change_the_sign(
    first: list[tuple[int, str]], second: list[tuple[int, str]], competes: bool, interval: str
) -> None:
    endpoint = TimeToEvent("end", "relapsed", "died" if competes else "")
    tables = []
    for names in ("AB", "BA"):
        rows = [(names[place], *row) for place, group in enumerate((first, second)) for row in group]
        cohort = cohort_of(
            [float(months) for _, months, _ in rows],
            [int(end == "death") for *_, end in rows],
            arm=[group for group, *_ in rows],
            end=[float(months) for _, months, _ in rows],
            relapsed=[int(end == "event") for *_, end in rows],
        )
        found = curve_differences(cohort, endpoint, by="arm", months=[0, 3, 6, 12, 20], interval=interval)
        tables.append(found.table)
    one, other = tables
    pd.testing.assert_series_equal(one["difference"], -other["difference"])
    pd.testing.assert_series_equal(one["lower"], -other["upper"], check_names=False)
    pd.testing.assert_series_equal(one["upper"], -other["lower"], check_names=False)
    held = one.dropna(subset=["lower"])
    assert (held["lower"] <= held["difference"] + 1e-12).all()
    assert (held["difference"] <= held["upper"] + 1e-12).all()
    assert held["lower"].ge(-1 - 1e-12).all()
    assert held["upper"].le(1 + 1e-12).all()
    assert ((one["withheld"] == "") == one["lower"].notna()).all()
