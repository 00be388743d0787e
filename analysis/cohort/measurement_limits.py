"""Values at a limit of measurement, such as "<0.1": which they are, and how they are used.

The number of such a value stands in its own column, of the visits or of the patients. Whether it is a limit, and which,
stands in a column beside it: "<" where the true value lies below the number, ">" where it lies above.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from analysis.cohort.arrays import Floats
from analysis.cohort.model import Cohort

BELOW, ABOVE = "<", ">"
MARKS = (BELOW, ABOVE)
MARK = pd.CategoricalDtype([*MARKS])
ENDING = "_limit"

# How values at a limit are used: at their number; below a limit at half of it (Hornung and Reed 1990), else at their
# number; or not at all.
AtLimit: TypeAlias = Literal["used", "halved", "left out"]
USED: AtLimit = "used"
HALVED: AtLimit = "halved"
LEFT_OUT: AtLimit = "left out"
WAYS: tuple[AtLimit, ...] = get_args(AtLimit)


def mark_column(measure: str) -> str:
    """Return the name of the column that tells which values of a measure are limits."""
    return f"{measure}{ENDING}"


def marked_columns(table: pd.DataFrame) -> dict[str, str]:
    """Return the numeric columns of which values are limits, each with the column that tells which."""
    beside = {str(name): mark_column(str(name)) for name in table if is_numeric_dtype(table[name])}
    return {name: mark for name, mark in beside.items() if mark in table and _holds_marks(table[mark])}


def _holds_marks(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype) and set(column.cat.categories) <= set(MARKS)


def without_marks(table: pd.DataFrame) -> list[str]:
    """Return the names of the columns but those that only tell which values of another are limits."""
    marks = {*marked_columns(table).values()}
    return [str(name) for name in table if name not in marks]


def has_limits(cohort: Cohort, measure: str) -> bool:
    """Return whether any value of a visit measure is a limit, for any patient of the whole cohort."""
    return mark_column(measure) in cohort.visit_columns and measure in marked_columns(cohort.visits_like)


def marks_of(visits: pd.DataFrame, measure: str) -> NDArray[np.int8]:
    """Return for each visit 0 for an ordinary value or none, 1 where the true value lies below it, 2 where above."""
    mark = mark_column(measure)
    if mark not in visits or not _holds_marks(visits[mark]):
        return np.zeros(len(visits), dtype=np.int8)
    marks = visits[mark].cat.set_categories([*MARKS]).cat.codes.to_numpy()
    return np.where(visits[measure].notna(), marks + 1, 0).astype(np.int8)


def values_used(visits: pd.DataFrame, measure: str, at_limit: AtLimit) -> Floats:
    """Return the values of a visit measure as they are used; missing where there is none or it is left out.

    Raises
    ------
    ValueError
        If the way to use values at a limit is unknown.
    """
    values = visits[measure].to_numpy(dtype=float, na_value=np.nan)
    if at_limit == USED:
        return values
    marks = marks_of(visits, measure)
    if at_limit == LEFT_OUT:
        return np.where(marks > 0, np.nan, values)
    return np.where(marks == 1, values / 2, values)


def as_written(table: pd.DataFrame, words: Callable[[object], str] = str) -> pd.DataFrame:
    """Return a table with its limits as they are written in a file, such as "<0.1", in the column of the numbers.

    Parameters
    ----------
    table
        The visits or the patients.
    words
        Returns a number of the table as text.

    Examples
    --------
    >>> table = pd.DataFrame({"crp": [0.1, 3.0], "crp_limit": pd.Categorical(["<", None], ["<", ">"])})
    >>> as_written(table)["crp"].tolist()
    ['<0.1', 3.0]
    """
    marked = marked_columns(table)
    written = table.drop(columns=[*marked.values()])
    for name, mark in marked.items():
        marks = table[mark].astype(object)
        limits = marks.notna() & table[name].notna()
        values = table[name].astype(object)
        values[limits] = [f"{sign}{words(value)}" for sign, value in zip(marks[limits], values[limits], strict=True)]
        written[name] = values
    return written
