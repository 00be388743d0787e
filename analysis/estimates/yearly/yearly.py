"""Shares by year after transplantation, and who is in each denominator."""

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
from analysis.estimates.yearly.estimand import Estimand, Numbers
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.estimators import proportion
from analysis.estimates.yearly.maturity import could_be_followed, immature
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.years_shown import YearsShown

NOT_RECORDED = "this cohort records no relapses"


@dataclass(frozen=True)
class Yearly:
    """Shares of patients by year after transplantation, and where everybody is.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        reason, patients: how many are in no year. `analysis.listings.years.left_out_of_years` lists them.
    bars
        group, year, events, patients, share, lower, upper; share and limits are missing where they do not exist. For a
        rate they are per 100 patient-years, and there is the column person_years; for an estimated share there is
        at_risk, who is still followed at the end of the year, for one with an event without it so far. immature says
        that fewer than half could have been followed so long; see `maturity`.
    ledger
        group, year, enrolled, assessed, visit_missing, died_before, lost_before, not_yet_due, ended_unknown;
        the six add up to enrolled. `analysis.listings.years.yearly_members` lists who is where.
    settings
        What was asked.
    patients
        How many distinct patients are in some year.
    late
        How many are observed only from later than transplantation on.
    shared
        How many are in more than one group.
    shared_in_year
        How many of them are in the denominator of each year, by the years of the bars.
    recorded
        Whether the cohort records at all what is counted.
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
        """Return the shares of counts.

        Parameters
        ----------
        counts
            The tables that the estimand needs.
        settings
            What was asked.
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
        """Which way of counting it is."""
        return choose_estimand(self.settings.outcome, self.settings.estimand)

    @property
    def columns(self) -> tuple[str, ...]:
        """What of each patient it counts, as `Places` names it."""
        return self.estimand.columns if self.recorded else ()

    @property
    def from_start(self) -> bool:
        """Whether only who is under observation from transplantation on is enrolled."""
        return self.estimand.from_start

    @property
    def years(self) -> tuple[int, ...]:
        """The years shown."""
        return tuple(int(year) for year in dict.fromkeys(self.bars["year"]))

    def flags(self, profiles: Profiles) -> tuple[Flags, Flags]:
        """Return who is in the denominator and who counts, by year, of patients or of rows of their counts."""
        return self.estimand.flags(profiles, self.recorded)


def years_asked(years: Sequence[int] | None) -> tuple[int, ...] | None:
    """Return the years that were asked for; None for all to the last with anyone assessed."""
    return None if years is None else tuple(int(year) for year in np.asarray(years, dtype=int))
