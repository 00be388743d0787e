"""eGFR from creatinine, age and sex, by the equation of CKD-EPI 2021."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import VISITS

EGFR = "egfr_ml_per_min_per_1_73m2"
CREATININE = "creatinine_umol_per_l"
UMOL_PER_L = VISITS[CREATININE].units["mg/dL"]  # of one mg/dL
SOURCE = "CKD-EPI 2021 (Inker et al. 2021)"
COMPUTED = f"eGFR was computed from creatinine, age and sex by {SOURCE}."  # in the findings of a cohort
ADULT = 18.0  # years; the equation is of adults


def egfr_ckd_epi_2021(creatinine_umol_per_l: ArrayLike, age_years: ArrayLike, female: ArrayLike) -> Floats:
    """Return the estimated glomerular filtration rate of adults from serum creatinine, without a term for race.

    Parameters
    ----------
    creatinine_umol_per_l
        Serum creatinine in µmol/L (88.4 µmol/L are 1 mg/dL).
    age_years
        Age on the day of the measurement, in years.
    female
        Whether each patient is a woman; else a man.

    Returns
    -------
    Floats
        eGFR in mL/min/1.73 m², not rounded; missing where creatinine or age is, or the patient is below 18.

    References
    ----------
    Inker LA, Eneanya ND, Coresh J, et al. (2021). New creatinine- and cystatin C-based equations to estimate GFR
    without race. N Engl J Med 385(19):1737-1749.

    Examples
    --------
    A woman and a man of 50 years with 1 mg/dL:

    >>> egfr_ckd_epi_2021([88.4, 88.4], [50, 50], [True, False]).round().tolist()
    [69.0, 92.0]
    """
    women = np.asarray(female, dtype=bool)
    age = np.asarray(age_years, dtype=float)
    kappa = np.where(women, 0.7, 0.9)
    alpha = np.where(women, -0.241, -0.302)
    ratio = np.asarray(creatinine_umol_per_l, dtype=float) / UMOL_PER_L / kappa
    usable: Flags = (age >= ADULT) & (ratio > 0)
    at = np.where(usable, ratio, np.nan)
    rate = 142 * np.minimum(at, 1) ** alpha * np.maximum(at, 1) ** -1.200 * 0.9938**age * np.where(women, 1.012, 1.0)
    return np.asarray(rate, dtype=float)


def egfr_is_computed(cohort: Cohort, measure: str = EGFR) -> bool:
    """Return whether a measure is eGFR and was computed when the cohort was read, not recorded.

    Examples
    --------
    >>> from analysis import load_sample
    >>> egfr_is_computed(load_sample()), egfr_is_computed(load_sample(), "sledai")
    (True, False)
    """
    if measure != EGFR:
        return False
    return any(COMPUTED in message for message in cohort.findings.loc[cohort.findings["column"] == EGFR, "message"])
