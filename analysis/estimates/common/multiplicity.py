"""Adjustment of p-values for multiple tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats

ADJUSTMENTS = {"holm": "Holm", "bonferroni": "Bonferroni", "benjamini-hochberg": "Benjamini-Hochberg"}


def adjusted(p: pd.Series, method: str) -> pd.Series:
    """Return adjusted p-values; missing ones do not count as members of the family.

    Parameters
    ----------
    p
        The p-values of the family.
    method
        "holm" (Holm 1979), "bonferroni", or "benjamini-hochberg" (Benjamini and Hochberg 1995), which controls the
        false discovery rate instead of the family-wise error.

    Examples
    --------
    >>> adjusted(pd.Series([0.01, 0.04, 0.03]), "holm").round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    values = p.dropna().to_numpy(dtype=float)
    order = np.argsort(values, kind="stable")
    place = np.arange(1, len(values) + 1)
    ranked = values[order]
    if method == "holm":
        ranked = np.maximum.accumulate(ranked * (len(values) + 1 - place))
    elif method == "bonferroni":
        ranked = ranked * len(values)
    else:
        ranked = np.minimum.accumulate((ranked * len(values) / place)[::-1])[::-1]
    family: Floats = np.empty_like(values)
    family[order] = np.minimum(ranked, 1)
    return pd.Series(family, index=p.dropna().index).reindex(p.index)


def check_adjustment(method: str) -> None:
    """Raise a ValueError if the adjustment is unknown."""
    if method not in ADJUSTMENTS:
        raise ValueError(f"Unknown adjustment {method!r}; known are {', '.join(ADJUSTMENTS)}.")
