"""Numbers in words: percentages with their interval, and one sentence that reads a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.yearly import Yearly
from analysis.version import VERSION

NOT_ESTIMABLE = "not estimable"
NOT_REACHED = "not reached"
HIDDEN = "hidden"  # a count that is not told
NO_PATIENTS = "No patient is left under these filters. Take one off to see this figure."


def told_count(number: float) -> str:
    """Return a count with a comma for thousands, or "hidden" where it is missing because it is not told."""
    return HIDDEN if pd.isna(number) else f"{number:,.0f}"


def told(number: float, thing: str) -> str:
    """Return "1,204 patients", or "a hidden number of patients" where it is not told."""
    return f"a {HIDDEN} number of {thing}s" if pd.isna(number) else count_words(int(number), thing, ",")


def short_count(number: int, decimals: int) -> str:
    """Return a number as 15.9k or 16k where it has more than three digits."""
    if number < 999.5:
        return f"{number:.0f}"
    thousands = number / 1000
    return f"{thousands:,.{decimals}f}k" if thousands < 999.5 else f"{thousands / 1000:,.{decimals}f}M"


def percent(share: float, patients: int) -> str:
    """Return a share as a percentage: no decimals below 100 patients, one from there."""
    return NOT_ESTIMABLE if math.isnan(share) else f"{100 * share:.{0 if patients < 100 else 1}f}"


def percent_interval(share: float, lower: float, upper: float, patients: int) -> str:
    """Return "93 % (85–97)"; the interval is left out where it does not exist."""
    if math.isnan(share):
        return NOT_ESTIMABLE
    if math.isnan(lower) or math.isnan(upper):
        return f"{percent(share, patients)} %"
    return f"{percent(share, patients)} % ({percent(lower, patients)}–{percent(upper, patients)})"


def share_words(table: pd.DataFrame, share: str = "share") -> list[str]:
    """Return a table's shares with their intervals; it has ``lower``, ``upper`` and ``patients`` as well."""
    columns = (table[name] for name in (share, "lower", "upper", "patients"))
    return [percent_interval(*numbers) for numbers in zip(*columns, strict=True)]


def months_words(months: float, otherwise: str = NOT_REACHED) -> str:
    """Return "27.3 months", or words where the value does not exist."""
    return otherwise if math.isnan(months) else f"{months:.1f} months"


def median_words(median: float, lower: float, upper: float) -> str:
    """Return "27.3 (20.1–40.2)", with "from" where the upper limit is not reached, or what is known of it."""
    middle = NOT_REACHED if math.isnan(median) else f"{median:.1f}"
    if math.isnan(lower):
        return middle
    return f"{middle} (from {lower:.1f})" if math.isnan(upper) else f"{middle} ({lower:.1f}–{upper:.1f})"


def number_interval(value: float, lower: float, upper: float) -> str:
    """Return "5.2 (4.1 to 6.3)"; words where it does not exist."""
    if math.isnan(value):
        return "no patients"
    if math.isnan(lower) or math.isnan(upper):
        return number(value)
    return f"{number(value)} ({number(lower)} to {number(upper)})"


def with_unit(words: str, unit: str) -> str:
    """Return a value in words with its unit."""
    return f"{words} {unit}" if unit else words


def number(value: float) -> str:
    """Return a number to one decimal, with a minus sign that is one, and no minus before 0."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


@dataclass(frozen=True)
class Denominator:
    """How a yearly figure names what its numbers are of.

    Attributes
    ----------
    of
        Who is counted, behind "12 of 39".
    short
        The same in the title of an axis of percentages; "" where the share is of all patients.
    caution
        The sentence that keeps it from being taken for something else.
    estimator
        How a share is estimated that is no fraction of counts; "" for one that is.
    """

    of: str
    short: str
    caution: str
    estimator: str = ""

    @property
    def nobody(self) -> str:
        """What stands in the place of a number of nobody: "0 assessed" or "0 counted"."""
        return f"0 {self.of if self.of == 'assessed' else 'counted'}"


_INCIDENCE = (
    "Estimated from all patients (cumulative incidence, death competes), allowing for those no longer followed; "
    "at risk are those still followed without it so far."
)
_PROBABILITY = (
    "Estimated from all patients (state probability, Aalen-Johansen), allowing for those no longer followed; "
    "at risk are those alive and still followed."
)
DENOMINATORS = {
    "assessed": Denominator(
        "assessed", "% of assessed", "Each year's bar counts only the patients assessed in that year."
    ),
    "deaths_counted": Denominator(
        "assessed or dead",
        "% of assessed or dead",
        "Each year's bar counts the patients assessed in that year and those who died before.",
    ),
    "all_due": Denominator(
        "due", "% of all due", "Each year's bar counts everyone who was due; who was not seen is not in remission."
    ),
    "ever": Denominator("at risk", "%", _INCIDENCE, "cumulative incidence"),
    "current": Denominator("at risk", "%", _PROBABILITY, "state probability"),
    "at_risk": Denominator(
        "at risk", "% of those at risk", "Each year's bar counts those who entered it in remission and without relapse."
    ),
    "cumulative": Denominator("at risk", "%", _INCIDENCE, "cumulative incidence"),
    "rate": Denominator(
        "patients", "per 100 patient-years", "The time is that of the patients without a relapse so far."
    ),
}


if unsaid := {*REMISSION_ESTIMANDS, *RELAPSE_ESTIMANDS} ^ DENOMINATORS.keys():
    raise NotImplementedError(f"Estimands and the words of their denominators differ in {', '.join(sorted(unsaid))}.")


def is_rate(result: Yearly) -> bool:
    """Return whether a result is of events per 100 patient-years, and no share of patients."""
    return "person_years" in result.bars


def is_estimated(result: Yearly) -> bool:
    """Return whether a result allows for patients no longer followed, so that its shares are no counts of patients."""
    return "at_risk" in result.bars


def bar_words(result: Yearly) -> pd.DataFrame:
    """Return the bars with their words.

    Returns
    -------
    The ``bars`` with a text for group, and words (value with interval), printed (value alone, "" where there is none)
    and counts (n of N, events in patient-years, or for an estimated share how many are at risk).
    """
    bars = result.bars.astype({"group": str})
    columns = (bars[name] for name in ("events", "patients", "share", "lower", "upper"))
    numbers = list(zip(*columns, strict=True))
    if is_rate(result):
        counts = [
            f"{_told(events)} / {_told(years, '.1f')}"
            for events, years in zip(bars["events"], bars["person_years"], strict=True)
        ]
        words = [number_interval(*rate) if patients else NOT_ESTIMABLE for _, patients, *rate in numbers]
        printed = ["" if math.isnan(rate) else f"{rate:.1f}" for _, _, rate, _, _ in numbers]
    else:
        counts = (
            [f"{told_count(number)} at risk" for number in bars["at_risk"]]
            if is_estimated(result)
            else [f"{_told(events)}/{_told(patients)}" for events, patients, *_ in numbers]
        )
        words = share_words(bars)
        printed = ["" if math.isnan(share) else f"{percent(share, n)} %" for _, n, share, _, _ in numbers]
    nobody = DENOMINATORS[result.estimand].nobody
    counts = [words if patients else nobody for words, patients in zip(counts, bars["patients"], strict=True)]
    hidden = bars[["events", "patients"]].isna()
    return bars.assign(
        words=pd.Series(words, index=bars.index, dtype=object).mask(hidden.any(axis=1), HIDDEN),
        printed=printed,
        counts=pd.Series(counts, index=bars.index, dtype=object).mask(hidden.all(axis=1), HIDDEN),
    )


def _told(number: float, form: str = "") -> str:
    return HIDDEN if pd.isna(number) else f"{number:{form}}"


def of_group(group: str, words: str) -> str:
    """Return a sentence that begins with the group it is about; a name keeps its spelling."""
    return f"{words[0].upper()}{words[1:]}." if group == "All" else f"{group}: {words}."


def provenance(
    whole: Cohort,
    patients: str,
    filter_words: Sequence[str],
    method: str,
    on: date,
    time_zero: str = "transplantation",
) -> str:
    """Return the line under every figure: cohort and fingerprint, filters, n of N, time zero, method, version, date."""
    filtered = "; ".join(filter_words) or "No filter"
    return (
        f"{whole.name}, fingerprint {whole.fingerprint[:12]}. {filtered}. "
        f"{patients}. Time zero: {time_zero}. {method} "
        f"Version {VERSION}, {on:%Y-%m-%d}."
    )
