"""The baseline table on the screen."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import HIDDEN
from analysis.estimates.description.baseline_table import FIXED, PATIENTS_ROW, BaselineTable

NOT_DEFINED = "–"
MOST_NAMED = 5


def baseline_rows(result: BaselineTable, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return the table as text: each characteristic named once, with the number of patients in the headings.

    The first row of a characteristic gives its missing values. Standardised differences are shown for two groups. The
    only group is called `alone`.
    """
    table = result.table[result.table["characteristic"] != PATIENTS_ROW]
    sizes = result.table.iloc[0]
    groups = [name for name in result.table.columns if name not in FIXED]
    first = ~table["characteristic"].duplicated()
    shown = {
        "Characteristic": table["characteristic"].where(first, ""),
        " ": table["level"],
        **{f"{alone if group == EVERYBODY else group} (n = {sizes[group]})": table[group] for group in groups},
        "Missing": table["missing"].map(_missing).where(first, ""),
    }
    if len(groups) > 1:
        shown["Standardised difference"] = table["difference"].map(difference_words)
    return pd.DataFrame(shown).reset_index(drop=True)


def _missing(patients: float) -> str:
    return HIDDEN if math.isnan(patients) else f"{patients:.0f}"


def difference_words(difference: float) -> str:
    """Return a standardised difference; a dash if it is not defined or is in another row."""
    return NOT_DEFINED if math.isnan(difference) else f"{difference:.2f}"


def baseline_reading(result: BaselineTable, apart: float = 0.1) -> str:
    """Return which characteristics differ between the groups, the most different first.

    Parameters
    ----------
    result
        The baseline table, by group.
    apart
        The standardised difference above which groups are said to differ (Austin 2009 uses 0.1).
    """
    if len(result.table.columns) - len(FIXED) < 2:
        return ""
    defined = result.table.dropna(subset="difference")
    different = defined[defined["difference"] > apart].sort_values("difference", ascending=False, kind="stable")
    if different.empty:
        return f"No standardised difference is above {apart:g}."
    named = [f"{name} {size:.2f}" for name, size in zip(_names(different), different["difference"], strict=True)]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return (
        f"Standardised differences above {apart:g}: {', '.join(named[:MOST_NAMED])}{more}. In small groups chance "
        "alone makes such differences."
    )


def _names(table: pd.DataFrame) -> list[str]:
    """Return the name of each row: the characteristic, with its level if several levels differ."""
    repeated = table["characteristic"].duplicated(keep=False)
    rows = zip(table["characteristic"], table["level"], repeated, strict=True)
    return [f"{name}: {level}" if several else str(name) for name, level, several in rows]
