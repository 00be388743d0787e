"""Measures of the visits that a file does not have, but that follow from others: SLEDAI from its items, and eGFR."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.egfr import ADULT, COMPUTED, CREATININE, EGFR, egfr_ckd_epi_2021
from analysis.cohort.measurement_limits import ABOVE, BELOW, MARK, mark_column
from analysis.cohort.sledai import missing_items, sledai_scores
from analysis.cohort.wording import count_words
from analysis.intake.contradictions import patient_places
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report

DECIMALS = 1  # of a computed eGFR; laboratories print whole numbers


def with_scores(matched: Matched, table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return the visits with total and clinical SLEDAI, computed if the file has the items but not the score."""
    absent = [name for name in ("sledai", "clinical_sledai") if name not in table]
    if not absent or missing_items(table.columns):
        return table
    for name in absent:
        report.note(
            matched.place, f"{name} is the sum of its weighted items among the 24 items of SLEDAI-2K.", column=name
        )
    return table.assign(**{name: sledai_scores(table)[name] for name in absent})


def with_egfr(matched: Matched, table: pd.DataFrame, patients: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return the visits with eGFR, computed from creatinine, age and sex if the file has no eGFR at any visit.

    Age at a visit is the age at transplantation and the time since then. A creatinine that is a limit of measurement
    makes an eGFR that is one, the other way round. Values are rounded to one decimal.

    Parameters
    ----------
    matched
        The visits of the file.
    table
        The visits of the used patients, with ``months``.
    patients
        The used patients, with ``age_years`` and ``sex`` if they are known.
    report
        Receives a note with how it was computed, and at how many visits it could not be.
    """
    if EGFR in table or CREATININE not in table or not table[CREATININE].notna().any():
        return table
    absent = [word for word, name in (("age", "age_years"), ("sex", "sex")) if name not in patients]
    if absent:
        words = f"eGFR is not computed from creatinine: the patients have no {' and no '.join(absent)}."
        report.note(matched.place, words, column=EGFR)
        return table
    place, _ = patient_places(table["patient_id"], patients)
    female, male = (patients["sex"].eq(word).fillna(False).to_numpy(dtype=bool)[place] for word in ("female", "male"))
    known_sex = female | male
    age = patients["age_years"].to_numpy(dtype=float, na_value=np.nan)[place] + table["months"].to_numpy(float) / 12
    creatinine = table[CREATININE].to_numpy(dtype=float, na_value=np.nan)
    egfr = np.where(known_sex, egfr_ckd_epi_2021(creatinine, age, female).round(DECIMALS), np.nan)
    held = ~np.isnan(creatinine)
    without = {
        "age or sex is not known": held & (~known_sex | np.isnan(age)),
        f"the patient is younger than {ADULT:g} years": held & known_sex & (age < ADULT),
        "creatinine is 0": held & known_sex & (age >= ADULT) & np.isnan(egfr),
    }
    reasons = [f"at {count_words(int(those.sum()), 'visit')} {why}" for why, those in without.items() if those.any()]
    missing = f" It is missing where creatinine is known: {', '.join(reasons)}." if reasons else ""
    report.note(matched.place, f"{COMPUTED}{missing}", column=EGFR)
    if not np.isfinite(egfr).any():
        return table
    computed = {EGFR: pd.Series(egfr, table.index)}
    mark = mark_column(CREATININE)
    if mark in table:
        turned = table[mark].astype(object).map({BELOW: ABOVE, ABOVE: BELOW})
        computed[mark_column(EGFR)] = turned.where(np.isfinite(egfr)).astype(MARK)
    return table.assign(**computed)
