"""Areas under curves up to a month, as restricted means: a table of them, and their differences between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.times import slack
from analysis.estimates.common.intervals import normal_quantile, two_sided
from analysis.estimates.common.multiplicity import adjusted
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.common.tidy_tables import with_groups


@dataclass(frozen=True)
class Area:
    """The area under the curve of one group up to a month, with its variance.

    Attributes
    ----------
    mean
        The area in months.
    variance
        Its variance; 0 if there is none.
    patients, events
        Patients in the group, and events by the month.
    known_to
        Last month of the curve; infinite if nobody is left without an event.
    known_from
        First month of the curve.
    """

    mean: float
    variance: float
    patients: int
    events: int
    known_to: float
    known_from: float = 0.0


@dataclass(frozen=True)
class Areas:
    """The areas of all groups up to one month.

    Attributes
    ----------
    of
        Group to its area.
    months
        The month.
    level
        The confidence level.
    noun
        What the events are called, in the plural.
    """

    of: Mapping[str, Area]
    months: float
    level: float
    noun: str

    def table(self) -> pd.DataFrame:
        """Return group, months, mean, standard_error, lower, upper, withheld: a row a group."""
        z, reason = normal_quantile(self.level), self._short_reason()
        rows = []
        for group, area in self.of.items():
            unknown = reason if area.patients else "no patients"
            withheld = unknown or self._error_reason(area)
            mean = np.nan if unknown else area.mean
            error = np.nan if withheld else np.sqrt(area.variance)
            limits = np.clip([mean - z * error, mean + z * error], 0, self.months)
            rows.append((group, self.months, mean, error, *limits, withheld))
        columns = ["group", "months", "mean", "standard_error", "lower", "upper", "withheld"]
        return with_groups(pd.DataFrame(rows, columns=columns), [*self.of])

    def differences(self, limits: SmallNumbers, shared: int, adjust: str) -> pd.DataFrame:
        """Return group_a, group_b, months, difference (`group_b` minus `group_a`), lower, upper, p, withheld.

        Parameters
        ----------
        limits
            Numbers of patients and events below which limits and p are withheld.
        shared
            Number of patients in two groups.
        adjust
            As for `adjusted`, over the differences that are not withheld.
        """
        z, reason = normal_quantile(self.level), self._short_reason()
        rows = []
        for first, second in combinations([group for group, area in self.of.items() if area.patients], 2):
            pair = {first: self.of[first], second: self.of[second]}
            errors = [f"{group}: {words}" for group in pair if (words := self._error_reason(pair[group]))]
            small = limits.reason(
                {group: area.events for group, area in pair.items()},
                {group: area.patients for group, area in pair.items()},
                shared,
            )
            withheld = reason or small or "; ".join(errors)
            difference = np.nan if reason else self.of[second].mean - self.of[first].mean
            error = np.nan if withheld else np.sqrt(self.of[first].variance + self.of[second].variance)
            p = two_sided(difference / error)
            ends = difference - z * error, difference + z * error
            rows.append((first, second, self.months, difference, *ends, p, withheld))
        columns = ["group_a", "group_b", "months", "difference", "lower", "upper", "p", "withheld"]
        found = pd.DataFrame(rows, columns=columns)
        return found.assign(p=adjusted(found["p"], adjust))

    def _short_reason(self) -> str:
        """Return in words the group whose curve begins late or ends before the month, or ""."""
        held = {group: area for group, area in self.of.items() if area.patients}
        if not held:
            return ""
        late = max(held, key=lambda name: held[name].known_from)
        if held[late].known_from > slack(0):
            return f"{_named(late)}observed from month {held[late].known_from:g} only"
        short = min(held, key=lambda name: held[name].known_to)
        if held[short].known_to >= self.months - slack(self.months):
            return ""
        return f"{_named(short)}at risk to month {held[short].known_to:g} only"

    def _error_reason(self, area: Area) -> str:
        """Return why a mean has no standard error, or ""; a standard error of 0 would be misleading."""
        if area.variance:
            return ""
        return f"no standard error: {'too few' if area.events else 'no'} {self.noun} by month {self.months:g}"


def _named(group: str) -> str:
    return "" if group == EVERYBODY else f"{group} is "
