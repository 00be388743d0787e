"""Limits of proportions against scipy, and the beta product limits against their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from analysis.estimates.common.intervals import beta_product_interval, proportion_interval


@pytest.mark.parametrize(("interval", "method"), [("wilson", "wilson"), ("clopper-pearson", "exact")])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_small_proportions_against_scipy(interval: str, method: str, level: float) -> None:
    cells = [(k, n) for n in (1, 2, 5, 12, 83, 100_000) for k in {0, 1, n // 3, n - 1, n}]
    lower, upper = proportion_interval([k for k, _ in cells], [n for _, n in cells], interval, level)
    expected = [binomtest(k, n).proportion_ci(level, method) for k, n in cells]
    assert lower == pytest.approx([each.low for each in expected], abs=1e-10)
    assert upper == pytest.approx([each.high for each in expected], abs=1e-10)


def test_an_empty_denominator_has_no_limits() -> None:
    for interval in ("wilson", "clopper-pearson"):
        assert np.isnan(proportion_interval([0], [0], interval)).all()
        assert [each.tolist() for each in proportion_interval([], [], interval)] == [[], []]


def by_moments(draws: np.ndarray, quantile: float) -> float:
    """Return a quantile of the beta distribution with the mean and variance of these draws."""
    mean, variance = draws.mean(), draws.var()
    size = mean * (1 - mean) / variance - 1
    return float(beta.ppf(quantile, mean * size, (1 - mean) * size))


def test_moments_of_the_beta_product() -> None:
    at_risk, events, after = [20, 18, 15, 9, 5, 2], [1, 2, 1, 3, 1, 1], [18, 15, 9, 5, 2, 0]
    lower, upper = beta_product_interval(*(np.array(values, dtype=float) for values in (at_risk, events, after)))
    rng = np.random.default_rng(20130101)
    product = np.ones(1_000_000)
    for place, (n, d, left) in enumerate(zip(at_risk, events, after, strict=True)):
        product = product * rng.beta(n - d + 1, d, len(product))
        assert upper[place] == pytest.approx(by_moments(product, 0.975), abs=2e-3)
        # The lower limit has one more factor: as if the next death came immediately.
        drawn = by_moments(product * rng.beta(left, 1, len(product)), 0.025) if left else 0.0
        assert lower[place] == pytest.approx(drawn, abs=2e-3)


def test_a_single_time_is_exact() -> None:
    # Of the first time's product both factors are beta variables: the definition is exact for the upper limit.
    lower, upper = beta_product_interval(np.array([12.0]), np.array([4.0]), np.array([8.0]))
    expected = binomtest(8, 12).proportion_ci(method="exact")
    assert (lower[0], upper[0]) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(0, 5), st.sampled_from([0.8, 0.95, 0.99]))
def test_without_censoring_it_is_clopper_pearson(deaths: list[int], survivors: int, level: float) -> None:
    events = np.array(deaths, dtype=float)
    patients = int(events.sum()) + survivors
    if not patients:
        return
    after = patients - np.cumsum(events)
    lower, upper = beta_product_interval(after + events, events, after, level)
    for place, left in enumerate(after):
        if after[place] + events[place] > 0:
            expected = binomtest(int(left), patients).proportion_ci(level, method="exact")
            assert (lower[place], upper[place]) == pytest.approx((expected.low, expected.high), abs=1e-7)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_the_limits_never_increase(leaving: list[tuple[int, int]]) -> None:
    events, censored = np.array(leaving, dtype=float).T
    left = events + censored
    at_risk = np.cumsum(left[::-1])[::-1]
    lower, upper = beta_product_interval(at_risk, events, at_risk - left)
    assert (np.diff(lower) <= 1e-9).all()
    assert (np.diff(upper) <= 1e-9).all()
    assert (lower <= upper).all()
