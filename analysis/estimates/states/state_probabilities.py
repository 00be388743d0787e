"""Probability of being alive and in remission over time, with remission reversible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME, slack
from analysis.cohort.wording import count_words
from analysis.counts.stays import Paths, Stays
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.facts.remission import RemissionRule, remission_rule
from analysis.facts.remission_stays import CENSORED, DEAD, REMISSION, STATES


@dataclass(frozen=True, repr=False)
class StateProbabilities(Result):
    """The probability of each state over time.

    Attributes
    ----------
    question, method
        What the probabilities answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    curve
        group, months, state, probability: at 0 and at each change of state in the group; the three states ("active",
        "in remission", "dead") add up to 1.
    remission
        group, months, probability, standard_error, lower, upper: of being alive and in remission, at the months asked
        for. Missing beyond the last time of a group, unless everybody has died; with late entry also before the first
        entry, and after a time at which nobody is under observation.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    remission: pd.DataFrame

    @classmethod
    def of(cls, counts: Stays, *, months: Sequence[float], level: float = 0.95) -> StateProbabilities:
        """Return probabilities estimated from counts.

        Parameters
        ----------
        counts
            Numbers of patients by path through the states.
        months, level
            As for `state_probabilities`.
        """
        z = normal_quantile(level)
        estimates = {group: _AalenJohansen(paths, patients) for group, paths, patients in counts.of_groups()}
        steps = [(group, *step) for group, own in estimates.items() for step in own.steps()]
        at = [(group, float(month), *own.remission(month, z)) for group, own in estimates.items() for month in months]
        curve = pd.DataFrame(steps, columns=["group", "months", "state", "probability"])
        remitted = pd.DataFrame(at, columns=["group", "months", "probability", "standard_error", "lower", "upper"])
        left_out = counts.left_out.table
        method = (
            f"Probability of being alive and in {counts.remission} (Aalen-Johansen, remission reversible), the state "
            f"changing only at visits, months from transplantation, {100 * level:g} % log-log interval from the "
            f"infinitesimal jackknife, {count_words(counts.groups.patients, 'patient')}"
        )
        return cls(
            f"How many are alive and in {counts.remission} over time?",
            method_words(method, left_out),
            left_out,
            with_groups(curve.assign(state=pd.Categorical(curve["state"], STATES)), list(estimates)),
            with_groups(remitted, list(estimates)),
        )


def state_probabilities(
    cohort: Cohort,
    *,
    months: Sequence[float],
    rule: str | RemissionRule = "recorded",
    response: str = "complete",
    level: float = 0.95,
    by: By | None = None,
) -> StateProbabilities:
    """Return the Aalen-Johansen probability of being alive and in remission, with remission reversible.

    It allows for censoring without a Markov assumption (Datta and Satten 2001). The state changes only at visits and at
    death. A patient with late entry is at risk from then on, in the state of the last visit by then. The standard error
    is by the infinitesimal jackknife, as in R's survfit; limits are on the log-log scale.

    Parameters
    ----------
    cohort
        The patients.
    months
        Times of 0 or more at which to return the probability of remission.
    rule, response
        The definition of remission, as for `yearly_remission`.
    level
        Confidence level, between 0 and 1.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    StateProbabilities; ``remission`` has one row per group and month, with probabilities as fractions of 1.

    Raises
    ------
    ValueError
        If the rule, the response or the grouping column is unknown, the visits lack a column that the rule needs, or
        the level is not between 0 and 1.

    References
    ----------
    Aalen OO, Johansen S (1978), Scandinavian Journal of Statistics 5:141-150. Datta S, Satten GA (2001), Statistics and
    Probability Letters 55:403-411.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = state_probabilities(load_sample(), months=[12])
    >>> result.remission[["months", "probability"]].round(2).to_numpy().tolist()
    [[12.0, 0.22]]
    """
    return StateProbabilities.of(Stays.of(cohort, remission_rule(rule), response, by), months=months, level=level)


class _AalenJohansen:
    """The estimate for one group."""

    def __init__(self, stays: Paths, patients: Integers) -> None:
        self.stays, self.patients = stays, patients
        # The number of patients with each sojourn.
        self.of_stay = patients[stays.path]
        self.origin, self.at_start = _first_entry(stays)
        self.end, self.without_gap = _observed_until(stays)
        moves = stays.next_state != CENSORED
        self.months = np.unique(stays.stop[moves])
        # The number of times at or before the start, and the end, of each sojourn.
        self.begun, self.over = (np.searchsorted(self.months, each, side="right") for each in (stays.start, stays.stop))
        size = (len(self.months), len(STATES))
        at_risk = np.zeros(size)
        jumps = np.zeros((*size, len(STATES)))
        place = self.over[moves] - 1
        np.add.at(jumps, (place, stays.state[moves], stays.next_state[moves]), self.of_stay[moves])
        for state in range(len(STATES)):
            inside = stays.state == state
            # The risk set of a state at a time: those who entered it before, and leave at that time or later.
            came, gone = (self._so_far(each[inside], self.of_stay[inside]) for each in (self.begun, self.over))
            at_risk[:, state] = came - gone
        # Deaths at month 0 are among those present at month 0.
        if len(self.months) and self.months[0] == 0:
            at_risk[0] = self._number_at_start()
        self.at_risk = np.maximum(at_risk, 1.0)
        self.hazards = jumps / self.at_risk[:, :, None]
        self.starters = int(patients[self.at_start >= 0].sum())
        self.starting = self._number_at_start() / max(self.starters, 1)
        # probabilities[k] is just before the k-th time, probabilities[k + 1] at it.
        self.probabilities = np.empty((len(self.months) + 1, len(STATES)))
        self.probabilities[0] = self.starting
        for k in range(len(self.months)):
            self.probabilities[k + 1] = self.probabilities[k] @ self._step(k)

    def _so_far(self, times: Rows, patients: Integers) -> Floats:
        """Return the cumulative number of patients before each time, given the times (as indices) and numbers."""
        number = np.bincount(times, patients, minlength=len(self.months) + 1)
        return np.asarray(number.cumsum()[: len(self.months)], dtype=float)

    def _number_at_start(self) -> Floats:
        """Return the number in each state at the beginning of observation."""
        there = self.at_start >= 0
        number = np.bincount(self.at_start[there], self.patients[there], minlength=len(STATES))
        return np.asarray(number, dtype=float)

    def _step(self, k: int) -> Floats:
        hazards = self.hazards[k]
        return np.eye(len(STATES)) + hazards - np.diag(hazards.sum(axis=1))

    def steps(self) -> list[tuple[float, str, float]]:
        """Return month, state and probability: at 0 and at each later time of a change."""
        months = np.append(self.origin, self.months)
        # Changes at month 0 are in the row of month 0.
        first = int(np.sum(self.months == 0))
        table = self.probabilities if self.starters else np.full_like(self.probabilities, np.nan)
        return [
            (float(months[k]), state, float(table[k, place]))
            for k in range(first, len(months))
            for place, state in enumerate(STATES)
        ]

    def remission(self, month: float, z: float) -> tuple[float, float, float, float]:
        """Return the probability of remission at a time, its standard error and its limits."""
        past = int(np.sum(self.months <= month + slack(month)))
        everybody_died = self.without_gap and self.probabilities[-1, DEAD] > 1 - SAME
        early, beyond = month < self.origin - slack(month), month > self.end + slack(month)
        if not self.starters or early or (beyond and not everybody_died):
            return (np.nan,) * 4
        share = float(self.probabilities[past, REMISSION])
        error = self._standard_error(past)
        if not (0 < share < 1 and error > 0):
            return share, error, np.nan, np.nan
        exponent = np.exp(z * error / (share * np.log(share)))
        return share, error, float(share ** (1 / exponent)), float(share**exponent)

    def _standard_error(self, past: int) -> float:
        """Return the infinitesimal jackknife standard error after a number of times.

        The influence of a patient is a sum over the times at risk: the patient's own transition minus the estimated
        hazards, multiplied by the matrices of all later times.
        """
        stays = self.stays
        ahead = np.zeros((past + 1, len(STATES)))  # P(in remission at the end), given the state after each time
        ahead[past, REMISSION] = 1.0
        for k in range(past - 1, -1, -1):
            ahead[k] = self._step(k) @ ahead[k + 1]
        weight = self.probabilities[:past] / self.at_risk[:past]
        expected = np.einsum("khj,kj->kh", self.hazards[:past], ahead[1:]) - self.hazards[:past].sum(axis=2) * ahead[1:]
        passed = np.vstack([np.zeros(len(STATES)), np.cumsum(weight * expected, axis=0)])
        first = np.where(stays.start == 0, 0, np.minimum(self.begun, past))
        until = np.minimum(self.over, past)
        influence = passed[first, stays.state] - passed[until, stays.state]
        moved = (stays.next_state != CENSORED) & (self.over <= past)
        at = self.over[moved] - 1
        state = stays.state[moved]
        gain = ahead[at + 1, stays.next_state[moved]] - ahead[at + 1, state]
        influence[moved] += weight[at, state] * gain
        total = np.bincount(stays.path, influence, minlength=len(self.at_start)).astype(float)
        there = self.at_start >= 0
        total[there] += (ahead[0, self.at_start[there]] - self.starting @ ahead[0]) / self.starters
        return float(np.sqrt(np.sum(self.patients * total**2)))


def _first_entry(stays: Paths) -> tuple[float, Integers]:
    """Return the time of the first entry, and each path's state at that time; -1 for later entries."""
    if (stays.at_start >= 0).any() or not len(stays.start):
        return 0.0, stays.at_start
    origin = float(stays.start.min())
    first = stays.start == origin
    at_start = stays.at_start.copy()
    at_start[stays.path[first]] = stays.state[first]
    return origin, at_start


def _observed_until(stays: Paths) -> tuple[float, bool]:
    """Return the time up to which somebody is always under observation, and whether nobody enters after it.

    After a gap, later entrants tell nothing about those who were observed before it.
    """
    last = float(stays.stop.max(initial=0.0))
    if (stays.at_start >= 0).all() or not len(stays.stop):
        return last, True
    entry, until = np.full(len(stays.at_start), np.inf), np.zeros(len(stays.at_start))
    np.minimum.at(entry, stays.path, stays.start)
    np.maximum.at(until, stays.path, stays.stop)
    order = np.argsort(entry, kind="stable")
    followed = np.maximum.accumulate(until[order])
    gaps = np.flatnonzero((entry[order][1:] >= followed[:-1]) & np.isfinite(entry[order][1:]) & (followed[:-1] > 0))
    return (float(followed[gaps[0]]), False) if len(gaps) else (last, True)
