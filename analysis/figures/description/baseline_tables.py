"""The baseline table on the screen and on paper."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import HIDDEN
from analysis.estimates.description.baseline_table import FIXED, NOT_RECORDED, BaselineTable

NOT_DEFINED = "–"
MOST_NAMED = 5
YES = "yes"  # a level that goes without saying
INDENT = "\u2003"  # no blank that a browser or an office program would take away
STANDARDISED = "Standardised difference"


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


def baseline_paper(result: BaselineTable, centre: str, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return the table as a paper prints it: one line a characteristic, which fits a page for a comparison of two.

    Numbers have their mean or their median, and a characteristic of two levels one of them. The levels of others stand
    below its name, indented. Patients without a value are counted in one column.

    Parameters
    ----------
    result
        The baseline table.
    centre
        `MEAN` or `MEDIAN`, what numbers are told by.
    alone
        The name of the only group.

    Examples
    --------
    >>> from analysis import baseline_table, load_sample
    >>> table = baseline_paper(baseline_table(load_sample(), by="msc_source"), "median (quartiles)")
    >>> table.iloc[1, :3].tolist()
    ['Age (years), median (quartiles)', '32 (27–39)', '31 (27–41)']
    """
    sizes, table = result.table.iloc[0], result.table.iloc[1:]
    groups = [name for name in result.table.columns if name not in FIXED]
    kinds = dict(zip(result.numbers["characteristic"], result.numbers["kind"], strict=True))
    rows: list[list[str]] = []
    for name, of in table[table["level"] != NOT_RECORDED].groupby("characteristic", sort=False):
        kind = kinds[name]
        told = of[of["level"] == centre] if kind == "number" else of
        alike = [
            [str(level), *map(str, cells), _missing(missing), difference_words(difference)]
            for level, missing, difference, *cells in told[["level", "missing", "difference", *groups]].to_numpy()
        ]
        if kind == "number":
            # The standardised difference stands in the row of the mean.
            apart = difference_words(of["difference"].iloc[0])
            rows += [[f"{name}, {level}", *cells, apart] for level, *cells, _ in alike]
        elif len(alike) == 1 or (kind == "levels" and len(alike) == 2):
            level, *cells = alike[0]
            rows.append([str(name) if level == YES else f"{name}: {level}", *cells])
        else:
            *_, missing, difference = alike[0]
            rows.append([str(name), *("" for _ in groups), missing, "" if kind == "flags" else difference])
            rows += [
                [f"{INDENT}{level}", *cells, "", difference if kind == "flags" else ""]
                for level, *cells, _, difference in alike
            ]
    heads = [f"{alone if group == EVERYBODY else group} (n = {sizes[group]})" for group in groups]
    shown = pd.DataFrame(rows, columns=["Characteristic", *heads, "Missing", STANDARDISED])
    return shown if len(groups) > 1 else shown.drop(columns=STANDARDISED)
