"""What is known of each patient at transplantation, as codes into sorted distinct values: a code a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.baseline import baseline
from analysis.cohort.filters import filter_column
from analysis.cohort.measures import OUTCOMES, numeric_measures
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient

Kind: TypeAlias = Literal["words", "sets", "flags", "numbers", "measured"]
# Age and the like first, then how active the disease is and where, then what was given.
FIRST = ("sex", "age_years", "disease_duration_months")
GIVEN = ("msc_source", "centre", "transplant_year", "cell_dose_million_per_kg", "infusions")


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """A column of all patients of a cohort as codes.

    Attributes
    ----------
    name, kind
        The column, and whether it holds words, sets of words, yes and no, numbers, or what was measured at the visits.
    values
        The distinct values, in order.
    code
        A code a patient; -1 where nothing is recorded.
    """

    name: str
    kind: Kind
    values: NDArray[Any]
    code: NDArray[np.signedinteger[Any]]


def baseline_columns(cohort: Cohort) -> list[tuple[str, Kind]]:
    """Return what tells something of the patients at transplantation, in the order of a baseline table.

    No outcomes, identifiers, dates and free texts.

    Returns
    -------
    Columns of the patients, and numeric ones of the visits, each with its kind.
    """
    columns: list[tuple[str, Kind]] = [(measure, "measured") for measure in numeric_measures(cohort.whole)]
    for name, values in cohort.whole.patients.items():
        kind = _kind(values, str(name))
        if kind and name not in (*OUTCOMES, "patient_id"):
            columns.append((str(name), kind))
    return sorted(columns, key=lambda column: place_in_table(column[0], column[1] == "measured"))


def place_in_table(name: str, measured: bool) -> tuple[int, int]:
    """Return where a column stands in a baseline table; those of one place in the order of their file."""
    if measured:
        return 1, 0
    for place, known in enumerate((FIRST, (), ("organs",), GIVEN)):
        if name in known:
            return place, known.index(name)
    return 4, 0


def coded_column(cohort: Cohort, name: str, kind: Kind) -> CodedColumn:
    """Return a column of `baseline_columns`, as the codes of a whole cohort, of these patients."""
    of_all = _coded(cohort.whole, name, kind)
    if cohort is cohort.whole:
        return of_all
    return CodedColumn(name, kind, of_all.values, _codes(cohort, name, kind)["code"])


@per_patient
def _codes(cohort: Cohort, name: str, kind: Kind) -> dict[str, NDArray[Any]]:
    return {"code": _coded(cohort, name, kind).code}


@cached
def _coded(cohort: Cohort, name: str, kind: Kind) -> CodedColumn:
    if kind == "measured":
        return _in_codes(name, kind, baseline(cohort, name))
    if kind not in ("words", "sets"):
        return _in_codes(name, kind, cohort.patients[name])
    held = (filter_column(cohort, name) if kind == "sets" else cohort.patients[name]).array
    if kind == "words":
        return CodedColumn(name, kind, held.categories.astype(str).to_numpy(dtype=object), np.asarray(held.codes))
    order = sorted(range(len(held.categories)), key=lambda place: sorted(held.categories[place]))
    place = np.full(len(order) + 1, -1)
    place[order] = np.arange(len(order))
    return CodedColumn(name, kind, held.categories.to_numpy()[order], place[held.codes])


def _in_codes(name: str, kind: Kind, values: pd.Series) -> CodedColumn:
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    held = ~np.isnan(numbers)
    distinct, place = np.unique(numbers[held], return_inverse=True)
    code = np.full(len(numbers), -1, dtype=np.min_scalar_type(-len(distinct) - 1))
    code[held] = place
    return CodedColumn(name, kind, distinct, code)


def _kind(values: pd.Series, name: str) -> Kind | None:
    """Return what a column of the patients holds; None for what tells nothing of a group."""
    if name == "organs":
        return "sets"
    if isinstance(values.dtype, pd.CategoricalDtype):
        return "words"
    if is_bool_dtype(values):
        return "flags"
    return "numbers" if is_numeric_dtype(values) else None
