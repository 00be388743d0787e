"""All estimands of yearly remission and relapse, by name."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.estimates.yearly import relapse_estimands, remission_estimands
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.settings import Outcome

REMISSION_ESTIMANDS = {way.name: way for way in remission_estimands.WAYS}
RELAPSE_ESTIMANDS = {way.name: way for way in relapse_estimands.WAYS}
ESTIMANDS: Mapping[Outcome, Mapping[str, Estimand]] = {"remission": REMISSION_ESTIMANDS, "relapse": RELAPSE_ESTIMANDS}


def choose_estimand(outcome: Outcome, name: str) -> Estimand:
    """Return the estimand with this name.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> choose_estimand("remission", "ever").kind
    'probability'
    """
    known = ESTIMANDS[outcome]
    if name not in known:
        raise ValueError(f"Unknown estimand {name!r}; known: {', '.join(known)}.")
    return known[name]
