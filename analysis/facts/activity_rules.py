"""Rules of remission and low activity by scores, global assessment and steroid dose."""

from __future__ import annotations

from analysis.facts.criteria import AtMost
from analysis.facts.narrower_rules import with_prednisone_at_most
from analysis.facts.remission import RemissionRule


def sledai_at_most(points: float, prednisone_mg_per_day: float | None = None) -> RemissionRule:
    """Return the rule of a SLEDAI at or below a limit, optionally with a limit to prednisone.

    Parameters
    ----------
    points
        The highest score.
    prednisone_mg_per_day
        The highest dose, in mg/day; None for any dose.

    Raises
    ------
    ValueError
        If a limit is below 0.

    Examples
    --------
    >>> from analysis import sledai_at_most
    >>> sledai_at_most(4, prednisone_mg_per_day=10).name
    'SLEDAI at most 4 with prednisone at most 10 mg/day'
    """
    limits = [points] if prednisone_mg_per_day is None else [points, prednisone_mg_per_day]
    if not all(limit >= 0 for limit in limits):
        raise ValueError("A SLEDAI and a dose are at most a number from 0.")
    name = f"SLEDAI at most {points:g}"
    rule = RemissionRule(name, f"by {name}", (AtMost("sledai", points),))
    return rule if prednisone_mg_per_day is None else with_prednisone_at_most(rule, prednisone_mg_per_day)


def doris_2021() -> RemissionRule:
    """Return remission as defined by the DORIS task force in 2021.

    References
    ----------
    van Vollenhoven et al. (2021).

    Examples
    --------
    >>> from analysis import doris_2021
    >>> doris_2021().needed
    ('clinical_sledai', 'pga', 'prednisone_mg_per_day')
    """
    return RemissionRule(
        "DORIS 2021",
        "by DORIS 2021 (clinical SLEDAI 0, physician global assessment below 0.5, prednisone at most 5 mg/day)",
        (
            AtMost("clinical_sledai", 0),
            AtMost("pga", 0.5, limit_included=False),
            AtMost("prednisone_mg_per_day", 5),
        ),
        ("stable immunosuppressants",),
        published="DORIS 2021",
    )


def lldas() -> RemissionRule:
    """Return the lupus low disease activity state, which is easier to reach than remission.

    Two of its criteria need visit columns that few files have, and are skipped without them:
    ``major_organ_activity`` and ``new_activity``.

    References
    ----------
    Franklyn et al. (2016).

    Examples
    --------
    >>> from analysis import lldas
    >>> lldas().needed
    ('sledai', 'pga', 'prednisone_mg_per_day')
    """
    return RemissionRule(
        "LLDAS",
        "by LLDAS (SLEDAI at most 4, physician global assessment at most 1, prednisone at most 7.5 mg/day)",
        (
            AtMost("sledai", 4),
            AtMost("pga", 1),
            AtMost("prednisone_mg_per_day", 7.5),
            AtMost("major_organ_activity", 0, unless_absent="no activity in a major organ"),
            AtMost("new_activity", 0, unless_absent="no new activity since the visit before"),
        ),
        ("well tolerated maintenance doses of immunosuppressants",),
        "low disease activity",
        published="LLDAS",
    )
