"""Rules of remission and low activity by scores, global assessment and steroid dose."""

from __future__ import annotations

from analysis.facts.criteria import AtMost
from analysis.facts.item_criteria import NoMajorOrganActivity, NoNewActivity
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


def doris_off_treatment() -> RemissionRule:
    """Return remission off treatment as defined by the DORIS task force in 2017: the same state without steroids.

    Immunosuppressants and biologics are excluded as well, and antimalarials allowed, which the visits do not tell. So
    remission free of any drug would count the same visits, and has no rule of its own.

    References
    ----------
    van Vollenhoven et al. (2017).

    Examples
    --------
    >>> from analysis import doris_off_treatment
    >>> doris_off_treatment().never_checked
    ('no immunosuppressants or biologics',)
    """
    return RemissionRule(
        "DORIS off treatment",
        "by DORIS off treatment (clinical SLEDAI 0, physician global assessment below 0.5, no prednisone)",
        (
            AtMost("clinical_sledai", 0),
            AtMost("pga", 0.5, limit_included=False),
            AtMost("prednisone_mg_per_day", 0),
        ),
        ("no immunosuppressants or biologics",),
        published="DORIS off treatment",
    )


def lldas() -> RemissionRule:
    """Return the lupus low disease activity state, which is easier to reach than remission.

    No activity in a major organ and no new activity are told by the visit columns ``major_organ_activity`` and
    ``new_activity``; without these by the 24 items of SLEDAI-2K, where the visits have them (no item of kidney, nervous
    system, serosa, vessels or fever; no item that was absent at the last visit before, so that the first visit leaves
    it open); else they are skipped, and said to be.

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
        "by LLDAS (SLEDAI at most 4, physician global assessment at most 1, prednisone at most 7.5 mg/day, no "
        "activity in a major organ and no new activity)",
        (
            AtMost("sledai", 4),
            AtMost("pga", 1),
            AtMost("prednisone_mg_per_day", 7.5),
            NoMajorOrganActivity("major_organ_activity", unless_absent="no activity in a major organ"),
            NoNewActivity("new_activity", unless_absent="no new activity since the visit before"),
        ),
        ("well tolerated maintenance doses of immunosuppressants",),
        "low disease activity",
        published="LLDAS",
    )
