"""The people behind a part of a figure, and how each of them was before an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.facts.courses import state_names
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule
from analysis.facts.remission import RECORDED, RemissionRule, visit_states
from analysis.listings.lanes import Lanes, Sort, lanes

SLEDAI = "sledai"
DEATH = "death"
KNOWN = ("msc_source", "sex", "age_years")  # told of each patient


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the people behind a part of a figure.

    Attributes
    ----------
    words
        Who they are, such as "with a first relapse".
    reason
        The same away from the figure, such as "with a first relapse, year 2".
    members
        patient_id, months (of the event; missing if nothing happened), note (words on the patient, or "").
    """

    words: str
    reason: str
    members: pd.DataFrame


@dataclass(frozen=True, eq=False)
class People:
    """The people behind a part of a figure.

    Attributes
    ----------
    title
        Who they are and how many.
    parts
        Those who count first, then the others there.
    event
        What happened at the months of the members, such as "first relapse"; "" if nothing did.
    rule, relapse
        The definitions of remission and of relapse in that figure.
    """

    title: str
    parts: tuple[Part, ...]
    event: str = ""
    rule: RemissionRule = RECORDED
    relapse: RelapseRule = RECORDED_RELAPSE


def members_table(patient_ids: object, months: object = np.nan, note: object = "") -> pd.DataFrame:
    """Return the members of a `Part`, each with the month of the event and a note."""
    table = pd.DataFrame({"patient_id": patient_ids, "months": months, "note": note})
    return table.astype({"months": float}).reset_index(drop=True)


def of_group(group: str, words: str) -> str:
    """Return words with the group before them, if there is more than one."""
    return words if group == "All" else f"{group}, {words}"


def one_patient(patient_id: str) -> People:
    """Return one patient, of whom nothing is counted."""
    name = f"patient {patient_id}"
    return People(f"Patient {patient_id}", (Part(name, name, members_table([patient_id])),))


def in_order(cohort: Cohort, people: People, part: Part, order: Sort | None, most: int) -> tuple[Lanes, pd.DataFrame]:
    """Return the courses of the people of a part, and the first of its members in an order.

    Parameters
    ----------
    cohort
        A cohort with all of them.
    people, part
        The people, and one of their parts.
    order
        An order of `lanes`; None for that of the months of the event.
    most
        The greatest number of members.
    """
    inside = cohort.subset(cohort.patient_ids.isin(part.members["patient_id"]))
    courses = lanes(inside, rule=people.rule, relapse=people.relapse, sort=order or "follow_up")
    if order is None:
        return courses, part.members.sort_values("months", kind="stable").head(most)
    lane = courses.patients.set_index("patient_id")["lane"]
    return courses, part.members.iloc[np.argsort(lane[part.members["patient_id"]].to_numpy())].head(most)


def before_events(cohort: Cohort, members: pd.DataFrame, rule: RemissionRule = RECORDED) -> pd.DataFrame:
    """Return what is known of each patient, and the last state and SLEDAI at visits before an event.

    A visit at the time of the event is not before it.

    Parameters
    ----------
    cohort
        The patients.
    members
        As of a `Part`; missing months have no visit before them.
    rule
        The definition of remission; without its columns, no state is known.

    Returns
    -------
    DataFrame
        patient_id, months, note, known (source, sex and age in words), state ("" if none was recorded), state_months,
        sledai, sledai_months; in the order of the members.
    """
    rows = np.array([cohort.place_of(each) for each in members["patient_id"]], dtype=np.intp)
    until = members["months"].to_numpy(dtype=float)
    state, state_months = _last_state(cohort, rule, rows, until)
    score, score_months = _last_score(cohort, rows, until)
    return pd.DataFrame(
        {
            "patient_id": members["patient_id"].to_numpy(),
            "months": until,
            "note": members["note"].to_numpy(),
            "known": _known(cohort.patients, rows),
            "state": state,
            "state_months": state_months,
            "sledai": score,
            "sledai_months": score_months,
        }
    )


def _known(patients: pd.DataFrame, rows: Rows) -> list[str]:
    """Return source, sex and age of each patient, as far as they are recorded."""
    columns = [(name, patients[name].iloc[rows].astype(object)) for name in KNOWN if name in patients]
    told = [[_told(name, value) for value in values] for name, values in columns]
    return [", ".join(filter(None, each)) for each in zip(*told, strict=True)] or [""] * len(rows)


def _told(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{value:g} years" if name == "age_years" else str(value)


def _last_state(cohort: Cohort, rule: RemissionRule, rows: Rows, until: Floats) -> tuple[list[str], Floats]:
    if rule.missing_columns(cohort):
        return [""] * len(rows), np.full(len(rows), np.nan)
    states = visit_states(cohort, rule)
    last = _last_before(states["row"].to_numpy(), states["months"].to_numpy(dtype=float), rows, until)
    names = state_names(rule)
    words = [names.get(str(states["state"].iloc[place]), "") if place >= 0 else "" for place in last]
    return words, _at(states["months"].to_numpy(dtype=float), last)


def _last_score(cohort: Cohort, rows: Rows, until: Floats) -> tuple[Floats, Floats]:
    if SLEDAI not in cohort.visit_columns:
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    score, months = cohort.visits[SLEDAI].to_numpy(dtype=float, na_value=np.nan), cohort.visits["months"]
    known = np.flatnonzero(~np.isnan(score))
    times = months.to_numpy(dtype=float)[known]
    last = _last_before(cohort.visit_rows[known], times, rows, until)
    return _at(score[known], last), _at(times, last)


def _last_before(row: Rows, months: Floats, rows: Rows, until: Floats) -> Rows:
    """Return for each patient the place of the last entry before a time; -1 if there is none."""
    theirs = np.flatnonzero(np.isin(row, rows))
    last = np.full(len(rows), -1, dtype=np.intp)
    for place, (patient, limit) in enumerate(zip(rows, until, strict=True)):
        before = theirs[(row[theirs] == patient) & (months[theirs] < limit - slack(limit))]
        if len(before):
            last[place] = before[np.argmax(months[before])]
    return last


def _at(values: Floats, places: Rows) -> Floats:
    """Return the values at these places; missing where the place is -1."""
    return np.append(values, np.nan)[places]
