"""The values of a column that a filter offers, as codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Integers
from analysis.cohort.filter_columns import filter_column
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient

Codes = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, eq=False)
class OptionCodes:
    """A column of patients as codes.

    Attributes
    ----------
    options
        The distinct values, sorted; for a column of sets, their elements.
    code
        For each patient an index: into `options`, or for a column of sets into the rows of `sets`; -1 if missing.
    sets
        Distinct sets by options, 1 if the set contains the option and else 0; None if the column holds no sets.
    """

    options: pd.Index
    code: Codes
    sets: Integers | None = None


def option_codes(cohort: Cohort, column: str) -> OptionCodes:
    """Return a patient column or the baseline of a visit measure, coded by the distinct values of the whole cohort.

    Raises
    ------
    ValueError
        If the cohort has no such column.
    """
    of_all = _coded(cohort.whole, column)
    return OptionCodes(of_all.options, _codes(cohort, column)["code"], of_all.sets)


@per_patient
def _codes(cohort: Cohort, column: str) -> dict[str, Codes]:
    return {"code": _coded(cohort, column).code}


@cached
def _coded(whole: Cohort, column: str) -> OptionCodes:
    values = filter_column(whole, column)
    if not isinstance(values.dtype, pd.CategoricalDtype):
        codes, distinct = pd.factorize(values, sort=True)
        return OptionCodes(pd.Index(distinct), codes)
    held = values.cat.categories
    if any(isinstance(value, frozenset) for value in held):
        options = sorted(set().union(*held))
        sets = np.array([[option in each for option in options] for each in held], dtype=np.int64)
        return OptionCodes(pd.Index(options, dtype=object), values.cat.codes.to_numpy(), sets)
    if column in whole.patient_columns and whole.patients[column].dtype == object:
        codes, distinct = pd.factorize(whole.patients[column], sort=True)
        return OptionCodes(pd.Index(distinct), codes)
    return OptionCodes(pd.CategoricalIndex(held, dtype=values.dtype), values.cat.codes.to_numpy())
