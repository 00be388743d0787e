"""The fit of Cox's model, and the test of what it assumes, on rows that stand for several patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimates.counts import Floats
from analysis.estimates.survival import survival_before

FLAT = 50.0  # A log ratio this many standard deviations uncertain has no finite estimate: the likelihood is flat.


@dataclass(frozen=True, eq=False)
class Rows:
    """Patients collapsed to rows; an event is a row of its own.

    Efron's weights for ties count patients, and a row of several events would count as one of them: only the
    censored are collapsed.

    Attributes
    ----------
    design
        Covariates, centred; one column a coefficient.
    entry, months, event, patients
        When a row comes (-1 for at risk from time zero on) and goes, how, and how many patients it stands for.
    """

    design: Floats
    entry: Floats
    months: Floats
    event: Floats
    patients: Floats


def collapsed(design: pd.DataFrame, times: pd.DataFrame) -> Rows:
    """Return the rows of a design and of an endpoint's times in the same order."""
    months, came = (times[name].astype(float).to_numpy() for name in ("time", "entry"))
    centred = (design - design.mean()).to_numpy(dtype=float)
    entry = np.where(came > 0, came, -1.0)
    table = np.column_stack([centred, entry, months, times["event"].to_numpy(dtype=float)])
    happened = table[:, -1] > 0
    censored, number = np.unique(table[~happened], axis=0, return_counts=True)
    rows = np.concatenate([table[happened], censored])
    patients = np.concatenate([np.ones(happened.sum()), number])
    return Rows(rows[:, :-3], rows[:, -3], rows[:, -2], rows[:, -1], patients)


def fit(rows: Rows) -> tuple[Floats, Floats] | None:
    """Return coefficients and their variance (Cox 1972, ties by Efron 1977); None where they do not exist."""
    import warnings

    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    spread = rows.design.std(axis=0)
    if not rows.event.any() or np.linalg.matrix_rank(rows.design) < rows.design.shape[1]:
        return None
    names = [f"x{place}" for place in range(rows.design.shape[1])]
    table = pd.DataFrame(rows.design, columns=names).assign(
        months=rows.months, event=rows.event, patients=rows.patients
    )
    late = {}
    if (rows.entry > 0).any():
        table["entry"], late = rows.entry, {"entry_col": "entry"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It guesses at trouble; whether there is any is looked at below.
        try:
            model = CoxPHFitter().fit(
                table, "months", "event", weights_col="patients", fit_options={"precision": 1e-12}, **late
            )
        except ConvergenceError:
            return None
    coefficients = model.params_[names].to_numpy(dtype=float)
    variance = model.variance_matrix_.loc[names, names].to_numpy(dtype=float)
    flat = np.sqrt(np.diag(variance)) * spread > FLAT
    return None if flat.any() or not np.isfinite(variance).all() else (coefficients, variance)


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
    times = np.unique(rows.months[rows.event > 0])
    scores, information = _scores_and_information(rows, coefficients, times)
    events = _sums_at(times, rows.months, rows.event[:, None])[:, 0]
    at_risk = _sums_at_risk(rows, rows.patients[:, None], times)[:, 0]
    before = survival_before(at_risk, events)
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


def _scores_and_information(rows: Rows, coefficients: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Return the score and the information of Efron's partial likelihood at each event time."""
    width = rows.design.shape[1]
    risk = rows.patients * np.exp(rows.design @ coefficients)
    squares = (rows.design[:, :, None] * rows.design[:, None, :]).reshape(len(risk), width**2)
    moments = risk[:, None] * np.column_stack([np.ones(len(risk)), rows.design, squares])
    in_all = _sums_at_risk(rows, moments, times)
    leaving = _sums_at(times, rows.months, rows.event[:, None] * moments)
    events = _sums_at(times, rows.months, rows.event[:, None])[:, 0].astype(int)
    # Of d tied events the first leaves a full risk set, the next one less 1/d of those who leave, and so on.
    time = np.repeat(np.arange(len(times)), events)
    gone = (np.arange(len(time)) - np.repeat(np.cumsum(events) - events, events)) / events[time]
    left = in_all[time] - gone[:, None] * leaving[time]
    mean = left[:, 1 : width + 1] / left[:, :1]
    square = (left[:, width + 1 :] / left[:, :1]).reshape(-1, width, width)
    scores = _sums_at(times, rows.months, rows.event[:, None] * rows.design)
    np.subtract.at(scores, time, mean)
    information = np.zeros((len(times), width, width))
    np.add.at(information, time, square - mean[:, :, None] * mean[:, None, :])
    return scores, information


def _sums_at(times: Floats, months: Floats, values: Floats) -> Floats:
    """Return the sums of the rows at each time; what lies at no time of these adds nothing."""
    place = np.searchsorted(times, months)
    at = (place < len(times)) & (times[np.minimum(place, len(times) - 1)] == months)
    sums = np.zeros((len(times), values.shape[1]))
    np.add.at(sums, place[at], values[at])
    return sums


def _sums_at_risk(rows: Rows, values: Floats, times: Floats) -> Floats:
    """Return the sums over the rows at risk at each time: those that come before it and go at it or later."""
    changes = np.zeros((len(times) + 1, values.shape[1]))
    np.add.at(changes, np.searchsorted(times, rows.months, side="right"), values)
    np.subtract.at(changes, np.searchsorted(times, rows.entry, side="right"), values)
    return changes[:0:-1].cumsum(axis=0)[::-1]
