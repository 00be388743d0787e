"""Published shares beside one's own on the screen: how each differs, all but one together, and what is not drawn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.centres.comparable import Papers
from analysis.centres.published_fact import Measure
from analysis.figures.common.beside import Beside, beside_rows
from analysis.figures.common.forest import HEADING, pooled_words


def beside_table(shown: Sequence[Beside], unit: str) -> pd.DataFrame:
    """Return the rows of the forest as words; `unit` is that of its times."""
    rows = beside_rows(shown)
    rows = rows[rows["what"] != HEADING]
    cited = {
        each.name: ", ".join(filter(None, [each.fact.citation, each.fact.identifier]))
        for time in shown
        for each in time.published
    }
    return pd.DataFrame(
        {
            unit: rows["at"].map("{:g}".format),
            "Study": rows["full"],
            "Share (95 %)": [" ".join(words.split()) for words in rows["words"]],
            "Counted": rows["counted"],
            "Differs from here": rows["differs"],
            "Pooled": rows["used"],
            "Source": [cited.get(name, "") for name in rows["name"]],
        }
    )


def leave_one_out(shown: Sequence[Beside]) -> pd.DataFrame:
    """Return all but one study taken together, one row per study and time; empty with fewer than four studies."""
    rows = []
    for each in shown:
        if each.together is None:
            continue
        weights = each.together.studies.set_index("study")["weight"]
        for without in each.together.leave_one_out.itertuples():
            numbers = float(without.share), float(without.lower), float(without.upper)
            weight = weights[without.without]
            told = "not told" if pd.isna(weight) else f"{100 * weight:.0f} %"
            rows.append((f"{each.name}: without {without.without}", pooled_words(*numbers), told))
    return pd.DataFrame(rows, columns=["Left out", "Pooled share (95 %)", "Its weight"])


def not_drawn(shown: Sequence[Beside], papers: Papers, measure: Measure, window_months: float) -> pd.DataFrame:
    """Return the published numbers of an outcome that are in no row of the forest, and why.

    Parameters
    ----------
    shown, papers
        The forest, and its papers.
    measure
        What its numbers tell of.
    window_months
        How far from a time of the forest a published one may be.
    """
    drawn = {each.fact for time in shown for each in time.published}
    near = f"more than {window_months:g} months from" if window_months else "none of"
    rows = [
        (
            fact.study,
            fact.treatment,
            fact.defined,
            fact.counted,
            "over the whole of follow-up, at no month"
            if fact.months is None
            else f"at month {fact.months:g}: {near} the times that are shown",
        )
        for fact in papers.facts
        if fact.measure == measure and fact not in drawn
    ]
    return pd.DataFrame(rows, columns=["Study", "Treatment", "Outcome", "Counted", "Why it is not drawn"])
