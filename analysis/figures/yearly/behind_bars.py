"""Who is behind a bar or a place of a yearly figure."""

from __future__ import annotations

import pandas as pd

from analysis.figures.yearly.ledger_table import LEDGER_WORDS


def behind_bar(members: pd.DataFrame, group: str, year: int, counted: str) -> tuple[str, pd.DataFrame]:
    """Return who is in the denominator of a bar, those who are in its numerator first.

    Parameters
    ----------
    members
        group, year, patient_id, place, counted, in_denominator: where each patient is in each year.
    group, year
        Of the bar; nobody is behind it where the group is no longer there.
    counted
        What is counted, in words.

    Returns
    -------
    title
        The bar, and how many it counts; it goes on with the number of patients.
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
    """Return who is at a place in a year: assessed, died before and so on, or enrolled at all.

    Parameters
    ----------
    members
        group, year, patient_id, place: where each patient is in each year.
    group, year, place
        Which of them; nobody is there where the group is no longer there.

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
