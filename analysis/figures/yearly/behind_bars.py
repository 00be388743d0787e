"""The patients behind a bar, or behind a place of the yearly ledger."""

from __future__ import annotations

import pandas as pd

from analysis.figures.yearly.ledger_table import LEDGER_WORDS


def behind_bar(members: pd.DataFrame, group: str, year: int, counted: str) -> tuple[str, pd.DataFrame]:
    """Return the patients in the denominator of a bar, those in its numerator first.

    Parameters
    ----------
    members
        group, year, patient_id, place, counted, in_denominator.
    group, year
        The group and year of the bar; unknown ones have no patients.
    counted
        What the numerator counts, in words.

    Returns
    -------
    title
        The bar and its numerator; the number of patients is appended to it.
    table
        patient_id, `counted` ("yes" or "no"), place (in words).
    """
    there = _of(members, group, year)
    inside = there[there["in_denominator"]].sort_values("counted", ascending=False, kind="stable")
    told = {
        "patient_id": inside["patient_id"],
        counted: ["yes" if each else "no" for each in inside["counted"]],
        "place": inside["place"].map(LEDGER_WORDS),
    }
    return f"{group}, year {year}: {int(inside['counted'].sum()):,} {counted}, of", pd.DataFrame(told)


def behind_place(members: pd.DataFrame, group: str, year: int, place: str) -> tuple[str, pd.DataFrame]:
    """Return the patients at a place of the ledger in a year, such as assessed or died before.

    Parameters
    ----------
    members
        group, year, patient_id, place.
    group, year, place
        The group, the year, and the place or "enrolled"; unknown ones have no patients.

    Returns
    -------
    title
        The place.
    table
        patient_id.
    """
    there = _of(members, group, year)
    if place != "enrolled":
        there = there[there["place"] == place]
    return f"{group}, year {year}, {LEDGER_WORDS[place].lower()}", there[["patient_id"]]


def _of(members: pd.DataFrame, group: str, year: int) -> pd.DataFrame:
    return members[(members["group"].astype(str) == group) & (members["year"] == year)]
