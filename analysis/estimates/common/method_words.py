"""The sentence that says how a number was made."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.wording import count_words


def method_words(method: str, left_out: pd.DataFrame) -> str:
    """Return the method as a sentence, and how many patients are in none of its numbers."""
    if left_out.empty:
        return f"{method}."
    reasons = "; ".join(
        f"{count_words(count, 'patient')}: {reason}" for reason, count in left_out["reason"].value_counts().items()
    )
    return f"{method}. In no number: {reasons}."
