"""The people behind a step of the mean number of relapses, and the choices of steps for those who cannot click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.times import slack
from analysis.cohort.wording import count_words
from analysis.facts.relapse import RelapseRule
from analysis.figures.survival.behind_steps import MOST_CHOICES
from analysis.listings.event_times import ENDS, at_risk_at, leaving_at
from analysis.listings.people import Part, People, members_table, of_group

RELAPSED, DIED, LAST_SEEN = "with a relapse", "died", "last seen"


def behind_relapses(
    relapses: pd.DataFrame, members: pd.DataFrame, rule: RelapseRule, group: str, months: float
) -> People:
    """Return the patients with a relapse at a month, with its number, and those who died or were last seen then.

    Parameters
    ----------
    relapses
        As from `relapse_list`.
    members
        As from `event_times`, of overall survival.
    rule
        The definition of relapse.
    group, months
        The group and the month of the step; unknown ones have no patients.
    """
    at, near = f"at {months:g} months", slack(months)
    there = relapses[(relapses["group"] == group) & ((relapses["months"] - months).abs() <= near)]
    there = there[there["patient_id"].isin(at_risk_at(members, group, months)["patient_id"])]
    left = leaving_at(members, group, months)
    notes = [f"relapse {number}" for number in there["number"]]
    dying, seen = (left[left["ended"] == end]["patient_id"].to_numpy() for end in (ENDS[0], ENDS[2]))
    held = {
        RELAPSED: members_table(there["patient_id"].to_numpy(), there["months"].to_numpy(), np.array(notes, object)),
        DIED: members_table(dying),
        LAST_SEEN: members_table(seen),
    }
    told = [count_words(len(there), "relapse")] if len(there) else []
    told += [f"{len(held[words]):,} {words}" for words in (DIED, LAST_SEEN) if len(held[words])]
    return People(
        of_group(group, f"{', '.join(told) or 'nobody'} {at}"),
        tuple(Part(words, of_group(group, f"{words} {at}"), who) for words, who in held.items()),
        "relapse",
        relapse=rule,
    )


def relapse_choices(curve: pd.DataFrame) -> dict[str, Mapping[str, Any]]:
    """Return the group and month of each step with a relapse, by words; of many steps the first.

    Parameters
    ----------
    curve
        group, months, relapses.
    """
    steps = curve[curve["relapses"] > 0].head(MOST_CHOICES)
    return {
        of_group(str(step.group), f"{step.months:g} months: {count_words(int(step.relapses), 'relapse')}"): {
            "group": str(step.group),
            "months": step.months,
        }
        for step in steps.itertuples()
    }
