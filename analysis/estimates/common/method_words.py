"""The method sentence of an estimate."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.wording import count_words

LATE_ENTRIES = "patients at risk from their entry on (left truncation)"


def method_words(method: str, left_out: pd.DataFrame) -> str:
    """Return the method sentence, with the numbers of patients left out.

    Parameters
    ----------
    method
        The method, without a full stop.
    left_out
        reason, patients; or patient_id, reason.
    """
    if left_out.empty:
        return f"{method}."
    told = left_out if "patients" in left_out else left_out["reason"].value_counts().rename("patients").reset_index()
    most_first = told.sort_values("patients", ascending=False, kind="stable")
    reasons = "; ".join(
        f"{count_words(count, 'patient')}: {reason}"
        for reason, count in zip(most_first["reason"], most_first["patients"], strict=True)
    )
    return f"{method}. In no number: {reasons}."
