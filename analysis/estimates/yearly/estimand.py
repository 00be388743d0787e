"""What an estimand is: who is counted among whom, how it is estimated, and how it is said and shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.counts.places import Profiles
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.yearly.settings import Outcome, YearlySettings
from analysis.estimates.yearly.years_shown import YearsShown

Kind = Literal["proportion", "probability", "rate"]
PROPORTION: Final = "proportion"
PROBABILITY: Final = "probability"
RATE: Final = "rate"
KINDS = (PROPORTION, PROBABILITY, RATE)


@dataclass(frozen=True)
class Numbers:
    """What was counted, and what a share is estimated from.

    Attributes
    ----------
    shown
        The years shown.
    in_denominator, counted
        Who is in the denominator and who counts, by year and row of `Places`.
    counts
        All counts.
    settings
        What was asked.
    """

    shown: YearsShown
    in_denominator: Flags
    counted: Flags
    counts: YearlyCounts
    settings: YearlySettings

    @cached_property
    def events(self) -> Integers:
        """How many count, of each group and year."""
        return self.shown.number_of(self.counted)

    @cached_property
    def patients(self) -> Integers:
        """How many are in the denominator, of each group and year."""
        return self.shown.number_of(self.in_denominator)


@dataclass(frozen=True)
class Shares:
    """An estimate of each group and year.

    Attributes
    ----------
    share, lower, upper
        The share, or the rate per 100 patient-years, with its limits; missing where they do not exist.
    words
        How, in words.
    beside
        Further columns of the bars.
    """

    share: Floats
    lower: Floats
    upper: Floats
    words: str
    beside: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class DisclosedCounts:
    """What of an estimand may leave the house while small counts are hidden.

    Attributes
    ----------
    denominator
        The places of the ledger that the denominator is the sum of, or those of all who are not in it; empty for a
        denominator that is no sum of places.
    events
        "of those seen": counted among those assessed, the same for all estimands that say so; they may leave together.
        "own": of nobody else's. "rising": by the end of each year. "leaving": each ends the time that is counted.
    whole_percent
        Whether shares are told only in whole per cent, for they rest on times that are not told.
    """

    denominator: tuple[str, ...]
    events: Literal["of those seen", "own", "rising", "leaving"]
    whole_percent: bool = False


@dataclass(frozen=True)
class InPapers:
    """What a paper says of an estimand, in sentences.

    Attributes
    ----------
    analysis
        What was estimated, without the full stop; "{state}" stands for what remission is, and a key of
        `analysis.export.papers.PAPERS` such as "{aalen1978}" for citing that paper.
    missing
        What became of patients without a value; "" for nothing to say.
    limits
        Which confidence intervals, behind their level; "" for those of a proportion that was asked for.
    visits
        Which visits tell: those in the "window" of a year, or the states "between" all visits; "" for none.
    defines_remission
        Whether remission is part of it.
    """

    analysis: str
    missing: str
    limits: str = ""
    visits: Literal["window", "between", ""] = "window"
    defines_remission: bool = True


def no_words(_: Numbers) -> list[str]:
    """Return nothing to say."""
    return []


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimand:
    """One way to count remission or relapse year by year.

    Attributes
    ----------
    name, outcome
        What it is called where it is asked for, and what is counted.
    columns, tables
        What it needs: the columns of `Places` of `analysis.facts.remission_by_year`, or of `relapse_by_year`, and
        further tables of `YearlyCounts`.
    in_denominator, counted
        Who is in the denominator, and who of them counts: flags of `Profiles`, and so of patients and of their counts.
    beside
        Further numbers of patients in the bars, by name.
    estimate
        The share or rate with its limits.
    from_start
        Whether only patients under observation from transplantation on are enrolled. Who died before observation began
        could not get in, so that of those observed only from later on no share with the dead can be counted.
    kind
        "proportion" (of patients), "probability" (estimated, allowing for who is no longer followed) or "rate" (per
        100 patient-years).
    label, question, denominator
        For a switch; what it answers, "{remission}" standing for what counts as remission; who is in the denominator.
    title, reading
        What is counted, for the title of an axis, and before a number in a sentence, such as "in {remission}".
    of, short
        Who is counted, behind "12 of 39", and in the title of an axis, such as "% of assessed".
    caution
        The sentence that keeps it from being taken for something else.
    estimator
        How a share is estimated that is no fraction of counts; "" for one that is.
    how, notes
        What else there is to say of the counting, before and behind the interval.
    no_test
        Why two groups are not tested; "" where they are.
    range
        Who is kept out of the range of what those not seen allow, in words; "" for no range.
    disclosure, in_papers
        What may leave the house while small counts are hidden, and what a paper says.
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
        """Return the question, with the words of what counts as remission."""
        return self.question.format(remission=remission)

    @property
    def nobody(self) -> str:
        """What stands in the place of a number of nobody: "0 assessed" or "0 counted"."""
        return f"0 {self.of if self.of == 'assessed' else 'counted'}"

    def flags(self, profiles: Profiles, recorded: bool = True) -> tuple[Flags, Flags]:
        """Return who is in the denominator and who counts, by year; nobody where nothing is recorded."""
        if not recorded:
            nobody = np.zeros_like(profiles.place, dtype=bool)
            return nobody, nobody
        return self.in_denominator(profiles), self.counted(profiles)
