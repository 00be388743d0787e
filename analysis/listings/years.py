"""The patients behind yearly shares: place in the ledger, numerator and denominator, and those left out."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.times import SAME
from analysis.counts.groups import membership
from analysis.counts.places import ByYear, Profiles, absence_words, profiles_of_patients
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.place_by_year import PLACES
from analysis.facts.relapse import find_relapses
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission import first_in_remission
from analysis.facts.remission_by_year import RemissionByYear
from analysis.facts.state_history import timeline
from analysis.listings.left_out import left_out_patients

# Facts that are not of the visit that stands for the year: of the first remission, of the last visit by its end.
FIRST, LAST = "happened", "in_remission_at_end"


class Settings(Protocol):
    """The settings of a yearly estimate."""

    @property
    def of_each(self) -> ByYear:
        """The definition of remission or relapse by year."""

    @property
    def by(self) -> By | None:
        """The grouping."""


class YearlyFigure(Protocol):
    """A yearly estimate, such as `analysis.estimates.yearly.yearly.Yearly`."""

    @property
    def settings(self) -> Settings:
        """The settings."""

    @property
    def years(self) -> tuple[int, ...]:
        """The years shown."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the facts that it counts."""

    @property
    def from_start(self) -> bool:
        """Whether only patients observed from transplantation on are enrolled."""

    def flags(self, profiles: Profiles) -> tuple[Flags, Flags]:
        """Return who is in the denominator and who in the numerator: years by patients."""


def yearly_members(cohort: Cohort, yearly: YearlyFigure) -> pd.DataFrame:
    """Return the patients enrolled in each year, with their place in the ledger.

    Parameters
    ----------
    cohort
        The patients of the estimate.
    yearly
        The estimate.

    Returns
    -------
    DataFrame with group, year, patient_id, place (one of `PLACES`), counted (whether in the numerator), in_denominator,
    months (of those counted: of the first relapse or remission, or of the visit in remission); sorted by group and
    year. A patient in two groups has two rows a year.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> members = yearly_members(load_sample(), yearly_remission(load_sample()))
    >>> int(members["counted"].sum()), int(members["in_denominator"].sum())
    (43, 140)
    """
    profiles, years = _profiles(cohort, yearly), yearly.years
    in_denominator, counted = yearly.flags(profiles)
    who = membership(cohort, yearly.settings.by)
    enrolled = profiles.enrolled[:, who.rows]
    # Sorted by group and year, then in the order of the patients.
    order = np.argsort((who.code * len(years) + np.arange(len(years))[:, None]).ravel(), kind="stable")
    year, member = np.divmod(order[enrolled.ravel()[order]], max(len(who.code), 1))
    row = who.rows[member]
    return pd.DataFrame(
        {
            "group": who.groups().column(who.code[member]),
            "year": np.asarray(years, dtype=int)[year],
            "patient_id": np.asarray(cohort.values("patient_id"))[row],
            "place": np.asarray(PLACES, dtype=object)[profiles.place[year, row]],
            "counted": counted[year, row],
            "in_denominator": in_denominator[year, row],
            "months": np.where(counted[year, row], _months(cohort, yearly)[year, row], np.nan),
        }
    )


def event_of(yearly: YearlyFigure) -> str:
    """Return what happened to those counted at the months of `yearly_members`, such as "first relapse"."""
    each = yearly.settings.of_each
    if isinstance(each, RemissionByYear):
        return f"{'first' if FIRST in yearly.columns else 'visit in'} {each.remission_words}"
    return "first relapse"


def _months(cohort: Cohort, yearly: YearlyFigure) -> Floats:
    """Return the month at which what counts was seen: years by patients, missing where nothing was."""
    each, years = yearly.settings.of_each, yearly.years
    if isinstance(each, RelapseByYear):
        return np.tile(_first_relapse(cohort, each), (len(years), 1))
    if not isinstance(each, RemissionByYear):
        raise TypeError("Only relapses and remissions are counted by year.")
    if FIRST in yearly.columns:
        first = first_in_remission(cohort, each.rule, each.response)
        return np.tile(_at_rows(cohort, first["row"], first["months"]), (len(years), 1))
    if LAST in yearly.columns:
        visits = timeline(cohort, each.rule)  # sorted by time: the last one of a patient stays
        until = [visits[visits["months"] <= 12 * year * (1 + SAME)] for year in years]
        return np.array([_at_rows(cohort, seen["row"], seen["months"]) for seen in until])
    seen = each.seen(cohort)
    of_years = [seen["year"] == year for year in years]
    return np.array([_at_rows(cohort, seen["row"][of_year], seen["months"][of_year]) for of_year in of_years])


def _at_rows(cohort: Cohort, row: ArrayLike, months: ArrayLike) -> Floats:
    found = np.full(len(cohort), np.nan)
    found[np.asarray(row, dtype=np.intp)] = np.asarray(months, dtype=float)
    return found


def _first_relapse(cohort: Cohort, of_each: RelapseByYear) -> Floats:
    """Return the month of each patient's first relapse; missing without one."""
    if not of_each.is_recorded(cohort):
        return np.full(len(cohort), np.nan)
    found = find_relapses(cohort, of_each.rule, of_each.remission, of_each.response)
    first = found[found["number"] == 1]
    return _at_rows(cohort, first["row"], first["months"])


def left_out_of_years(cohort: Cohort, yearly: YearlyFigure) -> pd.DataFrame:
    """Return the patients who are enrolled in no year of a yearly estimate.

    Parameters
    ----------
    cohort
        The patients of the estimate.
    yearly
        The estimate.

    Returns
    -------
    DataFrame with patient_id, reason: one row per patient.
    """
    profiles, who = _profiles(cohort, yearly), membership(cohort, yearly.settings.by)
    steps = ((profiles.not_judged, NO_BASELINE), (profiles.absent, absence_words(yearly.from_start)))
    return left_out_patients(cohort, who.absence(*((who.rows[~out[who.rows]], reason) for out, reason in steps)))


def _profiles(cohort: Cohort, yearly: YearlyFigure) -> Profiles:
    profiles = profiles_of_patients(cohort, yearly.settings.of_each, yearly.columns, yearly.years)
    return profiles.from_start() if yearly.from_start else profiles
