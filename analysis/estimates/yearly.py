"""Remission and relapse per year, and who is in each denominator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import Grouping, group_labels, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.states import first_relapse, visits_alive
from analysis.cohort.times import SAME, nearest_visits
from analysis.estimates.intervals import PROPORTION_INTERVALS, proportion_interval
from analysis.estimates.words import count_words, method_words

WINDOW_MONTHS = 3.0
PLACES = ("assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown")


@dataclass(frozen=True)
class Yearly:
    """Shares of patients by year after transplantation, and where everybody is.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        patient_id, reason: patients who are in no year.
    bars
        group, year, events, patients, share, lower, upper; share and limits are missing where `patients` is 0.
    ledger
        group, year, enrolled, assessed, visit_missing, died_before, lost_before, not_yet_due, ended_unknown;
        the six add up to enrolled.
    members
        group, year, patient_id, place (one of the six), counted (whether in the numerator).
    """

    question: str
    method: str
    left_out: pd.DataFrame
    bars: pd.DataFrame
    ledger: pd.DataFrame
    members: pd.DataFrame


def yearly_remission(
    cohort: Cohort,
    *,
    estimand: str = "assessed",
    rule: str = "recorded",
    window_months: float = WINDOW_MONTHS,
    interval: str = "wilson",
    level: float = 0.95,
    by: str | Grouping | None = None,
    years: Sequence[int] | None = None,
) -> Yearly:
    """Return the share in complete remission at 12, 24, ... months.

    Parameters
    ----------
    cohort
        The patients.
    estimand
        "assessed": among patients alive at a visit with a known state within the window; the state at the visit nearest
        to the year, of two equally near ones the earlier.
    rule
        "recorded": the state as the clinic recorded it.
    window_months
        How far from 12, 24, ... months a visit may lie, in months; above 0, at most 6.
    interval, level
        "wilson" or "clopper-pearson", and the confidence level.
    by
        A column or a `Grouping`; without it there is one group, "All".
    years
        The years to show; without them 1 to the last with anyone assessed.

    Raises
    ------
    ValueError
        If an argument is not one of those above.
    """
    _check_choice("estimand", estimand, ("assessed",))
    _check_choice("rule", rule, ("recorded",))
    visits = visits_alive(cohort)
    known = visits[visits["remission"].notna()] if "remission" in visits else visits.iloc[:0]
    seen = _seen_at_years(known, window_months)
    in_remission = seen.assign(counted=seen["remission"] == "complete") if len(seen) else seen.assign(counted=False)
    method = (
        f"In complete remission as recorded, among patients with a recorded state within {window_months:g} months of "
        f"the year, the nearest visit"
    )
    question = "How many of the patients assessed are in complete remission each year?"
    return _yearly(cohort, in_remission, question, method, interval=interval, level=level, by=by, years=years)


def yearly_relapse(
    cohort: Cohort,
    *,
    estimand: str = "assessed",
    interval: str = "wilson",
    level: float = 0.95,
    by: str | Grouping | None = None,
    years: Sequence[int] | None = None,
) -> Yearly:
    """Return the share with a first relapse in each year after transplantation; year k is months (12(k-1), 12k].

    Parameters
    ----------
    cohort
        The patients.
    estimand
        "assessed": first relapses in the year among patients alive at a visit within 3 months of its end; a relapse
        of somebody not seen then is in no bar, and the method says how many there are.
    interval, level, by, years
        As for `yearly_remission`.

    Raises
    ------
    ValueError
        If an argument is not one of those above.
    """
    _check_choice("estimand", estimand, ("assessed",))
    relapse = first_relapse(cohort).set_axis(cohort.patients["patient_id"])
    seen = _seen_at_years(visits_alive(cohort), WINDOW_MONTHS)
    relapse_year = seen["patient_id"].map(_year_of(relapse))
    relapsed = seen.assign(counted=relapse_year == seen["year"])
    unseen = int(relapse.notna().sum() - relapsed["counted"].sum())
    method = f"First relapses in the year, among patients seen within {WINDOW_MONTHS:g} months of its end"
    if unseen:
        method += f"; {count_words(unseen, 'first relapse')} of patients not seen then in no bar"
    question = "How many of the patients assessed have a first relapse in each year?"
    return _yearly(cohort, relapsed, question, method, interval=interval, level=level, by=by, years=years)


def _check_choice(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise ValueError(f"Unknown {name} {value!r}; known: {', '.join(known)}.")


def _seen_at_years(visits: pd.DataFrame, window_months: float) -> pd.DataFrame:
    """Return the visit that stands for each patient and year: the columns of the visits, and year."""
    if not 0 < window_months <= 6:
        raise ValueError("The window is more than 0 and at most 6 months: a wider one would count a visit twice.")
    last = visits["months"].max()
    years = np.arange(1, 1 + int((last + window_months) // 12 if pd.notna(last) else 0))
    limits = [(12 * year - window_months, 12 * year + window_months) for year in years]
    stands_for = nearest_visits(visits, [12.0 * year for year in years], limits)
    seen = visits[stands_for.notna()]
    return seen.assign(year=(stands_for.dropna() / 12).astype(int))


def _year_of(months: pd.Series) -> pd.Series:
    """Return the year that a time lies in, a whole number of years being the end of one."""
    return np.ceil(months / 12 * (1 - SAME))


def _yearly(
    cohort: Cohort,
    seen: pd.DataFrame,
    question: str,
    method: str,
    *,
    interval: str,
    level: float,
    by: str | Grouping | None,
    years: Sequence[int] | None,
) -> Yearly:
    """Return bars, ledger and members from the patients seen at each year: patient_id, year, counted."""
    labels = group_labels(cohort, by)
    left_out = without_group(cohort, labels)
    shown = list(years) if years is not None else list(range(1, 1 + int(seen["year"].max() if len(seen) else 0)))
    members = _members(cohort, labels, seen, shown)
    ledger = _ledger(members, labels.cat.categories, shown)
    counted = members[members["counted"]].groupby(["group", "year"], observed=False).size()
    rows = pd.MultiIndex.from_frame(ledger[["group", "year"]])
    events = counted.reindex(rows, fill_value=0).to_numpy(dtype=int)
    patients = ledger["assessed"].to_numpy(dtype=int)
    lower, upper = proportion_interval(events.tolist(), patients.tolist(), interval, level)
    with np.errstate(invalid="ignore"):
        share = events / np.where(patients, patients, np.nan)
    bars = ledger[["group", "year"]].assign(events=events, patients=patients, share=share, lower=lower, upper=upper)
    described = f"{method}; {100 * level:g} % {PROPORTION_INTERVALS[interval]} interval, " + count_words(
        len(cohort) - len(left_out), "patient"
    )
    return Yearly(question, method_words(described, left_out), left_out, bars, ledger, members)


def _members(cohort: Cohort, labels: pd.Series, seen: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return the place of each patient of a group in each year, and whether the patient is in the numerator."""
    patients = cohort.patients.assign(group=labels)[labels.notna()]
    each = patients.merge(pd.Series(years, name="year", dtype=int), how="cross")
    each = each.merge(seen[["patient_id", "year", "counted"]], on=["patient_id", "year"], how="left")
    due = 12.0 * each["year"]
    followed = each["follow_up_months"]
    ended = each["follow_up_ended"] if "follow_up_ended" in each else pd.Series("unknown", index=each.index)
    place = np.select(
        [
            each["counted"].notna(),
            each["died"] & (followed <= due + SAME * due),
            followed >= due - SAME * due,
            ended == "lost",
            ended == "ongoing",
        ],
        ["assessed", "died_before", "visit_missing", "lost_before", "not_yet_due"],
        "ended_unknown",
    )
    each = each.assign(place=place, counted=each["counted"].eq(True))
    table = each[["group", "year", "patient_id", "place", "counted"]]
    return table.sort_values(["group", "year"], kind="stable", ignore_index=True)


def _ledger(members: pd.DataFrame, groups: pd.Index, years: Sequence[int]) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product(
        [pd.CategoricalIndex(groups, groups, ordered=True), years], names=["group", "year"]
    )
    counts = members.groupby(["group", "year", "place"], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(index=rows, columns=list(PLACES), fill_value=0).astype(int)
    counts.insert(0, "enrolled", counts.sum(axis=1))
    return counts.reset_index().rename_axis(columns=None)
