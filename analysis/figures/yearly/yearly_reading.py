"""The sentence that states the result of shares or rates by year of one group."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.number_words import count_or_hidden, of_group
from analysis.figures.common.times_in_common import times_in_common
from analysis.figures.yearly.bar_words import bar_words, is_estimated, is_rate

# Place of the ledger to its words, after the number of patients not assessed.
GONE = {
    "visit_missing": "followed but not seen",
    "died_before": "died before",
    "lost_before": "lost before",
    "not_yet_due": "not yet due",
    "ended_unknown": "no longer followed, reason unknown",
}


def yearly_reading(result: Yearly, outcome: str) -> str:
    """Return the first and last year with an estimate; "" for several groups with a common year, which have a verdict.

    Parameters
    ----------
    result
        Shares or rates by year.
    outcome
        The outcome in words before a number, such as "in complete remission".
    """
    bars = bar_words(result)
    held = bars[bars["share"].notna()]
    if held.empty:
        if result.bars[["events", "patients"]].isna().any(axis=None):
            return "Small counts are hidden, and with them the value of every year."
        return _nobody_assessed(result)
    groups = list(dict.fromkeys(held["group"]))
    common = times_in_common(held, "year")
    if len(groups) > 1 and common:
        return ""
    sentences = [
        of_group(group, f"{outcome} {', then '.join(_ends(result, held[held['group'] == group]))}") for group in groups
    ]
    return " ".join([*sentences, result.estimand.caution])


def _ends(result: Yearly, bars: pd.DataFrame) -> list[str]:
    """Return the first and last year of a group in words."""
    asked = result.estimand
    ends = bars.iloc[[0, -1]].drop_duplicates("year")
    if is_rate(result):
        columns = (ends[name] for name in ("words", "year", "events", "person_years", "patients"))
        return [
            f"{words} {asked.short} in year {year}, {events:,} in {years:.1f} patient-years of "
            f"{count_words(patients, 'patient')}"
            for words, year, events, years, patients in zip(*columns, strict=True)
        ]
    if is_estimated(result):
        columns = (ends[name] for name in ("words", "year", "counts"))
        return [f"{words} at year {year}, {counts}" for words, year, counts in zip(*columns, strict=True)]
    columns = (ends[name] for name in ("words", "year", "events", "patients"))
    return [
        f"{words} at year {year}, {events:,} of {patients:,} {asked.of}"
        for words, year, events, patients in zip(*columns, strict=True)
    ]


def _nobody_assessed(result: Yearly) -> str:
    """Return where the patients are in the last year shown, for use if no year has a value."""
    last = result.ledger[result.ledger["year"] == result.ledger["year"].max()]
    sentences = []
    for _, row in last.iterrows():
        gone = [f"{count_or_hidden(row[place])} {words}" for place, words in GONE.items() if row[place]]
        where = f": of {count_words(row['enrolled'], 'patient')} {', '.join(gone)}" if gone else ""
        counted = result.estimand.nobody.removeprefix("0 ")
        sentences.append(of_group(str(row["group"]), f"nobody was {counted} for year {row['year']}{where}"))
    return " ".join(sentences)
