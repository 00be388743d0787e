"""The patients behind yearly shares: place in the ledger, numerator and denominator, and those left out."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.groups import membership
from analysis.counts.places import ByYear, Profiles, absence_words, profiles_of_patients
from analysis.facts.place_by_year import PLACES
from analysis.facts.relapse import find_relapses
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.listings.left_out import left_out_patients


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
    months (of the first relapse, of those counted with one; else missing); sorted by group and year. A patient in two
    groups has two rows a year.

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
            "months": np.where(counted[year, row], _first_relapse(cohort, yearly.settings.of_each)[row], np.nan),
        }
    )


def _first_relapse(cohort: Cohort, of_each: ByYear) -> Floats:
    """Return the month of each patient's first relapse; missing without one, and in a yearly estimate of remission."""
    months = np.full(len(cohort), np.nan)
    if isinstance(of_each, RelapseByYear) and of_each.is_recorded(cohort):
        found = find_relapses(cohort, of_each.rule, of_each.remission, of_each.response)
        first = found[found["number"] == 1]
        months[first["row"]] = first["months"]
    return months


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
    ever = _profiles(cohort, yearly).ever_enrolled
    who = membership(cohort, yearly.settings.by)
    return left_out_patients(cohort, who.absence((who.rows[ever[who.rows]], absence_words(yearly.from_start))))


def _profiles(cohort: Cohort, yearly: YearlyFigure) -> Profiles:
    profiles = profiles_of_patients(cohort, yearly.settings.of_each, yearly.columns, yearly.years)
    return profiles.from_start() if yearly.from_start else profiles
