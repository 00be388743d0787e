"""Adverse events by an engine: numbers a patient, and one code for each kind of event that he or she had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.event_counts import SPECIAL, EventCounts
from analysis.counts.groups import WITHOUT_GROUP
from analysis.facts.patient_events import SEVERE, event_names, observation, patient_events
from analysis.registry.coded import Coded, Made
from analysis.registry.derived import Derived
from analysis.registry.grouped import Cells
from analysis.registry.registered import Registered, known_cells, with_both

MONTHS, KIND, NAME, RELATION, EVENTS = "months", "kind", "name", "relation", "events"
NUMBERS = (MONTHS, *SPECIAL)


def event_counts(of: Registered, by: By | None) -> EventCounts:
    """Return `EventCounts`; an event is spelt as where it is first counted in the registry."""

    def make(part: Cohort) -> Made:
        watched, happened = observation(part), patient_events(part)
        names = np.array(["", "", *event_names(part)], dtype=object)
        kind, relation, events = (happened[name] for name in (KIND, RELATION, EVENTS))
        coded = Coded.of({KIND: np.minimum(kind, SEVERE + 1), NAME: names[kind], RELATION: relation, EVENTS: events})
        numbers = {name: np.asarray(watched[name], dtype=float) for name in NUMBERS}
        return {**numbers, **coded.in_turn(happened["row"], len(part))}

    derived = of.derived("adverse events", ["events"], make)
    turns = [name for name in derived.profiles if name not in NUMBERS]
    groups, tables = of.asking.by_group(by, [derived.column(name) for name in (*NUMBERS, *turns)])
    cells, size = dict(zip((*NUMBERS, *turns), tables, strict=True)), len(groups.names)
    happened = _happened([known_cells(derived.meaning(turn), cells[turn]) for turn in turns], _spelt(derived), size)
    names = tuple(sorted(set(happened[NAME]) - {""}))
    place = {name: SEVERE + 1 + number for number, name in enumerate(names)}
    happened[KIND] = [place.get(name, kind) for name, kind in zip(happened[NAME], happened[KIND], strict=True)]
    happened = happened.sort_values(["member", KIND, RELATION])
    observed = with_both(_table(cells[MONTHS]), size).groupby(["member", "value"])["patients"].sum().reset_index()
    return EventCounts(
        groups,
        int(cells[MONTHS].patients[cells[MONTHS].member == WITHOUT_GROUP].sum()),
        of.folder.parts[0].events_recorded,
        names,
        happened["member"].to_numpy(dtype=np.intp),
        happened[KIND].to_numpy(dtype=np.intp),
        happened[RELATION].to_numpy(dtype=np.intp),
        happened["patients"].to_numpy(dtype=np.int64),
        happened[EVENTS].to_numpy(dtype=np.int64),
        observed["member"].to_numpy(dtype=np.intp),
        observed["value"].to_numpy(dtype=float),
        observed["patients"].to_numpy(dtype=np.int64),
        np.stack([_sums(cells[name], size) for name in SPECIAL]),
    )


def _spelt(derived: Derived) -> dict[str, str]:
    """Return how each name is spelt where it is first, by the name without case."""
    spelt: dict[str, str] = {}
    # The first column knows what all rows of a part mean, in the order of the parts.
    for name in derived.meaning("0")[NAME] if "0" in derived.profiles else ():
        spelt.setdefault(name.casefold(), name)
    return spelt


def _happened(turns: Sequence[Mapping[str, NDArray[Any]]], spelt: Mapping[str, str], size: int) -> pd.DataFrame:
    """Return member, kind, name, relation, and the numbers of patients and events."""
    keys = ["member", KIND, NAME, RELATION]
    tables = [with_both(pd.DataFrame(dict(turn)), size) for turn in turns if len(turn["member"])]
    if not tables:
        return pd.DataFrame(columns=[*keys, "patients", EVENTS])
    table = pd.concat(tables)
    table[NAME] = [spelt[name.casefold()] for name in table[NAME]]
    table[EVENTS] *= table["patients"]
    return table.groupby(keys)[["patients", EVENTS]].sum().reset_index()


def _table(cells: Cells) -> pd.DataFrame:
    return pd.DataFrame({"member": cells.member, "value": cells.value, "patients": cells.patients})


def _sums(cells: Cells, size: int) -> Integers:
    """Return the sum over the members of each group, and over those in two groups."""
    table = with_both(_table(cells), size)
    sums = np.bincount(table["member"], table["value"] * table["patients"], minlength=size + 1)
    return sums.astype(np.int64)
