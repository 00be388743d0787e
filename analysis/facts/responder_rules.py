"""Rules of response by composite indices of activity: SRI-4 and BICLA."""

from __future__ import annotations

from analysis.facts.criteria import BaselineAtLeast, Criterion, FallOfPoints, NoRise
from analysis.facts.grade_criteria import GradesImproved, NoNewGrades
from analysis.facts.remission import RemissionRule

SYSTEMS = (
    "bilag_constitutional",
    "bilag_mucocutaneous",
    "bilag_neuropsychiatric",
    "bilag_musculoskeletal",
    "bilag_cardiorespiratory",
    "bilag_gastrointestinal",
    "bilag_ophthalmic",
    "bilag_renal",
    "bilag_haematological",
)
NO_NEW = "no new BILAG A and no more than one new B"
STATE = "response"
FALL = 4  # points of SLEDAI
PGA_RISE = 0.3  # of 3 points


def sri_4() -> RemissionRule:
    """Return the SLE Responder Index with a fall of SLEDAI by 4 points (SRI-4).

    Since baseline: SLEDAI has fallen by at least 4 points; no system of BILAG has a new A and at most one has a new B
    (from C, D or E); the physician global assessment has not risen by 0.3 points or more, which is 10 % of its scale of
    0 to 3. Baseline is the last known value at or before month 0. The state of patients is missing without a baseline
    of all of these, or with a SLEDAI below 4, from which it cannot fall so far.

    References
    ----------
    Furie et al. (2009).

    Examples
    --------
    >>> from analysis import sri_4
    >>> sri_4().needed[:3]
    ('sledai', 'pga', 'bilag_constitutional')
    """
    return _sri("SRI-4", f", {NO_NEW}", (NoNewGrades(SYSTEMS),))


def sri_4_without_bilag() -> RemissionRule:
    """Return the two parts of SRI-4 that need no BILAG: a fall of SLEDAI by 4 points, and no worse global assessment.

    It is easier to reach than `sri_4`, and therefore has a name of its own.

    References
    ----------
    Furie et al. (2009).

    Examples
    --------
    >>> from analysis import sri_4_without_bilag
    >>> sri_4_without_bilag().needed
    ('sledai', 'pga')
    """
    return _sri("SRI-4 without BILAG", "", (), (NO_NEW,))


def bicla() -> RemissionRule:
    """Return the BILAG-based Composite Lupus Assessment.

    Since baseline: every system of BILAG with A has become B or better, and every one with B has become C or better; no
    system has a new A and at most one has a new B; SLEDAI has not risen; the physician global assessment has risen by
    at most 0.3 points, which is 10 % of its scale of 0 to 3. Baseline is the last known value at or before month 0. The
    state of patients is missing without a baseline of all of these, or without an A or B to improve from.

    References
    ----------
    Wallace et al. (2014).

    Examples
    --------
    >>> from analysis import bicla
    >>> bicla().never_checked
    ('no treatment outside the protocol',)
    """
    return RemissionRule(
        "BICLA",
        "by BICLA (every BILAG A at baseline improved to B or better and every B to C or better, "
        f"{NO_NEW}, SLEDAI not above baseline, physician global assessment at most {PGA_RISE:g} above baseline; "
        "told of patients with a BILAG A or B at baseline)",
        (GradesImproved(SYSTEMS), NoNewGrades(SYSTEMS), NoRise("sledai"), NoRise("pga", PGA_RISE)),
        ("no treatment outside the protocol",),
        STATE,
        published="BICLA",
    )


def _sri(name: str, words: str, bilag: tuple[Criterion, ...], never_checked: tuple[str, ...] = ()) -> RemissionRule:
    return RemissionRule(
        name,
        f"by {name} (SLEDAI at least {FALL} points below baseline{words}, physician global assessment less than "
        f"{PGA_RISE:g} above baseline; told of patients with a SLEDAI of at least {FALL} at baseline)",
        (
            BaselineAtLeast("sledai", FALL),
            FallOfPoints("sledai", FALL),
            NoRise("pga", PGA_RISE, points_included=False),
            *bilag,
        ),
        never_checked,
        STATE,
        published=name,
    )
