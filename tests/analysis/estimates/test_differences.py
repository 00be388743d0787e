"""Differences between groups against published examples."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import SmallNumbers, load_sample, read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.differences import newcombe_interval, share_differences
from analysis.estimates.intervals import rate_interval


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


def test_exact_poisson_limits() -> None:
    # Garwood 1936: 0, 3 and 10 events
    lower, upper = rate_interval([0, 3, 10, 4], [1, 1, 2, 0])
    assert lower.tolist()[:3] == pytest.approx([0, 0.618672, 4.795389 / 2], abs=5e-7)
    assert upper.tolist()[:3] == pytest.approx([3.688879, 8.767273, 18.390356 / 2], abs=5e-7)
    assert pd.isna([lower[3], upper[3]]).all()


def groups_of(counts: dict[str, tuple[int, int]], **options: object) -> pd.DataFrame:
    """Return the differences at year 1 between groups with so many of so many in remission."""
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


def test_fisher_of_the_tea() -> None:
    # Fisher 1935: three of four cups named rightly
    table = groups_of({"A": (1, 4), "B": (3, 4)}, limits=SmallNumbers(0, 0))
    assert table["p"].iloc[0] == pytest.approx(34 / 70)


def test_small_numbers_are_withheld_pair_by_pair() -> None:
    table = groups_of({"A": (9, 20), "B": (1, 20), "C": (0, 20), "D": (8, 9)}).set_index(["group_a", "group_b"])
    assert table["withheld"].to_dict() == {
        ("A", "B"): "",
        ("A", "C"): "fewer than 10 events (9)",
        ("A", "D"): "fewer than 10 patients (9 in D)",
        ("B", "C"): "fewer than 10 events (1)",
        ("B", "D"): "fewer than 10 events (9); fewer than 10 patients (9 in D)",
        ("C", "D"): "fewer than 10 events (8); fewer than 10 patients (9 in D)",
    }
    assert table["p"].notna().tolist() == [True, False, False, False, False, False]
    assert table[["difference", "lower", "upper"]].notna().all(axis=None)


def test_nobody_in_a_group() -> None:
    result = yearly_remission(load_sample(), by="msc_source", years=[9])
    for limits in (SmallNumbers(), SmallNumbers(0, 0)):
        row = share_differences(result, limits=limits).table.iloc[0]
        assert row["withheld"]
        assert row[["share_a", "share_b", "difference", "lower", "upper", "p"]].isna().all()


def test_groups_that_share_patients_are_not_tested() -> None:
    result = yearly_remission(load_sample(), by="msc_source")
    everyone = result.members.assign(group=pd.Categorical(["UC"] * len(result.members), ["BM", "UC"], ordered=True))
    overlapping = replace(result, members=pd.concat([result.members, everyone], ignore_index=True))
    table = share_differences(overlapping).table
    assert set(table["withheld"]) == {"the groups share patients"}
    assert table[["lower", "upper", "p"]].isna().all(axis=None)


def test_only_proportions_are_compared() -> None:
    sample = load_sample()
    for result in (yearly_remission(sample, estimand="ever"), yearly_relapse(sample, estimand="rate")):
        with pytest.raises(ValueError, match="no proportion"):
            share_differences(result)
    assert share_differences(yearly_relapse(sample, estimand="at_risk")).table.empty
