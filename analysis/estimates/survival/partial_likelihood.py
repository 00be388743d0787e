"""Cox's model on weighted rows: partial likelihood, fit, and test of proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.cohort.arrays import Rows as Places
from analysis.estimates.common.captured_warnings import with_warnings
from analysis.estimates.common.maximum import Maximum, find_maximum
from analysis.estimates.survival.kaplan_meier import survival_before
from analysis.estimates.survival.risk_sets import RiskSets


@dataclass(frozen=True, eq=False)
class Rows:
    """Weighted rows: censored patients with equal values share a row, every event has its own.

    Efron's correction for ties counts events, so that rows with an event cannot be combined.

    Attributes
    ----------
    design
        Standardised covariates, one column per coefficient.
    unit
        The standard deviation of each covariate.
    entry, months, event, patients
        Entry (-1 for at risk from time zero), end, whether it is the event, and number of patients of each row.
    """

    design: Floats
    unit: Floats
    entry: Floats
    months: Floats
    event: Floats
    patients: Floats


def weighted_rows(design: Floats, entry: Floats, months: Floats, event: Flags, patients: Integers) -> Rows:
    """Return the weighted rows of cells.

    Parameters
    ----------
    design
        Covariates of each cell; no column is constant.
    entry, months, event, patients
        Entry (0 for at risk from time zero), end, whether it is the event, and number of patients of each cell.
    """
    centred = design - np.average(design, axis=0, weights=patients)
    largest = np.abs(centred).max(axis=0)
    scaled = centred / largest  # keeps squares of tiny numbers from underflow
    spread = np.average((scaled - np.average(scaled, axis=0, weights=patients)) ** 2, axis=0, weights=patients)
    unit = largest * np.sqrt(spread)
    happened, others = np.flatnonzero(event), np.flatnonzero(~event)
    each = np.concatenate([np.repeat(happened, patients[happened]), others])
    number = np.concatenate([np.ones(patients[happened].sum()), patients[others]])
    came = np.where(entry > 0, entry, -1.0)
    return Rows((centred / unit)[each], unit, came[each], months[each], event[each].astype(float), number)


@dataclass(frozen=True, eq=False)
class PartialLikelihood:
    """Cox's partial likelihood (Cox 1972) with Efron's correction for ties (Efron 1977)."""

    rows: Rows

    @cached_property
    def times(self) -> Floats:
        """The distinct times of events."""
        return np.unique(self.rows.months[self.rows.event > 0])

    @cached_property
    def at_risk(self) -> RiskSets:
        """The risk sets at these times."""
        return RiskSets.of(self.rows.entry, self.rows.months, self.times)

    @cached_property
    def _events(self) -> Places:
        return np.flatnonzero(self.rows.event > 0)

    @cached_property
    def _when(self) -> Places:
        """For each event the index of its time in `times`."""
        return np.searchsorted(self.times, self.rows.months[self._events])

    @cached_property
    def events(self) -> Floats:
        """Events at each time."""
        return np.bincount(self._when).astype(float)

    @cached_property
    def _values(self) -> Floats:
        """The columns 1, the covariates, and all products of two covariates."""
        design = self.rows.design
        squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        return np.column_stack([np.ones(len(design)), design, squares])

    def moments(self, coefficients: Floats) -> tuple[float, Floats, Floats]:
        """Return the log likelihood, its score, and the information."""
        likelihood, scores, information = self.by_time(coefficients)
        return float(likelihood.sum()), scores.sum(axis=0), information.sum(axis=0)

    def by_time(self, coefficients: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the contribution of each time of events to the log likelihood, the score, and the information."""
        width, values, events = len(coefficients), self._values, self._events
        log_risk = self.rows.design @ coefficients
        # Risks are relative to the largest one at each time, against overflow and underflow.
        unit, in_all = self.at_risk.sums(log_risk + np.log(self.rows.patients), values)
        leaving = self._at(np.exp(log_risk[events] - unit[self._when])[:, None] * values[events])
        # Efron: the k-th of d tied events has the risk set less (k - 1) / d of the rows with a tied event.
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
        """Return the sum of the events' values at each time."""
        sums = np.zeros((len(self.times), values.shape[1]))
        np.add.at(sums, self._when, values)
        return sums


def fit(rows: Rows) -> Maximum | None:
    """Return coefficients per standard deviation and their variance; None if there is no maximum.

    The maximum is searched from the fit of lifelines, or from zero if that fit failed, warned, or has a lower
    likelihood than zero coefficients.
    """
    return find_maximum(PartialLikelihood(rows), _by_lifelines(rows))


def collinear(rows: Rows) -> bool:
    """Return whether the covariates are collinear."""
    return bool(np.linalg.matrix_rank(rows.design) < rows.design.shape[1])


def _by_lifelines(rows: Rows) -> Floats:
    """Return the coefficients of lifelines; zeros if it fails or warns, as without convergence."""
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
    """Return the score statistic of proportional hazards for each factor; missing if it cannot be tested.

    The alternative is a coefficient linear in one minus the Kaplan-Meier estimate just before each time. This is the
    exact score test, as in R's cox.zph since version 3 of the survival package.

    Parameters
    ----------
    rows, coefficients
        The fit.
    factors
        The design columns of each factor; their number is its degrees of freedom.

    References
    ----------
    Grambsch and Therneau (1994).
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
    """Return the score statistic of a linear change of coefficients over time; missing without information on it.

    Parameters
    ----------
    score
        The score of each coefficient's change over time.
    weighted
        The information with events weighted by 1, by the clock (the transformed time), and by its square.
    at
        Indices of the coefficients.
    """
    constant, linear, square = weighted
    # Information on the change, given that the constant coefficients are estimated.
    left = square - linear @ np.linalg.solve(constant, linear)
    return _statistic(score[list(at)], left[np.ix_(at, at)], np.diag(square)[list(at)])


def _statistic(score: Floats, left: Floats, whole: Floats) -> float:
    """Return a score statistic; missing if the remaining information is near singular."""
    scale = np.sqrt(np.where(whole > 0, whole, 1))
    scaled = left / np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < 1e-10:
        return np.nan
    return float(score / scale @ np.linalg.solve(scaled, score / scale))
