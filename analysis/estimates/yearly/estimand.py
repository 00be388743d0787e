"""What defines an estimand: numerator, denominator, estimator, words and disclosure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.counts.places import LATE, Profiles
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.yearly.maturity import could_be_followed, immature
from analysis.estimates.yearly.settings import Outcome, YearlySettings
from analysis.estimates.yearly.yearly_numbers import Numbers
from analysis.estimates.yearly.years_shown import YearsShown

Kind = Literal["proportion", "probability", "rate"]
PROPORTION: Final = "proportion"
PROBABILITY: Final = "probability"
RATE: Final = "rate"
DIED_IN_REMISSION = "died_in_remission"  # a column of the bars
KINDS = (PROPORTION, PROBABILITY, RATE)


@dataclass(frozen=True)
class CountedYears:
    """The counts from which the numbers of an estimand come.

    Attributes
    ----------
    shown
        The years shown.
    in_denominator, counted
        Whether a profile is in the denominator and in the numerator: years by profiles.
    counts
        All counts.
    settings
        The settings of the estimate.
    """

    shown: YearsShown
    in_denominator: Flags
    counted: Flags
    counts: YearlyCounts
    settings: YearlySettings


@dataclass(frozen=True)
class Shares:
    """The estimate, groups by years.

    Attributes
    ----------
    share, lower, upper
        The share, or the rate per 100 patient-years, with its limits; missing where they do not exist.
    words
        The method, in words.
    """

    share: Floats
    lower: Floats
    upper: Floats
    words: str


@dataclass(frozen=True)
class DisclosedCounts:
    """What of an estimand may be disclosed while small counts are hidden.

    Attributes
    ----------
    denominator
        The places of the ledger that add up to the denominator, or to its complement; empty if neither is a sum of
        places.
    events
        "of those seen": exactly those in remission at the visit of the year, or with a first relapse in it, among those
        assessed, less the dead (``died_in_remission``); the same in all such estimands, which may be disclosed
        together. "own": others, such as a subset of them. "rising": events by the end of each year. "leaving": each
        event ends the patient's time at risk.
    """

    denominator: tuple[str, ...]
    events: Literal["of those seen", "own", "rising", "leaving"]


@dataclass(frozen=True)
class InPapers:
    """What a paper says of an estimand, in sentences.

    Attributes
    ----------
    analysis
        What was estimated, as a sentence without its end: ", with 95 % Wilson confidence intervals." follows. In it and
        in `missing`, "{state}" stands for what counts as remission, and a key of `analysis.export.papers.PAPERS` such
        as "{aalen1978}" for a citation.
    missing
        How patients without a value were handled, in whole sentences; "" for nothing to say.
    limits
        The confidence intervals, in words that follow their level; "" for the chosen ones of a proportion.
    visits
        The visits used: those in the "window" of a year, or all, with the state kept "between" them; "" for none.
    defines_remission
        Whether the definition of remission is part of it.
    """

    analysis: str
    missing: str
    limits: str = ""
    visits: Literal["window", "between", ""] = "window"
    defines_remission: bool = True


def no_words(_: Numbers) -> list[str]:
    """Return no words."""
    return []


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimand:
    """One way to count remission or relapse year by year.

    Attributes
    ----------
    name, outcome
        Its name as an option, and the outcome counted.
    columns, tables
        The facts it needs, by their names in `analysis.facts.remission_by_year` or `relapse_by_year`, and further
        tables of `YearlyCounts`.
    in_denominator, counted
        Flags of the denominator and the numerator for `Profiles`, of patients as well as of counts.
    beside
        Further numbers of patients in the bars, by name.
    mentions
        Numbers that only the method sentence mentions, by name.
    person_years, curve
        The patient-years at risk, or share, lower and upper limit of an estimate from times: what `Numbers` needs of
        the counts beside numbers of patients; None if nothing.
    estimate
        The estimator of the share or rate with its limits.
    from_start
        Whether only patients observed from transplantation on are enrolled. A late entrant cannot have died before
        entry, so that shares with the dead in the denominator would be biased by late entry.
    kind
        "proportion" (of patients), "probability" (estimated with censoring) or "rate" (per 100 patient-years).
    label, question, denominator
        The label of the option; the question, with "{remission}" for what counts as remission; the denominator in
        words, which follow "of" in the method sentence.
    title, reading
        The numerator: as the title of an axis, and after a number in the heading of its patients; and before a number
        in a sentence, such as "in {remission}".
    of, short
        The denominator, after "12 of 39" and in the title of an axis, such as "% of assessed". An empty denominator is
        "0 assessed" if `of` is "assessed", else "0 counted".
    caution
        A sentence against misreading.
    estimator
        The name of the estimator of a probability; "" for a proportion or rate.
    how, notes
        Further parts of the method sentence, before and after the interval, joined by semicolons.
    no_test
        Why groups are not tested; "" if they are.
    range
        How `remission_range` handles the dead, in words; "" if those not seen cannot simply be added to numerator and
        denominator, and it does not apply.
    disclosure, in_papers
        What is disclosed while small counts are hidden, and what a paper says.
    """

    name: str
    outcome: Outcome
    columns: tuple[str, ...]
    in_denominator: Callable[[Profiles], Flags]
    counted: Callable[[Profiles], Flags]
    estimate: Callable[[Numbers], Shares]
    label: str
    question: str
    denominator: str
    title: str
    reading: str
    of: str
    short: str
    caution: str
    disclosure: DisclosedCounts
    in_papers: InPapers
    kind: Kind = PROPORTION
    no_test: str = ""
    estimator: str = ""
    tables: tuple[str, ...] = ()
    beside: Mapping[str, Callable[[Profiles], Flags]] = field(default_factory=dict)
    mentions: Mapping[str, Callable[[CountedYears], int]] = field(default_factory=dict)
    person_years: Callable[[CountedYears], Floats] | None = None
    curve: Callable[[CountedYears], Floats] | None = None
    from_start: bool = False
    how: Callable[[Numbers], list[str]] = no_words
    notes: Callable[[Numbers], list[str]] = no_words
    range: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind {self.kind!r} of the estimand {self.name}; known: {', '.join(KINDS)}.")
        if (self.kind == PROPORTION) != (not self.no_test):
            raise ValueError(f"The estimand {self.name} is a proportion, or says why two groups are not tested.")

    def asked(self, remission: str = "complete remission") -> str:
        """Return the question, with the words for what counts as remission."""
        return self.question.format(remission=remission)

    def numerator(self, remission: str = "complete remission") -> str:
        """Return the numerator in words that follow a number, such as "in complete remission"."""
        words = self.title.format(remission=remission)
        return f"{words[:1].lower()}{words[1:]}"

    @property
    def nobody(self) -> str:
        """The words for an empty denominator: "0 assessed" or "0 counted"."""
        return f"0 {self.of if self.of == 'assessed' else 'counted'}"

    def flags(self, profiles: Profiles, recorded: bool = True) -> tuple[Flags, Flags]:
        """Return the flags of denominator and numerator, years by profiles; all false if nothing is recorded."""
        if not recorded:
            nobody = np.zeros_like(profiles.place, dtype=bool)
            return nobody, nobody
        return self.in_denominator(profiles), self.counted(profiles)

    def numbers(self, counts: YearlyCounts, settings: YearlySettings) -> Numbers:
        """Return the numbers by group and year.

        Parameters
        ----------
        counts
            The tables that the estimand needs.
        settings
            The settings of the estimate.
        """
        places, recorded = counts.places, counts.recorded
        shown = YearsShown.of(places, settings.years, from_start=self.from_start)
        in_denominator, counted = self.flags(shown.profiles, recorded)
        found = CountedYears(shown, in_denominator, counted, counts, settings)
        beside, mentions = (self.beside, self.mentions) if recorded else ({}, {})
        young = immature(could_be_followed(counts.follow_up, shown.years))
        return Numbers(
            settings=settings,
            groups=places.groups.only(places.groups.shown),
            years=shown.years,
            enrolled=np.sum(list(shown.ledger.values()), axis=0),
            places=shown.ledger,
            patients=shown.number_of(in_denominator),
            events=shown.number_of(counted),
            beside={name: shown.number_of(flags(shown.profiles)) for name, flags in beside.items()},
            person_years=self.person_years(found) if self.person_years and recorded else None,
            curve=self.curve(found) if self.curve and recorded else None,
            immature=young.reshape(-1, len(shown.years)) if shown.years else young,
            mentioned={LATE: shown.enrolled_late, **{name: number(found) for name, number in mentions.items()}},
            number_of_patients=shown.patients,
            late=shown.late,
            shared_in_year=tuple(places.in_two(in_denominator).tolist()) if places.groups.shared else (),
            left_out=shown.left_out,
            recorded=recorded,
            not_applied=counts.not_applied,
        )
