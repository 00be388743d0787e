"""Aalen-Johansen probabilities of remission, activity and death, with the infinitesimal jackknife."""

from __future__ import annotations

import numpy as np

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.times import SAME, slack
from analysis.counts.paths import Paths
from analysis.facts.remission_stays import CENSORED, DEAD, REMISSION, STATES


class AalenJohansen:
    """The estimate for one group, from its paths and the number of patients with each."""

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

    @property
    def known_to(self) -> float:
        """The last month at which the probabilities are known; infinite once everybody has died."""
        return np.inf if self.without_gap and self.probabilities[-1, DEAD] > 1 - SAME else self.end

    def remission(self, month: float, z: float) -> tuple[float, float, float, float]:
        """Return the probability of remission at a time, its standard error and its limits."""
        past = self._times_by(month)
        if not self.starters or month < self.origin - slack(month) or month > self.known_to + slack(month):
            return (np.nan,) * 4
        share = float(self.probabilities[past, REMISSION])
        ahead = np.zeros((past + 1, len(STATES)))  # P(in remission at the end), given the state after each time
        ahead[past, REMISSION] = 1.0
        for k in range(past - 1, -1, -1):
            ahead[k] = self._step(k) @ ahead[k + 1]
        error = self._standard_error(ahead)
        if not (0 < share < 1 and error > 0):
            return share, error, np.nan, np.nan
        exponent = np.exp(z * error / (share * np.log(share)))
        return share, error, float(share ** (1 / exponent)), float(share**exponent)

    def time_in(self, state: int, month: float) -> tuple[float, float]:
        """Return the mean time in a state up to a month, in months, and its variance."""
        past = self._times_by(month)
        ends = np.append(self.months[:past], month)
        stretches = np.diff(np.append(self.origin, ends))  # before the first time, between them, after the last
        ahead = np.zeros(
            (past + 1, len(STATES))
        )  # mean time in the state from then on, given the state after each time
        ahead[past, state] = stretches[past]
        for k in range(past - 1, -1, -1):
            ahead[k] = self._step(k) @ ahead[k + 1]
            ahead[k, state] += stretches[k]
        return float(self.starting @ ahead[0]), self._standard_error(ahead) ** 2

    def entries(self, state: int, month: float) -> int:
        """Return how often patients came into a state by a month."""
        came = (self.stays.next_state == state) & (self.stays.stop <= month + slack(month))
        return int(self.of_stay[came].sum())

    def _times_by(self, month: float) -> int:
        return int(np.sum(self.months <= month + slack(month)))

    def _standard_error(self, ahead: Floats) -> float:
        """Return the infinitesimal jackknife standard error of the mean of what is ahead.

        The influence of a patient is a sum over the times at risk: the patient's own transition minus the estimated
        hazards, multiplied by what is ahead after it.

        Parameters
        ----------
        ahead
            What is ahead at the beginning and after each time, by state.
        """
        stays, past = self.stays, len(ahead) - 1
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
