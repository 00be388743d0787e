"""How often limits of pooled survival hold the true one: ``python -m tests.benchmarks.coverage_of_pooled_survival``.

Survival at month 12 of centres is such that its complementary log-log is normal around that of a share, with a standard
deviation tau; half of the patients are censored evenly between month 3 and 36. Told are, for effective numbers in the
binomial-normal model (those that are used) and for a normal model of the complementary log-log, which needs an event in
every centre: in how many poolings they can be had, and in how many of these the limits hold the pooled survival, and
the prediction interval that of a next centre.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr

from analysis.cohort.arrays import Floats
from analysis.estimates.pooling.marginal_likelihood import TAUS, Likelihood

POOLINGS = 500
MONTH = 12.0
SHARES, SPREADS, SIZES = (0.95, 0.85, 0.6), (0.0, 0.5, 1.0), ((20, 30, 40), (15, 25, 40, 60, 80))


def centre(random: np.random.Generator, patients: int, theta: float) -> tuple[float, float, float]:
    """Return survival at the month, the variance of its logarithm, and how many have a known state then."""
    death = random.exponential(MONTH / np.exp(theta), patients)
    last = np.where(random.random(patients) < 0.5, random.uniform(3, 36, patients), 40.0)
    died = np.sort(death[(death <= last) & (death <= MONTH)])
    seen = np.minimum(death, last)
    at_risk = np.array([(seen >= time).sum() for time in died], dtype=float)
    with np.errstate(divide="ignore"):
        variance = float(np.sum(1 / (at_risk * (at_risk - 1))))
    return float(np.prod(1 - 1 / at_risk)), variance, float(len(died) + (seen >= MONTH).sum())


def normal_limits(y: Floats, variance: Floats, *, new_study: bool) -> tuple[float, float]:
    """Return limits of the normal model, averaged over tau as those that are used are."""
    weight = 1 / (variance[None] + TAUS[:, None] ** 2)
    mu = (weight * y).sum(axis=1) / weight.sum(axis=1)
    value = (np.log(weight) - weight * (y - mu[:, None]) ** 2).sum(axis=1) / 2
    spread = np.sqrt(1 / weight.sum(axis=1) + (TAUS**2 if new_study else 0))
    apart = np.diff(TAUS, prepend=TAUS[0], append=TAUS[-1])
    likely = np.exp(value - value.max()) * (apart[:-1] + apart[1:])
    likely /= likely.sum()
    ends = float((mu - 9 * spread).min()), float((mu + 9 * spread).max())
    lower, upper = (
        brentq(lambda x, chance=chance: float(likely @ ndtr((x - mu) / spread)) - chance, *ends)
        for chance in (0.025, 0.975)
    )
    return lower, upper


def held(random: np.random.Generator, share: float, sizes: tuple[int, ...], tau: float) -> list[list[bool]]:
    """Return of either model whether it can be had, and whether its limits hold the share and a next centre."""
    mu = np.log(-np.log(share))
    new = mu + tau * random.normal()
    centres = [
        centre(random, size, theta)
        for size, theta in zip(sizes, mu + tau * random.normal(size=len(sizes)), strict=True)
    ]
    survival, variance, known = (np.array(each) for each in zip(*centres, strict=True))
    inside = (survival > 0) & (survival < 1)
    effective = known.copy()
    effective[inside] = (1 - survival[inside]) / (survival[inside] * variance[inside])
    found = [[False] * 3, [False] * 3]
    if inside.any() or 0 < (effective * survival).sum() < effective.sum():
        likelihood = Likelihood(effective * survival, effective)
        (lower, upper), (least, most) = (expit(likelihood.averaged(0.95, each)) for each in (False, True))
        found[0] = [True, lower <= share <= upper, least <= np.exp(-np.exp(new)) <= most]
    if inside.all():
        y, error = np.log(-np.log(survival)), variance / np.log(survival) ** 2
        (lower, upper), (least, most) = (normal_limits(y, error, new_study=each) for each in (False, True))
        found[1] = [True, lower <= mu <= upper, least <= new <= most]
    return found


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else POOLINGS
    for share, tau, sizes in product(SHARES, SPREADS, SIZES):
        random = np.random.default_rng(1)
        every = np.array([held(random, share, sizes, tau) for _ in range(number)])
        told = []
        for name, each in zip(("effective numbers", "normal"), every.transpose(1, 0, 2), strict=True):
            had = each[each[:, 0]]
            pooled, new = 100 * had[:, 1:].mean(axis=0) if len(had) else (0.0, 0.0)
            told.append(f"{name} in {100 * len(had) / number:.0f} %: pooled {pooled:.1f} %, new {new:.1f} %")
        print(f"{100 * share:g} % alive, {len(sizes)} centres, tau {tau:g}: {'; '.join(told)}", flush=True)
