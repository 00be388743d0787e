"""Adverse events: how many patients had one, and how often they came in patient-time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By, Members, members
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.cohort.vocabulary import EVENTS
from analysis.cohort.wording import count_words
from analysis.estimates.common.intervals import proportion_interval, rate_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.tidy_tables import with_groups

ANY_EVENT = "any event"
SEVERE = "grade 3 or more"
SEVERE_GRADE = 3
ANY, RELATED, UNKNOWN = "any", "related", "not recorded"
PER_PATIENT_YEARS = 100.0
NO_TABLE = "The cohort has no table of adverse events: that none is recorded does not mean that none happened."
COLUMNS = [
    *("group", "event", "related", "patients", "at_least_one", "share", "lower", "upper"),
    *("events", "person_years", "rate", "rate_lower", "rate_upper"),
]


@dataclass(frozen=True)
class AdverseEvents:
    """Adverse events of the patients.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who are in no group, and a row an event that is not counted.
    table
        group, event, related, patients, at_least_one (patients with at least one), share with lower and upper limit,
        events, person_years, rate with rate_lower and rate_upper (per 100 patient-years). ``event`` is "any event",
        then "grade 3 or more" where grades are recorded, then each event, the one of most patients first. ``related``
        is "any", "related" (to the transplantation) where this is recorded, and "not recorded" where it is not.
    recorded
        Whether the cohort has a table of adverse events; without one `table` is empty.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    recorded: bool


def adverse_events(cohort: Cohort, *, by: By | None = None) -> AdverseEvents:
    """Return adverse events by patient, with Clopper-Pearson limits, and by patient-time, with exact Poisson limits.

    Every event counts, also a repeated one, and all time from transplantation (or a later entry) to death or last
    contact. An event before it is left out; one dated after it is counted, for it happened. Names that differ in
    capitals only are one event.

    Parameters
    ----------
    cohort
        The patients, with their events.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Raises
    ------
    ValueError
        If the grouping column is unknown.

    References
    ----------
    Clopper CJ, Pearson ES (1934), Biometrika 26:404-413.
    Garwood F (1936), Biometrika 28:437-442.
    """
    question = "How many patients had adverse events, and how often did they come?"
    who = members(cohort, by)
    left_out = who.left_out(cohort)
    if not cohort.events_recorded:
        return AdverseEvents(question, NO_TABLE, left_out, pd.DataFrame(columns=COLUMNS), recorded=False)
    observed = _observed(cohort, who)
    # A file need not say how grave an event was and what it was related to.
    told = cohort.events.reindex(columns=list(EVENTS))
    events = told.assign(number=range(len(told))).merge(observed, on="patient_id")
    before = events["months"] < events["start"] * (1 - SAME)
    counted, groups = _named(events[~before]), who.group.categories
    table = _table(counted, observed, groups)
    early = events[before].drop_duplicates("number")
    reasons = pd.DataFrame({"patient_id": early["patient_id"], "reason": "an event before the start of observation"})
    method = method_words(", ".join([*_method(counted, observed), *_early_words(len(early))]), left_out)
    return AdverseEvents(question, method, pd.concat([left_out, reasons], ignore_index=True), table, recorded=True)


def _observed(cohort: Cohort, who: Members) -> pd.DataFrame:
    """Return patient_id, group, start and end of observation of everyone in a group; maybe twice."""
    patients = cohort.patients.iloc[who.rows]
    start = patients["entry_months"].fillna(0.0) if "entry_months" in patients else 0.0
    observed = patients[["patient_id"]].assign(start=start, end=patients["follow_up_months"], group=who.group)
    return observed.reset_index(drop=True).astype({"start": float, "end": float})


def _named(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events under one spelling each, with ``relation`` and ``severe``."""
    folded = events["event"].astype(str).str.strip().str.casefold()
    relation = events["related"].map({True: RELATED, False: "not related"}).astype(object).fillna(UNKNOWN)
    return events.assign(
        event=events["event"].astype(str).str.strip().groupby(folded).transform("first"),
        relation=relation,
        severe=(events["grade"] >= SEVERE_GRADE).fillna(False).astype(bool),
    )


def _table(events: pd.DataFrame, observed: pd.DataFrame, groups: pd.Index) -> pd.DataFrame:
    rows = _rows(events)
    counts = _counts(events).reindex(
        pd.MultiIndex.from_tuples(
            [(group, *row) for group in groups for row in rows], names=["group", "event", "related"]
        ),
        fill_value=0,
    )
    table = counts.reset_index()
    by_group = observed.assign(years=(observed["end"] - observed["start"]) / 12).groupby("group", observed=False)
    table["patients"] = table["group"].map(by_group.size()).astype(int)
    table["person_years"] = table["group"].map(by_group["years"].sum()).astype(float)
    table["lower"], table["upper"] = proportion_interval(
        table["at_least_one"].tolist(), table["patients"].tolist(), "clopper-pearson"
    )
    exposure = table["person_years"] / PER_PATIENT_YEARS
    table["rate_lower"], table["rate_upper"] = rate_interval(table["events"].tolist(), exposure.tolist())
    # Nobody, or nobody followed for any time, has no share and no rate.
    table["share"] = table["at_least_one"] / table["patients"].where(table["patients"] > 0)
    table["rate"] = table["events"] / exposure.where(exposure > 0)
    return with_groups(table[COLUMNS], groups)


def _rows(events: pd.DataFrame) -> list[tuple[str, str]]:
    """Return event and relation of every row of a group: what is not recorded at all is not counted as none."""
    relations = [ANY, *([RELATED] if _known(events["related"]) else [])]
    patients = events.groupby("event")["patient_id"].nunique()
    named = sorted(patients.index, key=lambda name: (-patients[name], name))
    severe = [SEVERE] if _known(events["grade"]) else []
    unknown = set(events.loc[events["relation"] == UNKNOWN, "event"])
    rows = []
    for name in [ANY_EVENT, *severe, *named]:
        rows += [(name, relation) for relation in relations]
        if name in unknown or (name == ANY_EVENT and unknown):
            rows.append((name, UNKNOWN))
    return rows


def _known(values: pd.Series) -> bool:
    return values.empty or bool(values.notna().any())


def _counts(events: pd.DataFrame) -> pd.DataFrame:
    """Return at_least_one and events by group, event and relation; an event is in each row that it belongs to."""
    named = pd.concat([events, events.assign(event=ANY_EVENT), events[events["severe"]].assign(event=SEVERE)])
    related = pd.concat([named.assign(relation=ANY), named])
    by_row = related.rename(columns={"relation": "related_row"}).groupby(
        [related["group"].astype(object), "event", "related_row"]
    )
    return by_row.agg(at_least_one=("patient_id", "nunique"), events=("patient_id", "size"))


def _method(events: pd.DataFrame, observed: pd.DataFrame) -> Sequence[str]:
    # A patient of two groups has each event twice here.
    patients, own = observed["patient_id"].nunique(), events.drop_duplicates("number")
    late = own["months"] > own["end"] * (1 + SAME)
    unrelated, ungraded = own["related"].isna().sum(), own["grade"].isna().sum()
    return [
        "Patients with at least one event of all patients, 95 % Clopper-Pearson interval",
        "events per 100 patient-years, 95 % exact Poisson interval (too narrow where events come together in patients)",
        "from transplantation to death or last contact",
        count_words(patients, "patient"),
        *([f"{count_words(int(late.sum()), 'event')} after the end of follow-up counted"] if late.any() else []),
        *([f"relation not recorded of {count_words(int(unrelated), 'event')}"] if unrelated else []),
        *([f"grade not recorded of {count_words(int(ungraded), 'event')}"] if ungraded else []),
    ]


def _early_words(early: int) -> list[str]:
    return [f"{count_words(early, 'event')} before the start of observation not counted"] if early else []
