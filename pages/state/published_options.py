"""The options of published numbers beside one's own."""

from __future__ import annotations

from analysis.centres.comparable import POOLS, Papers
from pages.state import own_published
from pages.state.option import Answers, Choice, Several, Switch

IMITATED = "Wang 2013"  # the paper whose figures the synthetic sample has

PUBLISHED = Switch(
    "published",
    "Published cohorts beside the bars",
    help="Published shares as grey marks with exact limits. They are in no test and in no number of this cohort.",
)
LEFT_OUT = Several[tuple[str, ...]](
    "papers_left_out", "Papers left out", values=lambda _: own_published.studies(), means=tuple
)
POOLED = Choice[str](
    "papers_pooled",
    "Taken together",
    values=POOLS,
    words=POOLS.__getitem__,
    drawn="row",
    help="Papers of one centre may tell of the same patients, unless their years of enrolment lie apart: one of them "
    "is taken. Shares by different definitions or denominators are pooled only if you say so.",
)
WITH_OWN = Switch(
    "papers_with_own",
    "This cohort taken together with them",
    help="Else it stands beside them, and what a next centre would see comes from the papers alone.",
)
YEARS_BESIDE = Several[tuple[int, ...]](
    "papers_years",
    "Years",
    values=(1, 2, 3, 4, 5),
    default=(1, 2),
    drawn="row",
    means=lambda years: tuple(sorted(years)),
)
BESIDE = (YEARS_BESIDE, POOLED, WITH_OWN, LEFT_OUT)


def papers(answers: Answers, *, synthetic: bool) -> Papers:
    """Return the chosen papers, and how they are pooled."""
    left_out = answers[LEFT_OUT]
    facts = tuple(fact for fact in own_published.every() if fact.study not in left_out)
    imitated = IMITATED if synthetic and IMITATED not in left_out else ""
    return Papers(facts, answers[POOLED], answers[WITH_OWN], imitated)
