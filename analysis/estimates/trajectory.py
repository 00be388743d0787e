"""A measured score over time: each patient's line, the centre of all, and change from baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.grouping import Grouping, group_labels, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.times import halfway_limits, nearest_visits
from analysis.cohort.vocabulary import column_label
from analysis.estimates.words import count_words, method_words

Floats = NDArray[np.float64]

SCHEDULE = (0, 1, 3, 6, 12, 24, 36, 48)
LEVEL = 0.95
EXACT_UP_TO_PAIRS = 50

# what the limits round a centre are, in words
SPREADS = {
    ("mean", "ci"): "95 % interval (t)",
    ("mean", "sd"): "one standard deviation either side",
    ("mean", "iqr"): "quartiles",
    ("median", "ci"): "95 % interval (order statistics)",
    ("median", "iqr"): "quartiles",
}


@dataclass(frozen=True)
class Trajectory:
    """A visit measure over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    centre
        What the centre is: "mean" or "median".
    left_out
        patient_id, reason: patients who are in no number.
    summary
        group, months (scheduled), patients, centre, lower, upper; missing where too few patients have a value.
    lines
        group, patient_id, months, value, scheduled: every visit with a value, and the scheduled month that it stands
        for in the summary (missing where it stands for none).
    change
        group, months (scheduled, without the first), pairs, mean_change, lower, upper (95 %, t), p (Wilcoxon
        signed-rank): from the first scheduled month, among patients with both values.
    """

    question: str
    method: str
    centre: str
    left_out: pd.DataFrame
    summary: pd.DataFrame
    lines: pd.DataFrame
    change: pd.DataFrame


def trajectory(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    centre: str = "mean",
    spread: str = "ci",
    change: bool = False,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    by: str | Grouping | None = None,
) -> Trajectory:
    """Return how a visit measure goes after transplantation.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    centre, spread
        "mean" with "ci" (t interval), "sd" or "iqr", or "median" with "ci" (order statistics) or "iqr" (quartiles of
        type 7 of Hyndman and Fan 1996).
    change
        Whether the values are differences from the first scheduled month.
    schedule
        Scheduled months, rising.
    window_months
        How far from a scheduled month a visit may lie; without it half-way to the next one.
    by
        A column or a `Grouping`; without it there is one group, "All".

    Raises
    ------
    ValueError
        If the visits have no such measure, or an argument is not one of those above.
    """
    if measure not in cohort.visits:
        raise ValueError(f"The visits have no column {measure!r}.")
    if (centre, spread) not in SPREADS:
        known = "; ".join(f"{first} with {second}" for first, second in SPREADS)
        raise ValueError(f"A {centre} with {spread!r} is not offered; known: {known}.")
    labels = group_labels(cohort, by)
    months = [float(month) for month in schedule]
    lines = _lines(cohort, labels, measure, months, window_months)
    changes = _changes(lines, months[0])
    shown = changes if change else lines
    label = column_label(measure)
    reason = f"no value at month {schedule[0]:g}" if change else "no value at any visit"
    left_out = pd.concat([without_group(cohort, labels), _unmeasured(cohort, labels, shown, reason)], ignore_index=True)
    method = method_words(
        f"{centre.capitalize()} {'change of ' if change else ''}{label} with {SPREADS[centre, spread]} at scheduled "
        f"months, each patient's nearest visit; {count_words(shown['patient_id'].nunique(), 'patient')}",
        left_out,
    )
    return Trajectory(
        question=f"How does {label} change after transplantation?",
        method=method,
        centre=centre,
        left_out=left_out,
        summary=_summary(shown, months, centre, spread),
        lines=shown,
        change=_change_table(changes, months[1:]),
    )


def _lines(
    cohort: Cohort, labels: pd.Series, measure: str, schedule: Sequence[float], window_months: float | None
) -> pd.DataFrame:
    group_of = labels.set_axis(cohort.patients["patient_id"])
    measured = cohort.visits.loc[cohort.visits[measure].notna(), ["patient_id", "months", measure]]
    limits = (
        halfway_limits(schedule)
        if window_months is None
        else [(month - window_months, month + window_months) for month in schedule]
    )
    table = pd.DataFrame(
        {
            "group": pd.Categorical(
                measured["patient_id"].map(group_of.astype(object)), labels.cat.categories, ordered=True
            ),
            "patient_id": measured["patient_id"],
            "months": measured["months"],
            "value": measured[measure].astype(float),
            "scheduled": nearest_visits(measured, schedule, limits),
        }
    )
    table = table[table["group"].notna()]
    return table.sort_values(["group", "patient_id", "months"], kind="stable", ignore_index=True)


def _changes(lines: pd.DataFrame, first: float) -> pd.DataFrame:
    """Return the lines as differences from each patient's first scheduled value; those without one are gone."""
    start = lines[lines["scheduled"] == first].set_index("patient_id")["value"]
    difference = lines["value"] - lines["patient_id"].map(start)
    # Differences carry no more decimals than the values: 8.0 - 7.7 and 7.7 - 7.4 are one change.
    rounded = difference.round(_decimals(lines["value"]))
    return lines.assign(value=rounded).dropna(subset=["value"]).reset_index(drop=True)


def _decimals(values: pd.Series) -> int:
    """Return how many decimals the values are written with."""
    for decimals in range(9):
        if np.allclose(values, values.round(decimals), rtol=0, atol=1e-10):
            return decimals
    return 9


def _unmeasured(cohort: Cohort, labels: pd.Series, lines: pd.DataFrame, reason: str) -> pd.DataFrame:
    ids = cohort.patients.loc[labels.notna(), "patient_id"]
    without = ids[~ids.isin(lines["patient_id"])]
    return pd.DataFrame({"patient_id": without, "reason": reason}).reset_index(drop=True)


def _summary(lines: pd.DataFrame, months: Sequence[float], centre: str, spread: str) -> pd.DataFrame:
    rows = [
        (group, month, len(values), *_centre_and_limits(values, centre, spread))
        for group, month, values in _by_month(lines, months)
    ]
    return _table(rows, ["group", "months", "patients", "centre", "lower", "upper"], lines)


def _change_table(changes: pd.DataFrame, months: Sequence[float]) -> pd.DataFrame:
    rows = [
        (group, month, len(values), *_centre_and_limits(values, "mean", "ci"), _signed_rank_p(values))
        for group, month, values in _by_month(changes, months)
    ]
    return _table(rows, ["group", "months", "pairs", "mean_change", "lower", "upper", "p"], changes)


def _by_month(lines: pd.DataFrame, months: Sequence[float]) -> list[tuple[str, float, Floats]]:
    return [
        (group, month, lines.loc[(lines["group"] == group) & (lines["scheduled"] == month), "value"].to_numpy(float))
        for group in lines["group"].cat.categories
        for month in months
    ]


def _table(rows: Sequence[tuple[object, ...]], columns: list[str], lines: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(group=pd.Categorical(table["group"], lines["group"].cat.categories, ordered=True))


def _centre_and_limits(values: Floats, centre: str, spread: str) -> tuple[float, float, float]:
    if not len(values):
        return np.nan, np.nan, np.nan
    middle = float(np.mean(values) if centre == "mean" else np.median(values))
    if spread == "iqr":
        lower, upper = np.quantile(values, [0.25, 0.75])
    elif len(values) < 2:
        lower, upper = np.nan, np.nan
    elif spread == "sd":
        deviation = np.std(values, ddof=1)
        lower, upper = middle - deviation, middle + deviation
    elif centre == "mean":
        lower, upper = _mean_limits(values)
    else:
        lower, upper = _median_limits(values)
    return middle, float(lower), float(upper)


def _mean_limits(values: Floats) -> tuple[float, float]:
    from scipy.special import stdtrit

    half_width = stdtrit(len(values) - 1, (1 + LEVEL) / 2) * np.std(values, ddof=1) / np.sqrt(len(values))
    return float(np.mean(values) - half_width), float(np.mean(values) + half_width)


def _median_limits(values: Floats) -> tuple[float, float]:
    """Return the narrowest symmetric pair of order statistics covering the median; below 6 values none does."""
    from scipy.stats import binom

    n = len(values)
    below = int(binom.ppf((1 - LEVEL) / 2, n, 0.5))
    if below == 0:
        return np.nan, np.nan
    ordered = np.sort(values)
    return float(ordered[below - 1]), float(ordered[n - below])


def _signed_rank_p(differences: Floats) -> float:
    """Return the two-sided p of Wilcoxon's signed-rank test; exact without ties and zeros up to 50 pairs."""
    from scipy.stats import wilcoxon

    distinct = np.unique(np.abs(differences))
    if not differences.any():
        return np.nan
    exact = len(distinct) == len(differences) <= EXACT_UP_TO_PAIRS and distinct[0] > 0
    return float(wilcoxon(differences, method="exact" if exact else "asymptotic").pvalue)
