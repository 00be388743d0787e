"""Baseline characteristics of each patient, as codes into the sorted distinct values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.baseline import baseline
from analysis.cohort.filter_columns import filter_column
from analysis.cohort.measurement_limits import without_marks
from analysis.cohort.measures import OUTCOMES, numeric_measures
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient

Kind: TypeAlias = Literal["words", "sets", "flags", "numbers", "measured"]
# Demographics first, then disease activity and organ involvement, then treatment.
FIRST = ("sex", "age_years", "disease_duration_months")
GIVEN = ("msc_source", "centre", "transplant_year", "cell_dose_million_per_kg", "infusions")


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """A column as codes.

    Attributes
    ----------
    name, kind
        The column, and whether it holds words, sets of words, flags, numbers, or baseline values of a visit measure.
    values
        The distinct values in the whole cohort, sorted.
    code
        For each patient an index into `values`; -1 where the value is missing.
    """

    name: str
    kind: Kind
    values: NDArray[Any]
    code: NDArray[np.signedinteger[Any]]


def baseline_columns(cohort: Cohort) -> list[tuple[str, Kind]]:
    """Return the baseline characteristics that a cohort has, in the order of a baseline table.

    Outcomes, identifiers, dates and free text are left out.

    Returns
    -------
    Patient columns and numeric visit columns, each with its kind.
    """
    columns: list[tuple[str, Kind]] = [(measure, "measured") for measure in numeric_measures(cohort.whole)]
    for name in without_marks(cohort.whole.patients):
        kind = _kind(cohort.whole.patients[name], name)
        if kind and name not in (*OUTCOMES, "patient_id"):
            columns.append((name, kind))
    return sorted(columns, key=lambda column: place_in_table(column[0], column[1] == "measured"))


def place_in_table(name: str, measured: bool) -> tuple[int, int]:
    """Return the sort key of a column in a baseline table; columns with the same key keep the order of the file."""
    if measured:
        return 1, 0
    for place, known in enumerate((FIRST, (), ("organs",), GIVEN)):
        if name in known:
            return place, known.index(name)
    return 4, 0


def coded_column(cohort: Cohort, name: str, kind: Kind) -> CodedColumn:
    """Return a column of `baseline_columns`, coded by the distinct values of the whole cohort."""
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
    """Return what a patient column holds; None if it cannot be summarised."""
    if name == "organs":
        return "sets"
    if isinstance(values.dtype, pd.CategoricalDtype):
        return "words"
    if is_bool_dtype(values):
        return "flags"
    return "numbers" if is_numeric_dtype(values) else None
