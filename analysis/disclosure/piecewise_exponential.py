"""Survival and incidence from disclosed counts, with a constant hazard between two disclosed numbers of events.

The rest is arithmetic on a `DisclosedLeaving` (piecewise exponential; Friedman 1982, Annals of Statistics 10:101-113).
Limits come from the number of events; before its first event a group has exact limits (Garwood 1936).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.disclosure.disclosed_leaving import DisclosedLeaving


def disclosed_rows(disclosed: DisclosedLeaving) -> list[pd.DataFrame]:
    """Return the disclosed counts of each group: group, months, at_risk, events, competing, censored."""
    counts = {
        "at_risk": disclosed.at_risk,
        "events": disclosed.events,
        "competing": disclosed.competing,
        "censored": disclosed.censored,
    }
    return [
        pd.DataFrame(
            {"group": group, "months": disclosed.months, **{name: table[:, place] for name, table in counts.items()}}
        )
        for place, group in enumerate(disclosed.groups.names)
    ]


def survival(rows: pd.DataFrame, z: float) -> pd.DataFrame:
    """Return the rows of a group with survival, lower, upper."""
    if not rows["at_risk"].iloc[0]:
        return rows.assign(survival=np.nan, lower=np.nan, upper=np.nan)
    hazard, events = _hazard(rows, "events")
    length = np.diff(rows["months"].to_numpy(float), prepend=0.0)
    remaining = np.exp(-np.cumsum(hazard * length))
    error = _error(rows["events"], hazard * length, events)
    lower, upper = _log_log(remaining, error / -np.log(np.where(remaining < 1, remaining, np.nan)), z)
    none_yet = remaining == 1
    lower[none_yet], upper[none_yet] = _lowest_without_events(rows[none_yet], z), 1.0
    return rows.assign(survival=remaining, lower=lower, upper=upper)


def incidence(rows: pd.DataFrame, z: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of a group with incidence and limits, and the naive incidence: competing events censor."""
    if not rows["at_risk"].iloc[0]:
        empty = rows.assign(incidence=np.nan, lower=np.nan, upper=np.nan)
        return empty, empty[["group", "months", "incidence"]]
    (own, events), (other, _) = _hazard(rows, "events"), _hazard(rows, "competing")
    months = rows["months"].to_numpy(float)
    length = np.diff(months, prepend=0.0)
    both = own + other
    free = np.exp(-np.cumsum(both * length))  # of either event
    before = np.append(1.0, free[:-1])
    added = np.where(both > 0, own / np.where(both > 0, both, 1), 0.0) * (before - free) + 0 * both
    risen = np.cumsum(added)
    share = np.where(risen > 0, risen, np.nan)
    lower, upper = _log_log(share, _error(rows["events"], added, events) / (share * np.abs(np.log(share))), z)
    none_yet = risen == 0
    lower[none_yet], upper[none_yet] = 0.0, 1 - _lowest_without_events(rows[none_yet], z)
    table = rows.assign(incidence=risen, lower=lower, upper=upper)
    naive = np.where(np.isnan(risen), np.nan, 1 - np.exp(-np.cumsum(own * length)))
    return table, rows[["group", "months"]].assign(incidence=naive)


def _hazard(rows: pd.DataFrame, name: str) -> tuple[Floats, Floats]:
    """Return the hazard between each row and the one before, and the events behind it; missing where hidden."""
    stretch = rows[name].notna()[::-1].cumsum()[::-1]  # rows that share one disclosed number, counted from the last
    events = rows[name].groupby(stretch).transform("last").where(stretch > 0)
    time = _exposure(rows).groupby(stretch).transform("sum")
    hazard = (events / time.where(time > 0)).to_numpy(float)
    hazard[0] = 0.0
    return hazard, events.to_numpy(float)


def _exposure(rows: pd.DataFrame) -> pd.Series:
    """Return the patient-months between each row and the one before."""
    at_risk = rows["at_risk"].interpolate(limit_area="inside")
    between = (at_risk + at_risk.shift()) / 2
    return (between * rows["months"].diff()).fillna(0.0)


def _error(disclosed: pd.Series, added: Floats, events: Floats) -> Floats:
    """Return the standard error of a sum up to each row; terms from one number of events are fully correlated."""
    stretch = disclosed.notna()[::-1].cumsum()[::-1].to_numpy(int)
    variance = np.zeros(len(added))
    for each in np.unique(stretch[events > 0]):
        part = np.cumsum(np.where(stretch == each, added, 0.0))
        variance += part**2 / events[stretch == each][0]
    return np.sqrt(variance)


def _log_log(share: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    """Return limits on the log-log scale, on which `error` is the standard error; missing where there are none."""
    with np.errstate(over="ignore", invalid="ignore"):
        limits = share ** np.exp(z * error), share ** np.exp(-z * error)
    defined = (share > 0) & (share < 1)
    lower, upper = (np.where(defined, limit, np.nan) for limit in limits)
    return lower, upper


def _lowest_without_events(rows: pd.DataFrame, z: float) -> Floats:
    """Return the exact lower limit of a curve at its first rows, which have no disclosed event."""
    from scipy.special import ndtr

    exposure = float(_exposure(rows).sum())
    largest_hazard = -np.log(ndtr(-z)) / exposure if exposure else 0.0
    limits: Floats = np.exp(-largest_hazard * rows["months"].to_numpy(float))
    return limits
