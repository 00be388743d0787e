"""Where every patient is in each year after transplantation, and how many that makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By, Pinned, group_members, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME, nearest_visits

PLACES = ("assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown")


def seen_at_years(visits: pd.DataFrame, window_months: float) -> pd.DataFrame:
    """Return the visit that stands for each patient and year: the columns of the visits, and year.

    Of the visits within the window it is the nearest to 12, 24, ... months, of two equally near ones the earlier.

    Raises
    ------
    ValueError
        If the window is not above 0 and at most 6 months.
    """
    if not 0 < window_months <= 6:
        raise ValueError("The window is more than 0 and at most 6 months: a wider one would count a visit twice.")
    last = visits["months"].max()
    years = np.arange(1, 1 + int((last * (1 + SAME) + window_months) // 12 if pd.notna(last) else 0))
    limits = [(12 * year - window_months, 12 * year + window_months) for year in years]
    stands_for = nearest_visits(visits, [12.0 * year for year in years], limits)
    seen = visits[stands_for.notna()]
    return seen.assign(year=(stands_for.dropna() / 12).astype(int))


def year_of(months: pd.Series) -> pd.Series:
    """Return the year that a time lies in, a whole number of years being the end of one."""
    return np.ceil(months / 12 * (1 - SAME))


@dataclass(frozen=True, eq=False)
class Setting:
    """Who is where in each year: what every way of counting starts from.

    Attributes
    ----------
    cohort, by
        The patients, and what groups them.
    labels
        Their groups, an ordered categorical indexed like the patients; one who is in two groups is there twice.
    left_out
        patient_id, reason: patients who are in no year.
    years
        The years shown.
    members
        group, year, patient_id, place; sorted by group and year. A patient who is in two groups counts in each.
    """

    cohort: Cohort
    by: By | None
    labels: pd.Series
    left_out: pd.DataFrame
    years: tuple[int, ...]
    members: pd.DataFrame

    def of_patients(self, values: pd.Series) -> pd.Series:
        """Return a value of each patient, indexed like the cohort's patients, for each row of the members."""
        return self.members["patient_id"].map(values.set_axis(self.cohort.patients["patient_id"]))

    @property
    def year_end(self) -> pd.Series:
        """The month at which the year of each row of the members ends."""
        return 12.0 * self.members["year"]

    def ledger(self) -> pd.DataFrame:
        """Return how many are in each place, a row a group and year."""
        counts = self.members.groupby(["group", "year", "place"], observed=True).size().unstack(fill_value=0)
        counts = counts.reindex(index=self._rows(), columns=list(PLACES), fill_value=0).astype(int)
        counts.insert(0, "enrolled", counts.sum(axis=1))
        return counts.reset_index().rename_axis(columns=None)

    def counts(self, in_denominator: pd.Series, counted: pd.Series) -> pd.DataFrame:
        """Return group, year, events, patients from who is in denominator and numerator, in the order of members."""
        rows = self._rows()
        sizes = [
            self.members[who].groupby(["group", "year"], observed=True).size().reindex(rows, fill_value=0).to_numpy(int)
            for who in (counted, in_denominator)
        ]
        return rows.to_frame(index=False).assign(events=sizes[0], patients=sizes[1])

    def _rows(self) -> pd.MultiIndex:
        groups = self.labels.cat.categories
        return pd.MultiIndex.from_product(
            [pd.CategoricalIndex(groups, groups, ordered=True), list(self.years)], names=["group", "year"]
        )


def asked_for(cohort: Cohort, by: By | None) -> Cohort:
    """Return the patients that yearly figures are asked for: with `Pinned` those in either cohort, else all."""
    if not isinstance(by, Pinned):
        return cohort
    return cohort.subset(cohort.patients["patient_id"].isin(by.of_first | by.of_second))


def set_out(cohort: Cohort, seen: pd.DataFrame, by: By | None, years: Sequence[int] | None = None) -> Setting:
    """Return who is where in each year.

    Parameters
    ----------
    seen
        Who was assessed: patient_id, year.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; None for one group, "All".
    years
        The years to show; None for 1 to the last with anyone assessed.
    """
    labels = group_members(cohort, by)
    last = int(seen["year"].max()) if len(seen) else 0
    shown = tuple(range(1, last + 1)) if years is None else tuple(years)
    return Setting(cohort, by, labels, without_group(cohort, labels), shown, _members(cohort, labels, seen, shown))


def _members(cohort: Cohort, labels: pd.Series, seen: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    held = labels.dropna()
    patients = cohort.patients.loc[held.index].assign(group=held.array)
    each = patients.merge(pd.Series(years, name="year", dtype=int), how="cross")
    each = each.merge(seen[["patient_id", "year"]].assign(assessed=True), on=["patient_id", "year"], how="left")
    due = 12.0 * each["year"]
    followed = each["follow_up_months"]
    ended = each["follow_up_ended"] if "follow_up_ended" in each else pd.Series("unknown", index=each.index)
    place = np.select(
        [
            each["assessed"].notna(),
            each["died"] & (followed <= due + SAME * due),
            followed >= due - SAME * due,
            ended == "lost",
            ended == "ongoing",
        ],
        ["assessed", "died_before", "visit_missing", "lost_before", "not_yet_due"],
        "ended_unknown",
    )
    table = each.assign(place=place)[["group", "year", "patient_id", "place"]]
    return table.sort_values(["group", "year"], kind="stable", ignore_index=True)
