"""One lane a patient: every stay in a state, and what happened on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.model import Cohort, Rows
from analysis.cohort.relapses import RECORDED_RELAPSE, RelapseRule, find_relapses, relapse_rule
from analysis.cohort.rules import RemissionRule, remission_rule
from analysis.cohort.timeline import RELAPSED
from analysis.cohort.times import SAME
from analysis.estimates.state_counts import state_names, states_over_time
from analysis.estimates.words import count_words

Sort = Literal["follow_up", "response", "source", "onset"]

SORTS: dict[Sort, str] = {
    "follow_up": "longest followed first",
    "response": "longest in remission first",
    "source": "by MSC source, longest followed first",
    "onset": "earliest remission first",
}
RELAPSE, ADVERSE_EVENT = "relapse", "adverse event"
DIED, LOST, STILL_FOLLOWED, END_UNKNOWN = "died", "lost", "still followed", "followed to here"
MARKS = (RELAPSE, ADVERSE_EVENT, DIED, LOST, STILL_FOLLOWED, END_UNKNOWN)
NOT_RECORDED = "not recorded"
NO_SOURCE = "Source not known"


@dataclass(frozen=True)
class Lanes:
    """The course of each patient.

    Attributes
    ----------
    question, method
        What the lanes answer, and how.
    sort
        How the lanes are sorted; `SORTS` has the words.
    patients
        patient_id, lane (from 0, the first on top), source ("" where the cohort has none), months (of follow-up).
    stays
        patient_id, lane, start, end, state: from one change to the next, the last up to the end of follow-up.
    marks
        patient_id, lane, months, mark (one of `MARKS`), note (which event, or "").
    states
        Every state that there may be, from the best to the worst.
    """

    question: str
    method: str
    sort: Sort
    patients: pd.DataFrame
    stays: pd.DataFrame
    marks: pd.DataFrame
    states: tuple[str, ...]


def lanes(
    cohort: Cohort,
    *,
    rule: str | RemissionRule = "recorded",
    relapse: str | RelapseRule = "recorded",
    sort: Sort = "follow_up",
) -> Lanes:
    """Return the states of every patient from transplantation to the end of follow-up.

    Parameters
    ----------
    cohort
        The patients.
    rule
        What remission is, as for `yearly_remission`; where the visits cannot tell, the state is not recorded.
    relapse
        What a relapse is, as for `yearly_relapse`.
    sort
        The longest follow-up first, the longest time in remission (complete before partial), by source, or the earliest
        remission first.

    Raises
    ------
    ValueError
        If a rule or the order is unknown.
    """
    if sort not in SORTS:
        raise ValueError(f"Lanes are not sorted by {sort!r}; known: {', '.join(SORTS)}.")
    chosen, relapse_by = remission_rule(rule), relapse_rule(relapse)
    known = not chosen.missing_columns(cohort)
    stays = _stays(cohort, states_over_time(cohort, chosen, relapse_by) if known else _not_recorded(cohort))
    states = tuple(state_names(chosen).values()) if known else (NOT_RECORDED,)
    remissions = [state for state in states if state not in ("active", RELAPSED, NOT_RECORDED)]
    patients = _sorted(cohort, stays, sort, remissions)
    lane = np.empty(len(cohort), dtype=np.int64)
    lane[patients["row"]] = patients["lane"]
    relapses = _relapses(cohort, relapse_by, chosen)
    state = f"{chosen.state} {chosen.words}, kept until the next visit" if known else "remission is not recorded"
    return Lanes(
        "How did each patient do?",
        f"One lane a patient, months from transplantation, {SORTS[sort]}; {state}; relapses {relapse_by.words}; "
        f"{count_words(len(cohort), 'patient')}.",
        sort,
        patients.drop(columns="row"),
        _laned(cohort, stays, lane),
        _laned(cohort, pd.concat([relapses, _adverse_events(cohort), _ends(cohort)], ignore_index=True), lane),
        states,
    )


def _not_recorded(cohort: Cohort) -> pd.DataFrame:
    return pd.DataFrame({"row": range(len(cohort)), "months": 0.0, "state": NOT_RECORDED})


def _stays(cohort: Cohort, states: pd.DataFrame) -> pd.DataFrame:
    """Return the stays of a timeline in the order of the patients."""
    row, state = states["row"].to_numpy(), states["state"].astype(str).to_numpy(dtype=object)
    changed = np.append(True, (row[1:] != row[:-1]) | (state[1:] != state[:-1]))[: len(row)]
    followed = cohort.patients["follow_up_months"].to_numpy(dtype=float)[row]
    start = states["months"].to_numpy(dtype=float)
    # A relapse may be dated after the end of follow-up; the lane ends there all the same.
    kept = changed & (start <= followed)
    row, state, start, followed = row[kept], state[kept], start[kept], followed[kept]
    final = np.append(row[1:] != row[:-1], True)[: len(row)]
    end = np.where(final, followed, np.append(start[1:], 0.0)[: len(row)])
    stays = pd.DataFrame({"row": row, "start": start, "state": state, "end": end})
    return stays[(end > start) | final].reset_index(drop=True)


def _sorted(cohort: Cohort, stays: pd.DataFrame, sort: Sort, remissions: list[str]) -> pd.DataFrame:
    patients = cohort.patients
    ids = patients["patient_id"]
    source = pd.Series("", index=patients.index)
    if "msc_source" in patients:
        source = patients["msc_source"].astype(object).fillna(NO_SOURCE).astype(str)
    months = patients["follow_up_months"].astype(float)
    table = pd.DataFrame({"patient_id": ids, "source": source, "months": months, "row": range(len(ids))})
    keys: list[pd.Series] = [-table["months"]]
    inside = stays[stays["state"].isin(remissions)]
    if sort == "source" and "msc_source" in patients:
        codes = patients["msc_source"].astype("category").cat.codes
        keys.insert(0, codes.where(codes >= 0, codes.max() + 1))
    elif sort == "response":
        spent = inside["end"] - inside["start"]
        of_each = {
            state: np.bincount(inside["row"], spent * (inside["state"] == state), len(ids)) for state in remissions
        }
        keys = [*(-pd.Series(of_each[state]) for state in remissions), *keys]
    elif sort == "onset":
        first = inside[inside["start"] > 0].groupby("row")["start"].min()
        keys.insert(0, first.reindex(range(len(ids)), fill_value=np.inf))
    order = np.lexsort([key.to_numpy() for key in reversed(keys)])
    return table.iloc[order].reset_index(drop=True).assign(lane=range(len(table)))


def _relapses(cohort: Cohort, relapse: RelapseRule, rule: RemissionRule) -> pd.DataFrame:
    if relapse == RECORDED_RELAPSE and relapse.missing_columns(cohort):
        return _marked(np.empty(0, dtype=np.intp), pd.Series(dtype=float), RELAPSE)
    found = find_relapses(cohort, relapse, rule)
    return _followed(cohort, _marked(found["row"], found["months"], RELAPSE))


def _adverse_events(cohort: Cohort) -> pd.DataFrame:
    dated = cohort.events["months"].notna().to_numpy()
    events = cohort.events[dated]
    note = events["event"].astype(object).fillna("") if "event" in events else ""
    return _followed(cohort, _marked(cohort.event_rows[dated], events["months"], ADVERSE_EVENT).assign(note=note))


def _ends(cohort: Cohort) -> pd.DataFrame:
    patients = cohort.patients
    ended = patients.get("follow_up_ended", pd.Series(None, index=patients.index, dtype=object)).astype(object)
    mark = ended.map({"lost": LOST, "ongoing": STILL_FOLLOWED}).fillna(END_UNKNOWN)
    mark = mark.mask(patients["died"].astype(bool), DIED)
    note = patients["cause_of_death"].astype(object).fillna("") if "cause_of_death" in patients else ""
    columns = {"row": range(len(patients)), "months": patients["follow_up_months"].astype(float)}
    ends = pd.DataFrame(columns).assign(mark=mark, note=note)
    return ends.assign(note=ends["note"].where(mark == DIED, ""))


def _marked(row: Rows | pd.Series, months: pd.Series, mark: str) -> pd.DataFrame:
    return pd.DataFrame({"row": row, "months": months.astype(float), "mark": mark, "note": ""})


def _followed(cohort: Cohort, marks: pd.DataFrame) -> pd.DataFrame:
    last = cohort.patients["follow_up_months"].to_numpy(dtype=float)[marks["row"]]
    return marks[marks["months"] <= last * (1 + SAME)]


def _laned(cohort: Cohort, table: pd.DataFrame, lane: NDArray[np.int64]) -> pd.DataFrame:
    """Return a table of stays or marks by lane and time, with patient_id and lane first."""
    placed = table.assign(lane=lane[table["row"]])
    start = placed["start" if "start" in placed else "months"].to_numpy()
    placed = placed.iloc[np.lexsort((start, placed["lane"].to_numpy()))].reset_index(drop=True)
    placed.insert(0, "patient_id", cohort.patients["patient_id"].to_numpy()[placed["row"]])
    placed.insert(1, "lane", placed.pop("lane"))
    return placed.drop(columns="row")
