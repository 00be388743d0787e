"""Differences between groups against published examples."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Pinned,
    SmallNumbers,
    cumulative_incidence,
    read_cohort,
    yearly_relapse,
    yearly_remission,
)
from analysis.estimates.common.intervals import Estimate, rate_interval, square_and_add
from analysis.estimates.yearly.share_differences import newcombe_interval, share_differences
from analysis.listings.years import yearly_members
from tests.analysis.made import SAMPLE


@pytest.mark.parametrize(
    ("first", "second", "limits"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1)),
        ((10, 10), (0, 10), (0.6075, 1)),
    ],
)
def test_newcombe(first: tuple[int, int], second: tuple[int, int], limits: tuple[float, float]) -> None:
    # Newcombe 1998, table II, method 10: first minus second
    found = newcombe_interval((second[0], first[0]), (second[1], first[1]))
    assert found == pytest.approx(limits, abs=5e-5)


def test_square_and_add_by_hand() -> None:
    # below: 30 - 27 and 14 - 10 make 5; above: 42 - 30 and 10 - 5 make 13
    assert square_and_add((10, 5, 14), (30, 27, 42)) == pytest.approx((15, 33))
    assert square_and_add((0.5, 0.5, 0.5), (0.7, 0.6, 0.9)) == pytest.approx((0.1, 0.4))
    assert all(map(math.isnan, square_and_add((0.5, math.nan, math.nan), (0.7, 0.6, 0.9))))


estimates = st.tuples(*[st.floats(0, 1)] * 3).map(lambda numbers: (sorted(numbers)[1], min(numbers), max(numbers)))


@given(estimates, estimates)
def test_the_limits_change_their_sign_with_the_groups(first: Estimate, second: Estimate) -> None:
    lower, upper = square_and_add(first, second)
    assert -1 - 1e-12 <= lower <= second[0] - first[0] <= upper <= 1 + 1e-12
    assert square_and_add(second, first) == (-upper, -lower)
    # never wider than the sum of both distances
    assert lower >= second[1] - first[2] - 1e-12
    assert upper <= second[2] - first[1] + 1e-12


def test_exact_poisson_limits() -> None:
    # Garwood 1936: 0, 3 and 10 events
    lower, upper = rate_interval([0, 3, 10, 4], [1, 1, 2, 0])
    assert lower.tolist()[:3] == pytest.approx([0, 0.618672, 4.795389 / 2], abs=5e-7)
    assert upper.tolist()[:3] == pytest.approx([3.688879, 8.767273, 18.390356 / 2], abs=5e-7)
    assert pd.isna([lower[3], upper[3]]).all()


def groups_of(counts: dict[str, tuple[int, int]], **options: object) -> pd.DataFrame:
    """Return differences at year 1 between groups, given the numbers in remission and assessed in each."""
    rows = [
        (f"{group}{number}", group, "complete" if number < events else "none")
        for group, (events, patients) in counts.items()
        for number in range(patients)
    ]
    table = pd.DataFrame(rows, columns=["patient_id", "arm", "remission"])
    patients = table.drop(columns="remission").assign(follow_up_months=12, died=0)
    visits = table.drop(columns="arm").assign(months=12)
    result = yearly_remission(read_cohort(patients, visits), by="arm")
    return share_differences(result, **options).table


def test_second_minus_first_with_fisher_where_numbers_allow() -> None:
    table = groups_of({"A": (48, 80), "B": (56, 70)})
    row = table.iloc[0]
    assert table[["year", "group_a", "group_b"]].to_numpy().tolist() == [[1, "A", "B"]]
    assert row[["share_a", "share_b", "difference"]].tolist() == pytest.approx([0.6, 0.8, 0.2])
    assert row[["lower", "upper"]].tolist() == pytest.approx([0.0524, 0.3339], abs=5e-5)
    assert row["p"] == pytest.approx(0.0125211297492)  # R, fisher.test
    assert row["withheld"] == ""


def test_fishers_tea_experiment() -> None:
    # Fisher 1935: three of four cups right
    table = groups_of({"A": (1, 4), "B": (3, 4)}, limits=SmallNumbers(0, 0))
    assert table["p"].iloc[0] == pytest.approx(34 / 70)


def test_small_numbers_are_withheld_by_pair() -> None:
    table = groups_of({"A": (9, 20), "B": (1, 20), "C": (0, 20), "D": (8, 9), "E": (5, 20)}).set_index(
        ["group_a", "group_b"]
    )
    assert table["withheld"].to_dict() == {
        ("A", "B"): "fewer than 5 events in a group (1 in B)",
        ("A", "C"): "fewer than 10 events (9)",
        ("A", "D"): "fewer than 10 patients (9 in D)",
        ("A", "E"): "",
        ("B", "C"): "fewer than 10 events (1)",
        ("B", "D"): "fewer than 10 events (9); fewer than 10 patients (9 in D)",
        ("B", "E"): "fewer than 10 events (6)",
        ("C", "D"): "fewer than 10 events (8); fewer than 10 patients (9 in D)",
        ("C", "E"): "fewer than 10 events (5)",
        ("D", "E"): "fewer than 10 patients (9 in D)",
    }
    assert table.index[table["p"].notna()].tolist() == [("A", "E")]
    assert table[["difference", "lower", "upper"]].notna().all(axis=None)


def test_an_empty_group_has_no_difference() -> None:
    result = yearly_remission(SAMPLE, by="msc_source", years=[9])
    for limits in (SmallNumbers(), SmallNumbers(0, 0)):
        row = share_differences(result, limits=limits).table.iloc[0]
        assert row["withheld"] == "nobody is in BM or UC"
        assert row[["share_a", "share_b", "difference", "lower", "upper", "p"]].isna().all()


@pytest.mark.parametrize("shared", [1, 4])
def test_overlapping_groups_have_a_difference_without_limits_or_p(shared: int) -> None:
    sample = SAMPLE
    members = yearly_members(sample, yearly_remission(sample, by="msc_source", years=[1]))
    assessed = members.loc[(members["group"] == "BM") & members["in_denominator"], "patient_id"]
    of_uc, ids = sample.patients["msc_source"] == "UC", sample.patients["patient_id"]
    first, second = sample.subset(~of_uc), sample.subset(of_uc | ids.isin(assessed.head(shared)))
    for estimate, estimand in (
        (yearly_remission, "assessed"),
        (yearly_remission, "ever"),
        (yearly_remission, "current"),
        (yearly_relapse, "rate"),
    ):
        together = estimate(sample, estimand=estimand, by=Pinned.of(first, second), years=[1])
        row = share_differences(together).table.iloc[0]
        assert row["withheld"] == f"the groups share {shared} patient{'s' if shared > 1 else ''}"
        assert row[["lower", "upper", "p"]].isna().all()
        alone = [estimate(each, estimand=estimand, years=[1]).bars["share"].iloc[0] for each in (first, second)]
        assert row[["share_a", "share_b"]].tolist() == pytest.approx(alone)
        assert row["difference"] == pytest.approx(alone[1] - alone[0])


def test_limits_of_probabilities_come_from_their_own_limits() -> None:
    sample = SAMPLE
    found = share_differences(yearly_relapse(sample, estimand="cumulative", by="msc_source"))
    curves = cumulative_incidence(sample, by="msc_source").at([12, 24, 36, 48]).set_index(["group", "months"])
    assert (found.kind, found.table["p"].isna().all()) == ("probability", True)
    for row in found.table.to_dict("records")[:3]:
        (a, a_lower, a_upper), (b, b_lower, b_upper) = (
            curves.loc[(group, 12 * row["year"]), ["incidence", "lower", "upper"]] for group in ("BM", "UC")
        )
        assert row["difference"] == pytest.approx(b - a)
        assert row["lower"] == pytest.approx(b - a - np.sqrt((b - b_lower) ** 2 + (a_upper - a) ** 2))
        assert row["upper"] == pytest.approx(b - a + np.sqrt((b_upper - b) ** 2 + (a - a_lower) ** 2))
        assert row["withheld"] == "no test of an estimated share; Gray's test is on the Survival page"
    last = found.table.iloc[3]
    assert last["withheld"] == "nobody is at risk so long in UC"
    assert last[["difference", "lower", "upper"]].isna().all()


def test_rates_are_compared_per_100_patient_years() -> None:
    rows = [("A", 6.3, 5)] * 20 + [("A", 3.0, None), ("B", 6.0, None)]
    patients = pd.DataFrame(rows, columns=["arm", "follow_up_months", "relapse_months"])
    patients.loc[2:19, "relapse_months"] = None  # 2 relapses in 2 * 5 + 18 * 6.3 + 3 months
    relapsing = pd.DataFrame([("B", 12.0, 3.0)] * 7 + [("B", 12.0, None)] * 10, columns=patients.columns)
    patients = pd.concat([patients, relapsing], ignore_index=True)  # 7 relapses in 7 * 3 + 10 * 12 + 6 months
    patients = patients.assign(patient_id=[f"p{row}" for row in patients.index], died=0)
    visits = pd.DataFrame({"patient_id": patients["patient_id"], "months": 0.0, "remission": "none"})
    result = yearly_relapse(read_cohort(patients, visits), estimand="rate", by="arm", years=[1])
    assert result.bars["person_years"].tolist() == pytest.approx([10.5333333, 12.25], abs=1e-6)
    found = share_differences(result)
    row = found.table.iloc[0]
    # R: 100 * 7 / 12.25 - 100 * 2 / (126.4 / 12), limits from qchisq(p, 2 * k) / 2
    expected = [18.987341772152, 57.142857142857, 38.155515370705, -22.075617298482, 101.0047772385]
    assert row[["share_a", "share_b", "difference", "lower", "upper"]].tolist() == pytest.approx(expected, rel=1e-9)
    assert math.isnan(row["p"])
    assert (found.kind, row["withheld"]) == ("rate", "no test of a rate")
    assert "per 100 patient-years" in found.method


def test_a_missing_limit_has_a_reason() -> None:
    result = yearly_remission(SAMPLE, estimand="ever", by="msc_source", years=[1])
    bars = result.bars.assign(share=[0.0, 0.4], lower=[np.nan, 0.2], upper=[np.nan, 0.6])
    row = share_differences(replace(result, bars=bars)).table.iloc[0]
    assert (row["difference"], row["withheld"]) == (0.4, "no interval: the share is 0 % in BM")
    assert row[["lower", "upper"]].isna().all()


def test_one_group_has_no_comparison() -> None:
    sample = SAMPLE
    for estimand in ("at_risk", "rate", "cumulative"):
        assert share_differences(yearly_relapse(sample, estimand=estimand)).table.empty
