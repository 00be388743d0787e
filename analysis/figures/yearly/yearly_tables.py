"""Shares and rates by year as tables of words, for one estimand or several."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.wording import HIDDEN
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.footnotes import marked
from analysis.figures.common.number_words import count_or_hidden
from analysis.figures.common.table_cells import after_group, words_where
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate


def yearly_table(result: Yearly) -> pd.DataFrame:
    """Return year, n of N, and share with interval.

    For a rate: patients, events in patient-years, rate. For an estimated share: number at risk, and the share under the
    name of its estimator. Years that few could have been followed to have the sign of
    `analysis.figures.common.footnotes`.
    """
    bars = bar_words(result)
    years = {"Year": after_group(bars["group"], [f"year {year}" for year in bars["year"]])}
    words = marked(words_where(bars["patients"] != 0, bars["words"], "nobody"), bars)
    if is_rate(result):
        patients = bars["patients"].map(count_or_hidden).tolist()
        columns = {"Patients": patients, "Events / patient-years": bars["counts"], "Per 100 patient-years": words}
    elif is_estimated(result):
        estimator = result.estimand.estimator
        columns = {"At risk": bars["at_risk"].map(count_or_hidden), estimator.capitalize(): words}
    else:
        pairs = bars[["events", "patients"]].astype(object).where(bars[["events", "patients"]].notna(), HIDDEN)
        counts = [f"{events}/{patients}" for events, patients in zip(pairs["events"], pairs["patients"], strict=True)]
        columns = {"n / N": counts, "Share": words}
    return pd.DataFrame({**years, **columns})


def estimands_table(*results: Yearly, titles: Sequence[str]) -> pd.DataFrame:
    """Return one row per estimand and year: what is counted, year, n of N, and value with interval.

    Parameters
    ----------
    results
        One per estimand, as in `analysis.figures.yearly.ways_of_counting`.
    titles
        A short title of each.
    """
    table = pd.concat(
        [_estimand(result, title) for result, title in zip(results, titles, strict=True)], ignore_index=True
    )
    return table if table["Group"].nunique() > 1 else table.drop(columns="Group")


def _estimand(result: Yearly, title: str) -> pd.DataFrame:
    bars = bar_words(result)
    asked = result.estimand
    of_events, of_value = (" patient-years", f" {asked.short}") if is_rate(result) else ("", "")
    if asked.estimator:
        of_value = f", {asked.estimator}"
    counts = [
        f"{words}{of_events}" if patients else words
        for words, patients in zip(bars["counts"], bars["patients"], strict=True)
    ]
    values = [
        f"{words}{of_value}" if known else words if patients else "nobody"
        for words, known, patients in zip(bars["words"], bars["share"].notna(), bars["patients"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Counted": title,
            "Group": bars["group"],
            "Year": [f"year {year}" for year in bars["year"]],
            "n / N": counts,
            "Value (95 % interval)": values,
        }
    )
