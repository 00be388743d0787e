"""One's own shares beside published ones in words: readings, notes, and the alternative text of the forest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from analysis.centres.comparable import ALIKE, EVERY, POOLS, Comparable, Papers
from analysis.cohort.wording import count_words
from analysis.estimates.pooling.binomial_normal import FEWEST
from analysis.figures.common.beside import Beside, among_those_of_a_next, beside_rows, shown_events
from analysis.figures.common.forest import DASHED, WHOLE, forest_words, pooled_words
from analysis.figures.common.number_words import percent


def beside_told(shown: Sequence[Beside], papers: Papers) -> str:
    """Return for each time one's own share, what was published, and what a next centre would see."""
    told = [_told(each) for each in shown]
    if papers.imitated:
        told.append(f"The synthetic sample imitates {papers.imitated}: that both agree says nothing.")
    return " ".join(told)


def published_told(found: Sequence[tuple[str, Sequence[Comparable]]], *, without: bool = False) -> str:
    """Return what was published in one line.

    Parameters
    ----------
    found
        The name of each time, and what was published of it.
    without
        Whether the share without the event is meant.
    """
    told = "; ".join(f"{name[:1].lower()}{name[1:]}: {_published(each, without)}" for name, each in found)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _told(each: Beside) -> str:
    here = "; ".join(
        words if group == "All" else f"{group} {words}"
        for group, words in zip(each.own["group"], each.own["words"], strict=True)
    )
    start = f"{each.name}: here {here or each.nobody}"
    if not each.published:
        return f"{start}; nothing was published that can stand beside it."
    return f"{start}, {_published(each.published, each.without)}. {_together(each)}"


def _published(found: Sequence[Comparable], without: bool) -> str:
    """Return the lowest and the highest published share, and in how many papers; other treatments by themselves."""
    alike = [each for each in found if not each.other_treatment]
    others = sorted((each for each in found if each.other_treatment), key=lambda each: each.treatment)
    of_others = [
        f"with {treatment} {_range(list(those), without)}"
        for treatment, those in groupby(others, lambda each: each.treatment)
    ]
    first = f"published {_range(alike, without)}" if alike else "nothing published"
    return ", ".join([first, *of_others])


def _range(found: Sequence[Comparable], without: bool) -> str:
    shares = [100 * shown_events(each, without) / each.fact.patients for each in found]
    papers = len({each.fact.study for each in found})
    low, high = f"{min(shares):.0f}", f"{max(shares):.0f}"
    return f"{low if low == high else f'{low} to {high}'} % in {count_words(papers, 'paper')}"


def _together(each: Beside) -> str:
    number = len(each.pooled)
    if each.together is None:
        there = "there is 1" if number == 1 else f"there are {number}" if number else "there is none"
        return f"What a next centre would see takes {FEWEST} pooled; {there}."
    row = each.together.summary.iloc[0]
    if math.isnan(row["share"]):
        return f"{number} cannot be pooled: {row['withheld']}."
    pooled = f"{number} pooled: {pooled_words(float(row['share']), float(row['lower']), float(row['upper']))}"
    if each.prediction is None:
        return f"{pooled}; {row['withheld']}."
    low, high = (percent(limit, WHOLE) for limit in each.prediction)
    where = {None: "", True: ", and that of here is among them", False: ", and that of here is not"}
    return (
        f"{pooled}; the true share of a next centre is expected between {low} and {high} %"
        f"{where[among_those_of_a_next(each)]}."
    )


def beside_described(shown: Sequence[Beside], unit: str) -> str:
    """Return the alternative text of the forest; `unit` is that of its times."""
    return forest_words("A forest of shares in percent, this cohort beside published ones.", beside_rows(shown), unit)


def beside_note(shown: Sequence[Beside], papers: Papers) -> list[str]:
    """Return what is pooled and how, what the marks mean, and what must be known before the figure is believed."""
    every = [published for each in shown for published in each.published]
    notes = [f"together: {POOLS[papers.pooled].lower()}{', with this cohort' if papers.with_own else ''}"]
    notes += ["hollow: not pooled"] if any(each.left_out for each in every) else []
    notes += ["triangle: another treatment, never pooled"] if any(each.other_treatment for each in every) else []
    notes += [DASHED] if any(each.prediction for each in shown) else []
    if papers.pooled != ALIKE and any(each.differs and not each.left_out for each in every):
        notes.append("different definitions are pooled")
    shared = dict.fromkeys(centre for each in shown for centre in each.shared_centres)
    if papers.pooled == EVERY and shared:
        notes.append(f"papers of {', '.join(shared)} may count the same patients: limits too narrow")
    if papers.imitated:
        notes.append(f"this synthetic cohort imitates {papers.imitated}: that both agree says nothing")
    return notes
