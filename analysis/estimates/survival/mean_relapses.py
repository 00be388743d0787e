"""The mean number of relapses of a patient over time, death ending them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Steps
from analysis.counts.relapse_paths import RelapsePaths
from analysis.estimates.common.differences import overlap_words
from analysis.estimates.common.intervals import normal_quantile, square_and_add
from analysis.estimates.common.method_words import LATE_ENTRIES, method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.common.steps import steps_at
from analysis.estimates.common.tidy_tables import by_group
from analysis.estimates.survival.mean_function import mean_function
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.relapse_spells import CENSORED

LIMITS = ["mean", "standard_error", "lower", "upper"]
COUNTS = ["at_risk", "relapses", "deaths", "censored"]
DIFFERENCES = ["months", "group_a", "group_b", "mean_a", "mean_b", "difference", "lower", "upper", "withheld"]
QUESTION = "How many relapses has a patient had on average by then?"


@dataclass(frozen=True, repr=False)
class MeanRelapses(Result):
    """Mean numbers of relapses over time.

    Attributes
    ----------
    question, method
        What the curves answer, and how.
    left_out
        reason, patients: numbers of patients left out.
    curve
        group, months, at_risk, relapses, deaths, censored, mean (relapses per patient), standard_error, lower, upper:
        one row at 0 and one per time at which a patient enters, relapses, dies or is last seen. Limits are missing
        before the first relapse.
    summary
        group, patients, relapsed (patients), relapses, deaths.
    level
        The confidence level.
    time_zero
        The event from which months are counted.
    shared
        Number of patients counted in two groups.
    caution
        A warning of small risk sets before later entries, or "".
    """

    question: str
    method: str
    left_out: pd.DataFrame
    curve: pd.DataFrame
    summary: pd.DataFrame
    level: float
    time_zero: str = TRANSPLANTATION
    shared: int = 0
    caution: str = ""

    @classmethod
    def of(cls, counts: RelapsePaths, *, level: float = 0.95) -> MeanRelapses:
        """Return the mean numbers from counts.

        Parameters
        ----------
        counts
            Numbers of patients by the course of their relapses.
        level
            As for `mean_relapses`.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        z = normal_quantile(level)
        steps, rows, few = [], [], {}
        for group, paths, patients in counts.of_groups():
            own = _with_limits(mean_function(paths, patients), z, bool(len(patients)))
            relapsed = patients[np.unique(paths.path[paths.state > 0])].sum()
            steps.append(own)
            rows.append((patients.sum(), relapsed, own["relapses"].sum(), own["deaths"].sum()))
            late = paths.at_start == CENSORED
            if late.any():
                last = paths.start[np.append(True, paths.path[1:] != paths.path[:-1])][late].max()
                before = (own["months"] < last) & (own["at_risk"] < FEW_AT_RISK)
                if before.any():
                    few[group] = int(own["at_risk"][before].min()), float(own["months"][before].max())
        shown = counts.groups.column(counts.groups.shown)
        columns = ["patients", "relapsed", "relapses", "deaths"]
        summary = pd.DataFrame(np.array(rows, dtype=np.int64).reshape(-1, 4), columns=columns)
        summary.insert(0, "group", shown)
        caution = _caution(few)
        method = _method(counts, level)
        return cls(
            question=QUESTION,
            method=" ".join(filter(None, [method_words(method, counts.left_out.table), caution])),
            left_out=counts.left_out.table,
            curve=by_group(counts.groups.only(counts.groups.shown), steps, ["months", *COUNTS, *LIMITS]),
            summary=summary,
            level=level,
            shared=counts.groups.shared,
            caution=caution,
        )

    def at(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the mean numbers at chosen times.

        Parameters
        ----------
        months
            Times of 0 or more.

        Returns
        -------
        DataFrame with group, months, at_risk, cumulative_relapses, cumulative_deaths, mean, standard_error, lower,
        upper. Beyond the last time of a group nobody is at risk, and the mean is missing unless all had died.

        Raises
        ------
        ValueError
            If a time is below 0.
        """
        return steps_at(self.curve, months, ["relapses", "deaths"], LIMITS, _all_died)

    def differences(self, months: Sequence[float]) -> pd.DataFrame:
        """Return the differences between groups at chosen times.

        Limits come from those of both groups by the square-and-add method (Zou and Donner 2008), so that they agree
        with the bands of the curves.

        Parameters
        ----------
        months
            Times of 0 or more.

        Returns
        -------
        DataFrame with months, group_a, group_b, mean_a, mean_b, difference (b minus a, relapses per patient), lower,
        upper, withheld ("" or why the difference or its limits are missing).

        Raises
        ------
        ValueError
            If a time is below 0.
        """
        at = self.at(months)
        told = {
            (str(row.group), float(row.months)): (float(row.mean), float(row.lower), float(row.upper))
            for row in at[["group", "months", "mean", "lower", "upper"]].itertuples(index=False)
        }
        patients = dict(zip(self.summary["group"].astype(str), self.summary["patients"], strict=True))
        rows = []
        for first, second in combinations([group for group, number in patients.items() if number], 2):
            overlap = overlap_words({group: int(patients[group]) for group in (first, second)}, self.shared)
            for month in map(float, months):
                one, other = told[first, month], told[second, month]
                missing = _missing({first: one, second: other}, overlap)
                lower, upper = (np.nan, np.nan) if missing else square_and_add(one, other)
                rows.append((month, first, second, one[0], other[0], other[0] - one[0], lower, upper, missing))
        return pd.DataFrame(rows, columns=DIFFERENCES)


def mean_relapses(
    cohort: Cohort, *, rule: str | RelapseRule = "recorded", by: By | None = None, level: float = 0.95
) -> MeanRelapses:
    """Return the mean number of relapses of a patient over time (mean cumulative function), death ending them.

    Every relapse counts, also the second and later ones. The mean is that of all patients, those who have died
    included: they relapse no more. To censor deaths instead would tell how often patients would relapse if nobody died.
    A relapse on the day of death or of the last contact counts. The standard error is robust against any dependence
    between the relapses of a patient; limits are on the log scale, and so never below 0.

    Parameters
    ----------
    cohort
        The patients.
    rule
        The definition of relapse: "recorded", "visits", or made by `rise_after_remission` or `selena_flare`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    MeanRelapses; ``summary`` has one row per group.

    Raises
    ------
    ValueError
        If the rule or the grouping column is unknown, the cohort lacks a column that the rule needs, or the level is
        not between 0 and 1.

    References
    ----------
    Ghosh D, Lin DY (2000), Biometrics 56:554-562. Cook RJ, Lawless JF (1997), Statistics in Medicine 16:911-924.

    Examples
    --------
    >>> from analysis import load_sample
    >>> result = mean_relapses(load_sample())
    >>> result.at([12])[["at_risk", "cumulative_relapses", "mean"]].round(3).to_numpy().tolist()
    [[84.0, 11.0, 0.127]]
    """
    return MeanRelapses.of(RelapsePaths.of(cohort, relapse_rule(rule), by), level=level)


def _with_limits(own: Steps, z: float, anybody: bool) -> Steps:
    mean, error = (own[name].astype(float) if anybody else np.full(1, np.nan) for name in ("mean", "standard_error"))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factor = np.exp(z * error / mean)
        defined = (mean > 0) & (error > 0) & np.isfinite(factor)
        lower, upper = (np.where(defined, limit, np.nan) for limit in (mean / factor, mean * factor))
    return {**own, "mean": mean, "standard_error": error, "lower": lower, "upper": upper}


def _method(counts: RelapsePaths, level: float) -> str:
    counted = "every relapse up to the end of follow-up counted, and none after death"
    parts = [
        f"Mean number of relapses per patient (Ghosh and Lin 2000), relapses {counts.definition}, {counted}",
        f"months from {TRANSPLANTATION}",
        f"{100 * level:g} % log interval from the robust variance, none before the first relapse",
    ]
    if counts.late_entries:
        parts.append(LATE_ENTRIES)
    parts += [count_words(counts.groups.patients, "patient"), count_words(counts.number_of_relapses, "relapse")]
    return ", ".join(parts)


def _caution(few: dict[str, tuple[int, float]]) -> str:
    if not few:
        return ""
    where = ", ".join(
        f"{fewest:,}{'' if group == 'All' else f' in {group}'} up to month {months:g}"
        for group, (fewest, months) in few.items()
    )
    return f"Few are at risk until others come under observation (as few as {where}): all later months rest on them."


def _missing(pair: dict[str, tuple[float, float, float]], overlap: str) -> str:
    """Return why a difference or its limits are missing, or ""."""
    if short := [group for group, (mean, _, _) in pair.items() if math.isnan(mean)]:
        return f"nobody is at risk so long in {' and '.join(short)}"
    if overlap:
        return overlap
    bare = {group: mean for group, (mean, lower, upper) in pair.items() if math.isnan(lower + upper)}
    if not bare:
        return ""
    why = "no relapse yet" if all(mean == 0 for mean in bare.values()) else "no relapse yet, or too few patients,"
    return f"no interval: {why} in {' and '.join(bare)}"


def _all_died(last: pd.DataFrame) -> pd.Series:
    return (last["at_risk"] > 0) & (last["at_risk"] == last["deaths"])
