"""Adverse events by group: patients with each, numbers of events, and time under observation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.code_counts import added_cells
from analysis.counts.distribution import Distribution
from analysis.counts.groups import IN_A_GROUP, IN_NONE, IN_TWO, Groups, membership, spread
from analysis.counts.joining import join_names
from analysis.facts.patient_events import (
    RELATIONS,
    SEVERE,
    event_names,
    observation,
    patient_events,
)

SPECIAL = ("events", "early", "late", "unrelated", "ungraded")
KINDS = ("any event", "severe event", "event")  # as a table of counts says it


@dataclass(frozen=True, eq=False)
class EventCounts:
    """Numbers of adverse events, of patients with them, and times under observation.

    Attributes
    ----------
    groups
        The groups.
    without_group
        Number of patients without a group.
    recorded
        Whether the cohort has a table of adverse events.
    names
        The names of events, sorted.
    member, kind, relation
        For each row the index of the group (after the last one: patients in two groups), the kind of event as in
        `patient_events`, and an index into `RELATIONS` or `ANY_RELATION`. Sorted.
    patients, events
        Numbers of patients with at least one such event, and of such events.
    observed, months, observed_patients
        For each row the index of the group as in `member`, months of observation, and the number of patients with
        them.
    special
        Numbers of events by `SPECIAL` (rows) and member (columns): all, before the start of observation (not counted),
        after its end, without relation, without grade.
    """

    groups: Groups
    without_group: int
    recorded: bool
    names: tuple[str, ...]
    member: Rows
    kind: Rows
    relation: Rows
    patients: Integers
    events: Integers
    observed: Rows
    months: Floats
    observed_patients: Integers
    special: Integers

    @classmethod
    @additive
    def of(cls, cohort: Cohort, by: By | None) -> EventCounts:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the patients have no such grouping column.
        """
        return _event_counts(cohort, by)

    def __add__(self, other: EventCounts) -> EventCounts:
        """Return the counts of the patients of both; the case of names is ignored.

        Raises
        ------
        ValueError
            If their groupings differ, or only one of them has recorded events.
        """
        if self.recorded != other.recorded:
            raise ValueError(
                "Adverse events are recorded of some of the patients only: of the others nothing is known."
            )
        groups, *places = join_names(self.groups.names, other.groups.names)
        names, kinds = _joined_events(self.names, other.names)
        size = len(groups) + 1
        parts = list(zip((self, other), (np.append(place, len(groups)) for place in places), kinds, strict=True))
        keys = [(place[each.member], kind[each.kind], each.relation) for each, place, kind in parts]
        (member, kind, relation), patients = added_cells(keys[0], keys[1], self.patients, other.patients)
        _, events = added_cells(keys[0], keys[1], self.events, other.events)
        observations = [(place[each.observed], each.months) for each, place, _ in parts]
        (observed, months), patients_of_months = added_cells(
            observations[0], observations[1], self.observed_patients, other.observed_patients
        )
        first, second = (spread(each.special, place, size, axis=1) for each, place, _ in parts)
        return EventCounts(
            self.groups + other.groups,
            self.without_group + other.without_group,
            self.recorded,
            names,
            member,
            kind,
            relation,
            patients,
            events,
            observed,
            months,
            patients_of_months,
            first + second,
        )

    def distinct(self, what: str) -> int:
        """Return the number of events of one of `SPECIAL` among the distinct patients of all groups."""
        *of_groups, of_two = self.special[SPECIAL.index(what)].tolist()
        return int(sum(of_groups) - of_two)

    def observations(self, group: int) -> Distribution:
        """Return the distribution of months of observation in a group."""
        start, end = np.searchsorted(self.observed, [group, group + 1])
        return Distribution(self.months[start:end], self.observed_patients[start:end])

    def by_member(self, relation: int) -> tuple[Integers, Integers]:
        """Return the numbers of patients and events of one relation: kinds by members."""
        shape = (SEVERE + 1 + len(self.names), len(self.groups.names) + 1)
        found = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        held = self.relation == relation
        for numbers, of_rows in zip(found, (self.patients, self.events), strict=True):
            numbers[self.kind[held], self.member[held]] = of_rows[held]
        return found

    def to_table(self) -> pd.DataFrame:
        """Return told, counted, group, kind, event, relation, months, patients, events.

        `told` is "happened" for each kind of event and relation ("any" for all) that occurred, with the number of
        patients with at least one; "observation" for the number of patients observed for some months; one of `SPECIAL`
        for the number of such events; "patients" for the number of patients. `counted` is "in a group", "in two groups"
        or "in no group". The first row tells whether events are recorded.
        """
        names = [*self.groups.names, None]
        who = [(IN_A_GROUP if name is not None else IN_TWO, name) for name in names]
        relations = [*RELATIONS, "any"]
        sizes = [*self.groups.members.tolist(), self.groups.shared]
        rows: list[dict[str, Any]] = [{"told": "recorded" if self.recorded else "not recorded"}]
        rows += [
            {"told": "patients", "counted": counted, "group": name, "patients": size}
            for (counted, name), size in zip([*who, (IN_NONE, None)], [*sizes, self.without_group], strict=True)
        ]
        for member, kind, relation, patients, events in zip(
            self.member, self.kind, self.relation, self.patients.tolist(), self.events.tolist(), strict=True
        ):
            named = kind > SEVERE
            rows.append(
                {
                    "told": "happened",
                    "counted": who[member][0],
                    "group": who[member][1],
                    "kind": KINDS[min(kind, SEVERE + 1)],
                    "event": self.names[kind - SEVERE - 1] if named else None,
                    "relation": relations[relation],
                    "patients": patients,
                    "events": events,
                }
            )
        rows += [
            {
                "told": "observation",
                "counted": who[member][0],
                "group": who[member][1],
                "months": months,
                "patients": number,
            }
            for member, months, number in zip(self.observed, self.months, self.observed_patients.tolist(), strict=True)
        ]
        rows += [
            {"told": what, "counted": who[member][0], "group": who[member][1], "events": number}
            for what, of_members in zip(SPECIAL, self.special.tolist(), strict=True)
            for member, number in enumerate(of_members)
        ]
        columns = ["told", "counted", "group", "kind", "event", "relation", "months", "patients", "events"]
        return pd.DataFrame(rows, columns=columns)

    @classmethod
    def from_table(cls, table: pd.DataFrame, *, by: By | None) -> EventCounts:
        """Return the counts in a table of `to_table`; `by` is the grouping."""
        told = dict(list(table.groupby("told", sort=False)))
        sizes = told["patients"]
        groups = tuple(sizes.loc[sizes["counted"] == IN_A_GROUP, "group"])
        numbers = sizes["patients"].to_numpy(dtype=np.int64)
        place = {name: number for number, name in enumerate(groups)}
        member = table["group"].map(place).fillna(len(groups)).astype(int)
        empty = table.head(0)
        events, observed = told.get("happened", empty), told.get("observation", empty)
        names = tuple(sorted(events["event"].dropna().unique()))
        named = events["event"].map({name: number + SEVERE + 1 for number, name in enumerate(names)})
        kind = named.fillna(events["kind"].map({words: number for number, words in enumerate(KINDS)}))
        relation = events["relation"].map({words: number for number, words in enumerate((*RELATIONS, "any"))})
        special = [told[what]["events"].to_numpy(dtype=np.int64) for what in SPECIAL]
        return cls(
            Groups(by, groups, numbers[: len(groups)], int(numbers[len(groups)])),
            int(numbers[-1]),
            "recorded" in told,
            names,
            member[events.index].to_numpy(dtype=np.intp),
            kind.to_numpy(dtype=np.intp),
            relation.to_numpy(dtype=np.intp),
            events["patients"].to_numpy(dtype=np.int64),
            events["events"].to_numpy(dtype=np.int64),
            member[observed.index].to_numpy(dtype=np.intp),
            observed["months"].to_numpy(dtype=float),
            observed["patients"].to_numpy(dtype=np.int64),
            np.array(special),
        )


@cached
def _event_counts(cohort: Cohort, by: By | None) -> EventCounts:
    who, names = membership(cohort, by), event_names(cohort)
    members = len(who.names) + 1
    member, rows = who.members_and_shared()
    watched = observation(cohort)
    special = np.array(
        [np.bincount(member, watched[what][rows], minlength=members).astype(np.int64) for what in SPECIAL]
    )
    (observed, months), patients_of_months = added_cells(
        (member, watched["months"][rows]),
        (member[:0], np.empty(0)),
        np.ones(len(rows), np.int64),
        np.empty(0, np.int64),
    )
    happened = patient_events(cohort)
    whose, event = _events_of_members(member, rows, happened["row"], len(cohort))
    keys = (whose, happened["kind"][event], happened["relation"][event])
    nobody = tuple(key[:0] for key in keys)
    (of_member, kind, relation), patients = added_cells(
        keys, nobody, np.ones(len(event), dtype=np.int64), np.empty(0, np.int64)
    )
    _, events = added_cells(keys, nobody, happened["events"][event], np.empty(0, np.int64))
    held = np.unique(kind[kind > SEVERE]) - SEVERE - 1
    place = np.append(np.arange(SEVERE + 1), np.zeros(len(names), dtype=np.intp))
    place[held + SEVERE + 1] = SEVERE + 1 + np.arange(len(held))
    return EventCounts(
        who.groups(),
        len(who.without),
        cohort.events_recorded,
        tuple(names[each] for each in held),
        of_member,
        place[kind],
        relation,
        patients,
        events,
        observed,
        months,
        patients_of_months,
        special,
    )


def _events_of_members(member: Rows, rows: Rows, row: Rows, patients: int) -> tuple[Rows, Rows]:
    """Return the rows of events for every member: the index of the member, and the position of the row."""
    whose, which = [], []
    for each in np.unique(member):
        inside = np.zeros(patients, dtype=bool)
        inside[rows[member == each]] = True
        found = np.flatnonzero(inside[row])
        whose.append(np.full(len(found), each))
        which.append(found)
    nothing = np.empty(0, dtype=np.intp)
    return np.concatenate([nothing, *whose]), np.concatenate([nothing, *which])


def _joined_events(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Rows, Rows]]:
    """Return the names of both, sorted, and the new kinds of event of the first and the second."""
    spelt: dict[str, str] = {}
    for name in sorted((*first, *second)):
        spelt.setdefault(name.casefold(), name)
    names = tuple(sorted(spelt.values()))
    place = {name.casefold(): number + SEVERE + 1 for number, name in enumerate(names)}
    here, there = (
        np.array([*range(SEVERE + 1), *(place[name.casefold()] for name in each)], dtype=np.intp)
        for each in (first, second)
    )
    return names, (here, there)
