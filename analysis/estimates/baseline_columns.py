"""Which characteristics stand in a baseline table, in which order, and how each is summed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.measures import MOST_GROUPS, OUTCOMES, numeric_measures
from analysis.cohort.model import Cohort
from analysis.cohort.states import baseline
from analysis.cohort.vocabulary import ORGANS, PATIENTS, column_label, column_unit, mid_sentence

# Age and the like first, then how active the disease is and where, then what was given.
FIRST = ("sex", "age_years", "disease_duration_months")
GIVEN = ("msc_source", "centre", "transplant_year", "cell_dose_million_per_kg", "infusions")
MOST_LEVELS = 20  # A text with more is no characteristic of a group but of a patient.
YES = "yes"


@dataclass(frozen=True, eq=False)
class Characteristic:
    """What is known of the patients at transplantation, of one kind.

    Attributes
    ----------
    name, label
        The column, and its words with the unit.
    kind
        "number"; "levels" of which each patient has one; or "flags" of which each patient may have several.
    values
        Numbers, or sets of levels; indexed like ``cohort.patients``, missing where not recorded.
    levels
        The levels, in order; none for numbers.
    """

    name: str
    label: str
    kind: Literal["number", "levels", "flags"]
    values: pd.Series
    levels: tuple[str, ...] = ()

    def held(self, level: str) -> pd.Series:
        """Return whether each patient has a level; False where nothing is recorded."""
        return self.values.map(lambda value: isinstance(value, frozenset) and level in value).astype(bool)


def baseline_characteristics(cohort: Cohort) -> list[Characteristic]:
    """Return the characteristics of a cohort at transplantation, in the order of the table.

    No outcomes, identifiers, dates and free texts, no text that is the same in all, none with more than 20 values.
    """
    patients = cohort.patients
    known = [*FIRST, "organs", *GIVEN]
    others = [str(name) for name in patients.columns if name not in (*known, *OUTCOMES, "patient_id")]
    found = {name: _characteristic(name, patients[name]) for name in (*known, *others) if name in patients}
    measured = [_measured(cohort, measure) for measure in numeric_measures(cohort)]
    ordered = [*(found.get(name) for name in FIRST), *measured, found.get("organs")]
    ordered += [found.get(name) for name in (*GIVEN, *others)]
    return [each for each in ordered if each is not None]


def _characteristic(name: str, values: pd.Series) -> Characteristic | None:
    label = _label(name)
    if name == "organs":
        return Characteristic(name, label, "flags", values, _organs(values))
    if values.notna().sum() == 0:
        return None
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = tuple(str(level) for level in values.cat.categories if (values == level).any())
        told = name in PATIENTS or 2 <= len(levels) <= MOST_LEVELS
        return Characteristic(name, label, "levels", _sets(values.astype(object)), levels) if told else None
    if is_bool_dtype(values) or (is_numeric_dtype(values) and name not in PATIENTS and _is_flag(values)):
        flags = values.astype(object).map(lambda value: frozenset({YES} if value else ()), na_action="ignore")
        return Characteristic(name, label, "flags", flags, (YES,))
    if not is_numeric_dtype(values):
        return None
    # Whole numbers such as years and infusions are counted as long as they are few: no year is a mean of years.
    if name in PATIENTS and PATIENTS[name].kind == "integer" and values.nunique() <= MOST_GROUPS:
        levels = tuple(str(int(value)) for value in sorted(values.dropna().unique()))
        return Characteristic(name, label, "levels", _sets(values.astype("Int64").astype(object)), levels)
    return Characteristic(name, label, "number", _numbers(values))


def _measured(cohort: Cohort, measure: str) -> Characteristic | None:
    values = baseline(cohort, measure)
    if not values.notna().any():
        return None
    return Characteristic(f"baseline_{measure}", f"Baseline {mid_sentence(_label(measure))}", "number", values)


def _label(name: str) -> str:
    unit = column_unit(name)
    words = column_label(name)
    words = f"{words[:1].upper()}{words[1:]}"
    return words if not unit or unit == "points" else f"{words} ({unit})"


def _organs(values: pd.Series) -> tuple[str, ...]:
    held = frozenset[str]().union(*values.dropna())
    return (*(organ for organ in ORGANS if organ in held), *sorted(held.difference(ORGANS)))


def _is_flag(values: pd.Series) -> bool:
    return bool(values.dropna().isin([0, 1]).all())


def _sets(values: pd.Series) -> pd.Series:
    return values.map(lambda value: frozenset({str(value)}), na_action="ignore")


def _numbers(values: pd.Series) -> pd.Series:
    return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index=values.index)
