"""Several groups are compared at one year or month common to all, with their differences."""

import pytest

from analysis import Pinned, load_sample, trajectory, yearly_relapse, yearly_remission
from analysis.figures.scores.trajectory_reading import trajectory_reading
from analysis.figures.yearly.yearly_reading import yearly_reading
from tests.analysis.figures.results import bars

EACH = "the last with at least 10 assessed in each group"


def test_groups_are_read_at_the_last_year_with_ten_assessed_in_each() -> None:
    # At year 4 the sources have 4 and 2 assessed. By hand, Wilson's limits are 14.3-47.6 and 16.3-61.2, and Newcombe's
    # 7.7 - root(19.4^2 + 19.6^2) = -19.8 and 7.7 + root(25.5^2 + 13.7^2) = 36.7.
    assert yearly_reading(yearly_remission(load_sample(), by="msc_source"), "in complete remission") == (
        f"At year 2 ({EACH}), in complete remission: BM 28 % (14–48), 7 of 25; UC 36 % (16–61), 5 of 14; "
        "difference 8 points (−20 to 37), UC minus BM. Each year's bar counts only the patients assessed in that year."
    )


def test_where_no_year_has_ten_in_each_it_is_the_last_common_one_and_says_so() -> None:
    words = yearly_reading(bars({"BM": [(5, 9), (2, 4), (1, 1)], "UC": [(3, 9), (1, 5), (0, 0)]}), "in remission")
    assert words.startswith(
        "At year 2 (the last with a value in each group; in no year are 10 assessed in each), in remission: BM 50 % ("
    )
    assert "2 of 4; UC 20 %" in words
    three = yearly_reading(bars({"BM": [(5, 20)], "UC": [(3, 20)], "AD": [(8, 20)]}), "in remission")
    assert "; differences from BM: UC −10 points (" in three
    assert ", AD 15 points (" in three


def test_groups_of_different_years_are_read_each_by_itself() -> None:
    words = yearly_reading(bars({"BM": [(5, 20), (0, 0)], "UC": [(0, 0), (3, 20)]}), "in remission")
    assert words.startswith("BM: in remission 25 % (")
    assert "UC: in remission 15 % (" in words


@pytest.mark.parametrize("estimand", ["ever", "current"])
def test_estimated_shares_are_read_where_ten_are_at_risk(estimand: str) -> None:
    result = yearly_remission(load_sample(), estimand=estimand, by="msc_source")
    words = yearly_reading(result, "ever in complete remission")
    year = int(words.removeprefix("At year ")[0])
    at_risk = result.bars.groupby("year", observed=True)["at_risk"].min()
    assert year == max(at_risk.index[at_risk >= 10])
    assert "the last with at least 10 at risk in each group" in words
    assert " at risk; difference " in words


def test_rates_differ_in_their_own_unit() -> None:
    words = yearly_reading(yearly_relapse(load_sample(), estimand="rate", by="msc_source"), "first relapses")
    assert words.startswith("In year ")
    assert " patient-years; difference " in words
    assert " per 100 patient-years (" in words


def test_groups_that_share_patients_have_a_difference_without_limits() -> None:
    sample = load_sample()
    pinned = Pinned.of(sample, sample.subset(sample.patients["sex"] == "female"), ("everybody", "women"))
    words = yearly_reading(yearly_remission(sample, by=pinned), "in complete remission")
    assert "(no interval: the groups share patients), women minus everybody." in words


def test_a_measure_is_read_at_the_last_month_with_ten_in_each_group() -> None:
    result = trajectory(load_sample(), by="msc_source")
    numbers = result.summary.pivot(index="months", columns="group", values="patients").min(axis=1)
    last = max(numbers.index[numbers >= 10])
    assert numbers.index.max() > last
    words = trajectory_reading(result, "mean SLEDAI", "points")
    assert words.count(f" at month {last:g} (") == words.count(" at month 0 (") == 2
