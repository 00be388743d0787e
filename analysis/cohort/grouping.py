"""Which group each patient belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import column_label


@dataclass(frozen=True)
class Grouping:
    """Patients with and without involvement of one organ domain.

    Attributes
    ----------
    organ
        The organ domain, as in the ``organs`` sets.
    """

    organ: str

    def labels(self, cohort: Cohort) -> pd.Series:
        """Return "<organ>" or "no <organ>" a patient; missing where the organs are not recorded."""
        without = f"no {self.organ}"
        organs = cohort.patients["organs"]
        named = organs.map(lambda held: self.organ if self.organ in held else without, na_action="ignore")
        return pd.Series(pd.Categorical(named, [without, self.organ], ordered=True), index=organs.index)


def group_labels(cohort: Cohort, by: str | Grouping | None) -> pd.Series:
    """Return each patient's group as an ordered categorical; the first category is the reference.

    Parameters
    ----------
    cohort
        The patients.
    by
        A column of ``cohort.patients``, a `Grouping`, or None for one group called "All".

    Returns
    -------
    Categorical series indexed like ``cohort.patients``; missing where the group is not recorded.

    Raises
    ------
    ValueError
        If the cohort has no such column.
    """
    index = cohort.patients.index
    if by is None:
        return pd.Series(pd.Categorical(["All"] * len(index), ["All"], ordered=True), index=index)
    if isinstance(by, Grouping):
        return by.labels(cohort)
    if by not in cohort.patients.columns:
        raise ValueError(f"The patients have no column {by!r}; they have {', '.join(cohort.patients.columns)}.")
    values = cohort.patients[by]
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.remove_unused_categories()
        levels = [str(level) for level in values.cat.categories]
    else:
        levels = [str(level) for level in sorted(values.dropna().unique())]
    named = values.astype(object).map(str, na_action="ignore")
    return pd.Series(pd.Categorical(named, levels, ordered=True), index=index)


def group_name(by: str | Grouping) -> str:
    """Return what the groups are by, in words."""
    return by.organ if isinstance(by, Grouping) else column_label(by)


def without_group(cohort: Cohort, labels: pd.Series) -> pd.DataFrame:
    """Return the patients who are in no group: patient_id, reason."""
    ids = cohort.patients.loc[labels.isna(), "patient_id"]
    return pd.DataFrame({"patient_id": ids, "reason": "the group is not recorded"}).reset_index(drop=True)
