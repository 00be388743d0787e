"""The share of several studies, or centres, taken together, where they may differ (random effects)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.estimates.common.intervals import normal_quantile, proportion_interval
from analysis.estimates.common.result import Result
from analysis.estimates.pooling.marginal_likelihood import LARGEST, Likelihood, Point, crossing

FEWEST = 3  # studies; the spread of two cannot be told from chance
MOST_KEPT = 1000  # poolings
QUESTION = "What share has it in a typical {one}, and how much do the {many} differ?"
NO_EVENTS = (
    "every {one} is at {end} %, so that how much they differ cannot be told: there is no prediction interval, and the "
    "limits are exact (Clopper-Pearson) and suppose that all {many} have one share"
)
TOO_FEW = f"the spread between {{many}} takes at least {FEWEST} of them"
TOO_FAR = "the {many} lie too far apart for one normal distribution: nearly all are at 0 or 100 %"
EXACT = "Clopper-Pearson"
LEFT_OUT = pd.DataFrame({"reason": pd.Series(dtype=object), "patients": pd.Series(dtype=np.int64)})


class Called(NamedTuple):
    """What the units are called whose shares are pooled, one and many of them."""

    one: str
    many: str


STUDIES, CENTRES = Called("study", "studies"), Called("centre", "centres")


class _Pooled(NamedTuple):
    """The numbers of one pooling; missing where there is none."""

    share: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    log_odds: float = math.nan
    tau: float = math.nan
    tau_lower: float = math.nan
    tau_upper: float = math.nan
    prediction_lower: float = math.nan
    prediction_upper: float = math.nan
    statistic: float = math.nan
    p: float = math.nan
    withheld: str = ""


@dataclass(frozen=True, repr=False)
class PooledShares(Result):
    """A share of several studies taken together.

    Attributes
    ----------
    question, method
        What it answers, and how.
    left_out
        reason, patients: empty, as every study is in it.
    summary
        One row: studies, events, patients, share (in a study at the middle of the log-odds) with lower and upper,
        log_odds of the same, tau (standard deviation of the log-odds between studies) with tau_lower
        and tau_upper, prediction_lower and prediction_upper (the true share of a new study), statistic and p (of the
        test that all studies have one share), withheld ("" or why numbers are missing). tau_upper is missing where the
        data set no bound to it.
    studies
        study, events, patients, share, lower, upper (exact limits of it alone), weight (its part of the information on
        the pooled log-odds; missing where there is none).
    leave_one_out
        without (the study that is left out), share, lower, upper, tau, withheld: empty with fewer than four studies,
        or if it was not asked for.
    heterogeneity
        How much the studies differ, in words.
    level
        The confidence level.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    summary: pd.DataFrame
    studies: pd.DataFrame
    leave_one_out: pd.DataFrame
    heterogeneity: str
    level: float


def pool_shares(
    studies: Sequence[str],
    events: Sequence[int],
    patients: Sequence[int],
    level: float = 0.95,
    called: Called = STUDIES,
    one_out: bool = True,
) -> PooledShares:
    """Return the share of several studies taken together by the binomial-normal model (random effects).

    Events of a study are binomial, with log-odds that differ between studies as a normal distribution. The likelihood
    is exact in small numbers: zeros need no correction, and no share is taken to be normal. Limits and test:

    - of the pooled share, and of the true share in a new study (prediction interval), normal limits on the log-odds for
      each tau, averaged over tau by its profile likelihood with equal weight from 0 to 6;
    - of tau profile likelihood limits;
    - the test that all studies have one share is the likelihood-ratio test, whose statistic is 0 in half of all cases
      then (half of a chi-square with one degree of freedom).

    With 3 to 7 studies of 5 to 80 patients, shares around 30 % and tau 0.7, 95 % limits of the pooled share hold the
    true one in 94 to 99 % of simulated poolings, and more often with a smaller tau; profile likelihood limits do in 91
    to 92 %, Wald limits with t quantiles in 92 to 99 %. The prediction interval holds 94 to 99 % of new studies; with t
    quantiles and the estimate of tau alone it would be 82 to 90 %, as that is often too small
    (``tests/benchmarks/coverage_of_pooling.py``).

    No I2 is given: it takes one variance within studies for all, which binomial studies of different sizes do not have.

    Parameters
    ----------
    studies
        Their names, each once.
    events, patients
        Numbers of each study.
    level
        Confidence level, between 0 and 1.
    called
        What they are called in words: `STUDIES` or `CENTRES`.
    one_out
        Whether all but one are taken together too, which takes as long for each.

    Returns
    -------
    PooledShares; with fewer than three studies only the shares of each, with the reason.

    Raises
    ------
    ValueError
        If there is no study, a name occurs twice, the columns differ in length, a study has no patients or more events
        than patients, or the level is not between 0 and 1.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P (2010), Statistics in Medicine 29:3046-3067. Higgins JPT, Thompson SG, Spiegelhalter
    DJ (2009), Journal of the Royal Statistical Society A 172:137-159, for averaging over tau. Self SG, Liang KY (1987),
    Journal of the American Statistical Association 82:605-610. Clopper CJ, Pearson ES (1934), Biometrika 26:404-413.

    Examples
    --------
    >>> found = pool_shares(["A", "B", "C", "D", "E"], [7, 3, 2, 12, 5], [18, 20, 9, 30, 6])
    >>> found.summary[["share", "lower", "upper", "tau"]].round(2).to_numpy().tolist()
    [[0.35, 0.14, 0.68, 0.6]]
    """
    normal_quantile(level)
    names, k, n = _checked(studies, events, patients)
    lower, upper = proportion_interval(k, n, "clopper-pearson", level)
    of_each = {"events": k.astype(np.int64), "patients": n.astype(np.int64)}
    each = pd.DataFrame({"study": names, **of_each, "share": k / n, "lower": lower, "upper": upper})
    return pooled_shares(each, k, n, level, called, EXACT, one_out=one_out)


def pooled_shares(
    each: pd.DataFrame,
    events: Floats,
    patients: Floats,
    level: float,
    called: Called,
    limits: str,
    *,
    one_out: bool,
) -> PooledShares:
    """Return shares taken together, whose numbers need not be whole.

    Parameters
    ----------
    each
        study, events, patients, share, lower, upper: what is shown of each.
    events, patients
        The numbers of each that the model takes.
    level, called, one_out
        As for `pool_shares`.
    limits
        What the limits of each are called.
    """
    names, number = each["study"].tolist(), int(each["patients"].sum())
    pooled = _pooled(events, patients, level, called)
    numbers = {"studies": len(names), "events": int(each["events"].sum()), "patients": number}
    return PooledShares(
        question=QUESTION.format(**called._asdict()),
        method=_method(len(names), number, pooled, level, called, limits),
        left_out=LEFT_OUT.copy(),
        summary=pd.DataFrame([{**numbers, **pooled._asdict()}]),
        studies=each.assign(weight=_weights(events, patients, pooled)),
        leave_one_out=_leave_one_out(names if one_out else [], events, patients, level, called),
        heterogeneity=_heterogeneity(pooled, len(names), level, called),
        level=level,
    )


def _checked(
    studies: Sequence[str], events: Sequence[int], patients: Sequence[int]
) -> tuple[list[str], Floats, Floats]:
    names, k, n = [str(name) for name in studies], np.asarray(events, dtype=float), np.asarray(patients, dtype=float)
    if not names:
        raise ValueError("There is no study to pool.")
    if not len(names) == len(k) == len(n):
        raise ValueError(f"{len(names)} studies, {len(k)} numbers of events and {len(n)} of patients do not match.")
    for name, seen, of in zip(names, k, n, strict=True):
        if names.count(name) > 1:
            raise ValueError(f"Study {name!r} is there twice.")
        if not (np.isfinite([seen, of]).all() and seen == int(seen) and of == int(of)):
            raise ValueError(f"Study {name!r}: events and patients are whole numbers.")
        if of < 1:
            raise ValueError(f"Study {name!r} has no patients.")
        if not 0 <= seen <= of:
            raise ValueError(f"Study {name!r} has {seen:g} events among {of:g} patients.")
    return names, k, n


def _pooled(k: Floats, n: Floats, level: float, called: Called) -> _Pooled:
    return _pooled_once(tuple(k.tolist()), tuple(n.tolist()), level, called)


@lru_cache(MOST_KEPT)  # chart, words and numbers of a figure ask for the same
def _pooled_once(events: tuple[float, ...], patients: tuple[float, ...], level: float, called: Called) -> _Pooled:
    k, n = np.array(events), np.array(patients)
    words = called._asdict()
    if len(k) < FEWEST:
        return _Pooled(withheld=TOO_FEW.format(**words))
    if k.sum() in (0, n.sum()):
        (lower,), (upper,) = proportion_interval([k.sum()], [n.sum()], "clopper-pearson", level)
        share = float(k.sum() / n.sum())
        return _Pooled(share, float(lower), float(upper), withheld=NO_EVENTS.format(end=round(100 * share), **words))
    likelihood = Likelihood(k, n)
    best = likelihood.maximum()
    if best.tau == LARGEST:
        return _Pooled(withheld=TOO_FAR.format(**words))
    statistic = max(2 * (best.value - float(likelihood.profile.value[0])), 0.0) if best.tau else 0.0
    lower, upper = likelihood.averaged(level, new_study=False)
    least, most = likelihood.averaged(level, new_study=True)
    tau_lower, tau_upper = _tau_limits(likelihood, best, level)
    return _Pooled(
        _share(best.mu),
        _share(lower),
        _share(upper),
        best.mu,
        best.tau,
        tau_lower,
        tau_upper,
        _share(least),
        _share(most),
        statistic,
        math.erfc(math.sqrt(statistic / 2)) / 2 if statistic else 1.0,
    )


def _tau_limits(likelihood: Likelihood, best: Point, level: float) -> tuple[float, float]:
    cut = best.value - normal_quantile(level) ** 2 / 2

    def gap(tau: float) -> float:
        return likelihood.at(tau).value - cut

    lower = crossing(gap, best.tau, 0.0) if best.tau and gap(0.0) < 0 else None
    upper = crossing(gap, best.tau, LARGEST)
    return 0.0 if lower is None else lower, math.nan if upper is None else upper


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _weights(k: Floats, n: Floats, pooled: _Pooled) -> Floats:
    if math.isnan(pooled.tau):
        return np.full(len(k), np.nan)
    information = Likelihood(k, n).moments(pooled.log_odds, pooled.tau).information[0]
    weights: Floats = information / information.sum()
    return weights


def _leave_one_out(names: list[str], k: Floats, n: Floats, level: float, called: Called) -> pd.DataFrame:
    columns = ["without", "share", "lower", "upper", "tau", "withheld"]
    rows = []
    for place, name in enumerate(names if len(names) > FEWEST else []):
        rest = _pooled(np.delete(k, place), np.delete(n, place), level, called)
        rows.append((name, rest.share, rest.lower, rest.upper, rest.tau, rest.withheld))
    return pd.DataFrame(rows, columns=columns)


def _heterogeneity(pooled: _Pooled, number: int, level: float, called: Called) -> str:
    if pooled.withheld:
        return f"{pooled.withheld[0].upper()}{pooled.withheld[1:]}."
    most = (
        "the data set no bound to it"
        if math.isnan(pooled.tau_upper)
        else f"{100 * level:g} % interval {pooled.tau_lower:.2f} to {pooled.tau_upper:.2f}"
    )
    p = "p < 0.001" if pooled.p < 0.001 else f"p {pooled.p:.2g}"
    if not pooled.tau:
        return (
            f"The {number} {called.many} differ no more than chance alone makes them differ (tau 0, {most}); that the "
            "true shares are the same is not shown by it."
        )
    return (
        f"Between {called.many} the log-odds have a standard deviation of {pooled.tau:.2f} (tau; {most}): one standard "
        f"deviation multiplies the odds by {math.exp(pooled.tau):.1f}. Likelihood-ratio test that all have one share: "
        f"{p}."
    )


def _method(studies: int, patients: int, pooled: _Pooled, level: float, called: Called, limits: str) -> str:
    number = f"{studies} {called.many if studies > 1 else called.one}, {patients:,} patients"
    of_each = f"{100 * level:g} % {limits} limits of each {called.one}"
    if math.isnan(pooled.tau):
        return f"{of_each}, {number}."
    return (
        "Binomial-normal model of the log-odds (random effects), maximum likelihood by adaptive Gauss-Hermite "
        f"quadrature, {100 * level:g} % limits and prediction interval averaged over tau by its profile likelihood, "
        f"profile likelihood limits of tau, {of_each}, {number}."
    )
