"""Which patients are in no number, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.model import Cohort
from analysis.counts.reasons import Absence


def left_out_list(cohort: Cohort, absence: Absence) -> pd.DataFrame:
    """Return who is in no number.

    Parameters
    ----------
    cohort
        The patients.
    absence
        Why each of them is in no number.

    Returns
    -------
    DataFrame
        patient_id, reason: a row a patient, by reason in the order in which they are looked at.
    """
    out = np.flatnonzero(absence.code >= 0)
    out = out[np.argsort(absence.code[out], kind="stable")]
    reasons = np.array([*absence.reasons, None], dtype=object)[absence.code[out]]
    return pd.DataFrame({"patient_id": cohort.values("patient_id")[out], "reason": reasons})
