"""Counts at each distinct time, by stratum."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.grouping import EVERYBODY, By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.groups import check_additive, membership
from analysis.counts.joining import join_names
from analysis.counts.leaving import KINDS, Leaving, count_leaving, of_each_kind, why_without
from analysis.counts.reasons import Absence, LeftOut
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_times, endpoint_words

NO_STRATUM = "the stratum is not recorded"


@dataclass(frozen=True, eq=False)
class Strata:
    """Counts at each distinct time, of all patients and within strata.

    Attributes
    ----------
    stratify
        The grouping into strata; None for one stratum, "All".
    together
        The counts of all patients in a stratum, and the numbers left out.
    within
        The counts of each possible stratum by name, without the numbers left out.
    """

    stratify: By | None
    together: Leaving
    within: dict[str, Leaving]

    @classmethod
    @additive
    def of(
        cls,
        cohort: Cohort,
        endpoint: AnyEndpoint = OVERALL_SURVIVAL,
        by: By | None = None,
        stratify: By | None = None,
    ) -> Strata:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort, endpoint, by
            As for `Leaving.of`.
        stratify
            The grouping into strata; None for one stratum.

        Raises
        ------
        ValueError
            If the endpoint or a column is unknown, or the strata overlap.
        """
        return _strata(cohort, endpoint, by, stratify)

    def __add__(self, other: Strata) -> Strata:
        """Return the counts of the patients of both."""
        check_additive(self.stratify, other.stratify)
        together = self.together + other.together
        names, _, _ = join_names([*self.within], [*other.within])
        within = {}
        for name in names:
            here, there = (part.within.get(name, _nobody(part.together)) for part in (self, other))
            within[name] = replace(here + there, groups=together.groups)
        return Strata(self.stratify, together, within)

    def to_table(self) -> pd.DataFrame:
        """Return the counts as one table.

        Returns
        -------
        DataFrame with stratum and the columns of `Leaving.to_table`. Counts by group and month are by stratum; other
        rows have no stratum. Each stratum has one row with the count "stratum".
        """
        whole = self.together.to_table()
        parts = [whole[~whole["count"].isin(KINDS)].assign(stratum=None)]
        for name, counts in self.within.items():
            own = counts.to_table()
            size = pd.DataFrame({"count": ["stratum"], "patients": [int(counts.patients.sum())]})
            parts.append(pd.concat([size, own[own["count"].isin(KINDS)]]).assign(stratum=name))
        table = pd.concat(parts, ignore_index=True)
        return table[["stratum", *whole.columns]]

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        endpoint: AnyEndpoint = OVERALL_SURVIVAL,
        by: By | None = None,
        stratify: By | None = None,
    ) -> Strata:
        """Return the counts in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        endpoint, by, stratify
            As they were given to `of`.
        """
        counts = table[table["count"] != "stratum"]
        together = Leaving.from_table(counts, endpoint, by)
        within = {}
        for name in table.loc[table["count"] == "stratum", "stratum"]:
            own = counts[(counts["stratum"] == name) | ~counts["count"].isin(KINDS)]
            within[name] = _without_others(Leaving.from_table(own, endpoint, by))
        return cls(stratify, together, within)


def _without_others(counts: Leaving) -> Leaving:
    """Return the counts of a stratum without the numbers left out and in two groups."""
    return replace(counts, shared=0, left_out=LeftOut())


def _nobody(counts: Leaving) -> Leaving:
    """Return empty counts of the same groups."""
    none = np.zeros_like(counts.events[:1])
    return Leaving(counts.outcome, counts.groups, np.zeros(1), *of_each_kind(lambda _: none))


@cached
def _strata(cohort: Cohort, endpoint: AnyEndpoint, by: By | None, stratify: By | None) -> Strata:
    if stratify is None:
        counts = Leaving.of(cohort, endpoint, by)
        return Strata(None, counts, {EVERYBODY: counts})
    timed, who, strata = endpoint_times(cohort, endpoint), membership(cohort, by), membership(cohort, stratify)
    stratum = strata.one_each()
    words, outside = endpoint_words(endpoint), LeftOut()
    inside = timed.has[who.rows] & (stratum[who.rows] >= 0)

    def count(keep: np.ndarray, left_out: LeftOut) -> Leaving:
        rows = who.rows[keep]
        return count_leaving(words, who, who.code[keep], rows, timed.columns.rows(rows), left_out)

    within = {
        name: _without_others(count(inside & (stratum[who.rows] == code), outside))
        for code, name in enumerate(strata.names)
    }
    return Strata(stratify, count(inside, why_without_stratum(cohort, endpoint, by, stratify).count()), within)


def why_without_stratum(cohort: Cohort, endpoint: AnyEndpoint, by: By | None, stratify: By | None) -> Absence:
    """Return why patients are left out: no time, group or stratum."""
    others = [] if stratify is None else [(NO_STRATUM, membership(cohort, stratify).one_each() < 0)]
    return why_without(endpoint_times(cohort, endpoint), membership(cohort, by), *others)
