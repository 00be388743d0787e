"""Several centres side by side, what they say together, and what a next one would see: rows, words and table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.pooling.binomial_normal import FEWEST, PooledShares
from analysis.figures.common.forest import (
    DASHED,
    OF_OWN,
    POOLED,
    WHOLE,
    forest_words,
    heading_row,
    pooled_words,
    prediction,
    rows_table,
    together_row,
)
from analysis.figures.common.number_words import percent
from analysis.figures.common.p_words import p_words

NO_CENTRE = "No centre has a share then."
NOT_FRACTIONS = "These numbers are estimates that allow for those no longer followed, and are not pooled."


@dataclass(frozen=True, eq=False)
class Centres:
    """The centres in a year, or at a month.

    Attributes
    ----------
    at, unit
        The year or month, and which of them it is.
    centres
        All centres in order.
    each
        group, events, patients, share, lower, upper, words, counts (in words) of those that have a share then.
    together
        The shares of these taken together; None if they are no fractions that could be.
    nobody
        What is said of a centre without a share.
    """

    at: float
    unit: str
    centres: tuple[str, ...]
    each: pd.DataFrame
    together: PooledShares | None
    nobody: str

    @property
    def name(self) -> str:
        """The year or month in words."""
        return f"{self.unit} {self.at:g}"

    @property
    def differences(self) -> str:
        """How much the centres differ, in words."""
        if not len(self.each):
            return NO_CENTRE
        return NOT_FRACTIONS if self.together is None else self.together.heterogeneity


def centre_rows(shown: Sequence[Centres]) -> pd.DataFrame:
    """Return the rows of the forest: a heading, a row for each centre, and all of them together, for each time."""
    rows: list[dict[str, object]] = []
    for each in shown:
        rows.append(heading_row(each.at, each.name))
        found = each.each.set_index("group")
        names = each.each["group"].astype(str).tolist()
        enough = each.together is not None and len(names) >= FEWEST
        for centre in each.centres:
            row: dict[str, object] = {"what": OF_OWN, "at": each.at, "name": centre, "words": each.nobody}
            if centre in found.index:
                bar = found.loc[centre]
                row |= {name: bar[name] for name in ("events", "patients", "share", "lower", "upper")}
                row |= {"words": f"{bar['counts']}   {bar['words']}", "counted": bar["counts"]}
                row |= {"in_pool": each.together is not None, "used": "yes" if enough else "no"}
            rows.append(row)
        fractions = () if each.together is None and names else names
        rows.append({**together_row(each.at, each.together if enough else None, fractions), "used": each.differences})
    return rows_table(rows)


def centres_told(shown: Sequence[Centres]) -> str:
    """Return for each time what the centres say together, what a next one would see, and how much they differ."""
    return " ".join(_told(each) for each in shown)


def _told(each: Centres) -> str:
    if not len(each.each):
        return f"{each.name}: {each.differences}"
    number, pooled = count_words(len(each.each), "centre"), _pooled(each)
    limits = prediction(each.together)
    if not pooled:
        lowest, highest = (f"{100 * each.each['share'].agg(end):.0f}" for end in ("min", "max"))
        between = lowest if lowest == highest else f"{lowest} to {highest}"
        return f"{each.name}: {between} % in {number}. {each.differences}"
    ahead = ""
    if limits is not None:
        low, high = (percent(limit, WHOLE) for limit in limits)
        ahead = f"; the true share of a next centre is expected between {low} and {high} %"
    return f"{each.name}: {number} together {pooled}{ahead}. {_apart(each)}"


def _apart(each: Centres) -> str:
    """Return how much the centres differ, in a line; the table tells it in full."""
    if each.together is None or each.together.summary["withheld"].iloc[0]:
        return each.differences
    row = each.together.summary.iloc[0]
    bounded = not math.isnan(row["tau_upper"])
    most = f"95 % interval {row['tau_lower']:.2f} to {row['tau_upper']:.2f}" if bounded else "without an upper limit"
    if not row["tau"]:
        return f"They differ no more than chance makes them (tau 0, {most})."
    p = p_words(float(row["p"]))
    return f"Standard deviation of the log-odds between them {row['tau']:.2f} (tau, {most}), p {p}."


def _pooled(each: Centres) -> str:
    """Return the share of all together with its limits; "" without one."""
    if each.together is None:
        return ""
    row = each.together.summary.iloc[0]
    share, lower, upper = (float(row[name]) for name in ("share", "lower", "upper"))
    return "" if math.isnan(share) else pooled_words(share, lower, upper)


def centres_described(shown: Sequence[Centres], unit: str) -> str:
    """Return the alternative text of the forest; `unit` is that of its times."""
    return forest_words("A forest of shares in percent by centre.", centre_rows(shown), unit)


def centres_note(shown: Sequence[Centres], limits: str) -> list[str]:
    """Return what the marks mean; `limits` is what those of each centre are called."""
    rows = centre_rows(shown)
    together = rows.loc[rows["what"] == POOLED, "share"].notna().any()
    return [
        f"squares: a centre each, with {limits} limits",
        *(["diamond and bar: together"] if together else []),
        *([DASHED] if rows["low"].notna().any() else []),
    ]


def centres_table(shown: Sequence[Centres], counted: str = "n / N") -> pd.DataFrame:
    """Return for each time the share of all centres, what a next one may have, and how much they differ, in words.

    Parameters
    ----------
    shown
        The centres at each time.
    counted
        What the numbers of all centres are.

    Returns
    -------
    DataFrame with the unit of the times, Centres, the numbers, Together (95 %), A next centre, Differences. Fewer
    than three centres are not pooled.
    """
    rows = []
    for each in shown:
        limits = prediction(each.together)
        next_one = "" if limits is None else f"{percent(limits[0], WHOLE)} to {percent(limits[1], WHOLE)} %"
        numbers = f"{each.each['events'].sum():.0f}/{each.each['patients'].sum():.0f}"
        rows.append((f"{each.at:g}", len(each.each), numbers, _pooled(each), next_one, each.differences))
    unit = shown[0].unit if shown else "Year"
    return pd.DataFrame(rows, columns=[unit, "Centres", counted, "Together (95 %)", "A next centre", "Differences"])
