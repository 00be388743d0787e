"""When each patient first came into a response after transplantation, and first lost it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME, by_patient, slack
from analysis.facts.remission import RemissionRule, among, levels, visit_states

NO_VISIT = -1


def response_losses(cohort: Cohort, rule: RemissionRule, response: str) -> pd.DataFrame:
    """Return the visits at which each patient reached a response, was last seen in it, and was first seen without it.

    Visits are those with a known state after transplantation, up to the end of follow-up. The state is known at visits
    only: when it was lost lies between two of them. Who died or was no longer seen in response has not lost it.

    Parameters
    ----------
    cohort
        The patients.
    rule, response
        The definition, and "complete" or "any".

    Returns
    -------
    DataFrame with row (position of the patient in ``cohort.patients``), reached, last, lost, again (positions in
    ``cohort.visits``: the first visit in response, the last one before the loss, the first one without it, and the next
    one in response; `NO_VISIT` where there is none, and ``last`` where nothing was lost): one row per patient who
    reached it.

    Raises
    ------
    ValueError
        If the response is unknown, or the rule needs columns that the visits lack.
    """
    states = visit_states(cohort, rule)
    months, row = states["months"].to_numpy(dtype=float), states["row"].to_numpy()
    end = cohort.numbers("follow_up_months") * (1 + SAME)
    seen = (months > slack(0)) & (months <= end[row])
    order = np.flatnonzero(seen)[by_patient(row[seen], months[seen])]
    row, inside = row[order], among(states["state"].array, levels(response))[order]
    place = np.arange(len(order))
    reached = _first(row, inside, len(cohort))
    lost = _first(row, ~inside & (place > reached[row]), len(cohort))
    again = _first(row, inside & (place > lost[row]), len(cohort))
    who = np.flatnonzero(reached < len(order))
    visits = np.append(cohort.visits.index.get_indexer(states.index[order]), NO_VISIT)
    before = np.where(lost < len(order), lost - 1, len(order))
    held = {"reached": reached, "last": before, "lost": lost, "again": again}
    return pd.DataFrame({"row": who, **{name: visits[places[who]] for name, places in held.items()}})


def _first(row: Rows, flags: Flags, patients: int) -> Rows:
    """Return the first flagged place of each patient; the number of places if there is none."""
    first = np.full(patients, len(row), dtype=np.intp)
    places = np.flatnonzero(flags)
    np.minimum.at(first, row[places], places)
    return first
