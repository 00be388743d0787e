"""Hazard ratios by Cox's proportional hazards model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.column_words import mid_sentence
from analysis.cohort.grouping import By, group_name
from analysis.cohort.model import Cohort
from analysis.counts.leaving import Counts
from analysis.estimates.common.grouped_outcome import GroupedOutcome, grouped_outcome
from analysis.estimates.common.intervals import normal_quantile, two_sided
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.survival.factors import Factor, Levels, covariate_name, covariate_values
from analysis.estimates.survival.group_hazards import fit_groups
from analysis.estimates.survival.log_rank import upper_tail
from analysis.estimates.survival.partial_likelihood import (
    collapsed,
    determine_one_another,
    fit,
    proportional_hazards_test,
)
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint

DETERMINED = "not estimable: the covariates determine one another"
NO_MAXIMUM = "not estimable: the likelihood has no maximum, as where all events of one kind of patient come first"


@dataclass(frozen=True)
class _Fitted:
    """A fit.

    Attributes
    ----------
    terms
        Coefficient, its error and proportional_p of each finite term.
    events
        How many events they are estimated from.
    reason
        Why there are no others.
    """

    terms: Mapping[str, Sequence[float]] = field(default_factory=dict)
    events: int = 0
    reason: str = NO_MAXIMUM


@dataclass(frozen=True)
class HazardRatios:
    """Hazard ratios of one model.

    Attributes
    ----------
    question, method
        What the ratios answer, and how.
    left_out
        patient_id, reason: patients who are not in the model.
    table
        term, reference, hazard_ratio, lower, upper, p (Wald), proportional_p (of the whole factor: small where the
        ratio changes with time), withheld ("" or why the numbers are missing): a row a level but the reference, or a
        number.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def hazard_ratios(
    cohort: Cohort,
    endpoint: AnyEndpoint = OVERALL_SURVIVAL,
    *,
    by: By | None = None,
    covariates: Sequence[By] | None = None,
    level: float = 0.95,
    limits: SmallNumbers = SmallNumbers(),
) -> HazardRatios:
    """Return hazard ratios with Wald limits, and a test of whether they are constant over time.

    Cox's model (1972) with Efron's weights for ties (1977). A competing event censors: the ratios are of cause-specific
    hazards. Where a level has no events the likelihood has no finite maximum: its ratio is not estimable, and those of
    the others are the limit, which is the fit without its patients. Groups are fitted from their counts, covariates by
    lifelines, whose fit is checked and taken to where the score is zero; where the likelihood has no maximum, because
    the covariates determine one another or separate the events (monotone likelihood), nothing is told.

    Parameters
    ----------
    cohort, endpoint, level
        As for `kaplan_meier`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`: the ratios of its groups to the first.
    covariates
        Columns, `Grouping` and `Cut` objects that are in the model together: numbers as numbers (the ratio for one unit
        more), all else by level. One of `by` and `covariates` is given.
    limits
        Below which numbers, of a level and its reference, and of events for each coefficient, ratio and p-values are
        withheld.

    Raises
    ------
    ValueError
        If an argument is not one of those above.
    """
    if (by is None) == (not covariates):
        raise ValueError("Hazard ratios take either by or covariates.")
    z = normal_quantile(level)
    outcome = grouped_outcome(cohort, endpoint, by)
    if by is None:
        outcome, factors = _factors(outcome, cohort, list(covariates or ()))
        fitted, asked = _fit(outcome, factors), [row for factor in factors for row in factor.rows(limits)]
    else:
        fitted, asked = _fit_groups(outcome.counts), _levels(outcome).rows(limits)
    table = _table(asked, fitted, z, limits)
    method = outcome.method(
        f"Cox regression of {outcome.hazard_name}",
        "Efron's weights for ties",
        f"{100 * level:g} % Wald interval",
        "score test of proportional hazards on the Kaplan-Meier time scale",
        f"ratio and p {limits.words(of_model=True)}",
    )
    question = f"By how much does the hazard differ, at the same time since {outcome.endpoint.time_zero}?"
    return HazardRatios(question, method, outcome.left_out, table)


def _factors(outcome: GroupedOutcome, cohort: Cohort, covariates: Sequence[By]) -> tuple[GroupedOutcome, list[Factor]]:
    """Return the outcome of those with a value of every covariate, and the covariates."""
    values = [covariate_values(cohort, covariate) for covariate in covariates]
    for covariate, column in zip(covariates, values, strict=True):
        known = column.notna().to_numpy()[outcome.rows]
        outcome = outcome.only(known, f"{mid_sentence(group_name(covariate))} is not recorded")
    event = outcome.times["event"]
    factors = [
        Factor(covariate_name(covariate), column.loc[event.index], event, outcome.endpoint.events_noun)
        for covariate, column in zip(covariates, values, strict=True)
    ]
    return outcome, factors


def _levels(outcome: GroupedOutcome) -> Levels:
    """Return the groups of an outcome as the levels of a factor."""
    counts = outcome.counts
    patients, events = (
        dict(zip(counts.groups.astype(str), number.tolist(), strict=True))
        for number in (counts.patients, counts.events.sum(axis=0))
    )
    present = {group: number for group, number in patients.items() if number}
    return Levels("", present, events, outcome.endpoint.events_noun, outcome.shared(counts.groups))


def _fit_groups(counts: Counts) -> _Fitted:
    """Return the same as `_fit` of the groups that have events, from counts: they are all that groups need."""
    levels = counts.groups[counts.events.sum(axis=0) > 0]
    fitted = fit_groups(counts.only(*levels)) if len(levels) > 1 else None
    if fitted is None:
        return _Fitted()
    coefficients, variance, statistic = fitted
    p = upper_tail(statistic, len(coefficients))
    return _by_term(levels[1:], coefficients, variance, [p] * len(coefficients), int(counts.events.sum()))


def _fit(outcome: GroupedOutcome, factors: Sequence[Factor]) -> _Fitted:
    """Return the fit of the factors together.

    A level without events is let go: where its coefficient goes to minus infinity its patients no longer count.
    """
    keep = pd.concat([factor.with_events for factor in factors], axis=1).all(axis=1)
    parts = [factor.columns(keep) for factor in factors]
    design = pd.concat(parts, axis=1)
    times = outcome.times[keep]
    if design.empty or not times["event"].any():
        return _Fitted()
    rows = collapsed(design, times)
    if determine_one_another(rows):
        return _Fitted(reason=DETERMINED)
    fitted = fit(rows)
    if fitted is None:
        return _Fitted()
    places = [[design.columns.get_loc(name) for name in part] for part in parts if len(part.columns)]
    statistics = proportional_hazards_test(rows, fitted.coefficients, places)
    p = [upper_tail(value, len(at)) for value, at in zip(statistics, places, strict=True) for _ in at]
    return _by_term(
        design.columns,
        fitted.coefficients / rows.unit,
        fitted.variance / np.outer(rows.unit, rows.unit),
        p,
        int(times["event"].sum()),
    )


def _by_term(terms: pd.Index, coefficients: Floats, variance: Floats, p: Sequence[float], events: int) -> _Fitted:
    errors = np.sqrt(np.diag(variance))
    return _Fitted({str(term): told for term, *told in zip(terms, coefficients, errors, p, strict=True)}, events)


def _table(asked: Sequence[tuple[str, str, str]], fitted: _Fitted, z: float, limits: SmallNumbers) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    few = limits.reason_of_model(fitted.events, len(fitted.terms))
    for term, reference, reason in asked:
        withheld = reason or (few if term in fitted.terms else fitted.reason)
        if withheld:
            rows.append((term, reference, *[np.nan] * 5, withheld))
            continue
        coefficient, error, proportional_p = fitted.terms[term]
        with np.errstate(over="ignore"):  # of a unit that is many times as large as the numbers
            ratio, lower, upper = np.exp(coefficient + np.array([0, -z, z]) * error)
        rows.append((term, reference, ratio, lower, upper, two_sided(coefficient / error), proportional_p, ""))
    columns = ["term", "reference", "hazard_ratio", "lower", "upper", "p", "proportional_p", "withheld"]
    return pd.DataFrame(rows, columns=columns)
