"""Measures at scheduled months by an engine: a number a patient and month, counted by group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.extent import Extent
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.leavers import Leavers
from analysis.counts.measured_values import Values
from analysis.counts.presence import WAYS, Presence, required, steps_of_values
from analysis.facts.afterwards import REASONS, afterwards
from analysis.facts.scheduled_values import VALUE, Has, What, coded_values, has_values
from analysis.facts.scheduled_visits import ScheduledMeasure, visit_extremes
from analysis.registry.coded import Coded, Made
from analysis.registry.count import Among
from analysis.registry.derived import Derived
from analysis.registry.registered import Registered, in_both, known_cells

HAS, REASON, AFTER = "has", "reason", "afterwards"


def values(of: Registered, asked: ScheduledMeasure, by: By | None, what: What, same_patients: bool) -> Values:
    """Return `Values`."""

    def make(part: Cohort) -> Made:
        coded = coded_values(part, asked, what)
        value = np.append(coded.value, np.nan)
        return {str(place): value[code] for place, code in enumerate(coded.code)}

    derived = of.derived(f"{asked.measure} by month", ["values", asked, what], make)
    months = [derived.column(name) for name in derived.profiles]
    every = _has(of, asked).column(HAS)
    where = (Among(every, tuple(float(way) for way in range(WAYS) if way & Has.EVERY)),) if same_patients else ()
    groups, tables = of.asking.by_group(by, months, where)
    month = np.concatenate([np.full(len(cells.member), place) for place, cells in enumerate(tables)])
    member = np.concatenate([cells.member for cells in tables])
    value = np.concatenate([cells.value.to_numpy(dtype=float) for cells in tables])
    patients = np.concatenate([cells.patients for cells in tables])
    size = len(groups.names)
    rows = pd.DataFrame({"member": member, "month": month, "value": value, "patients": patients})
    rows = rows[(rows["member"] >= 0) & rows["value"].notna()]
    both = rows[rows["member"] == size]
    rows = pd.concat([rows, *(both.assign(member=place) for place in range(size) if len(both))])
    rows = rows.groupby(["member", "month", "value"])["patients"].sum().reset_index()
    group, at = rows["member"].to_numpy(dtype=np.intp), rows["month"].to_numpy(dtype=np.intp)
    numbers = rows["patients"].to_numpy(dtype=np.int64)
    return Values(asked, what, same_patients, groups, group, at, rows["value"].to_numpy(), numbers)


def leavers(of: Registered, asked: ScheduledMeasure, by: By | None) -> Leavers:
    """Return `Leavers`."""

    def make(part: Cohort) -> Made:
        coded, after = coded_values(part, asked, VALUE), afterwards(part, asked)
        made: dict[str, Coded | Floats] = {REASON: np.where(after["reason"] < 0, np.nan, after["reason"])}
        for place, (code, then) in enumerate(zip(coded.code[:-1], after["afterwards"][:-1], strict=True)):
            row = np.flatnonzero(code >= 0)
            of_month = Coded.of({AFTER: then[row], "value": coded.value[code[row]]})
            made[str(place)] = of_month.rows(np.arange(len(row)), row, len(part))
        return made

    derived = of.derived(f"who comes again for {asked.measure}", ["leavers", asked], make)
    names = list(derived.profiles)
    groups, (why, *tables) = of.asking.by_group(by, [derived.column(name) for name in names])
    size = len(groups.names)
    reasons = np.zeros((size, len(REASONS)), dtype=np.int64)
    known = why.value.notna().to_numpy()
    reason = why.value[known].to_numpy(dtype=np.intp)
    for member, at, patients in in_both(why.member[known], reason, why.patients[known], size):
        np.add.at(reasons, (member, at), patients)
    rows = [pd.DataFrame({"group": [], AFTER: [], "month": [], "value": [], "patients": []}, dtype=float)]
    for place, (name, cells) in enumerate(zip(names[1:], tables, strict=True)):
        held = known_cells(derived.meaning(name), cells)
        for member, at, patients in in_both(held["member"], np.arange(len(held["member"])), held["patients"], size):
            then, value = held[AFTER][at], held["value"][at]
            rows.append(
                pd.DataFrame({"group": member, AFTER: then, "month": place, "value": value, "patients": patients})
            )
    counted = pd.concat(rows).groupby(["group", AFTER, "month", "value"])["patients"].sum().reset_index()
    group, then, month = (counted[name].to_numpy(dtype=np.intp) for name in ("group", AFTER, "month"))
    numbers = counted["patients"].to_numpy(dtype=np.int64)
    return Leavers(asked, groups, group, then, month, counted["value"].to_numpy(dtype=float), numbers, reasons)


def presence(of: Registered, asked: ScheduledMeasure, by: By | None) -> Presence | None:
    """Return `Presence`; None if values may be limits of measurement, which are counted one by one."""
    if any(f"{asked.measure}{end}" in of.folder.manifest.kinds["visits"] for end in ("_below", "_above")):
        return None
    groups, (cells,) = of.asking.by_group(by, (_has(of, asked).column(HAS),))
    size = len(groups.names)
    patients = np.zeros((size + 1, WAYS), dtype=np.int64)
    way = cells.value.to_numpy(dtype=np.intp)
    for member, held, numbers in in_both(cells.member, way, cells.patients, size):
        np.add.at(patients, (member, held), numbers)
    both = cells.member == size
    np.add.at(patients, (np.full(int(both.sum()), size), way[both]), cells.patients[both])
    without = int(cells.patients[cells.member == WITHOUT_GROUP].sum())
    return Presence(asked, groups, patients, without, np.zeros((*patients.shape, 2), dtype=np.int64))


def extent(of: Registered, asked: ScheduledMeasure, by: By | None, what: What, same_patients: bool) -> Extent:
    """Return `Extent`."""

    def make(part: Cohort) -> Made:
        extremes = visit_extremes(part, asked)
        return {name: np.asarray(extremes[name], dtype=float) for name in names}

    names = (f"lowest_{what}", f"highest_{what}", "last_month", "visits")
    derived = of.derived(f"the extent of {asked.measure}", ["extent", asked, what], make)
    needed = required(steps_of_values(asked, what, same_patients=same_patients))
    where = Among(_has(of, asked).column(HAS), tuple(float(way) for way in range(WAYS) if way & needed == needed))
    groups, tables = of.asking.by_group(by, [derived.column(name) for name in names], (where,))
    held = [table.value[table.member != WITHOUT_GROUP].to_numpy(dtype=float) for table in tables]
    if not len(held[0]):
        return Extent()
    ends = float(np.fmin.reduce(held[0])), float(np.fmax.reduce(held[1])), float(held[2].max())
    visits, twice = tables[3], 1 + (tables[3].member == len(groups.names))
    grouped = visits.member != WITHOUT_GROUP
    return Extent(*ends, int((visits.value * visits.patients * twice)[grouped].sum()))


def _has(of: Registered, asked: ScheduledMeasure) -> Derived:
    return of.derived(
        f"who has {asked.measure}",
        ["has", asked],
        lambda part: {HAS: has_values(part, asked)["has"].astype(float)},
    )
