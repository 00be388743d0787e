"""The verdict of each figure that compares groups: one time with enough patients, differences, and the test."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Pinned,
    SmallNumbers,
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.disclosure.shared_curves import shared_survival
from analysis.disclosure.shared_visits import shared_trajectory
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.scores.change_differences import change_differences
from analysis.estimates.survival.curve_differences import curve_differences
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.differences import GroupDifference
from analysis.figures.common.verdict import GroupTest, GroupValue, Verdict
from analysis.figures.scores.trajectory_reading import trajectory_reading
from analysis.figures.scores.trajectory_verdict import trajectory_verdict
from analysis.figures.survival.curve_readings import incidence_reading, survival_reading
from analysis.figures.survival.curve_verdicts import incidence_verdict, survival_verdict
from analysis.figures.yearly.yearly_reading import yearly_reading
from analysis.figures.yearly.yearly_verdict import yearly_verdict
from tests.analysis.figures.results import bars, curves, incidences
from tests.analysis.made import SAMPLE, arms

AT_RISK = "the last with at least 10 at risk in each group"
ASSESSED = "the last with at least 10 assessed in each group"
WOMEN = Pinned.of(SAMPLE, SAMPLE.subset(SAMPLE.patients["sex"] == "female"), ("everybody", "women"))


def of_curves(result: KaplanMeier, **how) -> str:
    verdict = survival_verdict(result, "alive", test=None, **how)
    assert verdict is not None
    return verdict.sentence


def of_years(result, **how) -> str:
    verdict = yearly_verdict(result, **how)
    assert verdict is not None
    return verdict.sentence


def test_survival_by_source_has_all_parts() -> None:
    # R, survfit(conf.type = "log-log"), on the files of the sample; square and add by hand; 3 and 2 died.
    by = "msc_source"
    verdict = survival_verdict(kaplan_meier(SAMPLE, by=by), "alive", test=log_rank(SAMPLE, by=by))
    assert verdict is not None
    assert verdict.sentence == (
        f"Alive at 2 years ({AT_RISK}): BM 98 % (85–100, 28 at risk), UC 95 % (80–99, 18 at risk); "
        "difference −3 points (−18 to 10), UC minus BM. No log-rank test: fewer than 10 events (5)."
    )
    assert [value.group for value in verdict.values] == ["BM", "UC"]


def test_the_log_rank_test_of_two_patients_is_that_of_the_curves() -> None:
    # Of A and B, A dies first: observed 1, expected 1/2, variance 1/4, chi-square 1, p 0.3173.
    cohort = arms(A=[(1.0, 1)], B=[(2.0, 1)])
    test = log_rank(cohort, by="arm", limits=SmallNumbers(0, 1))
    verdict = survival_verdict(kaplan_meier(cohort, by="arm"), "alive", test=test)
    assert verdict is not None
    assert verdict.test.sentence == "Log-rank test: p 0.32."


@pytest.mark.parametrize(
    ("how", "name"),
    [
        ({}, "No log-rank test: "),
        ({"weights": "gehan"}, "No Gehan-Wilcoxon test: "),
        ({"trend": True, "stratify": "sex"}, "No log-rank test for trend, stratified by Sex: "),
    ],
)
def test_the_test_is_named_as_it_was_asked_for(how, name: str) -> None:
    verdict = survival_verdict(
        kaplan_meier(SAMPLE, by="msc_source"), "alive", test=log_rank(SAMPLE, by="msc_source", **how)
    )
    assert verdict is not None
    assert verdict.test.sentence == f"{name}fewer than 10 events (5)."


def test_an_incidence_has_gray_test() -> None:
    result = cumulative_incidence(SAMPLE, "relapse", by="msc_source")
    verdict = incidence_verdict(result, "relapsed")
    assert verdict is not None
    p = result.test["p"].iloc[0]
    assert verdict.sentence.endswith(f" Gray's test: p {p:.2f}.")


def test_groups_are_told_at_the_last_year_with_ten_at_risk_in_each() -> None:
    # At 3 years 12 of UC are at risk and 9 of BM, at 2 years 15 and 11. One of each group has died by then.
    result = curves({"BM": [30.0] * 2 + [60.0] * 8, "UC": [30.0] * 3 + [47.0] * 12}, {"BM": [6.0, 40.0], "UC": [10.0]})
    # BM 11 / 12 and UC 15 / 16. R, survfit(conf.type = "log-log"), differences put together by hand.
    assert of_curves(result).startswith(
        f"Alive at 2 years ({AT_RISK}): BM 92 % (54–99, 11 at risk), UC 94 % (63–99, 15 at risk); "
        "difference 2 points (−29 to 40), UC minus BM. "
    )
    assert of_curves(result, few=9).startswith("Alive at 3 years (the last with at least 9 ")
    assert " 30.0 months " in of_curves(result, months=[6, 30])
    assert of_curves(result, until=20).startswith(f"Alive at 1 year ({AT_RISK})")
    assert ": BM 8 % (1–46, 11 at risk)" in of_curves(result, failure=True)
    assert survival_reading(result, "alive") == ""


def test_where_no_time_has_ten_at_risk_in_each_it_is_one_with_most_and_says_so_first() -> None:
    result = curves({"BM": [30.0] * 20, "UC": [20.0, 70.0, 70.0]}, {"BM": [6.0], "UC": [5.0]})
    # Of UC 3 are at risk at 1 year, 2 at 2 years.
    assert of_curves(result).startswith(
        "At no time are 10 at risk in each group; alive at 1 year: BM 95 % (71–99, 20 at risk), "
        "UC 75 % (13–96, 3 at risk); difference −20 points ("
    )


def test_where_only_months_have_ten_at_risk_in_each_the_last_of_them_is_told() -> None:
    result = curves({"BM": [30.0] * 20, "UC": [5.0] * 6 + [30.0] * 5}, {"BM": [6.0], "UC": [3.0]})
    assert of_curves(result).startswith(f"Alive at 5.0 months ({AT_RISK}): BM 100 %")
    below = curves({"BM": [float(month) for month in range(1, 12)] * 2, "UC": [9.0] * 12}, {"BM": [2.0], "UC": [3.0]})
    assert of_curves(below).startswith(f"Alive at 7.0 months ({AT_RISK}): BM 95 % (71–99, 10 at risk)")


def test_of_three_groups_each_differs_from_the_first() -> None:
    result = curves({"BM": [30.0] * 20, "UC": [30.0] * 19, "AD": [30.0] * 11}, {"BM": [6.0], "UC": [5.0, 7.0]})
    assert "; differences from BM: UC −5 points (−29 to 21), AD 5 points (−24 to 29)." in of_curves(result)


def test_the_differences_are_those_of_the_table() -> None:
    row = curve_differences(SAMPLE, by="msc_source", months=[24]).table.iloc[0]
    low, high = (f"{round(100 * row[limit])}".replace("-", "−") for limit in ("lower", "upper"))
    assert f" points ({low} to {high}), UC minus BM" in of_curves(kaplan_meier(SAMPLE, by="msc_source"), until=24)


def test_an_incidence_is_told_as_what_has_happened() -> None:
    both = incidences({"BM": [(6.0, "event"), *[(30.0, "")] * 18], "UC": [(9.0, "death"), *[(30.0, "")] * 11]})
    verdict = incidence_verdict(both, "relapsed")
    assert verdict is not None
    assert verdict.sentence.startswith(
        f"Relapsed at 2 years ({AT_RISK}): BM 5 % (0–21, 18 at risk), UC 0 % (0–28, 11 at risk); "
    )
    assert incidence_reading(both, "relapsed") == ""


def test_groups_that_share_patients_have_neither_limits_nor_test() -> None:
    shared = "(no interval: the groups share patients), women minus everybody. "
    survival = survival_verdict(kaplan_meier(SAMPLE, by=WOMEN), "alive", test=log_rank(SAMPLE, by=WOMEN))
    relapse = incidence_verdict(cumulative_incidence(SAMPLE, by=WOMEN), "relapsed")
    for verdict, test in ((survival, "log-rank test"), (relapse, "Gray's test")):
        assert verdict is not None
        assert verdict.sentence.endswith(f"{shared}No {test}: the groups share 77 patients.")
    assert shared in of_years(yearly_remission(SAMPLE, by=WOMEN))


def test_one_group_has_no_verdict() -> None:
    assert survival_verdict(curves({"BM": [], "uc": [30.0] * 12}), "alive", test=None) is None
    assert survival_verdict(curves({"All": []}), "alive", test=None) is None
    assert yearly_verdict(yearly_remission(SAMPLE)) is None
    assert trajectory_verdict(trajectory(SAMPLE), measure="SLEDAI", unit="points", test=None) is None


def test_hidden_numbers_are_named_as_hidden_and_not_tested() -> None:
    months = [float(month) for month in range(1, 41)]
    rows = [(month, int(place % 3 == 0)) for place, month in enumerate(months)]
    result = shared_survival(kaplan_meier(arms(A=rows, B=[*rows, (40.0, 0), (40.0, 0)]), by="arm"), 5)
    for chosen in ([], [1, 2, 4, 7]):
        words = of_curves(result, months=chosen)
        assert "nan" not in words.lower()
        assert "at risk)" in words
        assert words.endswith(" No log-rank test: it is made from all counts, and small ones are hidden.")


ENDS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["event", "death", ""])), min_size=0, max_size=25)


@given(st.lists(ENDS, min_size=1, max_size=4).filter(any), st.booleans())
def test_it_names_no_time_with_few_at_risk_where_there_is_another(
    ends: list[list[tuple[int, str]]], incidence: bool
) -> None:
    groups = {
        name: [(float(month), end) for month, end in rows] for name, rows in zip("ABCD", ends, strict=False) if rows
    }
    result: KaplanMeier | CumulativeIncidence
    if incidence or len(groups) < 2:
        result = incidences(groups)
        verdict = incidence_verdict(result, "relapsed")
        words = verdict.sentence if verdict else incidence_reading(result, "relapsed", "relapses")
    else:
        result = curves(
            {name: [month for month, end in rows if end != "event"] for name, rows in groups.items()},
            {name: [month for month, end in rows if end == "event"] for name, rows in groups.items()},
        )
        words = of_curves(result)
    assert not any(word in words.lower() for word in ("nan", "none", "inf "))
    table = result.summary[result.summary["patients"] > 0]
    reached = min(result.curve.groupby("group", observed=True)["months"].max()[table["group"]])
    at = result.at(range(1, int(reached) + 1))
    fewest = at[at["group"].isin(table["group"])].groupby("months")["at_risk"].min()
    ten = fewest.index[fewest >= 10]
    with_ten = ten[ten % 12 == 0] if (ten % 12 == 0).any() else ten
    assert ("at no " in words.lower()) == with_ten.empty
    if len(with_ten):
        month = int(with_ten.max())
        named = f"{month // 12} year" if month % 12 == 0 else f"{month}.0 months"
        assert f" {named}" in words


def test_shares_are_told_at_the_last_year_with_ten_assessed_in_each() -> None:
    # At year 4 the sources have 4 and 2 assessed. By hand, Wilson's limits are 14.3-47.6 and 16.3-61.2, and Newcombe's
    # 7.7 - root(19.4^2 + 19.6^2) = -19.8 and 7.7 + root(25.5^2 + 13.7^2) = 36.7. R, fisher.test: p = 0.723.
    assert of_years(yearly_remission(SAMPLE, by="msc_source")) == (
        f"In complete remission at year 2 ({ASSESSED}): BM 28 % (14–48, 7 of 25), UC 36 % (16–61, 5 of 14); "
        "difference 8 points (−20 to 37), UC minus BM. Fisher's exact test: p 0.72. "
        "Each year's bar counts only the patients assessed in that year."
    )
    assert of_years(yearly_relapse(SAMPLE, by="msc_source")).startswith(
        f"With a first relapse in year 2 ({ASSESSED}): "
    )
    few = SmallNumbers(events=13)
    assert "No Fisher's exact test: fewer than 13 events (12)." in of_years(
        yearly_remission(SAMPLE, by="msc_source"), limits=few
    )


def test_where_no_year_has_ten_in_each_it_is_the_one_with_most_and_says_so_first() -> None:
    result = bars({"BM": [(5, 9), (2, 4), (1, 1)], "UC": [(3, 9), (1, 5), (0, 0)]})
    words = of_years(result)
    assert words.startswith("In no year are 10 assessed in each group; in complete remission at year 1: BM 56 % (")
    assert "5 of 9), UC 33 %" in words
    assert yearly_reading(result, "in remission") == ""


def test_fisher_is_of_two_groups_only() -> None:
    words = of_years(bars({"BM": [(5, 20)], "UC": [(3, 20)], "AD": [(8, 20)]}))
    assert "; differences from BM: UC −10 points (" in words
    assert ", AD 15 points (" in words
    assert " No test of all groups at once: Fisher's exact test compares two. " in words


def test_groups_of_different_years_have_no_verdict_and_are_read_each_by_itself() -> None:
    result = bars({"BM": [(5, 20), (0, 0)], "UC": [(0, 0), (3, 20)]})
    assert yearly_verdict(result) is None
    words = yearly_reading(result, "in remission")
    assert words.startswith("BM: in remission 25 % (")
    assert "UC: in remission 15 % (" in words


@pytest.mark.parametrize(("estimand", "outcome"), [("ever", "Ever in"), ("current", "Alive and in")])
def test_estimated_shares_are_told_where_ten_are_at_risk_and_not_tested(estimand: str, outcome: str) -> None:
    result = yearly_remission(SAMPLE, estimand=estimand, by="msc_source")
    words = of_years(result, remission="complete remission")
    at_risk = result.bars.groupby("year", observed=True)["at_risk"].min()
    assert words.startswith(
        f"{outcome} complete remission at year {max(at_risk.index[at_risk >= 10])} (the last with at least 10 at risk"
    )
    assert " at risk); difference " in words
    assert ". No test " in words


def test_rates_differ_in_their_own_unit() -> None:
    words = of_years(yearly_relapse(SAMPLE, estimand="rate", by="msc_source"))
    assert words.startswith("First relapses in year ")
    assert " patient-years); difference " in words
    assert " per 100 patient-years (" in words
    assert " No test of a rate. " in words


def test_a_measure_is_told_by_its_change_at_the_last_month_with_ten_in_each() -> None:
    # R, t.test, on the nearest visits within the windows of the files of the sample.
    verdict = trajectory_verdict(
        trajectory(SAMPLE, by="msc_source"),
        measure="SLEDAI",
        unit="points",
        test=change_differences(SAMPLE, by="msc_source"),
    )
    assert verdict is not None
    assert verdict.sentence == (
        "Mean change of SLEDAI from month 0 to month 24 (the last with at least 10 with both values in each group): "
        "BM −7.5 points (−9.9 to −5.1, 25 patients), UC −6.7 points (−9.0 to −4.4, 14 patients); "
        "difference 0.8 points (−2.4 to 4.0), UC minus BM. Welch's t-test of the change: p 0.61. "
        "Later points rest on the patients who are still seen."
    )
    assert trajectory_reading(trajectory(SAMPLE, by="msc_source"), "mean SLEDAI") == ""


def test_a_measure_whose_changes_are_hidden_is_told_by_its_values() -> None:
    verdict = trajectory_verdict(
        shared_trajectory(trajectory(SAMPLE, by="msc_source"), 5), measure="SLEDAI", unit="points", test=None
    )
    assert verdict is not None
    assert verdict.when.startswith("mean SLEDAI at month ")
    assert "(no interval: small counts are hidden)" in verdict.sentence
    assert " No Welch's t-test of the change: it is made from all counts" in verdict.sentence


def test_shares_with_hidden_counts_are_told_from_those_that_are_not() -> None:
    hidden = shared_yearly(yearly_remission(SAMPLE, by="msc_source"), 5)
    words = of_years(hidden)
    # Of the published years only the first has no count from 1 to 4 in a group or outside it.
    assert "nan" not in words.lower()
    assert not [number for number in (1, 2, 3, 4) if f", {number} of " in words]


def test_of_many_groups_the_lowest_and_the_highest_are_told() -> None:
    values = tuple(
        GroupValue(name, share, f"{100 * share:.0f} %")
        for name, share in zip("ABCDEF", [0.5, 0.1, 0.3, 0.9, 0.2, 0.4], strict=True)
    )
    differences = tuple(GroupDifference(name, 0, 0, 0, "") for name in "BCDEF")
    verdict = Verdict("alive at 1 year", AT_RISK, True, values, differences, GroupTest("log-rank test", 0.0004, ""))
    assert verdict.estimates == "lowest and highest of 6 groups: B 10 %, D 90 %"
    assert "difference" not in verdict.sentence
    assert verdict.sentence.endswith(" Log-rank test: p < 0.001.")


def test_long_names_do_not_run_into_values_and_are_not_said_again() -> None:
    young = "UC, no renal, women under 30"
    values = (GroupValue("everybody else", 0.98, "98 %"), GroupValue(young, 0.95, "95 %"))
    difference = (GroupDifference(young, -0.03, -0.18, 0.1, ""),)
    verdict = Verdict("alive at 2 years", "", True, values, difference, GroupTest("log-rank test", math.nan, "few"))
    assert verdict.sentence == (
        "Alive at 2 years: everybody else: 98 %; UC, no renal, women under 30: 95 %; difference −3 points (−18 to 10), "
        "the second minus the first. No log-rank test: few."
    )
