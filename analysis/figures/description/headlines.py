"""The headline numbers of a cohort."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.number_words import months_words, percent, percent_interval


@dataclass(frozen=True)
class Headline:
    """A headline number: what it is, its value, the interval or n, and the statistical term."""

    label: str
    value: str
    detail: str
    term: str


def headlines(followed: FollowUp, survival: KaplanMeier, remission: Yearly) -> list[Headline]:
    """Return the headline numbers of one group that can be computed."""
    alive, follow_up = followed.alive.iloc[0], followed.table.iloc[0]
    patients = int(alive["patients"])
    interval = percent_interval(alive["share"], alive["lower"], alive["upper"], patients)
    times = f"{follow_up['minimum']:.1f}–{follow_up['maximum']:.1f} months in all"
    found = [
        Headline("Alive at last contact", f"{alive['alive']:,} of {patients:,}", interval, "95 % Wilson interval"),
        Headline(
            "Median follow-up", months_words(follow_up["median"]), times, "Reverse Kaplan-Meier; shortest and longest"
        ),
    ]
    year = survival.at([12]).iloc[0]
    if year["at_risk"]:
        share = f"{percent(year['survival'], patients)} %"
        detail = percent_interval(year["survival"], year["lower"], year["upper"], patients).removeprefix(share).strip()
        at_risk = f"{year['at_risk']:,} at risk"
        found.append(
            Headline("Alive at 1 year", share, " ".join([detail, at_risk]).strip(), "Kaplan-Meier, 95 % interval")
        )
    bars = remission.bars[remission.bars["patients"] > 0]
    if len(bars):
        first = bars.iloc[0]
        interval = percent_interval(first["share"], first["lower"], first["upper"], int(first["patients"]))
        counted = f"{first['events']:,} of {first['patients']:,}"
        found.append(
            Headline(
                f"Complete remission, year {first['year']}",
                counted,
                interval,
                "Of the patients assessed; 95 % Wilson interval",
            )
        )
    return found
