"""SLEDAI-2K from its 24 items: total and clinical score, and their agreement with the recorded scores."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import combining, normalize

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from analysis.cohort.arrays import Floats
from analysis.cohort.model import Cohort
from analysis.cohort.spellings import NO, YES


@dataclass(frozen=True)
class Item:
    """One descriptor of SLEDAI-2K.

    Attributes
    ----------
    name
        Its usual name in files.
    weight
        Points if present.
    synonyms
        Its names in other files, normalised and without the word SLEDAI.
    serological
        Whether it is excluded from clinical SLEDAI.
    """

    name: str
    weight: int
    synonyms: tuple[str, ...] = ()
    serological: bool = False


# Weights of Gladman, Ibañez and Urowitz (2002), J Rheumatol 29(2):288-291.
ITEMS = (
    Item("seizure", 8, ("seizures", "convulsion", "epilepsy")),
    Item("psychosis", 8),
    Item("organic_brain_syndrome", 8, ("organic_brain", "organic_brain_disease", "obs", "acute_confusional_state")),
    Item("visual_disturbance", 8, ("visual", "vision", "visual_disorder", "retinal_changes")),
    Item("cranial_nerve_disorder", 8, ("cranial_nerve", "cranial_nerves", "cranial_neuropathy", "cranial_nerve_palsy")),
    Item("lupus_headache", 8, ("headache",)),
    Item("cerebrovascular_accident", 8, ("cva", "stroke", "cerebrovascular", "new_cva", "new_onset_cva")),
    Item("vasculitis", 8),
    Item("arthritis", 4, ("joints", "synovitis")),
    Item("myositis", 4),
    Item("urinary_casts", 4, ("casts", "cast", "urine_casts", "cellular_casts")),
    Item("haematuria", 4, ("hematuria", "urinary_rbc")),
    Item("proteinuria", 4),
    Item("pyuria", 4, ("leukocyturia", "leucocyturia", "urinary_wbc")),
    Item("rash", 2, ("new_rash", "inflammatory_rash", "skin_rash", "malar_rash", "new_malar_rash")),
    Item("alopecia", 2, ("hair_loss",)),
    Item("mucosal_ulcers", 2, ("mucous_membranes", "mucosal_ulcer", "oral_ulcers", "oral_nasal_ulcers")),
    Item("pleurisy", 2, ("pleuritis",)),
    Item("pericarditis", 2),
    Item("low_complement", 2, ("hypocomplementemia", "hypocomplementaemia", "low_c3_c4", "complement"), True),
    Item(
        "increased_dna_binding",
        2,
        ("dna_binding", "increased_dna", "anti_dsdna", "anti_ds_dna", "dsdna", "ds_dna", "anti_dna", "high_dsdna"),
        True,
    ),
    Item("fever", 1, ("pyrexia",)),
    Item("thrombocytopenia", 1, ("thrombocytopaenia", "low_platelets")),
    Item("leukopenia", 1, ("leucopenia", "leukopaenia", "leucopaenia", "low_wbc")),
)
AROUND = re.compile(r"^(selena_)?(sledai_?(2k|2000)?|sle|s2k)_|_(sledai_?(2k|2000)?|item|score|points|present|yn)$")


def item_columns(columns: Iterable[object]) -> dict[str, str]:
    """Return the column of each item of SLEDAI-2K, the first if several match; items without a column are absent."""
    item_of = {name: item.name for item in ITEMS for name in (item.name, *item.synonyms)}
    found: dict[str, str] = {}
    for column in map(str, columns):
        item = item_of.get(_bare(column))
        if item:
            found.setdefault(item, column)
    return found


def held_items(visits: pd.DataFrame) -> frozenset[str]:
    """Return the columns of visits that hold items of SLEDAI-2K: present or absent, or their points.

    A column that is named like an item and holds other numbers is a measurement, such as of complement.

    Examples
    --------
    >>> import pandas as pd
    >>> held_items(pd.DataFrame({"sledai_fever": [0, 1], "sledai_rash": [0, 2], "complement": [0.7, 1.1]})) == {
    ...     "sledai_fever",
    ...     "sledai_rash",
    ... }
    True
    """
    weights = {item.name: item.weight for item in ITEMS}
    return frozenset(
        column
        for item, column in item_columns(visits.columns).items()
        if visits[column].dropna().isin([0, 1, weights[item]]).all()
    )


def missing_items(columns: Iterable[object]) -> list[str]:
    """Return the names of the SLEDAI-2K items that have no column."""
    found = item_columns(columns)
    return [item.name for item in ITEMS if item.name not in found]


def sledai_scores(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the SLEDAI-2K scores of each visit from its items.

    An item is present if it is 1, its weight or a word for yes, and absent if it is 0 or a word for no. Anything else
    is missing, and makes the scores that include it missing.

    Parameters
    ----------
    visits
        One row per visit, with a column for each of the 24 items.

    Returns
    -------
    DataFrame
        sledai (0 to 105 points), clinical_sledai (0 to 101 points, without complement and DNA binding); nullable
        integers, indexed like `visits`.

    Raises
    ------
    ValueError
        If an item has no column.

    References
    ----------
    Gladman DD, Ibañez D, Urowitz MB (2002). Systemic lupus erythematosus disease activity index 2000.
    J Rheumatol 29(2):288-291.

    Examples
    --------
    >>> import pandas as pd
    >>> visits = pd.DataFrame([{item.name: 0 for item in ITEMS} | {"arthritis": 1, "low_complement": 1}])
    >>> sledai_scores(visits)
       sledai  clinical_sledai
    0       6                4
    """
    missing = missing_items(visits.columns)
    if missing:
        raise ValueError(f"SLEDAI-2K has 24 items; the visits have no column for {', '.join(missing)}.")
    column_of = item_columns(visits.columns)
    points = pd.DataFrame(
        {item.name: item_points(visits[column_of[item.name]], item.weight) for item in ITEMS}, index=visits.index
    )
    clinical = [item.name for item in ITEMS if not item.serological]
    return pd.DataFrame(
        {
            "sledai": points.sum(axis=1, skipna=False).astype("Int64"),
            "clinical_sledai": points[clinical].sum(axis=1, skipna=False).astype("Int64"),
        }
    )


@dataclass(frozen=True)
class SledaiCheck:
    """Comparison of the recorded SLEDAI-2K scores with the sums of their items.

    Attributes
    ----------
    question, method
        What the comparison answers, and how.
    left_out
        patient_id, months, reason: visits with a missing item, for which no total can be computed.
    table
        patient_id, months, recorded, computed, difference (recorded minus computed), recorded_clinical,
        computed_clinical (all scores in points); one row per visit with a discrepancy.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def check_sledai(cohort: Cohort) -> SledaiCheck:
    """Return the visits whose recorded SLEDAI, total or clinical, differs from the sum of its items.

    Parameters
    ----------
    cohort
        A cohort with the 24 items among the columns of its visits.

    Returns
    -------
    SledaiCheck

    Raises
    ------
    ValueError
        If an item has no column.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import read_cohort
    >>> patients = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [12.0], "died": [0]})
    >>> items = {f"sledai_{item.name}": 0 for item in ITEMS} | {"sledai_arthritis": 1}
    >>> visits = pd.DataFrame([{"patient_id": "a", "months": 3.0, "sledai": 6, **items}])
    >>> check_sledai(read_cohort(patients, visits)).table[["patient_id", "recorded", "computed", "difference"]]
      patient_id  recorded  computed  difference
    0          a         6         4           2
    """
    visits = cohort.visits
    computed = sledai_scores(visits)
    table = visits[["patient_id", "months"]].assign(
        recorded=_recorded(visits, "sledai"),
        computed=computed["sledai"],
        difference=_recorded(visits, "sledai") - computed["sledai"],
        recorded_clinical=_recorded(visits, "clinical_sledai"),
        computed_clinical=computed["clinical_sledai"],
    )
    total_differs = table["difference"].ne(0).fillna(False)
    clinical_differs = table["recorded_clinical"].ne(table["computed_clinical"]).fillna(False)
    incomplete = visits.loc[computed["sledai"].isna(), ["patient_id", "months"]]
    compared = int(table["difference"].notna().sum())
    return SledaiCheck(
        question="Is the recorded SLEDAI what its items add up to?",
        method=(
            "Sum of the 24 weighted items (Gladman et al. 2002); clinical without complement and DNA binding. "
            f"The recorded total differs at {int(total_differs.sum())} of {compared} visits with both; "
            f"an item is missing at {len(incomplete)}."
        ),
        left_out=incomplete.assign(reason="an item is missing").reset_index(drop=True),
        table=table[total_differs | clinical_differs].reset_index(drop=True),
    )


def _recorded(visits: pd.DataFrame, column: str) -> pd.Series:
    return visits[column].astype("Int64") if column in visits else pd.Series(pd.NA, visits.index, dtype="Int64")


def item_points(values: pd.Series, weight: int) -> Floats:
    """Return the points of an item: its weight if present, 0 if absent, or NaN."""
    if is_bool_dtype(values):
        return values.to_numpy(dtype=float, na_value=np.nan) * weight
    codes, found = pd.factorize(values)
    words = [str(value).strip().casefold().removesuffix(".0") for value in found]
    known = dict.fromkeys(NO, 0.0) | dict.fromkeys([*YES, str(weight)], float(weight))
    return np.array([*(known.get(word, np.nan) for word in words), np.nan])[codes]


def _bare(column: str) -> str:
    """Return a normalised column name without prefixes and suffixes such as "sledai_" and "_points"."""
    plain = "".join(sign for sign in normalize("NFKD", column) if not combining(sign))
    name = re.sub(r"[\W_]+", "_", plain.casefold()).strip("_")
    return AROUND.sub("", AROUND.sub("", name))
