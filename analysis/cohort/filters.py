"""Filters on patients: conditions by column, whom they keep, and how they read in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.chosen_patients import ChosenPatients
from analysis.cohort.column_words import column_label, unit_words
from analysis.cohort.conditions import Between, Condition, OneOf
from analysis.cohort.filter_columns import filter_column
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import per_patient

PATIENT_ID = "patient_id"


@dataclass(frozen=True)
class Filters:
    """Conditions by column; a patient is kept if all of them hold.

    Attributes
    ----------
    conditions
        Column name to `OneOf`, `AnyOf`, `AllOf`, `NoneOf`, `Between`, `BetweenDates` or, of ``patient_id``,
        `ChosenPatients`, in the order in which they were chosen. The baseline value of a visit measure is "baseline_"
        and its name, such as ``baseline_sledai``.

    Examples
    --------
    >>> from analysis import AnyOf, Between, Filters, OneOf, load_sample
    >>> filters = Filters({"msc_source": OneOf("UC"), "organs": AnyOf("renal", "skin"), "age_years": Between(18, 40)})
    >>> filters.words()
    ['MSC source UC', 'Organ involvement renal or skin', 'Age 18 to 40 years']
    >>> len(load_sample().where(filters))
    30
    """

    conditions: Mapping[str, Condition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", MappingProxyType(dict(self.conditions)))

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def __hash__(self) -> int:
        return hash(frozenset(self.conditions.items()))

    def keep(self, cohort: Cohort) -> pd.Series:
        """Return whether every condition holds for each patient.

        Parameters
        ----------
        cohort
            The patients.

        Returns
        -------
        Series
            Booleans, indexed like ``cohort.patients``.

        Raises
        ------
        ValueError
            If the cohort has no such column.
        """
        keep = np.ones(len(cohort), dtype=bool)
        for condition in self.conditions.items():
            keep &= passing(cohort, *condition)
        return pd.Series(keep, index=cohort.index)

    def without(self, name: str) -> Filters:
        """Return the filters except the one on this column."""
        return Filters({key: value for key, value in self.conditions.items() if key != name})

    def having(self, name: str, condition: Condition) -> Filters:
        """Return the filters with this condition on a column; it replaces an earlier one, or else comes last."""
        return Filters({**self.conditions, name: condition})

    def keeping_missing(self, keep: bool) -> Filters:
        """Return the filters with `keep_missing` set to `keep` in every condition."""
        return Filters({name: _keeping(condition, keep) for name, condition in self.conditions.items()})

    @property
    def one_by_one(self) -> bool:
        """Whether patients were chosen one by one."""
        return PATIENT_ID in self.conditions

    @property
    def keeps_missing(self) -> bool:
        """Whether patients without a value are kept."""
        return any(condition.keep_missing for condition in self.conditions.values())

    def words(self) -> list[str]:
        """Return each filter in plain words, such as "MSC source UC"."""
        return [_phrase(name, condition) for name, condition in self.conditions.items()]


def passing(cohort: Cohort, name: str, condition: Condition) -> Flags:
    """Return whether each patient passes a condition on a column; parameters and errors as of `filter_column`."""
    flags: Flags = _passing(cohort, name, condition)["passes"]
    return flags


@per_patient
def _passing(cohort: Cohort, name: str, condition: Condition) -> dict[str, Flags]:
    if isinstance(condition, ChosenPatients):
        return {"passes": condition.keeps(cohort)}
    column = filter_column(cohort, name)
    passes = condition.passes(column).to_numpy()
    return {"passes": passes | column.isna().to_numpy() if condition.keep_missing else passes}


def _keeping(condition: Condition, keep: bool) -> Condition:
    if isinstance(condition, OneOf):
        return condition.keeping(keep)
    return replace(condition, keep_missing=keep)


def _phrase(name: str, condition: Condition) -> str:
    if isinstance(condition, ChosenPatients):
        return condition.words()
    unit = unit_words(name) if isinstance(condition, Between) else ""
    missing = " (or not recorded)" if condition.keep_missing else ""
    return f"{column_label(name)} {condition.words()} {unit}".rstrip() + missing
