"""Which numbers were measured at the visits."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.model import Cohort
from analysis.cohort.states import baseline
from analysis.cohort.vocabulary import BASELINE_SLEDAI

# Known only later than transplantation: a group by them would be one of survivors (immortal time).
OUTCOMES = (
    *("follow_up_months", "relapse_months", "entry_months"),
    *("died", "follow_up_ended", "cause_of_death", "death_related"),
)
FEWEST_VALUES = 4
MOST_GROUPS = 8


def numeric_measures(cohort: Cohort) -> list[str]:
    """Return the numeric visit columns that hold at least one value, SLEDAI first."""
    names = [
        str(name)
        for name in cohort.visits.columns
        if name != "months"
        and is_numeric_dtype(cohort.visits[name])
        and not is_bool_dtype(cohort.visits[name])
        and cohort.visits[name].notna().any()
    ]
    return sorted(names, key=lambda name: name != "sledai")


def characteristics(cohort: Cohort) -> list[str]:
    """Return what is known of the patients at transplantation and puts them into a few groups."""
    return [
        str(name)
        for name, values in cohort.patients.items()
        if name not in OUTCOMES
        and (isinstance(values.dtype, pd.CategoricalDtype) or is_bool_dtype(values))
        and 2 <= values.nunique() <= MOST_GROUPS
    ]


def numeric_characteristics(cohort: Cohort) -> list[str]:
    """Return the numbers known of the patients at transplantation that take at least four values."""
    names = [
        str(name)
        for name in cohort.patients.columns
        if name not in OUTCOMES
        and is_numeric_dtype(cohort.patients[name])
        and not is_bool_dtype(cohort.patients[name])
        and cohort.patients[name].nunique() >= FEWEST_VALUES
    ]
    with_baseline = "sledai" in cohort.visits and baseline(cohort, "sledai").nunique() >= FEWEST_VALUES
    return [*([BASELINE_SLEDAI.name] if with_baseline else []), *names]
