"""Rules made narrower: the same state with a limit to prednisone."""

from __future__ import annotations

from dataclasses import replace

from analysis.facts.criteria import AtMost
from analysis.facts.remission import RECORDED, RemissionRule


def with_prednisone_at_most(rule: RemissionRule, mg_per_day: float) -> RemissionRule:
    """Return a rule that also asks for prednisone at or below a dose, at the same visit.

    Parameters
    ----------
    rule
        The rule.
    mg_per_day
        The highest dose, in mg/day; 0 for none.

    Raises
    ------
    ValueError
        If the dose is below 0.

    Examples
    --------
    >>> from analysis import doris_2021, with_prednisone_at_most
    >>> with_prednisone_at_most(doris_2021(), 2.5).name
    'DORIS 2021 with prednisone at most 2.5 mg/day'
    """
    if not mg_per_day >= 0:
        raise ValueError("A dose is a number from 0.")
    words = f"with prednisone at most {mg_per_day:g} mg/day" if mg_per_day else "without prednisone"
    cap = AtMost("prednisone_mg_per_day", mg_per_day)
    return replace(
        rule,
        name=f"{_by_name(rule)} {words}",
        words=f"{rule.words} {words}",
        criteria=(*rule.criteria, cap),
        partial=(*rule.partial, cap) if rule.partial else (),
    )


def without_steroids(rule: RemissionRule) -> RemissionRule:
    """Return a rule that also asks for a prednisone of 0 mg/day at the same visit.

    Other steroids count only as far as the column of doses includes them.

    Parameters
    ----------
    rule
        The rule.

    Examples
    --------
    >>> from analysis import lldas, without_steroids
    >>> without_steroids(lldas()).name
    'LLDAS without prednisone'
    """
    return with_prednisone_at_most(rule, 0)


def _by_name(rule: RemissionRule) -> str:
    """Return the name of a rule, to follow "by"."""
    return "the recorded state" if rule == RECORDED else rule.name
