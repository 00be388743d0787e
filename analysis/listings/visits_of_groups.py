"""Rows of patients by group, and the numbers of the patients in the place of where they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.columns import Columns
from analysis.cohort.grouping import By, Pinned
from analysis.cohort.model import Cohort
from analysis.counts.groups import membership


def rows_of_groups(cohort: Cohort, by: By | None, columns: Columns) -> tuple[pd.Categorical, Columns]:
    """Return the rows of patients who are in a group, and the group of each; they are sorted by it.

    Parameters
    ----------
    cohort, by
        The patients, and what groups them; the rows of one who is in two groups are there twice.
    columns
        With ``row``, the place of the patient among the patients.
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
    """Return lines with the patient_id in the place of ``row``, the place of the patient among the patients."""
    ids = cohort.values("patient_id")[lines["row"].to_numpy()]
    return lines.rename(columns={"row": "patient_id"}).assign(patient_id=ids)
