"""Times to an event, and places in each year, by an engine: one code a patient, counted by group."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import EVERYBODY, NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.cohort.times import join_times
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.leaving import Leaving
from analysis.counts.reasons import LeftOut
from analysis.counts.strata import Strata
from analysis.counts.tally import Tally, flat, unflat
from analysis.facts.endpoints import AnyEndpoint, endpoint_times, endpoint_words
from analysis.registry.coded import Coded, Made
from analysis.registry.registered import CODE, Registered, in_both, profiles_of

Tallied = TypeVar("Tallied", bound=Tally)

TIMES = ("entry_months", "months", "event", "competing", "reason")


def leaving(of: Registered, endpoint: AnyEndpoint, by: By | None) -> Leaving:
    """Return `Leaving`."""

    def make(part: Cohort) -> Made:
        return {CODE: Coded.of({name: _plain(endpoint_times(part, endpoint).columns[name]) for name in TIMES})}

    words = endpoint_words(endpoint)
    derived = of.derived(words.name, ["leaving", endpoint], make)
    groups, (cells,) = of.asking.by_group(by, (derived.column(CODE),))
    held = profiles_of(derived.meaning(CODE), cells)
    timed = (held["reason"] == "").to_numpy() & (cells.member != WITHOUT_GROUP)
    late = held["entry_months"].to_numpy() > 0
    entry = np.where(late, held["entry_months"], 0.0)
    joined = join_times(np.concatenate([[0.0], held["months"].to_numpy()[timed], entry[timed]]))
    months, place = np.unique(joined, return_inverse=True)
    leaves, enters = np.split(place[1:], 2)
    event, competing = held["event"].to_numpy(dtype=bool), held["competing"].to_numpy(dtype=bool)
    size = len(groups.names)

    def table(which: Any, at: Any) -> Integers:
        numbers = np.zeros((size, len(months)), dtype=np.int64).T
        for member, month, patients in in_both(
            cells.member[timed][which], at[which], cells.patients[timed][which], size
        ):
            np.add.at(numbers, (month, member), patients)
        return numbers

    event, competing, late = event[timed], competing[timed], late[timed]
    known = endpoint_times(of.folder.parts[0], endpoint).columns["reason"].categories
    reasons = [*filter(None, known), *([NO_GROUP] if by is not None else [])]
    why = np.where(held["reason"] != "", held["reason"], np.where(cells.member == WITHOUT_GROUP, NO_GROUP, ""))
    numbers = [int(cells.patients[why == reason].sum()) for reason in reasons]
    return Leaving(
        words,
        groups,
        months,
        events=table(event, leaves),
        competing=table(competing, leaves),
        censored=table(~(event | competing), leaves),
        entered=table(late, enters),
        shared=int(cells.patients[timed & (cells.member == size)].sum()),
        left_out=LeftOut(tuple(reasons), tuple(numbers)),
    )


def strata(of: Registered, endpoint: AnyEndpoint, by: By | None, stratify: By | None) -> Strata | None:
    """Return `Strata`; None with strata, which are two groupings."""
    if stratify is not None:
        return None
    counts = leaving(of, endpoint, by)
    return Strata(None, counts, {EVERYBODY: counts})


def tally(of: Registered, kind: type[Tallied], by: By | None = None, **choices: Any) -> Tallied:
    """Return a `Tally` of a kind that says by what patients are alike."""

    def make(part: Cohort) -> Made:
        alike = kind.alike(part, **choices)
        columns = dict(zip(alike.names, alike.arrays, strict=True))
        return {CODE: Coded(alike.code, pd.DataFrame(flat(columns)))}

    derived = of.derived(kind.__name__.lower(), [kind.__name__, choices], make)
    groups, (cells,) = of.asking.by_group(by, (derived.column(CODE),))
    columns = unflat(profiles_of(derived.meaning(CODE), cells))
    return kind.summed(groups, cells.member, columns, cells.patients)


def _plain(values: Any) -> Any:
    """Return a column without categories."""
    return values.astype(str) if isinstance(values, pd.Categorical) else values
