"""Rows of facts by group, with patient_id instead of positions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.columns import Columns
from analysis.cohort.grouping import By, Pinned
from analysis.cohort.model import Cohort
from analysis.counts.groups import membership


def rows_of_groups(cohort: Cohort, by: By | None, columns: Columns) -> tuple[pd.Categorical, Columns]:
    """Return the rows of the patients who are in a group, sorted by group, and the group of each.

    Parameters
    ----------
    cohort, by
        The patients and their grouping. A patient in two groups has all rows twice.
    columns
        A fact with ``row``, the position of the patient in ``cohort.patients``.

    Returns
    -------
    The groups, and the columns of the same rows.
    """
    who, row = membership(cohort, by), columns["row"]
    shown = who.groups().column
    if len(who.names) == 1 and len(who.rows) == len(cohort) and not isinstance(by, Pinned):
        return shown(np.zeros(len(row), dtype=np.intp)), columns
    held = []
    for group in range(len(who.names)):
        inside = np.zeros(len(cohort), dtype=bool)
        inside[who.rows[who.code == group]] = True
        held.append(np.flatnonzero(inside[row]))
    groups = np.repeat(np.arange(len(held)), [len(rows) for rows in held])
    return shown(groups), columns.rows(np.concatenate([np.empty(0, dtype=np.intp), *held]))


def with_ids(cohort: Cohort, lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines with ``patient_id`` instead of ``row``, the position of the patient in ``cohort.patients``."""
    ids = cohort.values("patient_id")[lines["row"].to_numpy()]
    return lines.rename(columns={"row": "patient_id"}).assign(patient_id=ids)
