"""What the ways of counting say in words: the same patients rise by one denominator and fall by another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from analysis.cohort.column_words import mid_sentence
from analysis.estimates.yearly.estimand import PROBABILITY, PROPORTION, RATE, Kind
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.yearly.bar_words import bar_words
from analysis.figures.yearly.yearly import yearly_description

Bars: TypeAlias = dict[int, dict[str, Any]]  # the bars of one group in words, by year
EVER, ASSESSED = "ever", "assessed"
LEAST = 100.0  # the axis of all ways extends at least to this


def ways_description(*results: Yearly, titles: Sequence[str]) -> str:
    """Return the alternative text: the figure in words."""
    words = [yearly_description(result, least=LEAST) for result in results]
    return " ".join(f"{title}: {each}" for each, title in zip(words, titles, strict=True))


def ways_line(*results: Yearly) -> str:
    """Return a sentence: how the share by the first way changes, and that of the same patients by another way.

    It is the way that parts most from the first, of those that count the same patients of others: shares of patients,
    from the first to the last year in which both have one.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> ways_line(yearly_remission(load_sample()))
    'Of those assessed, 28 % (23/83) at year 1 rises to 50 % (3/6) at year 4.'
    """
    shares = [_by_group(result) for result in results if result.estimand.kind == PROPORTION]
    if not shares:
        return ""
    told = [(group, _changes([each.get(group, {}) for each in shares])) for group in shares[0]]
    return " ".join(words if group == "All" else f"{group}: {mid_sentence(words)}" for group, words in told if words)


def way_line(result: Yearly, *before: Yearly) -> str:
    """Return a sentence: how the share or rate by one way changes, and whether it is of the same patients as before.

    Parameters
    ----------
    result
        One way of counting.
    before
        Those that were told before it.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> assessed = yearly_remission(load_sample())
    >>> way_line(yearly_remission(load_sample(), estimand="all_due"), assessed)
    'All due: of those due, 26 % (23/87) at year 1 falls to 10 % (3/29) at year 4: the same patients as before.'
    """
    told = [
        f"{result.estimand.label}: {mid_sentence(words) if group == 'All' else f'{group}: {mid_sentence(words)}'}"
        for group in dict.fromkeys(result.bars["group"].astype(str))
        if (words := _way_of(group, result, before))
    ]
    every = [*before, result]
    below = result.estimand.name == EVER and _years_below(*every)
    return " ".join([*told, *([_why_below(*every)] if below else [])])


def _way_of(group: str, result: Yearly, before: Sequence[Yearly]) -> str:
    """Return the sentence on one group by one way."""
    share, *others = (_by_group(each).get(group, {}) for each in (result, *before))
    if not share:
        return ""
    change = _change(share, min(share), max(share), kind=result.estimand.kind)
    same = [
        other
        for other, each in zip(others, before, strict=True)
        if each.estimand.kind == result.estimand.kind == PROPORTION and _same_patients(other, share)
    ]
    return f"{change}: the same patients as before." if same else f"{change}."


def _by_group(result: Yearly) -> dict[str, Bars]:
    """Return the bars with a share or rate of each group, in words."""
    groups: dict[str, Bars] = {}
    for bar in bar_words(result).to_dict("records"):
        bars = groups.setdefault(bar["group"], {})
        if not math.isnan(bar["share"]):
            bars[bar["year"]] = {**bar, "of": result.estimand.of}
    return groups


def _changes(shares: Sequence[Bars]) -> str:
    """Return the sentence on one group."""
    first, *others = shares
    others = [each for each in others if _same_patients(each, first)]
    if not first:
        return ""
    if not others:
        return f"{_change(first, min(first), max(first))}."
    other = max(others, key=lambda each: _parting(first, each))
    years = first.keys() & other.keys()
    same = _change(first, min(years), max(years)), _change(other, min(years), max(years), with_years=False)
    return f"{same[0]}; {mid_sentence(same[1])}: the same patients."


def _same_patients(one: Bars, other: Bars) -> bool:
    """Return whether two ways count the same patients, in every year that both have, of different ones."""
    years = one.keys() & other.keys()
    counted, of = (all(one[year][name] == other[year][name] for year in years) for name in ("events", "patients"))
    return len(years) > 0 and counted and not of


def _parting(first: Bars, other: Bars) -> float:
    """Return how far two shares move apart from the first to the last year that both have."""
    years = first.keys() & other.keys()
    apart = [other[year]["share"] - first[year]["share"] for year in (min(years), max(years))]
    return float(abs(apart[1] - apart[0]) if len(years) > 1 else abs(apart[0]))


def _change(bars: Bars, start: int, end: int, with_years: bool = True, kind: Kind = PROPORTION) -> str:
    """Return how a share or rate changes between two years."""
    first, last = bars[start], bars[end]
    at_start, at_end = (f" at year {year}" if with_years else "" for year in (start, end))
    before, after = first["printed"], last["printed"]
    how = "is still" if before == after else "rises to" if last["share"] > first["share"] else "falls to"
    # An estimated share is no fraction of those at risk.
    of_start, of_end = ("" if kind == PROBABILITY else f" ({bar['counts']})" for bar in (first, last))
    of = {PROBABILITY: "Estimated for all patients", RATE: "Per 100 patient-years"}
    told = f"{of.get(kind) or 'Of those ' + first['of']}, {before}{of_start}{at_start}"
    return told if start == end else f"{told} {how} {after}{of_end}{at_end}"


def ways_reading(*results: Yearly) -> str:
    """Return `ways_line`, and why fewer have ever been in remission than are assessed in it, if so in some year."""
    return " ".join(filter(None, [ways_line(*results), _ever_below_assessed(*results)]))


def _ever_below_assessed(*results: Yearly) -> str:
    """Return in which years fewer have ever been in remission than are assessed in it, and why; "" if in none."""
    years = _years_below(*results)
    return " ".join([*years, _why_below(*results)]) if years else ""


def _years_below(*results: Yearly) -> list[str]:
    """Return a sentence for each year in which fewer have ever been in remission than are assessed in it."""
    by_name = {result.estimand.name: result for result in results}
    if not {EVER, ASSESSED} <= set(by_name):
        return []
    ever, assessed = (bar_words(by_name[name]).set_index(["group", "year"]) for name in (EVER, ASSESSED))
    return [
        f"{'Year' if group == 'All' else f'{group}, year'} {year}: {ever.loc[(group, year), 'printed']} ever, "
        f"{assessed.loc[(group, year), 'printed']} of those assessed."
        for group, year in ever.index.intersection(assessed.index)
        if ever.loc[(group, year), "share"] < assessed.loc[(group, year), "share"]
    ]


def _why_below(*results: Yearly) -> str:
    """Return why fewer may ever have been in remission than are assessed in it."""
    assessed_late = any(result.estimand.name == ASSESSED and result.late > 0 for result in results)
    why = (
        "Fewer ever than assessed is no error: a visit in the months after the end of a year counts for that year in "
        "“assessed” only, and “assessed” leaves out those who died or were lost, whom “ever” allows for."
    )
    late = "Who came under observation in remission, or after it, is in “assessed” only." if assessed_late else ""
    return f"{why} {late}" if late else why
