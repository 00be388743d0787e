"""Every patient in a state at one month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.facts.courses import state_names, states_over_time
from analysis.facts.months_in_states import DEAD, GONE, NOT_YET
from analysis.facts.observed_times import entry_months
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule


@dataclass(frozen=True)
class Dots:
    """Every patient of a whole cohort in a state at one month.

    Attributes
    ----------
    question, method
        What the dots answer, and how.
    month
        Months since transplantation.
    table
        patient_id, state, kept (whether in the selection): one row per patient of the whole cohort, sorted by state,
        those kept first, then in the order of the patients.
    most
        state, patients: the greatest number of patients in each state at any whole month, best state first; states in
        which nobody ever is are left out.
    """

    question: str
    method: str
    month: float
    table: pd.DataFrame
    most: pd.DataFrame

    @property
    def selected(self) -> bool:
        """Whether some patients are not in the selection."""
        return not self.table["kept"].all()


def dots(
    cohort: Cohort, *, month: float, rule: str | RemissionRule = "recorded", relapse: str | RelapseRule = "recorded"
) -> Dots:
    """Return the state of every patient at a month, of those selected and of the others.

    The states are those of `state_counts`.

    Parameters
    ----------
    cohort
        The patients, or a selection of some.
    month
        Months since transplantation, 0 or later.
    rule, relapse
        The definitions of remission and relapse, as for `state_counts`.

    Raises
    ------
    ValueError
        If a rule is unknown, or the cohort lacks a column that a rule needs.

    Examples
    --------
    >>> from analysis import load_sample
    >>> dots(load_sample(), month=12).table["state"].value_counts().to_dict()["dead"]
    2
    """
    chosen, relapse_by, whole = remission_rule(rule), relapse_rule(relapse), cohort.whole
    names = _names(chosen)
    code = _states_at(whole, chosen, relapse_by, np.array([month]))[0]
    order = np.lexsort((~cohort.kept, code))
    table = pd.DataFrame(
        {
            "patient_id": whole.values("patient_id")[order],
            "state": pd.Categorical.from_codes(code[order], names, ordered=True),
            "kept": cohort.kept[order],
        }
    )
    by_month = np.vstack([_by_month(whole, chosen, relapse_by)["state"], code])
    most = np.max([np.bincount(each, minlength=len(names)) for each in by_month], axis=0)
    held = np.flatnonzero(most)
    method = (
        f"One dot a patient; {chosen.state} {chosen.words}, kept until the next visit; relapses {relapse_by.words}; "
        f"{count_words(len(cohort), 'patient')}"
    )
    greatest = pd.DataFrame({"state": [names[place] for place in held], "patients": most[held]})
    return Dots("How is everybody over time?", f"{method}.", month, table, greatest)


def last_month(cohort: Cohort) -> int:
    """Return the last whole month within anybody's follow-up, in the whole cohort."""
    return int(cohort.whole.numbers("follow_up_months").max(initial=0.0) * (1 + SAME))


def _names(rule: RemissionRule) -> list[str]:
    return [*state_names(rule).values(), DEAD, GONE, NOT_YET]


def _states_at(
    whole: Cohort, rule: RemissionRule, relapse: RelapseRule, months: NDArray[np.floating]
) -> NDArray[np.int8]:
    """Return the state of each patient as a place in `_names`: months by patients."""
    names = _names(rule)
    states = states_over_time(whole, rule, relapse)
    row, start, code = states["row"].to_numpy(), states["months"].to_numpy(), states["state"].cat.codes.to_numpy()
    followed, entry, died = whole.numbers("follow_up_months"), entry_months(whole), whole.died
    first = np.searchsorted(row, np.arange(len(whole)))
    found = np.empty((len(months), len(whole)), dtype=np.int8)
    for place, month in enumerate(months):
        past = np.bincount(row[start <= month * (1 + SAME)], minlength=len(whole))
        state = code[first + np.maximum(past, 1) - 1]
        over = np.where(died, followed <= month * (1 + SAME), followed < month * (1 - SAME))
        ended = np.where(died, names.index(DEAD), names.index(GONE))
        waiting = (entry > month * (1 + SAME)) & ~over
        found[place] = np.select([over, waiting], [ended, names.index(NOT_YET)], state)
    return found


@per_patient
def _by_month(whole: Cohort, rule: RemissionRule, relapse: RelapseRule) -> dict[str, NDArray[np.int8]]:
    """Return ``state``: whole months by patients."""
    return {"state": _states_at(whole, rule, relapse, np.arange(last_month(whole) + 1.0))}
