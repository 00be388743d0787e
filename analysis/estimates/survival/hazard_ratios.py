"""Hazard ratios by Cox's proportional hazards model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.covariate_cells import CovariateCells
from analysis.counts.leaving import Leaving
from analysis.estimates.common.intervals import normal_quantile, two_sided
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.survival.factors import Factor, Levels, factors_of
from analysis.estimates.survival.group_hazards import fit_groups
from analysis.estimates.survival.log_rank import upper_tail
from analysis.estimates.survival.outcome_words import Counted, hazard_name, method_of_counts
from analysis.estimates.survival.partial_likelihood import (
    collinear,
    fit,
    proportional_hazards_test,
    weighted_rows,
)
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint

COLLINEAR = "not estimable: the covariates determine one another"
NO_MAXIMUM = "not estimable: the likelihood has no maximum, as where all events of one kind of patient come first"


@dataclass(frozen=True)
class _Fitted:
    """A fitted model.

    Attributes
    ----------
    terms
        Coefficient, standard error and proportional_p of each estimable term.
    events
        Number of events in the fit.
    reason
        Why all other terms are not estimable.
    """

    terms: Mapping[str, Sequence[float]] = field(default_factory=dict)
    events: int = 0
    reason: str = NO_MAXIMUM


@dataclass(frozen=True, repr=False)
class HazardRatios(Result):
    """Hazard ratios of one model.

    Attributes
    ----------
    question, method
        What the ratios answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    table
        term, reference, hazard_ratio, lower, upper, p (Wald), proportional_p (one test for the whole factor; small if
        the ratio changes over time), withheld ("" or why the numbers are missing): one row per level other than the
        reference, or per numeric covariate.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame

    @classmethod
    def of(
        cls, counts: Leaving | CovariateCells, *, level: float = 0.95, limits: SmallNumbers = SmallNumbers()
    ) -> HazardRatios:
        """Return hazard ratios from counts.

        Parameters
        ----------
        counts
            The counts at each time by group, or cells of covariates.
        level, limits
            As for `hazard_ratios`.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        z = normal_quantile(level)
        if isinstance(counts, Leaving):
            counts = counts.shown
            fitted, asked = _fit_groups(counts), _levels(counts).rows(limits)
        else:
            factors = factors_of(counts)
            fitted, asked = _fit(counts, factors), [row for factor in factors for row in factor.rows(limits)]
        question = f"By how much does the hazard differ, at the same time since {counts.outcome.time_zero}?"
        table = _table(asked, fitted, z, limits)
        return cls(question, _method(counts, level, limits), counts.left_out.table, table)


def hazard_ratios(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By | None = None,
    covariates: Sequence[By] | None = None,
    level: float = 0.95,
    limits: SmallNumbers = SmallNumbers(),
) -> HazardRatios:
    """Return hazard ratios with Wald limits, and a test of proportional hazards.

    Cox's model with Efron's weights for ties. A competing event censors: the ratios are of cause-specific hazards. A
    level without events is not estimable (its coefficient is infinite); the other ratios are then fitted without its
    patients, which is their limit. Groups are fitted from counts; covariates by lifelines, whose fit is refined until
    the score is zero. If the likelihood has no maximum, because covariates are collinear or separate the events
    (monotone likelihood), no ratio is given.

    Parameters
    ----------
    cohort, endpoint, level
        As for `kaplan_meier`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`; its first group is the reference.
    covariates
        Columns, `Grouping` and `Cut` objects of one model: numeric ones as numbers (the ratio per unit), all others by
        level. Either `by` or `covariates` is given.
    limits
        Numbers of patients and events (in a level and its reference, and events per coefficient) below which
        ratio and p-values are withheld.

    Raises
    ------
    ValueError
        If both or neither of `by` and `covariates` are given, or the endpoint, a column or the level is invalid.

    Returns
    -------
    HazardRatios; ``table`` has one row per coefficient.

    References
    ----------
    Cox DR (1972), Journal of the Royal Statistical Society B 34:187-220. Efron B (1977), Journal of the American
    Statistical Association 72:557-565. Grambsch PM, Therneau TM (1994), Biometrika 81:515-526.

    Examples
    --------
    >>> from analysis import load_sample
    >>> hazard_ratios(load_sample(), by="sex").table[["term", "reference"]].to_numpy().tolist()
    [['male', 'female']]
    """
    if (by is None) == (not covariates):
        raise ValueError("Hazard ratios take either by or covariates.")
    if by is not None:
        return HazardRatios.of(Leaving.of(cohort, endpoint, by), level=level, limits=limits)
    return HazardRatios.of(CovariateCells.of(cohort, endpoint, covariates or ()), level=level, limits=limits)


def _method(counts: Counted, level: float, limits: SmallNumbers) -> str:
    return method_of_counts(
        counts,
        f"Cox regression of {hazard_name(counts.outcome)}",
        "Efron's weights for ties",
        f"{100 * level:g} % Wald interval",
        "score test of proportional hazards on the Kaplan-Meier time scale",
        f"ratio and p {limits.words(of_model=True)}",
    )


def _levels(counts: Leaving) -> Levels:
    """Return the groups as the levels of a factor."""
    patients, events = (
        dict(zip(counts.groups.names, number.tolist(), strict=True))
        for number in (counts.patients, counts.events.sum(axis=0))
    )
    present = {group: number for group, number in patients.items() if number}
    return Levels("", present, events, counts.outcome.events_noun, counts.shared)


def _fit_groups(counts: Leaving) -> _Fitted:
    """Fit the groups that have events, from counts."""
    with_events = counts.only(np.flatnonzero(counts.events.sum(axis=0)))
    levels = with_events.groups.names
    fitted = fit_groups(with_events) if len(levels) > 1 else None
    if fitted is None:
        return _Fitted()
    coefficients, variance, statistic = fitted
    p = upper_tail(statistic, len(coefficients))
    return _by_term(levels[1:], coefficients, variance, [p] * len(coefficients), counts.number_of_events)


def _fit(cells: CovariateCells, factors: Sequence[Factor]) -> _Fitted:
    """Fit all factors in one model, without the patients at a level without events.

    As the coefficient of such a level goes to minus infinity, its patients no longer count in any risk set.
    """
    keep = np.all([factor.with_events for factor in factors], axis=0)
    parts = [factor.columns(keep) for factor in factors]
    terms = [name for part in parts for name in part]
    event, patients = cells.event[keep], cells.patients[keep]
    if not terms or not event.any():
        return _Fitted()
    design = np.column_stack([column for part in parts for column in part.values()])
    rows = weighted_rows(design, cells.entry[keep], cells.months[keep], event, patients)
    if collinear(rows):
        return _Fitted(reason=COLLINEAR)
    fitted = fit(rows)
    if fitted is None:
        return _Fitted()
    ends = np.cumsum([len(part) for part in parts])
    places = [range(end - len(part), end) for part, end in zip(parts, ends, strict=True) if part]
    statistics = proportional_hazards_test(rows, fitted.coefficients, places)
    p = [upper_tail(value, len(at)) for value, at in zip(statistics, places, strict=True) for _ in at]
    return _by_term(
        terms,
        fitted.coefficients / rows.unit,
        fitted.variance / np.outer(rows.unit, rows.unit),
        p,
        int(patients[event].sum()),
    )


def _by_term(terms: Sequence[str], coefficients: Floats, variance: Floats, p: Sequence[float], events: int) -> _Fitted:
    errors = np.sqrt(np.diag(variance))
    return _Fitted({term: told for term, *told in zip(terms, coefficients, errors, p, strict=True)}, events)


def _table(asked: Sequence[tuple[str, str, str]], fitted: _Fitted, z: float, limits: SmallNumbers) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    few = limits.reason_of_model(fitted.events, len(fitted.terms))
    for term, reference, reason in asked:
        withheld = reason or (few if term in fitted.terms else fitted.reason)
        if withheld:
            rows.append((term, reference, *[np.nan] * 5, withheld))
            continue
        coefficient, error, proportional_p = fitted.terms[term]
        with np.errstate(over="ignore"):  # one unit may be far larger than the range of the covariate
            ratio, lower, upper = np.exp(coefficient + np.array([0, -z, z]) * error)
        rows.append((term, reference, ratio, lower, upper, two_sided(coefficient / error), proportional_p, ""))
    columns = ["term", "reference", "hazard_ratio", "lower", "upper", "p", "proportional_p", "withheld"]
    return pd.DataFrame(rows, columns=columns)
