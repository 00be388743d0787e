"""States of remission and relapses by an engine: some codes a patient, each counted by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.known_states import KnownStates
from analysis.counts.reasons import LeftOut
from analysis.counts.relapse_numbers import RelapseNumbers
from analysis.counts.state_changes import OBSERVATION, STAY, ObservedNumbers, StateChanges, StayNumbers
from analysis.facts.months_in_states import increasing, observed_places, places_in_states
from analysis.facts.relapse import RelapseRule
from analysis.facts.remission import RemissionRule, visit_states
from analysis.registry.coded import Coded, Made
from analysis.registry.engine_times import tally
from analysis.registry.registered import Registered, known_cells

OBSERVED, VISITS = "observed", "visits"


def state_changes(
    of: Registered, rule: RemissionRule, relapse: RelapseRule, months: Sequence[float] | None, by: By | None
) -> StateChanges:
    """Return `StateChanges`: of the first stay of each patient, of the second, and so on."""
    grid = increasing(months)

    def make(part: Cohort) -> Made:
        observed, stays = observed_places(part, grid), places_in_states(part, rule, relapse, grid)
        coded = Coded.of({name: stays[name] for name in STAY})
        of_observed = Coded.of({name: observed[name] for name in OBSERVATION})
        return {OBSERVED: of_observed, **coded.in_turn(stays["row"], len(part))}

    derived = of.derived("states over time", ["states", rule, relapse, grid], make)
    names = list(derived.profiles)
    groups, tables = of.asking.by_group(by, [derived.column(name) for name in names])
    observed, *stays = (known_cells(derived.meaning(name), cells) for name, cells in zip(names, tables, strict=True))
    without = int(observed["patients"][observed["member"] == WITHOUT_GROUP].sum())
    nothing = np.empty(0, dtype=np.intp)
    every = {name: np.concatenate([nothing, *(each[name] for each in stays)]) for name in ("member", *STAY, "patients")}
    return StateChanges.summed(
        rule, grid, groups, StayNumbers(**every), ObservedNumbers(**observed), LeftOut((NO_GROUP,), (without,))
    )


def known_states(of: Registered, rule: RemissionRule) -> KnownStates:
    """Return `KnownStates`."""

    def make(part: Cohort) -> Made:
        visits = np.bincount(visit_states(part, rule)["row"], minlength=len(part))
        return {VISITS: visits.astype(float)}

    derived = of.derived("visits with a known state", ["known states", rule], make)
    _, (cells,) = of.asking.by_group(None, (derived.column(VISITS),))
    return KnownStates(int((cells.value * cells.patients).sum()))


def relapse_numbers(
    of: Registered, rule: RelapseRule, remission: RemissionRule, response: str, by: By | None
) -> RelapseNumbers:
    """Return `RelapseNumbers`."""
    numbers = tally(of, RelapseNumbers, by=by, rule=rule, remission=remission, response=response)
    everybody = replace(of, asking=replace(of.asking, where=()))
    return replace(numbers, tells_states=known_states(everybody, remission).visits > 0)
