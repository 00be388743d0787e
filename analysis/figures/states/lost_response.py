"""Who lost a response: the sentence, the list and the drawer."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import count_words
from analysis.figures.common.number_words import of_group
from analysis.listings.people import Part, People, members_table
from analysis.listings.who_lost_it import LostResponse

NOT_RECORDED = "not recorded"
FAILED = "No longer met"
QUESTION = "Who lost it, and on how much prednisone?"
NOTE = (
    "The first loss of each. A state is known at visits only: it was lost between the last visit in it and the first "
    "one without it. Who died in it, or was not seen again, has not lost it. Prednisone is that of the same visit."
)


def lost_line(found: LostResponse) -> str:
    """Return how many lost it, when they were first seen without it, and on how much prednisone, by group.

    Examples
    --------
    >>> from analysis import load_sample, who_lost_it
    >>> lost_line(who_lost_it(load_sample())).split("; first")[0]
    '9 of 32 who reached complete remission lost it'
    """
    if not found.reached["reached"].sum():
        return f"Nobody has reached {found.state} after transplantation."
    told = []
    for group, reached, lost in found.reached.itertuples(index=False):
        words = f"{lost:,} of {reached:,} who reached {found.state} lost it"
        own = found.table[found.table["group"] == group]
        if lost:
            words += f"; first seen without it at month {_middle(own['lost_months'])}"
            if (doses := own["lost_prednisone_mg_per_day"].dropna()).size:
                short = "" if len(doses) == lost else f" of {len(doses):,} with a dose"
                words += f", prednisone then {_middle(doses, ' mg/day', short)}"
        told.append(of_group(str(group), words))
    return " ".join(told)


def lost_table(found: LostResponse) -> pd.DataFrame:
    """Return the list in words: a row per patient who lost it."""
    table = found.table
    words = {
        "Patient": table["patient_id"].astype(str),
        "Group": table["group"].astype(str),
        "In it since": _numbers(table["since_months"]),
        "Last in it": _numbers(table["last_months"]),
        "First without": _numbers(table["lost_months"]),
        "In it again": _numbers(table["again_months"], "no"),
        "Dose in it": _numbers(table["last_prednisone_mg_per_day"]),
        "Dose without it": _numbers(table["lost_prednisone_mg_per_day"]),
        FAILED: table["no_longer_met"],
    }
    if set(words["Group"]) <= {EVERYBODY}:
        del words["Group"]
    return pd.DataFrame(words)


def lost_people(found: LostResponse) -> People:
    """Return those who lost it, for the drawer."""
    table = found.table.drop_duplicates("patient_id")
    words = f"lost {found.state}"
    part = Part(words, words, members_table(table["patient_id"].to_numpy(), table["lost_months"].to_numpy()))
    title = f"Lost {found.state}: {count_words(len(table), 'patient')}"
    return People(title, (part,), event="first visit without it", rule=found.rule)


def _middle(values: pd.Series, unit: str = "", short: str = "") -> str:
    """Return a median with the lowest and highest value."""
    median, low, high = (round(float(each), 1) for each in np.quantile(values.to_numpy(dtype=float), [0.5, 0, 1]))
    if len(values) == 1:
        return f"{median:g}{unit}{f' ({short.strip()})' if short else ''}"
    return f"{median:g}{unit} (median{short}; {low:g} to {high:g})"


def _numbers(values: pd.Series, missing: str = "") -> list[str]:
    return [(missing or NOT_RECORDED) if math.isnan(value) else f"{round(value, 1):g}" for value in values]
