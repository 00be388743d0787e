"""Pooled shares against lme4 and metafor, by definition, at the ends, and as properties."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import binom, binomtest, norm

from analysis.estimates.pooling.binomial_normal import PooledShares, pool_shares
from analysis.estimates.pooling.marginal_likelihood import Likelihood

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "pooling.json").read_text(encoding="utf-8"))
SETS = [name for name in REFERENCE if name != "versions"]
NAMES = "ABCDEFGHIJKL"
SMALL = [7, 3, 2, 12, 5], [18, 20, 9, 30, 6]

study = st.integers(5, 60).flatmap(lambda patients: st.tuples(st.integers(0, patients), st.just(patients)))
several = st.lists(study, min_size=3, max_size=6)


def pooled(events: Any, patients: Any, **options: Any) -> PooledShares:
    return pool_shares(list(NAMES[: len(events)]), events, patients, **options)


def numbers(found: PooledShares) -> dict[str, Any]:
    return found.summary.iloc[0].to_dict()


@pytest.mark.parametrize("name", SETS)
def test_it_agrees_with_lme4_and_metafor(name: str) -> None:
    expected = REFERENCE[name]
    found = numbers(pooled(expected["events"], expected["patients"]))
    assert found["log_odds"] == pytest.approx(expected["log_odds"], abs=1e-6)
    assert found["tau"] == pytest.approx(expected["tau"], abs=1e-6)
    assert found["statistic"] == pytest.approx(expected["statistic"], abs=1e-6)
    # metafor calls glmer with its usual tolerance.
    assert found["log_odds"] == pytest.approx(expected["log_odds_metafor"], abs=1e-4)
    assert found["tau"] == pytest.approx(expected["tau_metafor"], abs=1e-4)
    lower, upper = expected["profile_tau"]
    assert found["tau_lower"] == pytest.approx(lower or 0, abs=1e-5)
    assert found["tau_upper"] == pytest.approx(np.nan if upper is None else upper, abs=1e-5, nan_ok=True)


@pytest.mark.parametrize(("events", "patients"), [(0, 5), (0, 80), (3, 20), (40, 80), (80, 80)])
@pytest.mark.parametrize(("mu", "tau"), [(0.0, 0.0), (0.0, 0.5), (-1.0, 2.0), (2.0, 4.0)])
def test_the_likelihood_is_the_integral(events: int, patients: int, mu: float, tau: float) -> None:
    def chance(draw: float) -> float:
        return float(binom.pmf(events, patients, expit(mu + tau * draw)) * norm.pdf(draw))

    whole = sum(quad(chance, start, start + 0.5, epsabs=1e-15)[0] for start in np.arange(-10, 10, 0.5))
    found = Likelihood(np.array([float(events)]), np.array([float(patients)])).moments(mu, tau)
    assert found.value[0, 0] == pytest.approx(np.log(whole), abs=1e-5)


@given(several)
@settings(max_examples=15, deadline=None)
def test_score_and_information_are_derivatives(studies: list[tuple[int, int]]) -> None:
    likelihood = Likelihood(*np.array(studies, dtype=float).T)
    mu = np.array([-1e-4, 0, 1e-4]) - 0.3
    found = likelihood.moments(mu, 0.8)
    assert found.score[1] == pytest.approx((found.value[2] - found.value[0]) / 2e-4, rel=1e-4, abs=1e-4)
    assert found.information[1] == pytest.approx((found.score[0] - found.score[2]) / 2e-4, rel=1e-4, abs=1e-4)


def test_without_a_spread_it_is_the_binomial_share() -> None:
    found = numbers(pooled([7, 9, 14, 12], [20, 30, 50, 40]))
    assert (found["tau"], found["statistic"], found["p"]) == (0, 0, 1)
    assert found["share"] == pytest.approx(42 / 140)


def test_limits_average_over_tau_by_its_likelihood() -> None:
    likelihood = Likelihood(*(np.array(column, dtype=float) for column in SMALL))
    draws = np.random.default_rng(1)
    taus = np.linspace(0, 6, 3001)
    mu, value = likelihood.best_mu(taus)
    spread = 1 / np.sqrt(likelihood.moments(mu, taus).information.sum(axis=1))
    weight = np.exp(value - value.max())
    place = draws.choice(len(taus), 400_000, p=weight / weight.sum())
    middle = draws.normal(mu[place], spread[place])
    for new_study, log_odds in ((False, middle), (True, middle + taus[place] * draws.normal(size=len(place)))):
        drawn = np.quantile(log_odds, [0.025, 0.975])
        assert likelihood.averaged(0.95, new_study) == pytest.approx(drawn, abs=0.04)


def test_the_order_of_studies_does_not_matter() -> None:
    whole = numbers(pooled(*SMALL))
    for order in list(permutations(range(5)))[::29]:
        found = numbers(pooled(*([column[place] for place in order] for column in SMALL)))
        for name in ("share", "lower", "upper", "tau", "tau_upper", "statistic"):
            assert found[name] == pytest.approx(whole[name], abs=1e-6)


@given(several)
@settings(max_examples=15, deadline=None)
def test_shares_with_and_without_the_event_mirror_each_other(studies: list[tuple[int, int]]) -> None:
    events, patients = np.array(studies).T
    one, other = numbers(pooled(events, patients)), numbers(pooled(patients - events, patients))
    for name in ("tau", "tau_lower", "tau_upper", "p"):
        assert one[name] == pytest.approx(other[name], abs=1e-5, nan_ok=True)
    for name, mirrored in (("share", "share"), ("lower", "upper"), ("prediction_lower", "prediction_upper")):
        assert one[name] == pytest.approx(1 - other[mirrored], abs=1e-5, nan_ok=True)


@given(several)
@settings(max_examples=25, deadline=None)
def test_limits_hold_the_estimate_and_the_prediction_is_wider(studies: list[tuple[int, int]]) -> None:
    events, patients = np.array(studies).T
    found = pooled(events, patients)
    told = numbers(found)
    assert told["withheld"] or np.isfinite([told["share"], told["prediction_upper"]]).all()
    if np.isfinite(told["tau"]):
        assert told["prediction_lower"] <= told["lower"] <= told["share"] <= told["upper"] <= told["prediction_upper"]
        assert told["tau_lower"] <= told["tau"]
        assert not told["tau_upper"] < told["tau"]
        assert found.studies["weight"].sum() == pytest.approx(1)
        assert (found.studies["weight"] >= 0).all()
    assert (
        (found.studies["lower"] <= found.studies["share"]) & (found.studies["share"] <= found.studies["upper"])
    ).all()
    words = f"{found.question} {found.method} {found.heterogeneity}"
    assert "nan" not in words.split()
    assert "inf" not in words.split()


def test_more_patients_with_the_same_shares_narrow_the_limits() -> None:
    widths = []
    for factor in (1, 2, 4):
        found = numbers(pooled(*(np.array(column) * factor for column in ([7, 9, 14, 12], [20, 30, 50, 40]))))
        widths.append(found["upper"] - found["lower"])
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("all_of_them", [False, True])
def test_where_no_study_or_every_one_has_the_event_the_limits_are_exact(all_of_them: bool) -> None:
    patients = np.array([3, 4, 5])
    found = pooled(patients * all_of_them, patients)
    told = numbers(found)
    limits = binomtest(12 * all_of_them, 12).proportion_ci()
    assert (told["share"], told["lower"], told["upper"]) == pytest.approx((float(all_of_them), limits.low, limits.high))
    assert np.isnan([told["tau"], told["prediction_lower"], told["p"]]).all()
    assert found.heterogeneity.startswith(f"Every study is at {100 * all_of_them} %")


def test_fewer_than_three_studies_are_not_pooled() -> None:
    found = pooled([2, 5], [10, 9])
    assert np.isnan(numbers(found)["share"])
    assert found.heterogeneity == "The spread between studies takes at least 3 of them."
    assert found.studies[["lower", "upper"]].notna().all().all()


def test_studies_that_are_all_at_an_end_are_too_far_apart() -> None:
    told = numbers(pooled([0, 5, 7], [5, 5, 7]))
    assert told["withheld"].startswith("the studies lie too far apart")
    assert np.isnan(told["share"])


def test_each_study_is_left_out_once() -> None:
    events, patients = SMALL
    table = pooled(events, patients).leave_one_out
    assert table["without"].tolist() == list("ABCDE")
    rest = numbers(pooled(events[:4], patients[:4]))
    assert table.iloc[4][["share", "lower", "upper", "tau"]].tolist() == [
        rest[name] for name in ("share", "lower", "upper", "tau")
    ]
    assert pooled(events[:3], patients[:3]).leave_one_out.empty


@pytest.mark.parametrize(
    ("names", "events", "patients", "words"),
    [
        ([], [], [], "no study"),
        (["A", "A"], [1, 2], [3, 4], "'A' is there twice"),
        (["A", "B"], [1], [3, 4], "do not match"),
        (["A", "B"], [1, 5], [3, 4], "'B' has 5 events among 4 patients"),
        (["A", "B"], [1, 0], [3, 0], "'B' has no patients"),
        (["A", "B"], [1, 0.5], [3, 4], "'B': events and patients are whole numbers"),
        (["A", "B"], [1, np.nan], [3, 4], "'B': events and patients are whole numbers"),
    ],
)
def test_what_cannot_be_a_study_is_refused_in_words(names: Any, events: Any, patients: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pool_shares(names, events, patients)
