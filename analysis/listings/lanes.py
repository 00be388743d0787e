"""The lanes of a swimmer plot: each patient's sojourns in states, and the events on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.cohort.times import SAME
from analysis.cohort.wording import count_words
from analysis.facts.courses import state_names, states_over_time
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule, find_relapses, relapse_rule
from analysis.facts.remission import RemissionRule, remission_rule
from analysis.facts.state_history import RELAPSED, UNTOLD

Sort = Literal["follow_up", "deaths", "relapses", "response", "source", "onset"]

SORTS: dict[Sort, str] = {
    "follow_up": "longest followed first",
    "deaths": "deaths first",
    "relapses": "relapses first",
    "response": "longest in remission first",
    "source": "by MSC source, longest followed first",
    "onset": "earliest remission first",
}
RELAPSE, ADVERSE_EVENT, INFUSION = "relapse", "adverse event", "infusion"
DIED, LOST, STILL_FOLLOWED, END_UNKNOWN = "died", "lost", "still followed", "followed to here"
MARKS = (RELAPSE, ADVERSE_EVENT, INFUSION, DIED, LOST, STILL_FOLLOWED, END_UNKNOWN)
NOT_RECORDED = "not recorded"
FIRST_MARKS: dict[str, str] = {"deaths": DIED, "relapses": RELAPSE}  # sort to the mark that comes first
NO_SOURCE = "Source not known"
NO_LANE = -1


@dataclass(frozen=True)
class Lanes:
    """The course of each patient.

    Attributes
    ----------
    question, method
        What the lanes answer, and how.
    sort
        The order of the lanes, a key of `SORTS`.
    patients
        patient_id, lane (0 is on top), source ("" without that column), months (of follow-up).
    stays
        The sojourns: patient_id, lane, start, end (months), state. The last one ends with follow-up.
    marks
        patient_id, lane, months, mark (one of `MARKS`), note (the name of an event, what
        was infused, the cause of a death, or ""). Infusions are those after the first, which is time zero.
    states
        All possible states, from best to worst.
    all_patients
        The number of patients, with a lane or without.
    months_in_states
        state, months: the sum over all patients.
    patients_with_marks
        mark, patients: among all patients.
    key
        The states and marks of the whole cohort: the key names all of them, so that it stays under a filter.
    """

    question: str
    method: str
    sort: Sort
    patients: pd.DataFrame
    stays: pd.DataFrame
    marks: pd.DataFrame
    states: tuple[str, ...]
    all_patients: int
    months_in_states: pd.DataFrame
    patients_with_marks: pd.DataFrame
    key: frozenset[str]


def lanes(
    cohort: Cohort,
    *,
    rule: str | RemissionRule = "recorded",
    relapse: str | RelapseRule = "recorded",
    sort: Sort = "follow_up",
    most: int | None = None,
) -> Lanes:
    """Return the states of every patient from transplantation to the end of follow-up.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of remission, as for `yearly_remission`; without the columns it needs, states are not recorded.
    relapse
        The definition of relapse, as for `yearly_relapse`.
    sort
        "follow_up": longest follow-up first; "deaths" and "relapses": those who died or relapsed first, the earliest on
        top; "response": longest time in remission first, complete before partial;
        "source": by MSC source; "onset": earliest remission first.
    most
        The greatest number of lanes; of more patients, evenly spaced ones in the order of the lanes. None for all.

    Raises
    ------
    ValueError
        If a rule or the order is unknown.

    Examples
    --------
    >>> from analysis import load_sample
    >>> lanes(load_sample(), most=10).patients["lane"].tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    if sort not in SORTS:
        raise ValueError(f"Lanes are not sorted by {sort!r}; known: {', '.join(SORTS)}.")
    chosen, relapse_by = remission_rule(rule), relapse_rule(relapse)
    known = not chosen.missing_columns(cohort)
    stays = _stays(cohort, chosen, relapse_by).table()
    marks = _marks(cohort, chosen, relapse_by).table()
    states = tuple(state_names(chosen).values()) if known else (NOT_RECORDED,)
    remissions = [state for state in states if state not in ("active", RELAPSED, UNTOLD, NOT_RECORDED)]
    rows = _in_order(cohort, stays, marks, sort, remissions)
    if most is not None and len(rows) > most:
        rows = rows[np.linspace(0, len(rows) - 1, most).round().astype(int)]
    state = f"{chosen.state} {chosen.words}, kept until the next visit" if known else "remission is not recorded"
    with_lane = f", lanes of {len(rows):,} of them, evenly chosen" if len(rows) < len(cohort) else ""
    return Lanes(
        "How did each patient do?",
        f"One lane a patient, months from transplantation, {SORTS[sort]}; {state}; relapses {relapse_by.words}; "
        f"{count_words(len(cohort), 'patient')}{with_lane}.",
        sort,
        _patients(cohort, rows),
        _laned(cohort, stays, rows),
        _laned(cohort, marks, rows),
        states,
        len(cohort),
        _months_in_states(stays),
        _patients_with_marks(marks, len(cohort)),
        _key(cohort.whole, chosen, relapse_by),
    )


@cached
def _key(whole: Cohort, rule: RemissionRule, relapse: RelapseRule) -> frozenset[str]:
    states = _stays(whole, rule, relapse).table()["state"].astype(str)
    return frozenset(states) | frozenset(_marks(whole, rule, relapse).table()["mark"].astype(str))


@per_patient
def _stays(cohort: Cohort, rule: RemissionRule, relapse: RelapseRule) -> pd.DataFrame:
    """Return row, start, end and state of each sojourn, sorted by patient and time."""
    known = not rule.missing_columns(cohort)
    states = states_over_time(cohort, rule, relapse) if known else _not_recorded(cohort)
    row, code = states["row"].to_numpy(), states["state"].cat.codes.to_numpy()
    followed = cohort.patients["follow_up_months"].to_numpy(dtype=float)[row]
    start = states["months"].to_numpy(dtype=float)
    # A relapse may be dated after the end of follow-up, where the lane ends.
    kept = start <= followed
    row, code, start, followed = row[kept], code[kept], start[kept], followed[kept]
    final = np.append(row[1:] != row[:-1], True)[: len(row)]
    end = np.where(final, followed, np.append(start[1:], 0.0)[: len(row)])
    state = pd.Categorical.from_codes(code, dtype=states["state"].dtype)
    stays = pd.DataFrame({"row": row, "start": start, "end": end, "state": state})
    return stays[(end > start) | final].reset_index(drop=True)


def _not_recorded(cohort: Cohort) -> pd.DataFrame:
    state = pd.Categorical([NOT_RECORDED] * len(cohort), [NOT_RECORDED])
    return pd.DataFrame({"row": np.arange(len(cohort)), "months": 0.0, "state": state})


def _months_in_states(stays: pd.DataFrame) -> pd.DataFrame:
    states = stays["state"].cat
    spent = np.bincount(states.codes, stays["end"] - stays["start"], len(states.categories))
    held = np.bincount(states.codes, minlength=len(states.categories)) > 0
    return pd.DataFrame({"state": states.categories[held].astype(object), "months": spent[held]})


def _patients_with_marks(marks: pd.DataFrame, patients: int) -> pd.DataFrame:
    marked = np.zeros((len(MARKS), patients), dtype=bool)
    marked[marks["mark"].cat.codes, marks["row"]] = True
    return pd.DataFrame({"mark": MARKS, "patients": marked.sum(axis=1)}).query("patients > 0").reset_index(drop=True)


def _in_order(cohort: Cohort, stays: pd.DataFrame, marks: pd.DataFrame, sort: Sort, remissions: list[str]) -> Rows:
    """Return the positions of the patients in the order of the lanes."""
    patients = cohort.patients
    keys = [-patients["follow_up_months"].to_numpy(dtype=float)]
    if sort == "source" and "msc_source" in patients:
        codes = patients["msc_source"].astype("category").cat.codes.to_numpy()
        keys.insert(0, np.where(codes >= 0, codes, codes.max(initial=0) + 1))
    elif sort in FIRST_MARKS:
        keys.insert(0, _earliest(cohort, marks[marks["mark"] == FIRST_MARKS[sort]], "months"))
    elif sort == "response":
        spent = stays["end"] - stays["start"]
        held = [np.bincount(stays["row"], spent * (stays["state"] == state), len(cohort)) for state in remissions]
        keys = [*(-months for months in held), *keys]
    elif sort == "onset":
        inside = stays[stays["state"].isin(remissions) & (stays["start"] > 0)]
        keys.insert(0, _earliest(cohort, inside, "start"))
    return np.lexsort(keys[::-1])


def _earliest(cohort: Cohort, table: pd.DataFrame, time: str) -> Floats:
    """Return the first time of each patient in a table; infinity without one."""
    first = np.full(len(cohort), np.inf)
    np.minimum.at(first, table["row"], table[time])
    return first


def _patients(cohort: Cohort, rows: Rows) -> pd.DataFrame:
    """Return the patients at these positions, each with a lane."""
    patients = cohort.patients.iloc[rows]
    source = patients["msc_source"].astype(object).fillna(NO_SOURCE).astype(str) if "msc_source" in patients else ""
    columns = {
        "patient_id": patients["patient_id"],
        "source": source,
        "months": patients["follow_up_months"].astype(float),
    }
    return pd.DataFrame(columns).reset_index(drop=True).assign(lane=range(len(rows)))


@per_patient
def _marks(cohort: Cohort, rule: RemissionRule, relapse: RelapseRule) -> pd.DataFrame:
    """Return row, months, mark and note of each relapse, adverse event, later infusion and end of follow-up."""
    found = [_relapses(cohort, relapse, rule), _adverse_events(cohort), _infusions(cohort), _ends(cohort)]
    marks = pd.concat(found, ignore_index=True)
    return marks.assign(mark=pd.Categorical(marks["mark"], MARKS))


def _relapses(cohort: Cohort, relapse: RelapseRule, rule: RemissionRule) -> pd.DataFrame:
    if relapse == RECORDED_RELAPSE and relapse.missing_columns(cohort):
        return _marked(np.empty(0, dtype=np.intp), pd.Series(dtype=float), RELAPSE)
    found = find_relapses(cohort, relapse, rule)
    return _followed(cohort, _marked(found["row"], found["months"], RELAPSE))


def _adverse_events(cohort: Cohort) -> pd.DataFrame:
    dated = cohort.events["months"].notna().to_numpy()
    events = cohort.events[dated]
    note = events["event"].astype(object).fillna("") if "event" in events else ""
    marks = _marked(cohort.rows_of("events")[dated], events["months"], ADVERSE_EVENT)
    return _followed(cohort, marks.assign(note=note))


def _infusions(cohort: Cohort) -> pd.DataFrame:
    later = (cohort.infusions["months"] > SAME).to_numpy() if len(cohort.infusions) else np.empty(0, dtype=bool)
    infusions = cohort.infusions[later]
    months = infusions["months"] if len(infusions) else pd.Series(dtype=float)
    note = infusions["msc_source"].astype(object).fillna("") if "msc_source" in infusions else ""
    return _followed(cohort, _marked(cohort.rows_of("infusions")[later], months, INFUSION).assign(note=note))


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


def _laned(cohort: Cohort, table: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Return the stays or marks of the patients at these positions, sorted by lane and time."""
    lane = np.full(len(cohort), NO_LANE)
    lane[rows] = np.arange(len(rows))
    of_each = lane[table["row"]]
    held = np.flatnonzero(of_each != NO_LANE)
    start = table["start" if "start" in table else "months"].to_numpy()[held]
    held = held[np.lexsort((start, of_each[held]))]
    placed = table.take(held).reset_index(drop=True)
    placed.insert(0, "patient_id", cohort.patients["patient_id"].to_numpy()[placed.pop("row")])
    placed.insert(1, "lane", of_each[held])
    words = "state" if "state" in placed else "mark"
    return placed.assign(**{words: placed[words].astype(object)})
