"""How often patients relapse while alive, compared between groups: ratios of rates with robust limits, and a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.relapse_paths import RelapsePaths
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.maximum import find_maximum
from analysis.estimates.common.method_words import LATE_ENTRIES, method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.survival.log_rank import chi_square, upper_tail
from analysis.estimates.survival.mean_function import RiskTimes
from analysis.estimates.survival.negative_binomial import Counted, negative_binomial
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.facts.relapse import RelapseRule, relapse_rule

MONTHS_PER_YEAR = 12
PER = 100  # patient-years
NAME = "Lin-Wei-Yang-Ying test of relapse rates"
NO_RELAPSES = "not estimable: a group has no relapses"
NO_DISPERSION = "not estimable: patients do not differ in how often they relapse"
NO_MAXIMUM = "not estimable: a group has no relapses, none came while two were at risk, or all patients are alike"
RATES = ["group", "patients", "relapses", "person_years", "rate", "lower", "upper"]
RATIOS = ["group", "reference", "rate_ratio", "lower", "upper", "p", "withheld"]
TEST = ["statistic", "degrees_of_freedom", "p", "withheld"]


@dataclass(frozen=True, repr=False)
class RelapseRates(Result):
    """Relapse rates of groups, and their ratios.

    Attributes
    ----------
    name
        The name of the test in mid-sentence.
    question, method
        What the rates answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    ratios
        group, reference, rate_ratio, lower, upper, p, withheld ("" or why ratio, limits and p are missing).
    binomial
        The same by negative binomial regression of the number of relapses with the logarithm of the patient-years as
        offset: rates that are constant in time, and a gamma distribution of how often patients relapse.
    rates
        group, patients, relapses, person_years (patient-years under observation), rate (per 100 patient-years), lower,
        upper (robust, log scale; missing without relapses).
    test
        statistic (robust Wald chi-square), degrees_of_freedom, p, withheld: of equal rates in all groups.
    """

    name: str
    question: str
    method: str
    left_out: pd.DataFrame
    ratios: pd.DataFrame
    binomial: pd.DataFrame
    rates: pd.DataFrame
    test: pd.DataFrame

    @classmethod
    def of(cls, counts: RelapsePaths, *, level: float = 0.95, limits: SmallNumbers = SmallNumbers()) -> RelapseRates:
        """Return rates and ratios from counts.

        Parameters
        ----------
        counts
            Numbers of patients by the course of their relapses.
        level, limits
            As for `relapse_rates`.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        z = normal_quantile(level)
        groups = [
            _Group(name, RiskTimes(paths, patients)) for name, paths, patients in counts.of_groups() if len(patients)
        ]
        rates = pd.DataFrame([(each.name, *each.rate(z)) for each in groups], columns=RATES)
        names = [each.name for each in groups]
        relapses, patients = (
            dict(zip(names, map(int, rates[column]), strict=True)) for column in ("relapses", "patients")
        )
        few = limits.reason(relapses, patients, counts.groups.shared)
        several = len(groups) > 1
        found, binomial = (_proportional(groups), _binomial(groups)) if several else (None, None)
        of_binomial = "" if binomial else NO_DISPERSION if all(relapses.values()) else NO_RELAPSES
        withheld = few or ("" if found else NO_MAXIMUM)
        model = "by the proportional rates model with robust (sandwich) variance (Lin, Wei, Yang and Ying 2000)"
        parts = [
            f"Ratios of relapse rates {model}",
            "beside them those of negative binomial regression",
            f"relapses {counts.definition}, every relapse of patients while alive and followed",
            f"months from {TRANSPLANTATION}",
            f"{100 * level:g} % log interval",
            f"p {limits.words()}",
            *([LATE_ENTRIES] if counts.late_entries else []),
            count_words(counts.groups.patients, "patient"),
            count_words(counts.number_of_relapses, "relapse"),
        ]
        return cls(
            name=NAME,
            question="How often do patients relapse while they are alive, compared between groups?",
            method=method_words(", ".join(parts), counts.left_out.table),
            left_out=counts.left_out.table,
            ratios=pd.DataFrame(_ratios(names, found, z, withheld), columns=RATIOS),
            binomial=pd.DataFrame(_ratios(names, binomial, z, few or of_binomial), columns=RATIOS),
            rates=rates,
            test=pd.DataFrame([_test(found, withheld)], columns=TEST),
        )


def relapse_rates(
    cohort: Cohort,
    *,
    by: By,
    rule: str | RelapseRule = "recorded",
    level: float = 0.95,
    limits: SmallNumbers = SmallNumbers(),
) -> RelapseRates:
    """Return how many times as often each group relapses as the first one, with robust limits, and a test.

    The model is that of proportional rates: at any time since transplantation, a group has the same multiple of the
    rate of the first. Every relapse counts, and a patient's relapses may depend on each other in any way. Rates are of
    patients while they are alive and followed; deaths end observation. A group that dies earlier may so have the higher
    rate and yet the lower mean number of relapses, which `mean_relapses` tells. Relapses at one time are treated as by
    Breslow.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`.
    rule
        The definition of relapse, as for `mean_relapses`.
    level
        Confidence level, between 0 and 1.
    limits
        Numbers of relapses (as events) and patients below which ratio and p-value are withheld.

    Returns
    -------
    RelapseRates; ``ratios`` has one row per group after the first.

    Raises
    ------
    ValueError
        If the rule or the grouping column is unknown, the cohort lacks a column that the rule needs, or the level is
        not between 0 and 1.

    References
    ----------
    Lin DY, Wei LJ, Yang I, Ying Z (2000), Journal of the Royal Statistical Society B 62:711-730. Lawless JF (1987),
    Canadian Journal of Statistics 15:209-225.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = relapse_rates(load_sample(), by="msc_source")
    >>> result.rates[["group", "relapses"]].to_numpy().tolist()
    [['BM', 13], ['UC', 12]]
    """
    return RelapseRates.of(RelapsePaths.of(cohort, relapse_rule(rule), by), level=level, limits=limits)


@dataclass(frozen=True, eq=False)
class _Group:
    name: str
    at: RiskTimes

    @cached_property
    def counted(self) -> Counted:
        """Relapses and patient-years of the patients, those with the same together."""
        at = self.at
        own = np.bincount(at.relapsed, minlength=len(at.end))
        months, place = np.unique(
            at.months[at.end] - np.where(at.entry >= 0, at.months[at.entry], 0.0), return_inverse=True
        )
        most = 1 + int(own.max(initial=0))
        kinds, kind = np.unique(place * most + own, return_inverse=True)
        patients = np.bincount(kind, at.patients, minlength=len(kinds))
        return Counted((kinds % most).astype(float), months[kinds // most] / MONTHS_PER_YEAR, patients.astype(float))

    def rate(self, z: float) -> tuple[int, int, float, float, float, float]:
        """Return patients, relapses, patient-years, and the rate with its limits."""
        own, years, patients = (getattr(self.counted, name) for name in ("relapses", "years", "patients"))
        relapses, in_all = float(patients @ own), float(patients @ years)
        rate = relapses / in_all if in_all > 0 else np.nan
        lower = upper = np.nan
        if rate > 0:
            # The variance of the log of a ratio of sums: squared influences of the patients.
            error = np.sqrt(patients @ (own - rate * years) ** 2) / relapses
            lower, upper = (PER * rate * np.exp(sign * z * error) for sign in (-1, 1))
        return int(patients.sum()), round(relapses), in_all, PER * rate, float(lower), float(upper)


@dataclass(frozen=True, eq=False)
class _RateLikelihood:
    """The partial likelihood of proportional rates of groups, the first with coefficient 0.

    Attributes
    ----------
    at_risk, relapses
        Numbers at each time with a relapse (rows) in each group (columns).
    """

    at_risk: Floats
    relapses: Floats

    @cached_property
    def in_all(self) -> Floats:
        """Relapses of all groups at each time."""
        total: Floats = self.relapses.sum(axis=1)
        return total

    def shares(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """Return the share of each group in the weighted risk set at each time, and the logarithm of its weight."""
        with np.errstate(divide="ignore"):
            logs = np.log(self.at_risk) + np.append(0.0, coefficients)
        total: Floats = np.logaddexp.reduce(logs, axis=1)
        return np.exp(logs - total[:, None]), total

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the log likelihood, its score, and the information."""
        share, total = self.shares(coefficients)
        own = share[:, 1:]
        value = float(self.relapses.sum(axis=0) @ np.append(0.0, coefficients) - self.in_all @ total)
        score = self.relapses[:, 1:].sum(axis=0) - self.in_all @ own
        information = np.diag(self.in_all @ own) - (own * self.in_all[:, None]).T @ own
        return value, score, information


def _proportional(groups: Sequence[_Group]) -> tuple[Floats, Floats] | None:
    """Return log rate ratios of all groups but the first and their robust variance; None if there is no maximum."""
    times = np.unique(np.concatenate([each.at.months[each.at.relapses > 0] for each in groups]))
    at_risk, relapses = (np.column_stack([_at(times, each.at, name) for each in groups]) for name in _COUNTS)
    likelihood = _RateLikelihood(at_risk, relapses)
    found = find_maximum(likelihood, np.zeros(len(groups) - 1)) if len(times) else None
    if found is None:
        return None
    share, total = likelihood.shares(found.coefficients)
    # By time, how much the rate of all groups rises, and less the mean, what each group differs from the risk set.
    rise = likelihood.in_all * np.exp(-total)
    middle = np.zeros((len(groups) - 1, len(groups) - 1))
    for place, each in enumerate(groups):
        differs = np.eye(len(groups))[place][1:] - share[:, 1:]
        weight = np.exp(np.append(0.0, found.coefficients)[place])
        expected = np.vstack([np.zeros(len(groups) - 1), np.cumsum(weight * rise[:, None] * differs, axis=0)])
        score = _scores(each.at, times, differs, expected)
        middle += score.T @ (each.at.patients[:, None] * score)
    variance = found.variance @ middle @ found.variance
    return (found.coefficients, variance) if (np.diag(variance) > 0).all() else None


def _binomial(groups: Sequence[_Group]) -> tuple[Floats, Floats] | None:
    """Return log rate ratios of all groups but the first by negative binomial regression, and their variance."""
    found = negative_binomial([each.counted for each in groups])
    if found is None:
        return None
    own = found.errors**2
    return found.log_rates[1:] - found.log_rates[0], np.diag(own[1:]) + own[0]


_COUNTS = ("at_risk", "relapses")


def _at(times: Floats, at: RiskTimes, name: str) -> Floats:
    """Return the number at risk or of relapses of a group at each of some times."""
    place = np.searchsorted(at.months, times)
    inside = np.minimum(place, len(at.months) - 1)
    numbers = getattr(at, name)[inside]
    if name == "relapses":
        return np.where(at.months[inside] == times, numbers, 0).astype(float)
    # Between two times of a group its risk set is that of the next one.
    return np.where(place < len(at.months), numbers, 0).astype(float)


def _scores(at: RiskTimes, times: Floats, differs: Floats, expected: Floats) -> Floats:
    """Return the score of each path: the sum over its relapses, less what is expected while it is at risk."""
    own = np.zeros((len(at.end), differs.shape[1]))
    np.add.at(own, at.relapsed, differs[np.searchsorted(times, at.months[at.relapse])])
    until = np.searchsorted(times, at.months[at.end], side="right")
    since = np.where(at.entry >= 0, np.searchsorted(times, at.months[at.entry], side="right"), 0)
    return np.asarray(own - (expected[until] - expected[since]))


def _ratios(
    names: Sequence[str], found: tuple[Floats, Floats] | None, z: float, withheld: str
) -> list[tuple[object, ...]]:
    rows = []
    for place, name in enumerate(names[1:]):
        numbers: tuple[float, ...] = (np.nan,) * 4
        if found is not None and not withheld:
            log_ratio, error = found[0][place], np.sqrt(found[1][place, place])
            limits = (float(np.exp(log_ratio + sign * z * error)) for sign in (-1, 1))
            numbers = (float(np.exp(log_ratio)), *limits, upper_tail(float((log_ratio / error) ** 2), 1))
        rows.append((name, names[0], *numbers, withheld))
    return rows


def _test(found: tuple[Floats, Floats] | None, withheld: str) -> tuple[float, float, float, str]:
    if found is None:
        return np.nan, np.nan, np.nan, withheld
    statistic, degrees = chi_square(*found)
    return statistic, degrees, np.nan if withheld else upper_tail(statistic, degrees), withheld
