"""The drugs of a cohort, and who takes one at transplantation: a column that patients can be filtered by."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.times import slack

AT_TRANSPLANTATION = " at transplantation"  # behind the name of a drug: the column of who takes it then
YES, NO = "yes", "no"
MOST_OFFERED = 12  # drugs to filter by


def drug_names(cohort: Cohort) -> tuple[str, ...]:
    """Return the drugs of a cohort, those that most of its patients took first; of a selection those of the whole.

    Examples
    --------
    >>> from analysis import load_sample
    >>> drug_names(load_sample())
    ('prednisone', 'cyclophosphamide', 'hydroxychloroquine', 'mycophenolate')
    """
    return _drug_names(cohort.whole)


@cached
def _drug_names(whole: Cohort) -> tuple[str, ...]:
    if isinstance(whole, RowsElsewhere):
        return whole.inventory.drugs
    if whole.treatments.empty:
        return ()
    patients = whole.treatments.groupby("drug")["patient_id"].nunique()
    return tuple(sorted(map(str, patients.index), key=lambda name: (-patients[name], name)))


def drug_columns(cohort: Cohort) -> list[str]:
    """Return the columns of who takes a drug at transplantation, for the twelve drugs that most patients took."""
    return [f"{drug}{AT_TRANSPLANTATION}" for drug in drug_names(cohort)[:MOST_OFFERED]]


def drug_of(cohort: Cohort, column: str) -> str | None:
    """Return the drug that a column of `drug_columns` is of; None for any other column."""
    drug = column.removesuffix(AT_TRANSPLANTATION)
    return drug if drug != column and drug in drug_names(cohort) else None


def taken_at_transplantation(cohort: Cohort, drug: str) -> pd.Series:
    """Return whether each patient takes a drug at transplantation, as "yes" or "no".

    It is missing for patients of whom no treatment is recorded at all.
    """
    return pd.Series(_taken(cohort, drug)["value"], index=cohort.index, copy=False)


@per_patient
def _taken(cohort: Cohort, drug: str) -> dict[str, pd.Categorical]:
    table, row = cohort.treatments, cohort.rows_of("treatments")
    stop = table["stop_months"].fillna(np.inf)
    now = (table["drug"] == drug) & (table["start_months"] <= slack(0)) & (stop > slack(0))
    code = np.full(len(cohort), -1)
    code[row] = 0
    code[row[now.to_numpy()]] = 1
    return {"value": pd.Categorical.from_codes(code, [NO, YES])}
