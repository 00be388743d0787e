"""Numbers of relapses, on the screen."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.yearly.relapse_counts import RelapseCounts


def relapse_counts_table(result: RelapseCounts) -> pd.DataFrame:
    """Return one row per group: how many relapsed, how often, and how many before any remission."""
    words = {
        "group": "Group",
        "patients": "Patients",
        "relapsed": "Relapsed",
        "before_remission": "First relapse before any remission",
        "recurrent": "Further relapses",
        "severe": "Severe",
    }
    table = result.table[list(words)].astype(object).where(result.table[list(words)].notna(), "not known")
    shown = table if result.table["severe"].any() else table.drop(columns="severe")
    return shown.astype(str).rename(columns=words)
