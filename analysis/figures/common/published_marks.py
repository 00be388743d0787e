"""Published shares as rows of a table that figures draw as marks: each with a letter, exact limits and its words."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

import altair as alt
import pandas as pd

from analysis.centres.comparable import Comparable
from analysis.estimates.common.intervals import proportion_interval
from analysis.figures.common.number_words import percent_interval

AS_HERE = "nothing that is told; each clinic judges by its own criteria"
TOOLTIP = {
    "part": "Published",
    "told": "Share (exact interval)",
    "counted": "Counted",
    "defined": "Defined as",
    "differs": "Differs from here",
}
COLUMNS = ("at", "part", "letter", "share", "lower", "upper", "told", "counted", "defined", "differs", "other")


def published_marks(found: Sequence[tuple[float, Comparable]], *, without: bool = False) -> pd.DataFrame:
    """Return published shares with exact (Clopper-Pearson) 95 % limits, in percent.

    Parameters
    ----------
    found
        The time at which each stands, and what was published.
    without
        Whether the share without the event is meant.

    Returns
    -------
    DataFrame
        at, part (the study, with another treatment), letter (the same for each number of it), share, lower, upper,
        told, counted, defined, differs (in words), other (whether anything told differs), and place and number of those
        at the same time.
    """
    letters: dict[str, str] = {}
    rows = []
    for at, each in found:
        fact = each.fact
        letter = letters.setdefault(each.name, _letter(len(letters)))
        events = fact.patients - fact.events if without else fact.events
        (low,), (high,) = proportion_interval([events], [fact.patients], "clopper-pearson")
        share = events / fact.patients
        told = percent_interval(share, low, high, fact.patients)
        counted = f"{fact.counted}, {fact.when}"
        differs = "; ".join(each.differs) or AS_HERE
        limits = (100 * share, 100 * low, 100 * high)
        rows.append((at, each.name, letter, *limits, told, counted, fact.defined, differs, bool(each.differs)))
    marks = pd.DataFrame(rows, columns=list(COLUMNS))
    of_time = marks.groupby("at")
    return marks.assign(place=of_time.cumcount(), number=of_time["part"].transform("size"))


def marks_note(marks: pd.DataFrame) -> list[str]:
    """Return what the letters of the marks mean."""
    if marks.empty:
        return ["no published share is of a time that is shown"]
    names = marks.drop_duplicates("part")
    told = ", ".join(f"{letter} {study}" for letter, study in zip(names["letter"], names["part"], strict=True))
    hollow = "; hollow: another definition, denominator or treatment" if marks["other"].any() else ""
    return [f"grey: published, 95 % exact limits: {told}{hollow}"]


def marks_described(marks: pd.DataFrame, unit: str) -> list[str]:
    """Return the published shares as sentences for the alternative text; `unit` is that of their times."""
    return [
        f"Published beside {unit} {at:g}: {study}, {told}, {counted}."
        for at, study, told, counted in zip(marks["at"], marks["part"], marks["told"], marks["counted"], strict=True)
    ]


def tooltips() -> list[alt.Tooltip]:
    """Return the tooltip of a mark."""
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in TOOLTIP.items()]


def _letter(number: int) -> str:
    """Return a, b, ..., z, aa, ab, ...

    Examples
    --------
    >>> _letter(0), _letter(25), _letter(26)
    ('a', 'z', 'aa')
    """
    before, last = divmod(number, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[last]
