"""Tables of what would be opened: patients, follow-up, rows left out and values dropped."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.cohort.column_words import column_label
from analysis.cohort.model import Cohort
from analysis.cohort.table_kinds import KINDS, OPTIONAL
from analysis.cohort.wording import count_words
from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.intake.losses import Losses
from analysis.intake.noticed import shown

TITLES = {name: kind.title for name, kind in KINDS.items()}
SIDES = {"high": "the high ones", "low": "the low ones", "": ""}
MONTHS_PER_YEAR = 12
YEARS = (1, 2, 3)


def receipt_table(cohort: Cohort, followed: FollowUp) -> pd.DataFrame:
    """Return rows read, patients, deaths, follow-up, visits, and the rows of the optional tables."""
    patients, deaths = len(cohort), int(cohort.died.sum())
    row = followed.table.iloc[0]
    rows = [
        ("Patient rows read", f"{cohort.rows_read:,}"),
        ("Patients", f"{patients:,}"),
        ("Deaths", f"{deaths:,} of {patients:,} ({100 * deaths / patients:.0f} %)"),
        ("Median follow-up (reverse Kaplan-Meier)", _months(row["median"])),
        ("Longest follow-up", _months(row["maximum"])),
        ("Visits", f"{len(cohort.visits):,}"),
        *((TITLES[name], f"{len(getattr(cohort, name)):,}") for name in OPTIONAL if name in cohort.recorded),
    ]
    return pd.DataFrame(rows, columns=["Cohort", shown(cohort.name)])


def short_receipt(cohort: Cohort, followed: FollowUp, curve: KaplanMeier, measure: str = "") -> dict[str, str]:
    """Return what tells one way to read a file from another: patients, deaths, follow-up, survival at 1 to 3 years.

    Parameters
    ----------
    cohort, followed, curve
        The cohort, with its follow-up and survival.
    measure
        A column of its visits with numbers that are compared too, such as "sledai"; "" for none.

    Returns
    -------
    dict
        The words of a fact to its value in words.
    """
    alive = curve.at([MONTHS_PER_YEAR * year for year in YEARS])["survival"]
    return {
        "Patients": f"{len(cohort):,}",
        "Deaths": f"{int(cohort.died.sum()):,}",
        "Median follow-up": _months(followed.table.iloc[0]["median"], with_years=False),
        **{f"Alive at {count_words(year, 'year')}": _share(share) for year, share in zip(YEARS, alive, strict=True)},
        **(_measured(cohort, measure) if measure else {}),
    }


def compared_receipts(receipts: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Return short receipts side by side: a row a fact, a column for each column of the file."""
    facts = list(dict.fromkeys(fact for receipt in receipts.values() for fact in receipt))
    columns = {shown(column): [receipt.get(fact, "") for fact in facts] for column, receipt in receipts.items()}
    return pd.DataFrame({"With": facts, **columns})


def _measured(cohort: Cohort, measure: str) -> dict[str, str]:
    values, label = cohort.visits[measure], column_label(measure)
    start = values[cohort.visits["months"] == 0].mean()
    at_start = "none" if pd.isna(start) else f"{start:.1f}"
    return {f"Values of {label}": f"{int(values.notna().sum()):,}", f"Mean {label} at month 0": at_start}


def _share(share: float) -> str:
    return "no follow-up" if pd.isna(share) else f"{100 * share:.0f} %"


def left_out_table(losses: Losses) -> pd.DataFrame:
    """Return how many rows would be left out, by reason."""
    left_out = losses.left_out
    return pd.DataFrame(
        {
            "Table": left_out["table"].map(lambda table: TITLES.get(table, table)),
            "Column": [shown(column) for column in left_out["column"]],
            "Why the row is left out": left_out["reason"],
            "Rows": [f"{rows:,}" for rows in left_out["rows"]],
        }
    )


def dropped_table(losses: Losses) -> pd.DataFrame:
    """Return the values that would be dropped although their rows are used."""
    dropped = losses.dropped
    return pd.DataFrame(
        {
            "Table": dropped["table"].map(lambda table: TITLES.get(table, table)),
            "Column": [shown(column) for column in dropped["column"]],
            "Cannot be read, such as": dropped["examples"],
            "Which": dropped["side"].map(SIDES),
            "Values": [f"{cells:,}" for cells in dropped["cells"]],
        }
    )


def _months(months: float, *, with_years: bool = True) -> str:
    """Return months in words, with years too from two years on."""
    if pd.isna(months):
        return "not reached"
    years = f" ({months / MONTHS_PER_YEAR:.1f} years)" if with_years and months >= 2 * MONTHS_PER_YEAR else ""
    return f"{months:.1f} months{years}"
