"""Shares by year after transplantation, and who is in each denominator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Integers
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By, Pinned
from analysis.cohort.wording import count_words
from analysis.estimates.common.intervals import PROPORTION_INTERVALS, check_proportion_interval, proportion_interval
from analysis.estimates.common.method_words import method_words
from analysis.estimates.yearly.estimands import Estimand
from analysis.estimates.yearly.ledger import Setting, check_window
from analysis.estimates.yearly.maturity import maturity
from analysis.estimates.yearly.over_time import Counted

WINDOW_MONTHS = 3.0


@dataclass(frozen=True)
class Yearly:
    """Shares of patients by year after transplantation, and where everybody is.

    Attributes
    ----------
    question, method
        What the shares answer, and how.
    left_out
        patient_id, reason: patients who are in no year.
    bars
        group, year, events, patients, share, lower, upper; share and limits are missing where they do not exist. For a
        rate they are per 100 patient-years, and there is the column person_years; for an estimated share there is
        at_risk, who is still followed at the end of the year, for one with an event without it so far. immature says
        that fewer than half could have been followed so long; see `maturity`.
    ledger
        group, year, enrolled, assessed, visit_missing, died_before, lost_before, not_yet_due, ended_unknown;
        the six add up to enrolled.
    members_of
        Works out `members`, which is large and mostly not asked for.
    estimand
        Which way of counting it is; see `analysis.estimates.yearly.estimands`.
    late
        How many are observed only from later than transplantation on.
    shared
        How many are in more than one group.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    bars: pd.DataFrame
    ledger: pd.DataFrame
    members_of: Callable[[], pd.DataFrame]
    estimand: str = "assessed"
    late: int = 0
    shared: int = 0

    @cached_property
    def members(self) -> pd.DataFrame:
        """group, year, patient_id, place (one of the six), counted (whether in the numerator), in_denominator."""
        return self.members_of()


def choose_estimand(known: Mapping[str, Estimand], estimand: str) -> Estimand:
    """Return the way of counting of this name.

    Raises
    ------
    ValueError
        If there is none.
    """
    if estimand not in known:
        raise ValueError(f"Unknown estimand {estimand!r}; known: {', '.join(known)}.")
    return known[estimand]


@dataclass(frozen=True)
class Counting:
    """How a yearly figure is counted, whatever it is of: what `yearly_remission` and `yearly_relapse` both ask.

    Raises
    ------
    ValueError
        If the interval is unknown, or the window is not above 0 and at most 6 months.
    """

    estimand: str
    window_months: float
    interval: str
    level: float
    by: By | None
    years: tuple[int, ...] | None

    def __post_init__(self) -> None:
        check_proportion_interval(self.interval)
        check_window(self.window_months)


def proportions(
    setting: Setting, in_denominator: Flags, counted: Flags, counting: Counting, **beside: Integers
) -> Counted:
    """Return the share of those in the denominator who count, each given by years and patients in a group.

    Other columns of the bars may stand beside it.
    """
    events, patients = setting.number_of(counted), setting.number_of(in_denominator)
    lower, upper = proportion_interval(events, patients, counting.interval, counting.level)
    share = np.divide(events, patients, out=np.full(len(events), np.nan), where=patients > 0)
    return Counted(
        in_denominator,
        counted,
        setting.table(events=events, patients=patients, share=share, lower=lower, upper=upper, **beside),
        f"{100 * counting.level:g} % {PROPORTION_INTERVALS[counting.interval]} interval",
    )


def members_of_nobody() -> pd.DataFrame:
    """Return the columns of `Yearly.members` without a row."""
    return pd.DataFrame(columns=["group", "year", "patient_id", "place", "counted", "in_denominator"])


def assemble(
    setting: Setting,
    found: Counted,
    estimand: str,
    question: str,
    parts: list[str],
    count: Callable[[], tuple[Setting, Counted]],
) -> Yearly:
    """Return the result: the parts of the method are joined to a sentence.

    What tells who is where is not held, but counted again when somebody asks for it.
    """

    def members() -> pd.DataFrame:
        again, same = count()
        return again.members(same.in_denominator, same.counted)

    patients = count_words(len(setting.cohort) - len(setting.left_out), "patient")
    known = maturity(setting.cohort, years=setting.years, by=setting.by)
    return Yearly(
        question,
        method_words("; ".join([*parts, patients]), setting.left_out),
        setting.left_out,
        found.bars.assign(immature=known.table["immature"].to_numpy()),
        setting.ledger,
        members,
        estimand,
        int(setting.late.sum()),
        len(setting.who.rows) - number_of_patients(setting.who.rows) if isinstance(setting.by, Pinned) else 0,
    )
