"""A measure over time that may leave the house: visits are told at which enough have a value, and enough have none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.counts.extent import Extent
from analysis.disclosure.counts_told import without_counts
from analysis.disclosure.masking import check_sizes, hidden_of
from analysis.estimates.scores.trajectory import Trajectory

LEFT_OUT = "For sharing, visits are left out at which few patients have a value or few have none."


def shared_trajectory(result: Trajectory, least: int) -> Trajectory:
    """Return the centres at the visits at which in every group enough patients have a value; no line of a patient.

    A visit is left out where fewer than `least` patients of a group have a value, or fewer than that have none, of
    those with a value at any visit or of all patients of the group: their number beside that of all, which a baseline
    table tells, would tell the rest.
    """
    sizes = result.sizes.set_index("group")
    check_sizes(list(sizes["patients"].items()), least)
    return replace(
        result,
        left_out=result.left_out.head(0),
        summary=_told_visits(result.summary, "patients", sizes, least),
        change=_told_visits(result.change, "pairs", sizes, least),
        extent=Extent(),
        patients=0,
        sizes=result.sizes.head(0),
        method=without_counts(f"{result.method} {LEFT_OUT}"),
    )


def _told_visits(table: pd.DataFrame, name: str, sizes: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return the visits told, of a table of group, months and a number of patients."""
    if table.empty:
        return table
    wide = table.pivot_table(index="group", columns="months", values=name, observed=False, sort=True)
    counts = wide.to_numpy().astype(int)
    hidden = np.zeros(len(wide.columns), dtype=bool)
    for known in ("patients", "members"):
        hidden |= hidden_of(counts, sizes[known].reindex(wide.index, fill_value=0).to_numpy(int)[:, None], least)
    told = wide.columns[~hidden]
    return table[table["months"].isin(told)].reset_index(drop=True)
