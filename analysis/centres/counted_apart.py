"""What of a cohort may be counted for other centres: columns that every centre knows, and values from a fixed list.

Tables of counts name every level of a column that is counted. A level that was typed may be a name, a lot or a remark;
only that there is another one is told, unless the question itself compares by the column.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.grouping import By, Grouping
from analysis.cohort.measurement_limits import marked_columns, without_marks
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import PATIENTS, VISITS

OTHER = "other"  # any value beside those of the vocabulary
ORGANS = "organs"
NUMBERS = ("number", "integer", "boolean")


def counted_apart(present: Cohort, by: By | None = None) -> Cohort:
    """Return patients as a cohort of their own, with the columns and values that may be counted.

    Counts name every value that the whole cohort has: of a selection, those of the others would travel too.

    Parameters
    ----------
    present
        The patients.
    by
        The grouping that is asked for; the levels of its column are kept as they are.

    Examples
    --------
    >>> from analysis import load_sample
    >>> counted_apart(load_sample()).events.empty
    True
    """
    return Cohort(
        name=present.name,
        patients=_table(present.patients, PATIENTS, by),
        visits=_table(present.visits, VISITS, by),
        events=present.events.iloc[:0],
        findings=present.findings.iloc[:0],
        left_out=present.left_out.iloc[:0],
        rows_read=len(present),
        fingerprint=f"{present.fingerprint} for other centres, by {by}",
    )


def columns_of(counted: Cohort) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of patients and of visits in a cohort of `counted_apart`, but those of limits."""
    return tuple(without_marks(counted.patients)), tuple(without_marks(counted.visits))


def _table(table: pd.DataFrame, known: Mapping[str, Column], by: By | None) -> pd.DataFrame:
    marks = marked_columns(table)
    held: dict[str, pd.Series] = {"patient_id": table["patient_id"]}
    for name in table:
        if name in known and name != "patient_id":
            column = _column(table[name], known[name], by)
            if column is not None:
                held[str(name)] = column
                if name in marks:
                    held[marks[name]] = table[marks[name]]
    return pd.DataFrame({name: column.reset_index(drop=True) for name, column in held.items()})


def _column(values: pd.Series, known: Column, by: By | None) -> pd.Series | None:
    """Return a column with values that may be counted; None if it has none."""
    if known.kind in NUMBERS:
        return values
    if known.kind == "set":
        return _of_known(values, {*known.spellings, *([by.organ] if isinstance(by, Grouping) else [])})
    if known.kind != "category" or not isinstance(values.dtype, pd.CategoricalDtype):
        return None
    if by != known.name:
        return _of_levels(values, known.levels) if known.levels else None
    # All levels of the vocabulary: those of several centres have one order, whichever a centre has.
    typed = [level for level in values.cat.remove_unused_categories().cat.categories if level not in known.levels]
    return values.cat.set_categories([*known.levels, *typed])


def _of_levels(values: pd.Series, levels: tuple[str, ...]) -> pd.Series:
    typed = values.notna() & ~values.isin(levels)
    apart = values.cat.set_categories([*levels, OTHER]) if typed.any() else values.cat.set_categories([*levels])
    return apart.mask(typed, OTHER)


def _of_known(sets: pd.Series, organs: set[str]) -> pd.Series:
    codes, found = pd.factorize(sets)
    apart = [type(held)({organ if organ in organs else OTHER for organ in held}) for held in found]
    return pd.Series([apart[code] if code >= 0 else None for code in codes], dtype=object)
