"""Numbers in words: percentages with their interval, and one sentence that reads a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.estimates.survival import KaplanMeier
from analysis.estimates.trajectory import Trajectory
from analysis.estimates.yearly import Yearly
from analysis.version import VERSION

NO_PATIENTS = "No patient is left under these filters. Take one off to see this figure."


def count(number: int, thing: str) -> str:
    """Return "1 patient" or "1,204 patients"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def percent(share: float, patients: int) -> str:
    """Return a share as a percentage: no decimals below 100 patients, one from there."""
    return "not estimable" if math.isnan(share) else f"{100 * share:.{0 if patients < 100 else 1}f}"


def percent_interval(share: float, lower: float, upper: float, patients: int) -> str:
    """Return "93 % (85–97)"; the interval is left out where it does not exist."""
    if math.isnan(share):
        return "not estimable"
    if math.isnan(lower) or math.isnan(upper):
        return f"{percent(share, patients)} %"
    return f"{percent(share, patients)} % ({percent(lower, patients)}–{percent(upper, patients)})"


def share_words(table: pd.DataFrame, share: str = "share") -> list[str]:
    """Return a table's shares with their intervals; it has ``lower``, ``upper`` and ``patients`` as well."""
    columns = (table[name] for name in (share, "lower", "upper", "patients"))
    return [percent_interval(*numbers) for numbers in zip(*columns, strict=True)]


def months_words(months: float, otherwise: str = "not reached") -> str:
    """Return "27.3 months", or words where the value does not exist."""
    return otherwise if math.isnan(months) else f"{months:.1f} months"


def number_interval(value: float, lower: float, upper: float) -> str:
    """Return "5.2 (4.1 to 6.3)"; words where it does not exist."""
    if math.isnan(value):
        return "no patients"
    if math.isnan(lower) or math.isnan(upper):
        return f"{value:.1f}"
    return f"{value:.1f} ({lower:.1f} to {upper:.1f})"


def survival_reading(result: KaplanMeier, outcome: str) -> str:
    """Return a sentence a group: the last whole year that somebody was followed to, or the exact band of no event.

    Parameters
    ----------
    result
        The curves.
    outcome
        The state that the curve is of, such as "alive".
    """
    summary = result.summary
    sentences = [
        _of(group, _curve_words(result, group, int(patients), int(events), outcome))
        for group, patients, events in zip(summary["group"], summary["patients"], summary["events"], strict=True)
        if patients
    ]
    return " ".join(sentences) or NO_PATIENTS


def _curve_words(result: KaplanMeier, group: str, patients: int, events: int, outcome: str) -> str:
    curve = result.curve[result.curve["group"] == group]
    last = float(curve["months"].max())
    years = int(last // 12)
    month, time = (12 * years, count(years, "year")) if years else (last, months_words(last))
    at = result.at([month])
    then = at[at["group"] == group].assign(patients=patients)
    followed = f"{count(int(then['at_risk'].iloc[0]), 'patient')} still followed"
    if events:
        share = f"{outcome} at {time} {share_words(then, 'survival')[0]}"
        return f"{share}, {followed}" if years else share  # At the last time itself nobody is followed on.
    # The limit up to that time: those who are last seen at it have been followed so long.
    lower = float(curve.loc[(curve["months"] < month) | (curve["months"] == 0), "lower"].iloc[-1])
    none = f"no event among {count(patients, 'patient')}"
    if math.isnan(lower):
        return f"{none}; by {time} {followed}"
    return f"{none}; by {time} the data are compatible with up to {100 * (1 - lower):.0f} %, {followed}"


def yearly_reading(result: Yearly, outcome: str) -> str:
    """Return what the first and the last year with anyone assessed say, with the patients behind each."""
    sentences = []
    for group, bars in result.bars.groupby("group", observed=True):
        held = bars[bars["patients"] > 0]
        if held.empty:
            continue
        ends = held.iloc[[0, -1]].drop_duplicates("year")
        parts = [
            f"{share} at year {year}, {events} of {patients} assessed"
            for share, year, events, patients in zip(
                share_words(ends), ends["year"], ends["events"], ends["patients"], strict=True
            )
        ]
        sentences.append(_of(str(group), f"{outcome} {', then '.join(parts)}"))
    if not sentences:
        return "Nobody was assessed within the window of any year."
    return " ".join([*sentences, "Each year's bar counts only the patients assessed in that year."])


def trajectory_reading(result: Trajectory, measure: str) -> str:
    """Return how a measure stood at the first and the last scheduled month that has at least two patients."""
    sentences = []
    for group, summary in result.summary.groupby("group", observed=True):
        held = summary[summary["patients"] >= 2]
        if len(held) < 2:
            continue
        ends = held.iloc[[0, -1]]
        parts = [
            f"{centre:.1f} at month {months:g} ({count(patients, 'patient')})"
            for centre, months, patients in zip(ends["centre"], ends["months"], ends["patients"], strict=True)
        ]
        sentences.append(_of(str(group), f"{measure} {', '.join(parts)}"))
    if not sentences:
        return "Fewer than two patients have a value at two of the scheduled visits."
    return " ".join([*sentences, "Later points rest on the patients who are still seen."])


def _of(group: str, words: str) -> str:
    """Return a sentence that begins with the group it is about; a name keeps its spelling."""
    return f"{words[0].upper()}{words[1:]}." if group == "All" else f"{group}: {words}."


def provenance(cohort: Cohort, whole: Cohort, filter_words: Sequence[str], method: str, on: date) -> str:
    """Return the line under every figure: cohort and fingerprint, filters, n of N, time zero, method, version, date."""
    filtered = "; ".join(filter_words) or "No filter"
    return (
        f"{whole.name}, fingerprint {whole.fingerprint[:12]}. {filtered}. "
        f"{len(cohort)} of {len(whole)} patients. Time zero: transplantation. {method} "
        f"Version {VERSION}, {on:%Y-%m-%d}."
    )
