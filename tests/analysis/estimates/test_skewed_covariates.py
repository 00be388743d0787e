"""Cox's model where fits fail easily: skewed covariates, strong effects, likelihoods without a maximum."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, SmallNumbers, TimeToEvent, hazard_ratios, read_cohort
from analysis.estimates.common.maximum import find_maximum
from analysis.estimates.survival.partial_likelihood import PartialLikelihood, _by_lifelines, fit, weighted_rows
from tests.analysis.made import cohort_of
from tests.analysis.reference.skewed import FERRITIN, ferritin, skewed

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "skewed.json").read_text(encoding="utf-8"))
NAMES = sorted(set(REFERENCE) - {"versions"})
COHORTS = 300
ALWAYS = SmallNumbers(0, 0)
EFFECTS = ["term", "hazard_ratio", "lower", "upper", "p", "proportional_p", "withheld"]


@cache
def cohort(name: str) -> Cohort:
    table = ferritin() if name == FERRITIN else skewed(int(name.removeprefix("skewed_")))
    return read_cohort(table.assign(follow_up_months=table["months"], end=table["months"], event=table["died"]))


def covariates(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table if str(name).startswith("x")]


def model(made: Cohort, names: list[str], **options: Any) -> pd.DataFrame:
    return hazard_ratios(made, TimeToEvent("end", "event"), covariates=names, limits=ALWAYS, **options).table


def by_definition(table: pd.DataFrame, coefficients: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return Efron's partial log-likelihood, score and information by definition, as events by patients."""
    x = table[covariates(table)].to_numpy(dtype=float)
    entry, months, died = (table[name].to_numpy() for name in ("entry_months", "months", "died"))
    events = np.flatnonzero(died)
    time = months[events][:, None]
    at_risk = (months >= time) & ((entry < time) | (entry == 0))
    tied = (months == time) & (died == 1)
    place = np.array([np.count_nonzero(months[events[:row]] == months[events[row]]) for row in range(len(events))])
    share = at_risk - tied * (place / tied.sum(axis=1))[:, None]
    log_risk = x @ coefficients
    largest = np.where(at_risk, log_risk, -np.inf).max(axis=1, keepdims=True)
    weight = share * np.exp(np.minimum(log_risk - largest, 0))
    total = weight.sum(axis=1)
    mean = weight @ x / total[:, None]
    apart = ((x - mean[:, None, :]) * np.sqrt(weight / total[:, None])[:, :, None]).reshape(-1, x.shape[1])
    value = (log_risk[events] - largest[:, 0] - np.log(total)).sum()
    return value, (x[events] - mean).sum(axis=0), apart.T @ apart


def errors_from_the_top(score: np.ndarray, information: np.ndarray) -> float:
    """Return the distance of the score from zero, in standard errors of the coefficients."""
    scale = np.sqrt(np.diag(information))
    return float(np.sqrt(score / scale @ np.linalg.solve(information / np.outer(scale, scale), score / scale)))


def one_each(table: pd.DataFrame) -> Any:
    entry, months, died = (table[name].to_numpy(dtype=float) for name in ("entry_months", "months", "died"))
    design = table[covariates(table)].to_numpy(dtype=float)
    return weighted_rows(design, entry, months, died == 1, np.ones(len(table), dtype=int))


def told(table: pd.DataFrame, by_lifelines_first: bool) -> np.ndarray | None:
    """Return the coefficients per unit."""
    rows = one_each(table)
    found = fit(rows) if by_lifelines_first else find_maximum(PartialLikelihood(rows), np.zeros(rows.design.shape[1]))
    return None if found is None else found.coefficients / rows.unit


@pytest.mark.newest  # fits that are hard are compared with those of R below
def test_the_score_is_zero_at_every_reported_fit() -> None:
    # lifelines is the slowest part by far, so that most cohorts are fitted without it.
    number = 0
    for seed in range(COHORTS):
        table = skewed(seed)
        coefficients = told(table, by_lifelines_first=seed % 50 == 0)
        if coefficients is None:
            continue
        number += 1
        value, score, information = by_definition(table, coefficients)
        assert errors_from_the_top(score, information) < 1e-6
        assert value >= by_definition(table, 0 * coefficients)[0]
    assert number > 0.9 * COHORTS  # nearly all have a maximum


@pytest.mark.parametrize("name", NAMES)
def test_against_r(name: str) -> None:
    expected = REFERENCE[name]
    table = model(cohort(name), [f"x{place + 1}" for place in range(len(expected["coefficient"]))])
    assert set(table["withheld"]) == {""}
    error = np.array(expected["standard_error"])
    coefficient = np.log(table["hazard_ratio"].to_numpy())
    assert coefficient / error == pytest.approx(np.array(expected["coefficient"]) / error, abs=1e-6)
    width = np.log(table["upper"] / table["lower"]) / 2 / 1.959963984540054
    assert width.tolist() == pytest.approx(expected["standard_error"], rel=1e-6)
    assert table["p"].tolist() == pytest.approx(expected["p"], rel=1e-5, abs=1e-12)
    assert table["proportional_p"].tolist() == pytest.approx(expected["proportional_p"], abs=1e-6)


def test_a_skewed_covariate_keeps_its_effect() -> None:
    # Newton's method without step halving overshoots to 0.998 (p 0.41).
    row = model(cohort(FERRITIN), ["x1"]).iloc[0]
    assert row["hazard_ratio"] == pytest.approx(1.00138, abs=5e-6)
    assert row["p"] == pytest.approx(1.2e-10, rel=0.05)


@pytest.mark.parametrize("factor", [1e-300, 1e-9, 1e9, 1e300])
def test_units_do_not_matter(factor: float) -> None:
    table = skewed(4)
    other = table.assign(**{name: table[name] * factor for name in covariates(table)})
    assert told(other, True) * factor == pytest.approx(told(table, True), rel=1e-6)


def separated(**values: list[float]) -> Cohort:
    return cohort_of([*range(1, 41)], [1, 0] * 20, **values)


def test_separation_by_one_covariate_is_not_estimable() -> None:
    table = hazard_ratios(separated(x=[40 - month for month in range(1, 41)]), covariates=["x"]).table
    assert table["withheld"].tolist() == [
        "not estimable: the likelihood has no maximum, as where all events of one kind of patient come first"
    ]


def test_separation_by_a_combination_of_covariates_is_not_estimable() -> None:
    rng = np.random.default_rng(5)
    one = rng.normal(size=40)
    months = np.arange(1, 41)
    cohort_ = separated(one=one.tolist(), other=(one - months / 10).tolist())
    for names in (["one"], ["other"]):
        assert not hazard_ratios(cohort_, covariates=names, limits=ALWAYS).table["withheld"].any()
    table = hazard_ratios(cohort_, covariates=["one", "other"], limits=ALWAYS).table
    assert table["withheld"].str.startswith("not estimable: the likelihood has no maximum").all()
    assert table[["hazard_ratio", "lower", "upper", "p", "proportional_p"]].isna().all(axis=None)


def test_a_cell_without_events_is_not_estimable_though_each_level_has_some() -> None:
    rng = np.random.default_rng(6)
    a, b = rng.integers(0, 2, (2, 120))
    died = rng.integers(0, 2, 120) * (1 - a * b)
    made = cohort_of(
        rng.integers(1, 40, 120).tolist(), died.tolist(), a=a.tolist(), b=b.tolist(), both=(a * b).tolist()
    )
    assert not hazard_ratios(made, covariates=["a", "b"], limits=ALWAYS).table["withheld"].any()
    table = hazard_ratios(made, covariates=["a", "b", "both"], limits=ALWAYS).table
    assert table["withheld"].str.startswith("not estimable: the likelihood has no maximum").all()


def test_a_fit_of_lifelines_with_warnings_is_not_used() -> None:
    ordinary, hard = one_each(skewed(18)), one_each(ferritin())
    for rows in (ordinary, hard):
        assert fit(rows) is not None
    assert _by_lifelines(ordinary) == pytest.approx(fit(ordinary).coefficients, rel=1e-4)
    assert _by_lifelines(hard) == pytest.approx(fit(hard).coefficients, rel=1e-4) or not _by_lifelines(hard).any()
