"""Published shares beside one's own on the screen: each row with how it differs, and all but one taken together."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.centres.comparable import Papers
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.yearly.beside_rows import HEADING, beside_each_year, forest_rows, pooled_words


def beside_table(result: Yearly, papers: Papers, years: Sequence[int]) -> pd.DataFrame:
    """Return the rows of the forest as words; parameters as of `analysis.figures.yearly.beside_rows.forest_rows`."""
    rows = forest_rows(result, papers, years)
    rows = rows[rows["what"] != HEADING]
    cited = {fact.study: ", ".join(filter(None, [fact.citation, fact.identifier])) for fact in papers.facts}
    return pd.DataFrame(
        {
            "Year": rows["year"].astype(str),
            "Study": rows["full"],
            "Share (95 %)": [" ".join(words.split()) for words in rows["words"]],
            "Counted": rows["counted"],
            "Differs from here": rows["differs"],
            "Pooled": rows["used"],
            "Source": [cited.get(name, "") for name in rows["name"]],
        }
    )


def leave_one_out_table(result: Yearly, papers: Papers, years: Sequence[int]) -> pd.DataFrame:
    """Return all but one study taken together, one row per study and year; empty with fewer than four studies."""
    rows = []
    for each in beside_each_year(result, papers, years):
        if each.together is None:
            continue
        weights = each.together.studies.set_index("study")["weight"]
        for without in each.together.leave_one_out.itertuples():
            numbers = float(without.share), float(without.lower), float(without.upper)
            weight = weights[without.without]
            told = "not told" if pd.isna(weight) else f"{100 * weight:.0f} %"
            rows.append((f"Year {each.year}: without {without.without}", pooled_words(*numbers), told))
    return pd.DataFrame(rows, columns=["Left out", "Pooled share (95 %)", "Its weight"])
