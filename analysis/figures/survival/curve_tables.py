"""Curves as tables of words: at chosen times, at every step, and medians."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import HIDDEN
from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.number_words import count_or_hidden, median_words, share_words
from analysis.figures.common.table_cells import after_group, words_where

MOST_STEPS = 1000
STEP_WORDS = {"at_risk": "At risk", "events": "Events", "competing": "Competing", "censored": "Censored"}


def changing_steps(curve: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a curve with an event or censoring, at most the first thousand.

    Parameters
    ----------
    curve
        group, months, at_risk, events, and censored or competing.
    """
    happening = [name for name in STEP_WORDS if name in curve and name != "at_risk"]
    return curve[(curve[happening] > 0).any(axis=1)].head(MOST_STEPS).reset_index(drop=True)


def steps_table(steps: pd.DataFrame) -> pd.DataFrame:
    """Return one row per step of `changing_steps`: group (if several), months, and what happens."""
    words = {name: title for name, title in STEP_WORDS.items() if name in steps}
    counts = {title: [f"{number:,.0f}" for number in steps[name]] for name, title in words.items()}
    columns = {"Months": [f"{months:g}" for months in steps["months"]], **counts}
    groups = steps["group"].astype(str)
    return pd.DataFrame(columns if (groups == "All").all() else {"Group": groups.tolist(), **columns})


def survival_table(
    result: KaplanMeier, months: Sequence[float], *, failure: bool = False, name: str = "Survival"
) -> pd.DataFrame:
    """Return time, at risk, and survival or the share with the event, at chosen months.

    `name` is the heading of survival.
    """
    at = result.at(months)
    share = {"survival": at["survival"], "lower": at["lower"], "upper": at["upper"]}
    if failure:
        share = {"survival": 1 - at["survival"], "lower": 1 - at["upper"], "upper": 1 - at["lower"]}
    told = at.assign(**share).rename(columns={"survival": "share"})
    return _at_times(told, result.summary, "With the event" if failure else name)


def incidence_table(result: CumulativeIncidence, months: Sequence[float]) -> pd.DataFrame:
    """Return time, at risk, and incidence with interval, at chosen months."""
    return _at_times(result.at(months).rename(columns={"incidence": "share"}), result.summary, "Incidence")


def median_table(result: KaplanMeier, followed: FollowUp, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return one row per group: patients, events, median time and median follow-up (reverse Kaplan-Meier) in months.

    The only group is called `alone`.
    """
    both = result.summary.merge(followed.table, on="group", suffixes=("", "_follow_up"))
    limits = {"Median": ("median", "median_lower", "median_upper"), "Follow-up": ("median_follow_up", "lower", "upper")}
    medians = {
        name: [median_words(*numbers) for numbers in zip(*(both[column] for column in columns), strict=True)]
        for name, columns in limits.items()
    }
    return pd.DataFrame(
        {
            "Group": both["group"].astype(str).replace(EVERYBODY, alone),
            "Patients": [f"{number:,}" for number in both["patients"]],
            "Events": both["events"].map(count_or_hidden).tolist(),
            **medians,
        }
    )


def _at_times(at: pd.DataFrame, summary: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return time, at risk, and share with interval, from group, months, at_risk, share, lower, upper."""
    at = at.merge(summary[["group", "patients"]], on="group")
    absent = [HIDDEN if pd.isna(number) else "nobody at risk" for number in at["at_risk"]]
    times = [f"{month / 12:g} {'year' if month == 12 else 'years'}" for month in at["months"]]
    return pd.DataFrame(
        {
            "Time": after_group(at["group"], times),
            "At risk": at["at_risk"].map(count_or_hidden).tolist(),
            name: words_where(at["share"].notna(), share_words(at), absent),
        }
    )
