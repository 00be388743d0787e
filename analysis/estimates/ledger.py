"""Where every patient is in each year after transplantation, and how many that makes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.grouping import By, Pinned, group_members, without_group
from analysis.cohort.model import Cohort, Rows
from analysis.cohort.times import SAME, nearest_visits

PLACES = ("assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown")
ASSESSED = PLACES.index("assessed")

Flags = NDArray[np.bool_]


def seen_at_years(visits: pd.DataFrame, window_months: float) -> pd.DataFrame:
    """Return the visit that stands for each patient and year: the columns of the visits, and year.

    Of the visits within the window it is the nearest to 12, 24, ... months, of two equally near ones the earlier.

    Parameters
    ----------
    visits
        row (the place of the patient among the patients), months, and any other columns.
    window_months
        How far from the year a visit may lie.

    Raises
    ------
    ValueError
        If the window is not above 0 and at most 6 months.
    """
    check_window(window_months)
    months = visits["months"].to_numpy(dtype=float)
    last = months.max(initial=-np.inf)
    years = np.arange(1, 1 + int((last * (1 + SAME) + window_months) // 12 if last > 0 else 0))
    limits = [(12 * year - window_months, 12 * year + window_months) for year in years]
    stands_for = nearest_visits(visits["row"].to_numpy(), months, [12.0 * year for year in years], limits)
    stands = ~np.isnan(stands_for)
    return visits[stands].assign(year=(stands_for[stands] / 12).astype(int))


def check_window(window_months: float) -> None:
    """Raise a ValueError if a window is not above 0 and at most 6 months."""
    if not 0 < window_months <= 6:
        raise ValueError("The window is more than 0 and at most 6 months: a wider one would count a visit twice.")


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
    group
        The group of each patient who is in one; one who is in two groups is there twice.
    rows
        The place of each among the patients.
    left_out
        patient_id, reason: patients who are in no year.
    years
        The years shown.
    place
        Where each is in each year, a place in `PLACES`: years by patients in a group.
    """

    cohort: Cohort
    by: By | None
    group: pd.Categorical
    rows: Rows
    left_out: pd.DataFrame
    years: tuple[int, ...]
    place: NDArray[np.int8]

    def of_patients(self, values: pd.Series) -> NDArray[Any]:
        """Return a value of each patient, indexed like the cohort's patients, for each who is in a group."""
        found: NDArray[Any] = values.to_numpy()[self.rows]
        return found

    def of_years(self, flags: Sequence[Flags]) -> Flags:
        """Return what holds of the cohort's patients in each year, of those who are in a group."""
        table = np.asarray(flags, dtype=bool).reshape(len(self.years), len(self.cohort))
        return table[:, self.rows]

    @cached_property
    def year_end(self) -> NDArray[np.float64]:
        """The month at which each year ends, a row a year."""
        return 12.0 * np.asarray(self.years, dtype=float)[:, None]

    def members(self, in_denominator: Flags, counted: Flags) -> pd.DataFrame:
        """Return who is where in each year, and who counts.

        Returns
        -------
        DataFrame with group, year, patient_id, place (one of `PLACES`), counted, in_denominator; by group and year.
        """
        code = self.group.codes.astype(np.int64)
        order = np.argsort((code * len(self.years) + np.arange(len(self.years))[:, None]).ravel(), kind="stable")
        member = order % len(code) if len(code) else order
        year = order // len(code) if len(code) else order
        return pd.DataFrame(
            {
                "group": self.group[member],
                "year": np.asarray(self.years, dtype=int)[year],
                "patient_id": self.cohort.patients["patient_id"].to_numpy()[self.rows[member]],
                "place": np.asarray(PLACES, dtype=object)[self.place.ravel()[order]],
                "counted": counted.ravel()[order],
                "in_denominator": in_denominator.ravel()[order],
            }
        )

    def everybody(self) -> Flags:
        """Return the table of years by patients in which everybody is."""
        return np.ones_like(self.place, dtype=bool)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """How many are in each place, a row a group and year."""
        counts = pd.DataFrame({name: self._sizes(self.place == code) for code, name in enumerate(PLACES)})
        counts.insert(0, "enrolled", counts.sum(axis=1))
        return pd.concat([self._rows(), counts], axis=1)

    def counts(self, in_denominator: Flags, counted: Flags) -> pd.DataFrame:
        """Return group, year, events, patients from who is in denominator and numerator: years by patients."""
        return self._rows().assign(events=self._sizes(counted), patients=self._sizes(in_denominator))

    @cached_property
    def _codes(self) -> Rows:
        return self.group.codes.astype(np.intp)

    def sums(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return the sums of a value of each year and patient, a row a group and year."""
        groups = len(self.group.categories)
        of_years = [np.bincount(self._codes, weights=each, minlength=groups) for each in values]
        return np.asarray(of_years, dtype=float).reshape(len(self.years), groups).T.ravel()

    def _sizes(self, who: Flags) -> NDArray[np.int64]:
        groups = len(self.group.categories)
        if groups == 1:
            return np.count_nonzero(who, axis=1)
        of_years = [np.bincount(self._codes[each], minlength=groups) for each in who]
        return np.asarray(of_years, dtype=np.int64).reshape(len(self.years), groups).T.ravel()

    def _rows(self) -> pd.DataFrame:
        groups = self.group.categories
        rows = pd.MultiIndex.from_product(
            [pd.CategoricalIndex(groups, groups, ordered=True), list(self.years)], names=["group", "year"]
        )
        return rows.to_frame(index=False)


def asked_for(cohort: Cohort, by: By | None) -> Cohort:
    """Return the patients that yearly figures are asked for: with `Pinned` those in either cohort, else all."""
    if not isinstance(by, Pinned):
        return cohort
    return cohort.subset(cohort.patients["patient_id"].isin(by.of_first | by.of_second))


def set_out(
    cohort: Cohort,
    by: By | None,
    years: Sequence[int] | None,
    seen: Callable[..., pd.DataFrame],
    *choices: Hashable,
) -> Setting:
    """Return who is where in each year; it is the same for every way of counting, and made once for all of them.

    Parameters
    ----------
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; None for one group, "All".
    years
        The years to show; None for 1 to the last with anyone assessed.
    seen, choices
        What `Cohort.derived` is asked for who was assessed: row (the place of the patient among the patients), year.
    """
    return cohort.remembered(_set_out, by, None if years is None else tuple(years), seen, *choices)


def _set_out(
    cohort: Cohort,
    by: By | None,
    years: tuple[int, ...] | None,
    seen_in: Callable[..., pd.DataFrame],
    *choices: Hashable,
) -> Setting:
    labels = group_members(cohort, by)
    held = labels[labels.notna()]
    rows = cohort.patients.index.get_indexer(held.index)
    known = cohort.derived(_places, years, seen_in, *choices).drop(columns="row")
    if years is None:
        last = max((year for year in known if (known[year] == ASSESSED).any()), default=0)
        years = tuple(range(1, last + 1))
    places = np.empty((len(years), len(rows)), dtype=np.int8)
    for of_year, year in zip(places, years, strict=True):
        of_year[:] = known[year].to_numpy()[rows]
    return Setting(cohort, by, held.array, rows, without_group(cohort, labels), years, places)


def _places(
    cohort: Cohort, years: tuple[int, ...] | None, seen_in: Callable[..., pd.DataFrame], *choices: Hashable
) -> pd.DataFrame:
    """Return where each patient is in each year, as a place in `PLACES`: row, and a column a year."""
    seen = cohort.derived(seen_in, *choices)
    if years is None:
        years = tuple(range(1, 1 + int(seen["year"].max() if len(seen) else 0)))
    patients = cohort.patients
    followed = patients["follow_up_months"].to_numpy(dtype=float)
    died = patients["died"].to_numpy(dtype=bool)
    ended = patients.get("follow_up_ended", pd.Series("unknown", index=patients.index))
    not_followed = np.full(len(patients), PLACES.index("ended_unknown"), dtype=np.int8)
    not_followed[(ended == "ongoing").to_numpy()] = PLACES.index("not_yet_due")
    not_followed[(ended == "lost").to_numpy()] = PLACES.index("lost_before")
    row, seen_in_year = seen["row"].to_numpy(), seen["year"].to_numpy()
    columns: dict[Any, NDArray[Any]] = {"row": np.arange(len(patients))}
    for year in years:
        due = 12.0 * year
        place = np.where(followed >= due - SAME * due, np.int8(PLACES.index("visit_missing")), not_followed)
        place[died & (followed <= due + SAME * due)] = PLACES.index("died_before")
        place[row[seen_in_year == year]] = ASSESSED
        columns[year] = place
    return pd.DataFrame(columns)
