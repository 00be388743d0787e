"""What the ways of counting say in words: the same patients rise by one denominator and fall by another."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.column_words import mid_sentence
from analysis.estimates.yearly.estimand import PROBABILITY, PROPORTION, RATE, Kind
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.yearly.bar_words import bar_words
from analysis.figures.yearly.yearly import yearly_description

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
    shares = [
        bar_words(result).assign(of=result.estimand.of) for result in results if result.estimand.kind == PROPORTION
    ]
    if not shares:
        return ""
    groups = list(dict.fromkeys(shares[0]["group"]))
    told = [(group, _changes([each[each["group"] == group] for each in shares])) for group in groups]
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
    share, *others = (_of_group(each, group) for each in (result, *before))
    if not len(share):
        return ""
    change = _change(share, share.index[0], share.index[-1], kind=result.estimand.kind)
    same = [
        other
        for other, each in zip(others, before, strict=True)
        if each.estimand.kind == result.estimand.kind == PROPORTION and _same_patients(other, share)
    ]
    return f"{change}: the same patients as before." if same else f"{change}."


def _of_group(result: Yearly, group: str) -> pd.DataFrame:
    words = bar_words(result).assign(of=result.estimand.of)
    return words[(words["group"] == group) & words["share"].notna()].set_index("year")


def _changes(shares: Sequence[pd.DataFrame]) -> str:
    """Return the sentence on one group."""
    first, *others = (each[each["share"].notna()].set_index("year") for each in shares)
    others = [each for each in others if _same_patients(each, first)]
    if not len(first):
        return ""
    if not others:
        return f"{_change(first, first.index[0], first.index[-1])}."
    other = max(others, key=lambda each: _parting(first, each))
    years = first.index.intersection(other.index)
    same = _change(first, years[0], years[-1]), _change(other, years[0], years[-1], with_years=False)
    return f"{same[0]}; {mid_sentence(same[1])}: the same patients."


def _same_patients(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Return whether two ways count the same patients, in every year that both have, of different ones."""
    years = one.index.intersection(other.index)
    counted, of = (bool((one.loc[years, name] == other.loc[years, name]).all()) for name in ("events", "patients"))
    return len(years) > 0 and counted and not of


def _parting(first: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return how far two shares move apart from the first to the last year that both have."""
    years = first.index.intersection(other.index)
    apart = other.loc[years, "share"] - first.loc[years, "share"]
    return float(abs(apart.iloc[-1] - apart.iloc[0]) if len(years) > 1 else abs(apart.iloc[0]))


def _change(share: pd.DataFrame, start: int, end: int, with_years: bool = True, kind: Kind = PROPORTION) -> str:
    """Return how a share or rate changes between two years."""
    at_start, at_end = (f" at year {year}" if with_years else "" for year in (start, end))
    before, after = (share.loc[year, "printed"] for year in (start, end))
    how = (
        "is still"
        if before == after
        else "rises to"
        if share.loc[end, "share"] > share.loc[start, "share"]
        else "falls to"
    )
    # An estimated share is no fraction of those at risk.
    of_start, of_end = ("" if kind == PROBABILITY else f" ({share.loc[year, 'counts']})" for year in (start, end))
    of = {PROBABILITY: "Estimated for all patients", RATE: "Per 100 patient-years"}
    told = f"{of.get(kind) or 'Of those ' + share['of'].iloc[0]}, {before}{of_start}{at_start}"
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
