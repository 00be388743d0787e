"""Each patient's course: states over time, with relapses, by their displayed names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import first_of_each
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule, find_relapses
from analysis.facts.remission import COMPLETE, NONE, PARTIAL, RemissionRule
from analysis.facts.state_history import RELAPSED, UNTOLD, timeline, with_relapses


def states_over_time(cohort: Cohort, rule: RemissionRule, relapse: RelapseRule) -> pd.DataFrame:
    """Return the changes of state in a `timeline`, with relapses if recorded, by the displayed names of the states."""
    return _states_over_time(cohort, rule, relapse).table()


@per_patient
def _states_over_time(cohort: Cohort, rule: RemissionRule, relapse: RelapseRule) -> pd.DataFrame:
    states = timeline(cohort, rule)
    if relapse != RECORDED_RELAPSE or not relapse.missing_columns(cohort):
        states = with_relapses(states, find_relapses(cohort, relapse, rule))
    names = state_names(rule)
    row, code = states["row"].to_numpy(), states["state"].cat.codes.to_numpy()
    changed = first_of_each(row) | np.append(True, code[1:] != code[:-1])[: len(row)]
    states = states[changed].reset_index(drop=True)
    return states.assign(state=states["state"].cat.set_categories(list(names)).cat.rename_categories(names))


def state_names(rule: RemissionRule) -> dict[str, str]:
    """Return the displayed name of each state of a timeline, from best to worst."""
    both = {COMPLETE: f"complete {rule.state}", PARTIAL: f"{PARTIAL} {rule.state}"}
    remissions = both if rule.partial else {COMPLETE: rule.state}
    return {**remissions, NONE: "active", RELAPSED: RELAPSED, **({UNTOLD: UNTOLD} if rule.from_baseline else {})}
