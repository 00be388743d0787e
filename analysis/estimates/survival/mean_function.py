"""The mean number of relapses of one group over time, with its robust variance."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.counts.leaving import Steps
from analysis.counts.paths import Paths
from analysis.estimates.survival.kaplan_meier import survival_before
from analysis.facts.relapse_spells import CENSORED, DEAD, RELAPSED

RELAPSES, DEATHS, DEATHS_LATER = range(3)  # the three processes of which the influence of a patient is made


class RiskTimes:
    """The numbers at risk, with a relapse, dying and censored at each distinct time of one group.

    Attributes
    ----------
    months
        0 and each time at which somebody enters, relapses, dies or is censored.
    at_risk, relapses, deaths, censored
        Numbers at each.
    entry, end
        The index of the time of each path's entry (-1 for at risk from month 0 on) and of its end.
    relapse, relapsed
        The index of the time of each relapse, and its path.
    died
        Whether each path ends with death.
    """

    def __init__(self, paths: Paths, patients: Integers) -> None:
        last = np.append(paths.path[1:] != paths.path[:-1], True)[: len(paths.path)]
        first = np.append(True, paths.path[1:] != paths.path[:-1])[: len(paths.path)]
        start, stop = paths.start[first], paths.stop[last]
        late = paths.at_start == CENSORED
        self.months = np.unique(np.concatenate([[0.0], start[late], paths.stop]))
        self.entry = np.where(late, np.searchsorted(self.months, start), -1)
        self.end = np.searchsorted(self.months, stop)
        self.died = paths.next_state[last] == DEAD
        again = paths.next_state == RELAPSED
        self.relapse, self.relapsed = np.searchsorted(self.months, paths.stop[again]), paths.path[again]
        self.patients = patients
        self.relapses = self._sum_at(self.relapse, patients[self.relapsed])
        self.deaths = self._sum_at(self.end[self.died], patients[self.died])
        self.censored = self._sum_at(self.end[~self.died], patients[~self.died])
        leaving = self.deaths + self.censored
        came = self._sum_at(self.entry[late], patients[late])
        # At ties events come before censorings, and a patient who enters at a time is at risk only after it.
        self.at_risk = leaving[::-1].cumsum()[::-1] - came[::-1].cumsum()[::-1]

    def _sum_at(self, places: Rows, numbers: Integers) -> Integers:
        return np.bincount(places, numbers, minlength=len(self.months)).astype(np.int64)


def mean_function(paths: Paths, patients: Integers) -> Steps:
    """Return the mean number of relapses over time of one group, death ending them, and its standard error.

    The mean is the sum over times of S(t-) dN(t) / Y(t), where S is the Kaplan-Meier estimate of being alive just
    before, dN the number of relapses and Y the number at risk. The standard error is robust: a sum over the patients of
    squared influences, so that the relapses of a patient may depend on each other in any way.

    Parameters
    ----------
    paths
        The distinct courses of relapses, of at least one patient.
    patients
        The number of patients with each.

    Returns
    -------
    dict
        months, at_risk, relapses, deaths, censored, mean, standard_error.

    References
    ----------
    Ghosh D, Lin DY (2000), Biometrics 56:554-562.
    """
    at = RiskTimes(paths, patients)
    n = np.maximum(at.at_risk, 1).astype(float)
    before = survival_before(n, at.deaths.astype(float))
    mean = np.cumsum(before * at.relapses / n)
    error = np.sqrt(np.maximum(_variance(at, n, before, mean), 0))
    counts = {name: getattr(at, name) for name in ("months", "at_risk", "relapses", "deaths", "censored")}
    return {**counts, "mean": mean, "standard_error": error}


def _variance(at: RiskTimes, n: Floats, before: Floats, mean: Floats) -> Floats:
    """Return the sum of the squared influences of all patients at each time.

    The influence of a patient is A(t) - mean(t) B(t) + C(t): integrals of S / Y over the patient's relapses less those
    expected, and of 1 / Y and mean / Y over the patient's death less the deaths expected. While at risk, each is a sum
    of the patient's own jumps less what is expected of everybody, so that sums over patients of their products need one
    pass over the jumps, and not one over patients and times.
    """
    jump = np.array([before / n, 1 / n, mean / n])
    happened = np.array([at.relapses, at.deaths, at.deaths])
    expected = np.cumsum(jump * happened / n, axis=1)
    own, begins, ends, whose = _pieces(at, jump, expected)
    last = np.append(whose[1:] != whose[:-1], True)[: len(whose)]
    final = own[:, last] + _death(at, jump) - expected[:, at.end]
    weight = at.patients[whose].astype(float)
    size = len(at.months)

    def while_at_risk(numbers: Floats) -> Floats:
        come = np.bincount(begins, numbers, minlength=size + 1) - np.bincount(ends, numbers, minlength=size + 1)
        return np.asarray(come.cumsum()[:size], dtype=float)

    inside = while_at_risk(weight)
    sums = [while_at_risk(weight * each) for each in own]
    products = {}
    for one, other in combinations_with_replacement(range(len(jump)), 2):
        left = np.bincount(at.end, at.patients * final[one] * final[other], minlength=size).cumsum()
        products[one, other] = (
            while_at_risk(weight * own[one] * own[other])
            - expected[one] * sums[other]
            - expected[other] * sums[one]
            + inside * expected[one] * expected[other]
            + left
        )
    return np.asarray(
        products[RELAPSES, RELAPSES]
        + mean**2 * products[DEATHS, DEATHS]
        + products[DEATHS_LATER, DEATHS_LATER]
        - 2 * mean * products[RELAPSES, DEATHS]
        + 2 * products[RELAPSES, DEATHS_LATER]
        - 2 * mean * products[DEATHS, DEATHS_LATER]
    )


def _pieces(at: RiskTimes, jump: Floats, expected: Floats) -> tuple[Floats, Rows, Rows, Rows]:
    """Return the pieces of follow-up between own relapses, path by path.

    Returns
    -------
    tuple
        The own part of the three integrals throughout each piece (processes by pieces); the index of the time at which
        it begins, and of the one before which it ends; its path.
    """
    everybody = np.arange(len(at.end))
    whose = np.concatenate([everybody, at.relapsed])
    begins = np.concatenate([np.maximum(at.entry, 0), at.relapse])
    order = np.lexsort((np.append(np.zeros(len(everybody)), np.ones(len(at.relapsed))), begins, whose))
    # What was expected up to a late entry was not expected of this patient.
    entered = np.where(at.entry >= 0, expected[:, np.maximum(at.entry, 0)], 0.0)
    of_relapses = np.zeros((len(jump), len(at.relapsed)))
    of_relapses[RELAPSES] = jump[RELAPSES, at.relapse]
    added = np.concatenate([entered, of_relapses], axis=1)[:, order]
    whose, begins = whose[order], begins[order]
    first = np.append(True, whose[1:] != whose[:-1])[: len(whose)]
    last = np.append(first[1:], True)[: len(whose)]
    total = np.cumsum(added, axis=1)
    before = np.where(first, total - added, 0.0)[:, first]
    own = total - before[:, np.cumsum(first) - 1]
    ends = np.where(last, at.end[whose], np.append(begins[1:], 0)[: len(whose)])
    return own, begins, ends, whose


def _death(at: RiskTimes, jump: Floats) -> Floats:
    """Return what the death of each path adds to the three integrals."""
    added = np.zeros((len(jump), len(at.end)))
    for process in (DEATHS, DEATHS_LATER):
        added[process] = np.where(at.died, jump[process, at.end], 0.0)
    return added
