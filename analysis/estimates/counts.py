"""Patients collapsed to counts: what every time-to-event estimate is computed from."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.times import join_times


def group_counts(labels: pd.Series, months: pd.Series, event: pd.Series) -> dict[str, pd.DataFrame]:
    """Return the counts of each group at its distinct times.

    Parameters
    ----------
    labels
        Group of each patient, an ordered categorical; patients without one are in no count.
    months, event
        Time and whether it is an event (else a censoring), indexed like `labels`.

    Returns
    -------
    Group to DataFrame with months, at_risk, events, censored: a row at 0 and one a distinct time, rising.
    A patient counts as at risk at every time up to the own one, so that at a tie events come before censorings.
    """
    known = labels.notna()
    patients = pd.DataFrame(
        {
            "group": labels[known],
            "months": join_times(months[known].to_numpy(dtype=float)),
            "events": event[known].astype(int),
            "censored": (~event[known].astype(bool)).astype(int),
        }
    )
    summed = patients.groupby(["group", "months"], observed=True)[["events", "censored"]].sum()
    return {str(group): _with_at_risk(summed, group) for group in labels.cat.categories}


def _with_at_risk(summed: pd.DataFrame, group: object) -> pd.DataFrame:
    held = summed[summed.index.get_level_values("group") == group].droplevel("group")
    counts = held.reindex(held.index.union([0.0]), fill_value=0)
    left = counts["events"] + counts["censored"]
    counts.insert(0, "at_risk", left[::-1].cumsum()[::-1])
    return counts.rename_axis("months").reset_index()
