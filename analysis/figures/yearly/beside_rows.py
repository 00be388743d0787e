"""The rows of a forest: one's own share of a year, what was published of it, and all of it taken together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from analysis.centres.comparable import Comparable, Papers, comparable
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.pooling.binomial_normal import FEWEST, PooledShares, pool_shares
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.number_words import percent, percent_interval
from analysis.figures.common.published_marks import AS_HERE
from analysis.figures.common.theme import group_order
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate
from analysis.figures.yearly.own_definition import present_of

OWN = "This cohort"
TOGETHER = "Together"
HEADING, OF_OWN, PUBLISHED, POOLED = "heading", "own", "published", "pooled"
Counts = tuple[tuple[str, int, int], ...]  # study, events, patients
WHOLE = 1  # patients: of so few, percentages have no decimals


@dataclass(frozen=True, eq=False)
class Beside:
    """What was published of a year, beside one's own.

    Attributes
    ----------
    year
        The year.
    own
        The bars of one's own groups in this year, with words as of `bar_words`; empty if it has no such year.
    published
        What was published.
    together
        The shares taken together; None with fewer than three.
    pooled
        The names of what is taken together, or would be with more papers.
    """

    year: int
    own: pd.DataFrame
    published: tuple[Comparable, ...]
    together: PooledShares | None
    pooled: tuple[str, ...]

    @property
    def shared_centres(self) -> tuple[str, ...]:
        """Centres that papers taken together share, so that a patient may count twice."""
        centres = (each.shares_centre for each in self.published if not each.left_out)
        return tuple(dict.fromkeys(filter(None, centres)))

    @property
    def prediction(self) -> tuple[float, float] | None:
        """The limits of the true share of a next centre; None if there are none."""
        if self.together is None:
            return None
        row = self.together.summary.iloc[0]
        low, high = float(row["prediction_lower"]), float(row["prediction_upper"])
        return None if math.isnan(low) else (low, high)


def beside_each_year(result: Yearly, papers: Papers, years: Sequence[int]) -> list[Beside]:
    """Return what was published of each of some years beside one's own shares.

    Parameters
    ----------
    result
        One's own shares; of a rate there is nothing to compare.
    papers
        The published numbers, and how they are pooled.
    years
        The years.

    Examples
    --------
    >>> from analysis import load_sample, yearly_remission
    >>> from analysis.centres.published_list import published_facts
    >>> every = Papers(published_facts(), "every")
    >>> first, second = beside_each_year(yearly_remission(load_sample()), every, [1, 2])
    >>> first.pooled
    ('Wang 2013', 'Wang 2014', 'Gu 2014', 'Barbado 2018', 'Wen 2019')
    >>> second.pooled, second.together
    (('Wang 2013',), None)
    """
    return [] if is_rate(result) else [_beside(result, papers, year) for year in years]


def _beside(result: Yearly, papers: Papers, year: int) -> Beside:
    window = result.settings.of_each.window_months
    published = comparable(papers, present_of(result), 12.0 * year, window)
    bars = bar_words(result)
    own = bars[bars["year"] == year]
    counts = tuple((each.fact.study, each.fact.events, each.fact.patients) for each in published if not each.left_out)
    pool: Callable[[Counts], PooledShares] = _of_papers
    if papers.with_own and can_be_pooled(result, own):
        counts = (OWN, int(own["events"].iloc[0]), int(own["patients"].iloc[0])), *counts
        pool = _pooled  # no number of patients here is kept
    together = pool(counts) if len(counts) >= FEWEST else None
    return Beside(year, own, tuple(published), together, tuple(name for name, *_ in counts))


def _pooled(counts: Counts) -> PooledShares:
    names, events, patients = zip(*counts, strict=True)
    return pool_shares(names, events, patients)


_of_papers = lru_cache(maxsize=64)(_pooled)  # the same for all patients that are chosen


def can_be_pooled(result: Yearly, own: pd.DataFrame) -> bool:
    """Return whether one's own number of a year is a single fraction of patients, all of it told."""
    fraction = not is_estimated(result) and len(group_order(result.bars["group"])) == 1 and len(own) == 1
    return fraction and bool(own[["events", "patients"]].notna().all(axis=None)) and int(own["patients"].iloc[0]) > 0


def forest_rows(result: Yearly, papers: Papers, years: Sequence[int]) -> pd.DataFrame:
    """Return the rows of the forest from top to bottom; shares in percent.

    Returns
    -------
    DataFrame
        place, what (heading, own, published or pooled), year, name, full (name with an outcome that is not one's own),
        events, patients, share, lower, upper, low, high (prediction limits), in_pool, words, counted, defined, differs,
        used (in words). As many rows for any patients of one cohort.
    """
    rows: list[dict[str, object]] = []
    for each in beside_each_year(result, papers, years):
        rows.append({"what": HEADING, "year": each.year, "name": f"Year {each.year}"})
        rows += _own_rows(result, each)
        rows += [_published_row(each, published, present_of(result).same) for published in each.published]
        rows.append(_together_row(each))
    columns = [
        "what",
        "year",
        "name",
        "full",
        "events",
        "patients",
        "share",
        "lower",
        "upper",
        "low",
        "high",
        "in_pool",
        *_WORDS,
    ]
    table = pd.DataFrame(rows, columns=columns)
    numbers = ["share", "lower", "upper", "low", "high"]
    table = table.assign(**{name: 100 * table[name].astype(float) for name in numbers}, place=range(len(table)))
    words = {name: table[name].fillna("") for name in _WORDS}
    return table.assign(in_pool=table["in_pool"].eq(True), **words, full=table["full"].fillna(table["name"]))


_WORDS = ("words", "counted", "defined", "differs", "used")


def _own_rows(result: Yearly, each: Beside) -> list[dict[str, object]]:
    groups = group_order(result.bars["group"])
    found = each.own.set_index("group")
    rows = []
    for group in groups:
        row: dict[str, object] = {"what": OF_OWN, "year": each.year, "name": OWN if groups == ["All"] else group}
        if group in found.index:
            bar = found.loc[group]
            told = bar["words"] if bar["words"] == bar["counts"] else f"{bar['counts']}   {bar['words']}"
            row |= {name: bar[name] for name in ("events", "patients", "share", "lower", "upper")}
            row |= {"words": told, "counted": bar["counts"], "in_pool": OWN in each.pooled}
            row |= {"used": "yes" if OWN in each.pooled and each.together is not None else "no"}
        else:
            row |= {"words": "nobody in this year"}
        rows.append(row)
    return rows


def _published_row(each: Beside, published: Comparable, same: tuple[str, ...]) -> dict[str, object]:
    fact = published.fact
    pooled = "yes" if each.together is not None else f"no: fewer than {FEWEST} could be"
    (low,), (high,) = proportion_interval([fact.events], [fact.patients], "clopper-pearson")
    share = fact.events / fact.patients
    return {
        "what": PUBLISHED,
        "year": each.year,
        "name": fact.study,
        "events": fact.events,
        "patients": fact.patients,
        "full": fact.study if fact.outcome in same else f"{fact.study}, {fact.outcome}",
        "share": share,
        "lower": low,
        "upper": high,
        "in_pool": not published.left_out,
        "words": f"{fact.events}/{fact.patients}   {percent_interval(share, low, high, fact.patients)}",
        "counted": f"{fact.counted}, {fact.when}",
        "defined": fact.defined,
        "differs": "; ".join(published.differs) or AS_HERE,
        "used": f"no: {published.left_out}" if published.left_out else pooled,
    }


def _together_row(each: Beside) -> dict[str, object]:
    row: dict[str, object] = {"what": POOLED, "year": each.year, "name": TOGETHER, "in_pool": True}
    if each.together is None:
        number = len(each.pooled)
        return row | {"words": f"not pooled: {number} of the {FEWEST} that it takes"}
    found = each.together.summary.iloc[0]
    share, lower, upper = (float(found[name]) for name in ("share", "lower", "upper"))
    row |= {"counted": f"{len(each.pooled)} pooled: {', '.join(each.pooled)}", "used": each.together.heterogeneity}
    if math.isnan(share):
        return row | {"words": "not pooled"}
    words = f"{len(each.pooled)} pooled   {pooled_words(share, lower, upper)}"
    row |= {"share": share, "lower": lower, "upper": upper}
    row |= {name: int(found[name]) for name in ("events", "patients")}
    if each.prediction:
        row |= dict(zip(("low", "high"), each.prediction, strict=True))
        words += f", next {'–'.join(percent(limit, WHOLE) for limit in each.prediction)}"
    return row | {"words": words}


def pooled_words(share: float, lower: float, upper: float) -> str:
    """Return a pooled share with its limits: without decimals, as so few studies tell no more."""
    return percent_interval(share, lower, upper, WHOLE)
