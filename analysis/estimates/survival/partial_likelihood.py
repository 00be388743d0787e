"""Cox's model on rows that stand for several patients: its partial likelihood, fit, and test of what it assumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.cohort.arrays import Rows as Places
from analysis.estimates.common.maximum import Maximum, find_maximum
from analysis.estimates.common.warnings_heard import with_warnings
from analysis.estimates.survival.kaplan_meier import survival_before
from analysis.estimates.survival.risk_sets import RiskSets


@dataclass(frozen=True, eq=False)
class Rows:
    """Patients collapsed to rows; an event is a row of its own.

    Efron's weights for ties count patients, and a row of several events would count as one of them: only the
    censored are collapsed.

    Attributes
    ----------
    design
        Covariates, each less its mean and in units of its standard deviation; one column a coefficient.
    unit
        The standard deviation of each.
    entry, months, event, patients
        When a row comes (-1 for at risk from time zero on) and goes, how, and how many patients it stands for.
    """

    design: Floats
    unit: Floats
    entry: Floats
    months: Floats
    event: Floats
    patients: Floats


def rows_of(design: Floats, entry: Floats, months: Floats, event: Flags, patients: Integers) -> Rows:
    """Return the rows of cells.

    Parameters
    ----------
    design
        Covariates of each cell, no column of which is constant.
    entry, months, event, patients
        When the patients of a cell come (0 for at risk from time zero on) and go, how, and how many they are.
    """
    centred = design - np.average(design, axis=0, weights=patients)
    largest = np.abs(centred).max(axis=0)
    scaled = centred / largest  # squares of the smallest numbers would be 0
    spread = np.average((scaled - np.average(scaled, axis=0, weights=patients)) ** 2, axis=0, weights=patients)
    unit = largest * np.sqrt(spread)
    happened, others = np.flatnonzero(event), np.flatnonzero(~event)
    each = np.concatenate([np.repeat(happened, patients[happened]), others])
    number = np.concatenate([np.ones(patients[happened].sum()), patients[others]])
    came = np.where(entry > 0, entry, -1.0)
    return Rows((centred / unit)[each], unit, came[each], months[each], event[each].astype(float), number)


@dataclass(frozen=True, eq=False)
class PartialLikelihood:
    """Cox's partial likelihood of coefficients of some rows (Cox 1972), with ties by Efron (1977)."""

    rows: Rows

    @cached_property
    def times(self) -> Floats:
        """Every time with an event, once."""
        return np.unique(self.rows.months[self.rows.event > 0])

    @cached_property
    def at_risk(self) -> RiskSets:
        """Who is at risk at these times."""
        return RiskSets.of(self.rows.entry, self.rows.months, self.times)

    @cached_property
    def _events(self) -> Places:
        return np.flatnonzero(self.rows.event > 0)

    @cached_property
    def _when(self) -> Places:
        """The place among the times of each event."""
        return np.searchsorted(self.times, self.rows.months[self._events])

    @cached_property
    def events(self) -> Floats:
        """Events at each time."""
        return np.bincount(self._when).astype(float)

    @cached_property
    def _values(self) -> Floats:
        """1, the covariates, and the products of each two of them, of each row."""
        design = self.rows.design
        squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        return np.column_stack([np.ones(len(design)), design, squares])

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the logarithm of the likelihood, its score, and the information."""
        likelihood, scores, information = self.by_time(coefficients)
        return float(likelihood.sum()), scores.sum(axis=0), information.sum(axis=0)

    def by_time(self, coefficients: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the same of each time with events."""
        width, values, events = len(coefficients), self._values, self._events
        log_risk = self.rows.design @ coefficients
        # All in units of the largest risk at the time: none is too large or too small a number.
        unit, in_all = self.at_risk.sums(log_risk + np.log(self.rows.patients), values)
        leaving = self._at(np.exp(log_risk[events] - unit[self._when])[:, None] * values[events])
        # Of d tied events the first leaves a full risk set, the next one less 1/d of those who leave, and so on.
        number = self.events.astype(int)
        time = np.repeat(np.arange(len(number)), number)
        gone = (np.arange(len(time)) - np.repeat(np.cumsum(number) - number, number)) / number[time]
        left = in_all[time] - gone[:, None] * leaving[time]
        mean = left[:, 1 : width + 1] / left[:, :1]
        square = (left[:, width + 1 :] / left[:, :1]).reshape(-1, width, width)
        of_events = self._at(np.column_stack([log_risk[events] - unit[self._when], self.rows.design[events]]))
        likelihood, scores = of_events[:, 0], of_events[:, 1:]
        np.subtract.at(likelihood, time, np.log(left[:, 0]))
        np.subtract.at(scores, time, mean)
        information = np.zeros((len(number), width, width))
        np.add.at(information, time, square - mean[:, :, None] * mean[:, None, :])
        return likelihood, scores, information

    def _at(self, values: Floats) -> Floats:
        """Return the sums of values of the events at each time."""
        sums = np.zeros((len(self.times), values.shape[1]))
        np.add.at(sums, self._when, values)
        return sums


def fit(rows: Rows) -> Maximum | None:
    """Return coefficients and their variance, for one standard deviation more; None where they do not exist.

    lifelines fits; the fit is taken to where the score is zero, from where it ended or, where it warned, failed or
    ended below the likelihood of no effect, from there.
    """
    return find_maximum(PartialLikelihood(rows), _by_lifelines(rows))


def determine_one_another(rows: Rows) -> bool:
    """Return whether a covariate follows from the others."""
    return bool(np.linalg.matrix_rank(rows.design) < rows.design.shape[1])


def _by_lifelines(rows: Rows) -> Floats:
    """Return the coefficients of lifelines; zeros where it fails or warns, as it does where it has not converged."""
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    names = [f"x{place}" for place in range(rows.design.shape[1])]
    table = pd.DataFrame(rows.design, columns=names).assign(
        months=rows.months, event=rows.event, patients=rows.patients
    )
    late = {}
    if (rows.entry > 0).any():
        table["entry"], late = rows.entry, {"entry_col": "entry"}
    try:
        model, warned = with_warnings(
            lambda: CoxPHFitter().fit(table, "months", "event", weights_col="patients", **late)
        )
    except ConvergenceError:
        return np.zeros(len(names))
    return np.zeros(len(names)) if warned else model.params_[names].to_numpy(dtype=float)


def proportional_hazards_test(rows: Rows, coefficients: Floats, factors: Sequence[Sequence[int]]) -> list[float]:
    """Return the score statistic of each factor against coefficients that change with time; missing without a change.

    The alternative is a coefficient linear in one minus the Kaplan-Meier estimate just before each time (Grambsch and
    Therneau 1994; the exact score test, as R's cox.zph does since version 3 of the survival package).

    Parameters
    ----------
    rows, coefficients
        The fit.
    factors
        The columns of the design that make up each factor; their number is the degrees of freedom.
    """
    likelihood = PartialLikelihood(rows)
    events = likelihood.events
    _, scores, information = likelihood.by_time(coefficients)
    _, at_risk = likelihood.at_risk.sums(np.zeros(len(rows.months)), rows.patients[:, None])
    before = survival_before(at_risk[:, 0], events)
    clock = (1 - before) - np.average(1 - before, weights=events)
    score = clock @ scores
    weighted = [np.tensordot(clock**power, information, axes=1) for power in range(3)]
    return [score_statistic(score, weighted, at) for at in factors]


def score_statistic(score: Floats, weighted: Sequence[Floats], at: Sequence[int]) -> float:
    """Return the statistic of a change of some coefficients with time; missing where there is nothing to change.

    Parameters
    ----------
    score
        Of the change of each coefficient.
    weighted
        The information, with each event weighing 1, its place on the clock, and the square of that.
    at
        Which coefficients.
    """
    constant, linear, square = weighted
    # What is left of the information on the change once the constant coefficients are estimated.
    left = square - linear @ np.linalg.solve(constant, linear)
    return _statistic(score[list(at)], left[np.ix_(at, at)], np.diag(square)[list(at)])


def _statistic(score: Floats, left: Floats, whole: Floats) -> float:
    """Return a score statistic; missing where next to nothing is left of the whole information."""
    scale = np.sqrt(np.where(whole > 0, whole, 1))
    scaled = left / np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < 1e-10:
        return np.nan
    return float(score / scale @ np.linalg.solve(scaled, score / scale))
