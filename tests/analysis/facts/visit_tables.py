"""Visit tables worked out by hand: patients with their visits, and the state at each by a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis import Cohort, read_cohort
from analysis.facts.remission import RemissionRule, visit_states

Table = Mapping[str, Sequence[tuple[object, ...]]]
LETTERS = {"complete": "C", "partial": "P", "none": "n"}


def cohort_of(columns: Sequence[str], table: Table, **patients: object) -> Cohort:
    """Return patients with visits: the months and the values of these columns."""
    rows = [(patient, *visit) for patient, visits in table.items() for visit in visits]
    people = pd.DataFrame({"patient_id": list(table), "follow_up_months": 60, "died": 0, **patients})
    return read_cohort(people, pd.DataFrame(rows, columns=["patient_id", "months", *columns]))


def states_of(cohort: Cohort, rule: RemissionRule) -> dict[str, str]:
    """Return the states of each patient's visits in order: C complete, P partial, n none, ? missing."""
    found = visit_states(cohort, rule)["state"].reindex(cohort.visits.index).astype(object)
    letters = found.map(LETTERS).fillna("?")
    return letters.groupby(cohort.visits["patient_id"].to_numpy(), sort=False).agg("".join).to_dict()
