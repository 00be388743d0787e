"""Relapse rates: by hand, and as coxph with clusters has them; see ``reference/relapses.R``."""

import numpy as np
import pytest

from analysis import SmallNumbers
from analysis.estimates.survival.relapse_rates import NO_DISPERSION, NO_MAXIMUM, NO_RELAPSES, relapse_rates
from tests.analysis.estimates.test_mean_relapses import FIVE, REFERENCE, made, reference_cohort
from tests.analysis.made import pinned

NO_LIMITS = SmallNumbers(events=0, patients=0)


@pytest.mark.parametrize("name", ["frail", "late", "tied"])
def test_ratios_and_their_robust_variance_are_those_of_coxph(name: str) -> None:
    expected = REFERENCE[name]["ratios"]
    result = relapse_rates(reference_cohort(name), by="arm")
    ratios = result.ratios
    assert ratios[["group", "reference"]].to_numpy().tolist() == [["y", "x"], ["z", "x"]]
    np.testing.assert_allclose(np.log(ratios["rate_ratio"]), expected["coefficients"], rtol=0, atol=1e-8)
    errors = np.sqrt(np.array(expected["variance"]).reshape(2, 2).diagonal())
    for column, sign in (("lower", -1), ("upper", 1)):
        limits = np.exp(np.array(expected["coefficients"]) + sign * 1.959963984540054 * errors)
        np.testing.assert_allclose(ratios[column], limits, rtol=1e-8)
    assert result.test["statistic"].iloc[0] == pytest.approx(expected["wald"], abs=1e-6)
    assert result.test["degrees_of_freedom"].iloc[0] == 2


@pytest.mark.parametrize("name", ["frail", "late", "tied"])
def test_negative_binomial_ratios_are_those_of_glm_nb(name: str) -> None:
    expected = REFERENCE[name]["binomial"]
    found = relapse_rates(reference_cohort(name), by="arm").binomial
    logs = np.array(expected["coefficients"][1:])
    np.testing.assert_allclose(np.log(found["rate_ratio"]), logs, rtol=0, atol=1e-6)
    limits = logs + 1.959963984540054 * np.array(expected["standard_errors"][1:])
    np.testing.assert_allclose(np.log(found["upper"]), limits, rtol=0, atol=1e-6)


def test_without_overdispersion_there_is_no_negative_binomial_ratio() -> None:
    alike = {f"p{place}": (12.0, 0, [3.0]) for place in range(4)}
    result = relapse_rates(made(alike, arm=list("xxyy")), by="arm", limits=NO_LIMITS)
    assert result.binomial["withheld"].tolist() == [NO_DISPERSION]
    assert result.ratios["withheld"].tolist() == [NO_MAXIMUM]


def test_rates_by_hand() -> None:
    # x: A and B, 20 months with 3 relapses. y: C, D and E, 13 months with 2.
    result = relapse_rates(made(FIVE, arm=list("xxyyy")), by="arm", limits=NO_LIMITS)
    rates = result.rates.set_index("group")
    assert rates["person_years"].tolist() == pytest.approx([20 / 12, 13 / 12])
    assert rates["rate"].tolist() == pytest.approx([100 * 3 / (20 / 12), 100 * 2 / (13 / 12)])
    # A has 2 of the 1.5 relapses that the rate lets expect in 10 months, B 1: the variance of the log is 0.5 / 9.
    assert rates.loc["x", "upper"] == pytest.approx(180 * np.exp(1.959964 * np.sqrt(0.5) / 3), abs=1e-4)


def test_small_numbers_are_withheld_with_the_reason() -> None:
    result = relapse_rates(made(FIVE, arm=list("xxyyy")), by="arm")
    reason = "fewer than 10 events (5); fewer than 10 patients (2 in x, 3 in y)"
    assert result.ratios["withheld"].tolist() == result.test["withheld"].tolist() == [reason]
    assert result.ratios[["rate_ratio", "lower", "upper", "p"]].isna().all(axis=None)
    assert result.test["p"].isna().all()


def test_a_group_without_relapses_has_no_ratio() -> None:
    result = relapse_rates(made(FIVE, arm=list("xyyyx")).subset(np.array([1, 1, 1, 0, 0], bool)), by="arm")
    assert result.ratios["rate_ratio"].isna().all()
    quiet = made({"a": (10, 0, [2, 3]), "b": (9, 0, [])}, arm=["x", "y"])
    found = relapse_rates(quiet, by="arm", limits=NO_LIMITS)
    assert found.ratios["withheld"].tolist() == [NO_MAXIMUM]
    assert found.binomial["withheld"].tolist() == [NO_RELAPSES]


def test_one_group_and_groups_that_share_patients_have_no_ratio() -> None:
    cohort = made(FIVE, arm=["x"] * 5)
    assert relapse_rates(cohort, by="arm").test["withheld"].tolist() == ["needs two groups"]
    both = relapse_rates(cohort, by=pinned(frozenset("ABC"), frozenset("CDE")), limits=NO_LIMITS)
    assert both.test["withheld"].tolist() == ["the groups share 1 patient"]
