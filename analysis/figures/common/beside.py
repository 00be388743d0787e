"""One's own share at a time beside what was published of it: what is pooled, and the rows of their forest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from analysis.centres.comparable import Comparable
from analysis.estimates.common.intervals import proportion_interval
from analysis.estimates.pooling.binomial_normal import FEWEST, PooledShares, pool_shares
from analysis.figures.common.forest import (
    OF_OWN,
    PUBLISHED,
    heading_row,
    prediction,
    rows_table,
    together_row,
)
from analysis.figures.common.number_words import percent_interval
from analysis.figures.common.published_marks import AS_HERE

OWN = "This cohort"
Counts = tuple[tuple[str, int, int], ...]  # study, events, patients


@dataclass(frozen=True, eq=False)
class Beside:
    """What was published of a year or month, beside one's own.

    Attributes
    ----------
    at, unit
        The year or month, and which of them it is.
    groups
        All of one's own groups in order.
    own
        group, events, patients, share, lower, upper, words, counts (in words) of those groups that have a share then.
    published
        What was published.
    together
        The shares taken together; None with fewer than three.
    pooled
        The names of what is taken together, or would be with more papers.
    same
        The published outcomes that mean the same as one's own.
    without
        Whether the share without the published event is meant.
    always
        How every published share differs from one's own, in words.
    nobody
        What is said of a group without a share.
    """

    at: float
    unit: str
    groups: tuple[str, ...]
    own: pd.DataFrame
    published: tuple[Comparable, ...]
    together: PooledShares | None
    pooled: tuple[str, ...]
    same: tuple[str, ...]
    without: bool = False
    always: tuple[str, ...] = ()
    nobody: str = "nobody in this year"

    @property
    def name(self) -> str:
        """The year or month in words."""
        return f"{self.unit} {self.at:g}"

    @property
    def shared_centres(self) -> tuple[str, ...]:
        """Centres that papers taken together share, so that a patient may count twice."""
        centres = (each.shares_centre for each in self.published if not each.left_out)
        return tuple(dict.fromkeys(filter(None, centres)))

    @property
    def prediction(self) -> tuple[float, float] | None:
        """The limits of the true share of a next centre; None if there are none."""
        return prediction(self.together)


def pooled_beside(
    published: Sequence[Comparable], own: tuple[int, int] | None = None, *, without: bool = False
) -> tuple[PooledShares | None, tuple[str, ...]]:
    """Return published shares taken together, None with fewer than three, and of what.

    Parameters
    ----------
    published
        The shares.
    own
        One's own events and patients, if they are pooled too.
    without
        Whether the share without the event is meant.
    """
    counts = tuple(
        (each.fact.study, shown_events(each, without), each.fact.patients) for each in published if not each.left_out
    )
    pool: Callable[[Counts], PooledShares] = _of_papers
    if own is not None:
        counts = (OWN, *own), *counts
        pool = _pooled  # no number of patients here is kept
    return pool(counts) if len(counts) >= FEWEST else None, tuple(name for name, *_ in counts)


def shown_events(published: Comparable, without: bool) -> int:
    """Return how many had the event, or how many had it not."""
    return published.fact.patients - published.fact.events if without else published.fact.events


def _pooled(counts: Counts) -> PooledShares:
    names, events, patients = zip(*counts, strict=True)
    return pool_shares(names, events, patients)


_of_papers = lru_cache(maxsize=64)(_pooled)  # the same for all patients that are chosen


def beside_rows(shown: Sequence[Beside]) -> pd.DataFrame:
    """Return the rows of the forest; as many for any patients of one cohort."""
    rows: list[dict[str, object]] = []
    for each in shown:
        rows.append(heading_row(each.at, each.name))
        rows += _own_rows(each)
        rows += [_published_row(each, published) for published in each.published]
        rows.append(_together_row(each))
    return rows_table(rows)


def _own_rows(each: Beside) -> list[dict[str, object]]:
    found = each.own.set_index("group")
    rows = []
    for group in each.groups:
        row: dict[str, object] = {"what": OF_OWN, "at": each.at, "name": OWN if each.groups == ("All",) else group}
        if group in found.index:
            bar = found.loc[group]
            told = bar["words"] if bar["words"] == bar["counts"] else f"{bar['counts']}   {bar['words']}"
            row |= {name: bar[name] for name in ("events", "patients", "share", "lower", "upper")}
            row |= {"words": told, "counted": bar["counts"], "in_pool": OWN in each.pooled}
            row |= {"used": "yes" if OWN in each.pooled and each.together is not None else "no"}
        else:
            row |= {"words": each.nobody}
        rows.append(row)
    return rows


def _published_row(each: Beside, published: Comparable) -> dict[str, object]:
    fact = published.fact
    pooled = "yes" if each.together is not None else f"no: fewer than {FEWEST} could be"
    shown = shown_events(published, each.without)
    (low,), (high,) = proportion_interval([shown], [fact.patients], "clopper-pearson")
    share = shown / fact.patients
    return {
        "what": PUBLISHED,
        "at": each.at,
        "name": published.name,
        "events": fact.events,
        "patients": fact.patients,
        "full": published.name if fact.outcome in each.same else f"{published.name}, {fact.outcome}",
        "share": share,
        "lower": low,
        "upper": high,
        "in_pool": not published.left_out,
        "other": published.other_treatment,
        "words": f"{shown}/{fact.patients}   {percent_interval(share, low, high, fact.patients)}",
        "counted": f"{fact.counted}, {fact.when}",
        "defined": fact.defined,
        "differs": "; ".join([*published.differs, *each.always]) or AS_HERE,
        "used": f"no: {published.left_out}" if published.left_out else pooled,
    }


def _together_row(each: Beside) -> dict[str, object]:
    row = together_row(each.at, each.together, each.pooled)
    if each.without and each.together is not None and "events" in row:
        found = each.together.summary.iloc[0]
        row["events"] = int(found["patients"] - found["events"])
    return row


def among_those_of_a_next(each: Beside) -> bool | None:
    """Return whether one's own share is between the limits of a next centre; None with several groups, or without."""
    if each.prediction is None or len(each.own) != 1:
        return None
    share, (low, high) = float(each.own["share"].iloc[0]), each.prediction
    return None if math.isnan(share) else low <= share <= high
