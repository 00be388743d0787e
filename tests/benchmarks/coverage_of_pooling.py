"""How often 95 % limits of pooled shares hold the true ones: ``python -m tests.benchmarks.coverage_of_pooling``.

Log-odds of studies are normal around those of a share, with a standard deviation tau; sizes are log-uniform from 5 to
80. Told are the limits of the pooled share by averaging over tau (those that are used), by Wald with t quantiles and by
profile likelihood, and the share of new studies that the prediction interval holds. Poolings without any event, or with
tau at its end, are in none.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
from scipy.special import expit, logit
from scipy.stats import chi2, norm
from scipy.stats import t as t_distribution

from analysis.estimates.pooling.marginal_likelihood import LARGEST, TAUS, Likelihood

POOLINGS = 1000
SHARES, STUDIES, SPREADS = (0.3, 0.1), (3, 5, 7), (0.0, 0.3, 0.7)


def held(random: np.random.Generator, share: float, studies: int, tau: float) -> list[float] | None:
    """Return whether limits of one simulated pooling hold the share, and how many new studies; None without limits."""
    mu = float(logit(share))
    patients = np.round(np.exp(random.uniform(np.log(5), np.log(80), studies)))
    events = random.binomial(patients.astype(int), expit(mu + tau * random.normal(size=studies))).astype(float)
    if events.sum() in (0, patients.sum()):
        return None
    likelihood = Likelihood(events, patients)
    best = likelihood.maximum()
    if best.tau == LARGEST:
        return None
    error = 1 / np.sqrt(likelihood.moments(best.mu, best.tau).information.sum())
    fall = 2 * (best.value - likelihood.moments(mu, TAUS).value.sum(axis=1).max())
    (lower, upper), (least, most) = (likelihood.averaged(0.95, new_study) for new_study in (False, True))
    new = norm.cdf((most - mu) / max(tau, 1e-9)) - norm.cdf((least - mu) / max(tau, 1e-9))
    wald = abs(best.mu - mu) <= t_distribution.ppf(0.975, studies - 1) * error
    return [lower <= mu <= upper, wald, fall <= chi2.ppf(0.95, 1), new]


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else POOLINGS
    for share, studies, tau in product(SHARES, STUDIES, SPREADS):
        random = np.random.default_rng(1)
        found = [each for _ in range(number) if (each := held(random, share, studies, tau)) is not None]
        averaged, wald, profile, new = 100 * np.mean(found, axis=0)
        print(
            f"share {share:g}, {studies} studies, tau {tau:g}: averaged {averaged:.1f} %, Wald t {wald:.1f} %, "
            f"profile {profile:.1f} %; new studies {new:.1f} % ({len(found)} poolings)"
        )
