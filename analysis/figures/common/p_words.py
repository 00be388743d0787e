"""P-values in words."""

from __future__ import annotations

import math

from analysis.figures.common.number_words import NOT_ESTIMABLE

NOT_KNOWN = "–"


def p_words(p: float, withheld: str = "") -> str:
    """Return a p-value in words; if there is none, the reason.

    A p-value close to 0.05 keeps the decimal that shows on which side it is.
    """
    if math.isnan(p):
        return reason_words(withheld)
    if p < 0.001:
        return "< 0.001"
    if p > 0.99:
        return "> 0.99"
    return f"{p:.3f}" if p < 0.01 or 0.045 <= p < 0.055 else f"{p:.2f}"


def reason_words(withheld: str) -> str:
    """Return why a number is missing: it is withheld, or not estimable."""
    if not withheld:
        return NOT_ESTIMABLE
    return withheld if withheld.startswith("no") else f"withheld: {withheld}"
