"""Yearly shares after transplantation, and the ledger of all patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.wording import count_words
from analysis.counts.places import Profiles
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.yearly.estimand import Estimand, Numbers
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.estimators import proportion
from analysis.estimates.yearly.maturity import could_be_followed, immature
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.years_shown import YearsShown

NOT_RECORDED = "this cohort records no relapses"


@dataclass(frozen=True, repr=False)
class Yearly(Result):
    """Yearly shares after transplantation, and the ledger of all patients.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        reason, patients: numbers of patients left out. `analysis.listings.years.left_out_of_years` lists them.
    bars
        group, year, events, patients, share, lower, upper (missing where they do not exist), immature (fewer than half
        could have been followed so long; see `maturity`). A rate is per 100 patient-years and has person_years. A
        probability has at_risk: those still followed at the end of the year, and for a first event without it so far.
    ledger
        group, year, enrolled, assessed, visit_missing, died_before, lost_before, not_yet_due, ended_unknown;
        the six add up to enrolled. `analysis.listings.years.yearly_members` lists the patients.
    settings
        The settings of the estimate.
    patients
        Number of distinct patients enrolled in any year.
    late
        Number of patients with late entry.
    shared
        Number of patients in more than one group.
    shared_in_year
        How many of them are in the denominator of each year of the bars.
    recorded
        Whether the cohort records relapses, if recorded ones are counted; if not, all shares are missing.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    bars: pd.DataFrame
    ledger: pd.DataFrame
    settings: YearlySettings
    patients: int = 0
    late: int = 0
    shared: int = 0
    shared_in_year: tuple[int, ...] = ()
    recorded: bool = True

    @classmethod
    def of(cls, counts: YearlyCounts, settings: YearlySettings) -> Yearly:
        """Return yearly shares from counts.

        Parameters
        ----------
        counts
            The tables that the estimand needs.
        settings
            The settings of the estimate.
        """
        way = choose_estimand(settings.outcome, settings.estimand)
        shown = YearsShown.of(counts.places, settings.years, from_start=way.from_start)
        numbers = Numbers(shown, *way.flags(shown.profiles, counts.recorded), counts, settings)
        left_out = shown.left_out.table
        parts = [settings.of_each.words, f"of {way.denominator}"]
        beside = {}
        if counts.recorded:
            found = way.estimate(numbers)
            beside = {name: shown.number_of(flags(shown.profiles)) for name, flags in way.beside.items()}
            parts += [*way.how(numbers), found.words, *shown.late_words(), *way.notes(numbers)]
        else:
            found = proportion(numbers)
            parts.append(NOT_RECORDED)
        parts += [*(f"not applied: {part}" for part in counts.not_applied), count_words(shown.patients, "patient")]
        bars = shown.table(
            events=numbers.events,
            patients=numbers.patients,
            share=found.share,
            lower=found.lower,
            upper=found.upper,
            **beside,
            **found.beside,
            immature=immature(could_be_followed(counts.follow_up, shown.years)),
        )
        return cls(
            way.asked(settings.of_each.remission_words),
            method_words("; ".join(parts), left_out),
            left_out,
            bars,
            shown.ledger,
            settings,
            shown.patients,
            shown.late,
            counts.places.groups.shared,
            tuple(counts.places.in_two(numbers.in_denominator).tolist()) if counts.places.groups.shared else (),
            counts.recorded,
        )

    @property
    def estimand(self) -> Estimand:
        """The estimand."""
        return choose_estimand(self.settings.outcome, self.settings.estimand)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the facts that it counts."""
        return self.estimand.columns if self.recorded else ()

    @property
    def from_start(self) -> bool:
        """Whether only patients observed from transplantation on are enrolled."""
        return self.estimand.from_start

    @property
    def years(self) -> tuple[int, ...]:
        """The years shown."""
        return tuple(int(year) for year in dict.fromkeys(self.bars["year"]))

    def flags(self, profiles: Profiles) -> tuple[Flags, Flags]:
        """Return the flags of denominator and numerator: years by patients or profiles."""
        return self.estimand.flags(profiles, self.recorded)


def years_asked(years: Sequence[int] | None) -> tuple[int, ...] | None:
    """Return the years asked for; None for all up to the last with anyone assessed."""
    return None if years is None else tuple(int(year) for year in np.asarray(years, dtype=int))
