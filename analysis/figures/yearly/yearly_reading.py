"""The sentence that states the result of shares or rates by year: of one group, or of several at one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.common.differences import estimate_difference
from analysis.estimates.common.intervals import Estimate
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.yearly.share_differences import newcombe_interval
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.differences import SHARE_PATIENTS, differences_words
from analysis.figures.common.number_words import count_or_hidden, of_group
from analysis.figures.common.times_in_common import common_times, last_with_enough
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
    """Return the first and last year with an estimate or, for several groups, one year common to all.

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
    common = common_times(held, groups, "year")
    if len(groups) > 1 and common:
        return f"{_compared(result, held, groups, common, outcome)} {result.estimand.caution}"
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
            f"{words} {asked.short} in year {year}, {events} in {years:.1f} patient-years of "
            f"{count_words(patients, 'patient', ',')}"
            for words, year, events, years, patients in zip(*columns, strict=True)
        ]
    if is_estimated(result):
        columns = (ends[name] for name in ("words", "year", "counts"))
        return [f"{words} at year {year}, {counts}" for words, year, counts in zip(*columns, strict=True)]
    columns = (ends[name] for name in ("words", "year", "events", "patients"))
    return [
        f"{words} at year {year}, {events} of {patients} {asked.of}"
        for words, year, events, patients in zip(*columns, strict=True)
    ]


def _compared(result: Yearly, held: pd.DataFrame, groups: Sequence[str], years: Sequence[float], outcome: str) -> str:
    """Return the groups at the last year with enough patients in each, and their differences."""
    asked, counted = result.estimand, "at_risk" if is_estimated(result) else "patients"
    year = last_with_enough(held, years, "year", counted)
    why = (
        f"the last with at least {FEW_AT_RISK} {asked.of} in each group"
        if year
        else f"the last with a value in each group; in no year are {FEW_AT_RISK} {asked.of} in each"
    )
    bars = held[held["year"] == (year or years[-1])].set_index("group").loc[list(groups)]
    cells = "; ".join(f"{group} {_cell(result, bars.loc[group])}" for group in groups)
    when = f"{'In' if is_rate(result) else 'At'} year {bars['year'].iloc[0]} ({why}), {outcome}"
    first, *others = groups
    told = {other: _difference(result, bars.loc[[first, other]]) for other in others}
    unit = asked.short if is_rate(result) else "points"
    return f"{when}: {cells}; {differences_words(first, told, unit)}."


def _cell(result: Yearly, bar: pd.Series) -> str:
    """Return value and counts: "28 % (14–48), 7 of 25", events in patient-years, or the number at risk."""
    if is_rate(result):
        return f"{bar['words']}, {count_or_hidden(bar['events'])} in {bar['person_years']:.1f} patient-years"
    if is_estimated(result):
        return f"{bar['words']}, {bar['counts']}"
    return f"{bar['words']}, {count_or_hidden(bar['events'])} of {count_or_hidden(bar['patients'])}"


def _difference(result: Yearly, pair: pd.DataFrame) -> tuple[float, float, float, str]:
    """Return second minus first with limits, and why there are none or ""; rates unconverted."""
    estimates: Mapping[str, Estimate] = {
        str(group): (float(bar["share"]), float(bar["lower"]), float(bar["upper"])) for group, bar in pair.iterrows()
    }
    overlap = SHARE_PATIENTS if result.shared else ""
    what = "the rate" if is_rate(result) else "the share"
    if is_rate(result) or is_estimated(result) or overlap:
        return estimate_difference(estimates, what, overlap)
    (first, second), (fewer, more) = pair["events"].astype(int), pair["patients"].astype(int)
    return (pair["share"].iloc[1] - pair["share"].iloc[0], *newcombe_interval((first, second), (fewer, more)), "")


def _nobody_assessed(result: Yearly) -> str:
    """Return where the patients are in the last year shown, for use if no year has a value."""
    last = result.ledger[result.ledger["year"] == result.ledger["year"].max()]
    sentences = []
    for _, row in last.iterrows():
        gone = [f"{count_or_hidden(row[place])} {words}" for place, words in GONE.items() if row[place]]
        where = f": of {count_words(row['enrolled'], 'patient', ',')} {', '.join(gone)}" if gone else ""
        counted = result.estimand.nobody.removeprefix("0 ")
        sentences.append(of_group(str(row["group"]), f"nobody was {counted} for year {row['year']}{where}"))
    return " ".join(sentences)
