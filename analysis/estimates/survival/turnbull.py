"""The time to an event that is only seen at visits: Turnbull's estimate, and the event dated to the visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import slack
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Steps
from analysis.counts.paths import Paths
from analysis.counts.seen_intervals import HAPPENED, SeenIntervals
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import by_group
from analysis.estimates.survival.kaplan_meier import survival_steps
from analysis.estimates.survival.self_consistency import self_consistent
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.facts.relapse import relapse_rule
from analysis.facts.remission import remission_rule
from analysis.facts.seen_between import SeenEvent, SeenRelapse, SeenRemission

CURVE = ["after", "months", "probability", "share"]
DATED = ["months", "at_risk", "events", "censored", "share"]
AT = ["group", "months", "at_risk", "seen", "lowest", "highest", "dated"]
NO_MAXIMUM = "the estimate did not converge"
ASSUMES = (
    "it assumes that when patients come does not depend on their state, and that those who died, censored at their "
    "last visit, would have had the event as often as others"
)


@dataclass(frozen=True, repr=False)
class Turnbull(Result):
    """The distribution of a time that lies between two visits.

    Attributes
    ----------
    question, method
        What the curves answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    curve
        group, after, months (the event lies after the one and by the other, where exactly is not known), probability
        (of the event in between), share (with the event by that month). Groups without patients, or whose estimate did
        not converge, have no rows.
    dated
        group, months, at_risk, events, censored, share: the same patients with the event dated to the visit that first
        shows it (one minus Kaplan-Meier); a row at 0 and at each time of its own.
    summary
        group, patients, events, withheld ("" or why there is no estimate).
    event
        The event in words.
    time_zero
        The event from which months are counted.
    shared
        Number of patients counted in two groups.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    dated: pd.DataFrame
    summary: pd.DataFrame
    event: str
    time_zero: str = TRANSPLANTATION
    shared: int = 0

    @classmethod
    def of(cls, counts: SeenIntervals) -> Turnbull:
        """Return the estimate from counts of patients by the visits between which their event lies."""
        curves, dated, rows = [], [], []
        for _, paths, patients in counts.of_groups():
            shown = paths.next_state == HAPPENED
            curve, withheld = _turnbull(paths, patients)
            curves.append(curve)
            dated.append(_dated(paths, patients))
            rows.append((int(patients.sum()), int(patients[shown].sum()), withheld))
        summary = pd.DataFrame(rows, columns=["patients", "events", "withheld"])
        summary.insert(0, "group", counts.groups.column(counts.groups.shown))
        shown_groups = counts.groups.only(counts.groups.shown)
        where = "which is only known to lie between the last visit without it and the first with it"
        beside = "no interval; beside it the same patients with the event dated to the visit that first shows it"
        number = count_words(counts.groups.patients, "patient")
        method = (
            f"Turnbull's self-consistent estimate (1976) of the time to {counts.definition}, {where}; {ASSUMES}; "
            f"months from {TRANSPLANTATION}, {beside}; {number}"
        )
        return cls(
            question=f"Seen only at visits: by when was there a {counts.definition}?",
            method=method_words(method, counts.left_out.table),
            left_out=counts.left_out.table,
            curve=by_group(shown_groups, curves, CURVE),
            dated=by_group(shown_groups, dated, DATED),
            summary=summary,
            event=counts.definition,
            shared=counts.groups.shared,
        )

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the share with the event at chosen times.

        Parameters
        ----------
        months
            Times of 0 or more.

        Returns
        -------
        DataFrame with group, months, at_risk (without the event at earlier visits, and seen then or later), seen
        (patients whose visits have shown the event by then), lowest and highest (the share by Turnbull's estimate:
        within an interval it lies between both), dated (with the event dated to the visit). Shares are missing beyond
        the last visit of a group.

        Raises
        ------
        ValueError
            If a time is below 0.
        """
        if any(not time >= 0 for time in months):
            raise ValueError("A curve is read at times from 0 months on.")
        rows = []
        for group, patients, withheld in self.summary[["group", "patients", "withheld"]].itertuples(index=False):
            own, dated = self.curve[self.curve["group"] == group], self.dated[self.dated["group"] == group]
            last = dated["months"].max()
            for time in map(float, months):
                over = own.loc[own["months"] <= time + slack(time), "probability"].sum()
                begun = own.loc[own["after"] < time - slack(time), "probability"].sum()
                steps = dated[dated["months"] <= time + slack(time)]
                later = dated[dated["months"] >= time - slack(time)]
                known = patients > 0 and not withheld and time <= last + slack(last)
                at_risk = int(later["at_risk"].iloc[0]) if len(later) else 0
                told = (over, begun, steps["share"].iloc[-1]) if known else (np.nan,) * 3
                rows.append((group, time, at_risk, int(steps["events"].sum()), *map(float, told)))
        table = pd.DataFrame(rows, columns=AT)
        return table.assign(group=pd.Categorical(table["group"], self.summary["group"].cat.categories, ordered=True))


def turnbull(
    cohort: Cohort,
    event: str = "remission",
    *,
    rule: object = None,
    response: str = "complete",
    by: By | None = None,
) -> Turnbull:
    """Return Turnbull's estimate of the time to the first remission or relapse, which is only seen at visits.

    A patient who is not in remission at month 6 and is at month 12 came into it in between. Usual curves date it to
    month 12; this estimate uses what is known. Patients whose visits never show the event are censored at the last
    visit with a known state, also those who died: death does not compete here, as it does in `cumulative_incidence`.

    Parameters
    ----------
    cohort
        The patients.
    event
        "remission" or "relapse".
    rule
        Its definition, as for `yearly_remission` or `yearly_relapse`; by default "recorded" for remission and "visits"
        for relapse. Recorded relapses have dates of their own and are refused.
    response
        Which states count as remission: "complete" or "any".
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    Turnbull; ``summary`` has one row per group.

    Raises
    ------
    ValueError
        If the event, the rule, the response or the grouping column is unknown, the cohort lacks a column that the rule
        needs, or relapses are not told by visits.

    References
    ----------
    Turnbull BW (1976), Journal of the Royal Statistical Society B 38:290-295.

    Examples
    --------
    >>> from analysis import load_sample
    >>> found = turnbull(load_sample())
    >>> found.at([12])[["lowest", "dated"]].round(2).to_numpy().tolist()
    [[0.38, 0.27]]
    """
    return Turnbull.of(SeenIntervals.of(cohort, seen_event(event, rule, response), by))


def seen_event(event: str, rule: object = None, response: str = "complete") -> SeenEvent:
    """Return the event that visits show; parameters and errors as of `turnbull`."""
    # A rule of the other event is refused by `remission_rule` and `relapse_rule`, as any that they do not know.
    if event == "remission":
        return SeenRemission(remission_rule("recorded" if rule is None else rule), response)  # type: ignore[arg-type]
    if event == "relapse":
        return SeenRelapse(relapse_rule("visits" if rule is None else rule))  # type: ignore[arg-type]
    raise ValueError(f'Unknown event {event!r}; known are "remission" and "relapse".')


def _turnbull(paths: Paths, patients: np.ndarray) -> tuple[Steps, str]:
    nothing: Steps = {name: np.empty(0) for name in CURVE}
    if not len(patients):
        return nothing, ""
    right = np.where(paths.next_state == HAPPENED, paths.stop, np.inf)
    found = self_consistent(paths.start, right, patients)
    if not found.converged:
        return nothing, NO_MAXIMUM
    held = np.isfinite(found.right) & (found.probability > 0)
    mass = found.probability[held]
    return {"after": found.left[held], "months": found.right[held], "probability": mass, "share": np.cumsum(mass)}, ""


def _dated(paths: Paths, patients: np.ndarray) -> Steps:
    shown = paths.next_state == HAPPENED
    months = np.unique(np.append(0.0, paths.stop))
    place = np.searchsorted(months, paths.stop)
    events, censored = (
        np.bincount(place[held], patients[held], minlength=len(months)).astype(np.int64) for held in (shown, ~shown)
    )
    at_risk = (events + censored)[::-1].cumsum()[::-1]
    share = 1 - survival_steps(np.maximum(at_risk, 1).astype(float), events.astype(float))
    share = share if len(patients) else np.full(len(months), np.nan)
    return {"months": months, "at_risk": at_risk, "events": events, "censored": censored, "share": share}
