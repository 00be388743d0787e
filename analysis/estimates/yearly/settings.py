"""The settings of a yearly estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.cohort.grouping import By
from analysis.estimates.common.intervals import check_proportion_interval
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission_by_year import RemissionByYear

Outcome = Literal["remission", "relapse"]


@dataclass(frozen=True)
class YearlySettings:
    """The settings of a yearly estimate.

    Attributes
    ----------
    estimand
        The name of the estimand.
    of_each
        The definition of remission or relapse by year: rules and window.
    by, years, interval, level
        As for `yearly_remission`.

    Raises
    ------
    ValueError
        If the interval is unknown.
    """

    estimand: str
    of_each: RemissionByYear | RelapseByYear
    by: By | None = None
    years: tuple[int, ...] | None = None
    interval: str = "wilson"
    level: float = 0.95

    def __post_init__(self) -> None:
        check_proportion_interval(self.interval)

    @property
    def outcome(self) -> Outcome:
        """The outcome counted."""
        return "remission" if isinstance(self.of_each, RemissionByYear) else "relapse"
