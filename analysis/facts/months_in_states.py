"""The months of a grid at which each patient is in which state, and from which on nobody follows him or her."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Floats
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME
from analysis.facts.courses import state_names, states_over_time
from analysis.facts.observed_times import entry_months
from analysis.facts.relapse import RelapseRule
from analysis.facts.remission import RemissionRule

Months: TypeAlias = tuple[float, ...] | None  # the months of a grid, increasing; None for every whole month
DEAD, GONE, NOT_YET = "dead", "no longer followed", "not yet observed"


def states_with_ends(rule: RemissionRule) -> tuple[str, ...]:
    """Return the states from best to worst, and last those without a known one: dead, gone, not yet observed."""
    return (*state_names(rule).values(), DEAD, GONE, NOT_YET)


def increasing(months: Sequence[float] | None) -> Months:
    """Return the months of a grid, each once."""
    return None if months is None else tuple(np.unique(np.asarray(months, dtype=float)).tolist())


def grid_of(months: Months, longest: int) -> Floats:
    """Return the months of a grid; every whole month goes one beyond the longest follow-up in whole months."""
    return np.arange(longest + 2.0) if months is None else np.array(months)


@per_patient
def observed_places(cohort: Cohort, months: Months) -> dict[str, NDArray[Any]]:
    """Return the part of a grid during which each patient is observed.

    Returns
    -------
    dict of arrays with one value per patient
        ``begin`` and ``end``: the places in the grid of the first month under observation and of the first afterwards;
        ``died`` and ``late`` (observed only after month 0); ``whole_months``: those of follow-up.
    """
    followed, entry = cohort.numbers("follow_up_months"), entry_months(cohort)
    whole_months = (followed * (1 + SAME)).astype(np.int64)
    grid = grid_of(months, int(whole_months.max(initial=-1)))
    reached, over = grid * (1 + SAME), grid * (1 - SAME)
    died = np.asarray(cohort.died, dtype=bool)
    return {
        "begin": np.searchsorted(reached, entry),
        "end": np.where(died, np.searchsorted(reached, followed), np.searchsorted(over, followed, side="right")),
        "died": died,
        "late": entry > 0,
        "whole_months": whole_months,
    }


@per_patient
def places_in_states(
    cohort: Cohort, rule: RemissionRule, relapse: RelapseRule, months: Months
) -> dict[str, NDArray[Any]]:
    """Return the stays of patients in a state that include a month of a grid, by patient and time.

    Returns
    -------
    dict of arrays with one value per stay
        ``row``; ``state``, an index into `states_with_ends`; ``come`` and ``go``: the places in the grid of its first
        month, and of the first one afterwards.
    """
    observed = observed_places(cohort, months)
    grid = grid_of(months, int(observed["whole_months"].max(initial=-1)))
    states = states_over_time(cohort, rule, relapse)
    row, state = states["row"].to_numpy(), states["state"].cat.codes.to_numpy().astype(np.intp)
    come = np.maximum(np.searchsorted(grid * (1 + SAME), states["months"].to_numpy()), observed["begin"][row])
    final = np.append(row[1:] != row[:-1], True)[: len(row)]
    go = np.minimum(np.where(final, len(grid), np.append(come[1:], 0)[: len(row)]), observed["end"][row])
    held = come < go
    return {"row": row[held], "state": state[held], "come": come[held], "go": go[held]}
