"""SLEDAI-2K from its 24 items: the total, the clinical part, and how they agree with what was recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import combining, normalize

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from analysis.cohort.model import Cohort
from analysis.cohort.spellings import NO, YES


@dataclass(frozen=True)
class Item:
    """One descriptor of SLEDAI-2K.

    Attributes
    ----------
    name
        Its name, as most files spell it.
    weight
        Points when it is present.
    synonyms
        What other files call it; without capitals, accents, blanks and the word SLEDAI.
    serological
        Whether it is no part of clinical SLEDAI.
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
    """Return which column holds each item of SLEDAI-2K; of several the first, and none for an item without one."""
    told = {name: item.name for item in ITEMS for name in (item.name, *item.synonyms)}
    found: dict[str, str] = {}
    for column in map(str, columns):
        item = told.get(_bare(column))
        if item:
            found.setdefault(item, column)
    return found


def missing_items(columns: Iterable[object]) -> list[str]:
    """Return the items that have no column."""
    found = item_columns(columns)
    return [item.name for item in ITEMS if item.name not in found]


def sledai_scores(visits: pd.DataFrame) -> pd.DataFrame:
    """Return sledai and clinical_sledai of each visit from its items, indexed like `visits`.

    An item counts as present at 1, at its weight, or at a word for yes, and as absent at 0 or a word for no. Anything
    else is missing, and so is a score that it belongs to.

    Raises
    ------
    ValueError
        If an item has no column.
    """
    missing = missing_items(visits.columns)
    if missing:
        raise ValueError(f"SLEDAI-2K has 24 items; the visits have no column for {', '.join(missing)}.")
    column_of = item_columns(visits.columns)
    points = pd.DataFrame({item.name: _points(visits[column_of[item.name]], item.weight) for item in ITEMS})
    clinical = [item.name for item in ITEMS if not item.serological]
    return pd.DataFrame(
        {
            "sledai": points.sum(axis=1, skipna=False).astype("Int64"),
            "clinical_sledai": points[clinical].sum(axis=1, skipna=False).astype("Int64"),
        }
    )


@dataclass(frozen=True)
class SledaiCheck:
    """SLEDAI-2K as its items add up, against the recorded scores.

    Attributes
    ----------
    question, method
        What the comparison answers, and how.
    left_out
        patient_id, months, reason: visits whose total cannot be worked out.
    table
        patient_id, months, recorded, computed, difference (recorded minus computed), recorded_clinical,
        computed_clinical; a row a visit where a recorded score is not what its items add up to.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def check_sledai(cohort: Cohort) -> SledaiCheck:
    """Return the visits whose recorded SLEDAI, in all or clinical, is not what its items add up to.

    Raises
    ------
    ValueError
        If an item has no column.
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


def _points(values: pd.Series, weight: int) -> pd.Series:
    """Return the points of an item: its weight, 0, or missing."""
    if is_bool_dtype(values):
        return values.astype("Float64") * weight
    words = values.astype(object).map(
        lambda value: str(value).strip().casefold().removesuffix(".0"), na_action="ignore"
    )
    present, absent = words.isin([*YES, str(weight)]), words.isin(NO)
    return pd.Series(np.select([present, absent], [float(weight), 0.0], np.nan), index=values.index, dtype="Float64")


def _bare(column: str) -> str:
    """Return a column's name without accents, capitals, other signs, and what only says that it is of SLEDAI."""
    plain = "".join(sign for sign in normalize("NFKD", column) if not combining(sign))
    name = re.sub(r"[\W_]+", "_", plain.casefold()).strip("_")
    return AROUND.sub("", AROUND.sub("", name))
