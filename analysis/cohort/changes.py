"""Differences between two versions of the same cohort."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.measurement_limits import as_written
from analysis.cohort.model import Cohort
from analysis.cohort.rows_elsewhere import RowsElsewhere


def changes(before: Cohort, after: Cohort) -> pd.DataFrame:
    """Return how a cohort differs from an earlier version of it.

    Patients are matched by ``patient_id``, visits by ``patient_id`` and ``months``.

    Parameters
    ----------
    before, after
        The earlier and the later version.

    Returns
    -------
    DataFrame
        table, change ("added", "removed", "column added", "column removed" or "value changed"), column ("" for whole
        rows), rows (their number), examples (the first three patient ids); empty if nothing differs.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import read_cohort
    >>> before = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [12.0, 30.0], "died": [0, 1]})
    >>> after = before.assign(follow_up_months=[18.0, 30.0])
    >>> changes(read_cohort(before), read_cohort(after))
          table         change            column  rows examples
    0  patients  value changed  follow_up_months     1        a
    """
    rows = [
        *_table_changes("patients", as_written(before.patients), as_written(after.patients), ["patient_id"]),
        *_table_changes("visits", as_written(before.visits), as_written(after.visits), ["patient_id", "months"]),
    ]
    return pd.DataFrame(rows, columns=["table", "change", "column", "rows", "examples"])


def are_versions(before: Cohort, after: Cohort) -> bool:
    """Return whether two cohorts are versions of one: more than half of the patients of the smaller are in both."""
    if isinstance(before, RowsElsewhere) or isinstance(after, RowsElsewhere):
        return False
    shared = before.patients["patient_id"].isin(after.patients["patient_id"]).sum()
    return 2 * int(shared) > min(len(before), len(after))


def _table_changes(
    table: str, before: pd.DataFrame, after: pd.DataFrame, keys: list[str]
) -> list[tuple[str, str, str, int, str]]:
    earlier, later = (_by_key(version, keys) for version in (before, after))
    found = []
    for change, index in (
        ("added", later.index.difference(earlier.index)),
        ("removed", earlier.index.difference(later.index)),
    ):
        if len(index):
            found.append((table, change, "", len(index), _examples(index)))
    for change, names in (
        ("column added", [name for name in later.columns if name not in earlier]),
        ("column removed", [name for name in earlier.columns if name not in later]),
    ):
        found += [(table, change, str(name), 0, "") for name in names]
    both = later.index.intersection(earlier.index)
    for name in [name for name in later.columns if name in earlier]:
        old, new = _text(earlier.loc[both, name]), _text(later.loc[both, name])
        different = both[(old != new).to_numpy()]
        if len(different):
            found.append((table, "value changed", str(name), len(different), _examples(different)))
    return found


def _by_key(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    # Visits of a patient with equal months are distinguished by their order.
    repeat = table.groupby(keys).cumcount().rename("repeat")
    return table.set_index([*(table[key] for key in keys), repeat]).drop(columns=keys)


def _text(values: pd.Series) -> pd.Series:
    return values.astype(object).map(_value_text, na_action="ignore").fillna("")


def _value_text(value: object) -> str:
    if isinstance(value, frozenset):
        return ";".join(sorted(value)) or "none"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _examples(index: pd.Index, most: int = 3) -> str:
    patients = list(dict.fromkeys(str(key[0]) for key in index))
    more = f" and {len(patients) - most} more" if len(patients) > most else ""
    return ", ".join(patients[:most]) + more
