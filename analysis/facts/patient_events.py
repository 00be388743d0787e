"""Adverse events of each patient by name, relation to the transplantation and severity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.times import SAME
from analysis.cohort.vocabulary import EVENTS
from analysis.facts.event_groups import event_group

SEVERE_GRADE = 3
RELATED, UNRELATED, UNKNOWN = "related", "not related", "not recorded"
RELATIONS = (RELATED, UNRELATED, UNKNOWN)
ANY, SEVERE = 0, 1  # the first kinds of event, before those with a name
ANY_RELATION = len(RELATIONS)
ANY_EVENT, SEVERE_EVENT = "adverse event", "severe adverse event"


def event_names(cohort: Cohort) -> tuple[str, ...]:
    """Return the event names of the whole cohort, sorted; case is ignored."""
    if isinstance(cohort, RowsElsewhere):
        return cohort.inventory.events
    return tuple(_named(cohort.whole)["name"].cat.categories)


@per_patient
def patient_events(cohort: Cohort) -> dict[str, NDArray[Any]]:
    """Return how many events of each kind and relation each patient had.

    An event counts in several rows: as `ANY`, as `SEVERE` if it is, and under its name; in each both under its own
    relation and under `ANY_RELATION`.

    Returns
    -------
    row (position of the patient in ``cohort.patients``), kind (`ANY`, `SEVERE`, or 2 + the index of the name in
    `event_names`), relation (an index into `RELATIONS`, or `ANY_RELATION`), events (their number); sorted, and unique
    by the first three.
    """
    events = _named(cohort)
    counted = events[~events["early"]]
    severe = np.flatnonzero(counted["severe"])
    every = np.arange(len(counted))
    place = np.concatenate([every, severe, every])
    kind = np.repeat([ANY, SEVERE, SEVERE + 1], [len(every), len(severe), len(every)])
    kind[len(every) + len(severe) :] += counted["name"].cat.codes.to_numpy()
    relation = counted["relation"].to_numpy()[place]
    keys = np.column_stack(
        [
            np.tile(counted["row"].to_numpy()[place], 2),
            np.tile(kind, 2),
            np.append(relation, np.full(len(relation), ANY_RELATION)),
        ]
    )
    found, numbers = np.unique(keys, axis=0, return_counts=True)
    return {"row": found[:, 0], "kind": found[:, 1], "relation": found[:, 2], "events": numbers}


def events_of_kind(cohort: Cohort, kind: str, related: bool) -> pd.DataFrame:
    """Return the adverse events of one kind: row (position of the patient in ``cohort.patients``) and months.

    Parameters
    ----------
    cohort
        The patients.
    kind
        `ANY_EVENT`, `SEVERE_EVENT`, or a group of `analysis.facts.event_groups`.
    related
        Whether only those that are recorded as related to the transplantation count.
    """
    events = _named(cohort)
    chosen = ~events["early"].to_numpy()
    if kind == SEVERE_EVENT:
        chosen &= events["severe"].to_numpy()
    elif kind != ANY_EVENT:
        names = events["name"].cat.categories
        chosen &= np.isin(events["name"].cat.codes, [at for at, name in enumerate(names) if event_group(name) == kind])
    if related:
        chosen &= events["relation"].to_numpy() == RELATIONS.index(RELATED)
    return pd.DataFrame({"row": events["row"], "months": cohort.events["months"]})[chosen]


@per_patient
def observation(cohort: Cohort) -> dict[str, NDArray[Any]]:
    """Return each patient's time under observation and numbers of events.

    Returns
    -------
    A row for each patient: months (from transplantation or later entry to death or last contact), events (from the
    start of observation on), early (before it, not counted), late (after the end of follow-up), unrelated (relation
    not recorded), ungraded (grade not recorded).
    """
    events, size = _named(cohort), len(cohort)

    def number(holds: pd.Series) -> NDArray[Any]:
        return np.bincount(events["row"][holds], minlength=size)

    counted = ~events["early"]
    start, end = _observed(cohort)
    return {
        "months": end - start,
        "events": number(counted),
        "early": number(events["early"]),
        "late": number(counted & events["late"]),
        "unrelated": number(counted & events["related"].isna()),
        "ungraded": number(counted & events["grade"].isna()),
    }


def _observed(cohort: Cohort) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return start and end of observation of each patient, in months."""
    end = cohort.numbers("follow_up_months")
    if "entry_months" not in cohort.patient_columns:
        return np.zeros(len(end)), end
    return np.nan_to_num(cohort.numbers("entry_months")), end


@cached
def _named(cohort: Cohort) -> pd.DataFrame:
    """Return row, name, relation (an index into `RELATIONS`), severe, early, late, related and grade of each event."""
    # Grade and relation are optional columns.
    events = cohort.events.reindex(columns=list(EVENTS)).assign(row=cohort.rows_of("events"))
    start, end = (of_patients[events["row"].to_numpy()] for of_patients in _observed(cohort))
    words = events["event"].astype(str).str.strip()
    early = (events["months"] < start * (1 - SAME)).fillna(False).astype(bool)
    # Names are spelt as in the first counted event.
    first = words[~early].groupby(words[~early].str.casefold()).first()
    name = words.str.casefold().map(first).fillna(words)
    related = events["related"].map({True: 0, False: 1}).astype(float).fillna(RELATIONS.index(UNKNOWN)).astype(int)
    return pd.DataFrame(
        {
            "row": events["row"],
            "name": pd.Categorical(name, sorted(name[~early].unique())),
            "relation": related,
            "severe": (events["grade"] >= SEVERE_GRADE).fillna(False).astype(bool),
            "early": early,
            "late": (events["months"] > end * (1 + SAME)).fillna(False).astype(bool),
            "related": events["related"],
            "grade": events["grade"],
        }
    )
