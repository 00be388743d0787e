"""Deaths by group, cause, and relation to the transplantation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Integers, Rows
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.code_counts import added_cells, count_codes
from analysis.counts.groups import Groups, membership
from analysis.counts.joining import join_names
from analysis.facts.patient_events import RELATIONS
from analysis.facts.recorded_deaths import causes_of_death, recorded_deaths


@dataclass(frozen=True, eq=False)
class DeathCounts:
    """Numbers of deaths by group, relation and cause.

    Attributes
    ----------
    groups
        The groups.
    without_group
        Number of patients without a group.
    causes
        The causes of death, sorted.
    group, relation, cause
        For each row the index of the group, in `RELATIONS`, and in `causes`; sorted.
    deaths
        The number of deaths in each row.
    """

    groups: Groups
    without_group: int
    causes: tuple[str, ...]
    group: Rows
    relation: Rows
    cause: Rows
    deaths: Integers

    @classmethod
    @additive
    def of(cls, cohort: Cohort, by: By | None) -> DeathCounts:
        """Return the counts of a cohort.

        Raises
        ------
        ValueError
            If the patients have no such grouping column.
        """
        return _death_counts(cohort, by)

    def __add__(self, other: DeathCounts) -> DeathCounts:
        """Return the counts of the patients of both; the case of causes is ignored.

        Raises
        ------
        ValueError
            If their groupings differ.
        """
        _, *places = join_names(self.groups.names, other.groups.names)
        spelt: dict[str, str] = {}
        for name in sorted((*self.causes, *other.causes)):
            spelt.setdefault(name.casefold(), name)
        causes = tuple(sorted(spelt.values()))
        place = {name.casefold(): number for number, name in enumerate(causes)}
        first, second = (
            (
                of_groups[each.group],
                each.relation,
                np.array([place[name.casefold()] for name in each.causes], dtype=np.intp)[each.cause],
            )
            for each, of_groups in zip((self, other), places, strict=True)
        )
        (group, relation, cause), deaths = added_cells(first, second, self.deaths, other.deaths)
        groups, without = self.groups + other.groups, self.without_group + other.without_group
        return DeathCounts(groups, without, causes, group, relation, cause, deaths)

    def to_table(self) -> pd.DataFrame:
        """Return told, group, relation, cause, patients.

        `told` is "deaths"; "members" for the number of patients in each group; "in two groups" or "without a group" for
        the number of those.
        """
        names = np.array(self.groups.names, dtype=object)
        members = pd.DataFrame({"told": "members", "group": names, "patients": self.groups.members})
        others = pd.DataFrame(
            {
                "told": ["in two groups", "without a group"],
                "patients": np.array([self.groups.shared, self.without_group], dtype=np.int64),
            }
        )
        deaths = pd.DataFrame(
            {
                "told": "deaths",
                "group": names[self.group],
                "relation": np.array(RELATIONS, dtype=object)[self.relation],
                "cause": np.array([*self.causes, None], dtype=object)[self.cause],
                "patients": self.deaths,
            }
        )
        table = pd.concat([members, others, deaths], ignore_index=True)
        return table[["told", "group", "relation", "cause", "patients"]]

    @classmethod
    def from_table(cls, table: pd.DataFrame, *, by: By | None) -> DeathCounts:
        """Return the counts in a table of `to_table`; `by` is the grouping."""
        members, deaths = (table[table["told"] == told] for told in ("members", "deaths"))
        shared, without = (
            int(table.loc[table["told"] == told, "patients"].iloc[0]) for told in ("in two groups", "without a group")
        )
        names, causes = tuple(members["group"]), tuple(sorted(deaths["cause"].unique()))
        group, relation, cause = (
            deaths[column].map({name: place for place, name in enumerate(known)}).to_numpy(dtype=np.intp)
            for column, known in (("group", names), ("relation", RELATIONS), ("cause", causes))
        )
        groups = Groups(by, names, members["patients"].to_numpy(dtype=np.int64), shared)
        return cls(groups, without, causes, group, relation, cause, deaths["patients"].to_numpy(dtype=np.int64))


@cached
def _death_counts(cohort: Cohort, by: By | None) -> DeathCounts:
    who, deaths, causes = membership(cohort, by), recorded_deaths(cohort), causes_of_death(cohort)
    code = np.full(len(cohort), -1)
    code[deaths["row"]] = deaths["relation"] * len(causes) + deaths["cause"]
    cells = count_codes(who, code, len(RELATIONS) * len(causes))
    own = cells.group < len(who.names)
    relation, cause = np.divmod(cells.code[own], max(len(causes), 1))
    held, place = np.unique(cause, return_inverse=True)
    named = tuple(causes[each] for each in held)
    return DeathCounts(
        who.groups(), len(who.without), named, cells.group[own], relation, place.astype(np.intp), cells.patients[own]
    )
