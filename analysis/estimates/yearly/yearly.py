"""Yearly shares after transplantation, and the ledger of all patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags
from analysis.cohort.wording import count_words
from analysis.counts.places import FROM_LATER_ON, LATE, Profiles
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import whole_numbers
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.estimators import proportion
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.yearly_numbers import Numbers

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
    numbers
        The numbers from which all of this is computed.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    bars: pd.DataFrame
    ledger: pd.DataFrame
    numbers: Numbers

    @classmethod
    def of(cls, numbers: Numbers) -> Yearly:
        """Return yearly shares from the numbers of an estimand."""
        settings = numbers.settings
        way = choose_estimand(settings.outcome, settings.estimand)
        found = way.estimate(numbers) if numbers.recorded else proportion(numbers)
        parts = [settings.of_each.words, f"of {way.denominator}"]
        if numbers.recorded:
            parts += [*way.how(numbers), found.words, *_late_words(numbers), *way.notes(numbers)]
        else:
            parts.append(NOT_RECORDED)
        parts += [f"not applied: {part}" for part in numbers.not_applied]
        parts.append(count_words(numbers.number_of_patients, "patient"))
        left_out = numbers.left_out.table
        bars = numbers.table(
            events=whole_numbers(numbers.events),
            patients=whole_numbers(numbers.patients),
            share=found.share,
            lower=found.lower,
            upper=found.upper,
            **{name: whole_numbers(held) for name, held in numbers.beside.items()},
            **({} if numbers.person_years is None else {"person_years": numbers.person_years}),
            immature=numbers.immature,
        )
        places = {name: whole_numbers(held) for name, held in numbers.places.items()}
        ledger = numbers.table(enrolled=numbers.enrolled, **places)
        question = way.asked(settings.of_each.remission_words)
        return cls(question, method_words("; ".join(parts), left_out), left_out, bars, ledger, numbers)

    @property
    def settings(self) -> YearlySettings:
        """The settings of the estimate."""
        return self.numbers.settings

    @property
    def late(self) -> int:
        """The number of patients with late entry."""
        return self.numbers.late

    @property
    def shared(self) -> int:
        """The number of patients in more than one group."""
        return self.numbers.groups.shared

    @property
    def recorded(self) -> bool:
        """Whether the cohort records relapses, if recorded ones are counted; if not, all shares are missing."""
        return self.numbers.recorded

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


def _late_words(numbers: Numbers) -> list[str]:
    """Return in words how many of the patients enrolled have late entry."""
    late = numbers.mentioned[LATE]
    words = f"{count_words(late, 'patient')} {FROM_LATER_ON} and counted from then on (left truncation)"
    return [] if late == 0 else [words]


def years_asked(years: Sequence[int] | None) -> tuple[int, ...] | None:
    """Return the years asked for; None for all up to the last with anyone assessed."""
    return None if years is None else tuple(int(year) for year in np.asarray(years, dtype=int))
