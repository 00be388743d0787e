"""Which characteristics stand in a baseline table, in which order, and how each is summed up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.arrays import Floats
from analysis.cohort.baseline import baseline
from analysis.cohort.column_words import column_label, column_unit, mid_sentence
from analysis.cohort.filters import filter_column
from analysis.cohort.measures import MOST_GROUPS, OUTCOMES, numeric_measures
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import ORGANS, PATIENTS

# Age and the like first, then how active the disease is and where, then what was given.
FIRST = ("sex", "age_years", "disease_duration_months")
GIVEN = ("msc_source", "centre", "transplant_year", "cell_dose_million_per_kg", "infusions")
MOST_LEVELS = 20  # A text with more is no characteristic of a group but of a patient.
YES = "yes"
MISSING = -1  # the code of what is not recorded

Levels: TypeAlias = frozenset[str]


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
        Numbers, or a categorical of sets of levels; indexed like ``cohort.patients``, missing where not recorded.
    levels
        The levels, in order; none for numbers.
    """

    name: str
    label: str
    kind: Literal["number", "levels", "flags"]
    values: pd.Series
    levels: tuple[str, ...] = ()

    def counts(self, levels: Sequence[str], values: pd.Series) -> Floats:
        """Return how many of some patients hold each level, from their part of the values."""
        sets = values.cat.categories
        held = np.array([[level in each for each in sets] for level in levels], dtype=float)
        of_each = np.bincount(values.cat.codes + 1, minlength=len(sets) + 1)[1:]
        counts: Floats = held.reshape(len(levels), len(sets)) @ of_each
        return counts


def baseline_characteristics(cohort: Cohort) -> list[Characteristic]:
    """Return the characteristics of a cohort at transplantation, in the order of the table.

    No outcomes, identifiers, dates and free texts, no text that is the same in all, none with more than 20 values.
    """
    patients = cohort.patients
    known = [*FIRST, "organs", *GIVEN]
    others = [str(name) for name in patients.columns if name not in (*known, *OUTCOMES, "patient_id")]
    found = {name: _characteristic(cohort, name) for name in (*known, *others) if name in patients}
    measured = [_measured(cohort, measure) for measure in numeric_measures(cohort.whole)]
    ordered = [*(found.get(name) for name in FIRST), *measured, found.get("organs")]
    ordered += [found.get(name) for name in (*GIVEN, *others)]
    return [each for each in ordered if each is not None]


def _characteristic(cohort: Cohort, name: str) -> Characteristic | None:
    label, values = _label(name), cohort.patients[name]
    if name == "organs":
        sets = filter_column(cohort, name)
        return Characteristic(name, label, "flags", sets, _organs(sets))
    if values.notna().sum() == 0:
        return None
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = tuple(str(level) for level in values.cat.categories if (values == level).any())
        told = name in PATIENTS or 2 <= len(levels) <= MOST_LEVELS
        return Characteristic(name, label, "levels", _sets(values), levels) if told else None
    if is_bool_dtype(values) or (is_numeric_dtype(values) and name not in PATIENTS and _is_flag(values)):
        flags = _sets(values, lambda value: frozenset({YES} if value else ()))
        return Characteristic(name, label, "flags", flags, (YES,))
    if not is_numeric_dtype(values):
        return None
    # Whole numbers such as years and infusions are counted as long as they are few: no year is a mean of years.
    if name in PATIENTS and PATIENTS[name].kind == "integer" and values.nunique() <= MOST_GROUPS:
        levels = tuple(str(int(value)) for value in sorted(values.dropna().unique()))
        return Characteristic(name, label, "levels", _sets(values, lambda year: frozenset({str(int(year))})), levels)
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
    held = frozenset[str]().union(*values.cat.categories[np.unique(values.cat.codes[values.notna()])])
    return (*(organ for organ in ORGANS if organ in held), *sorted(held.difference(ORGANS)))


def _is_flag(values: pd.Series) -> bool:
    return bool(values.dropna().isin([0, 1]).all())


def _sets(values: pd.Series, held: Callable[[Any], Levels] = lambda value: frozenset({str(value)})) -> pd.Series:
    """Return what levels each patient holds, from the value; worked out once a value, not once a patient."""
    codes, found = pd.factorize(values)
    place = {each: at for at, each in enumerate(dict.fromkeys(map(held, found)))}
    of_code = np.array([*(place[held(value)] for value in found), MISSING])
    sets = pd.Categorical.from_codes(of_code[codes], pd.Index(place, dtype=object, tupleize_cols=False))
    return pd.Series(sets, index=values.index)


def _numbers(values: pd.Series) -> pd.Series:
    return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index=values.index)
