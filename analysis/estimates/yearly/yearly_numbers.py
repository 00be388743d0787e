"""The numbers of a yearly estimate by group and year, from which its shares and its method sentence are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Floats, Integers
from analysis.counts.groups import Groups
from analysis.counts.reasons import LeftOut
from analysis.estimates.yearly.settings import YearlySettings


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a yearly estimate; tables are groups by years.

    A number that is hidden is missing in a table, or None.

    Attributes
    ----------
    settings
        The settings of the estimate.
    groups
        The groups shown.
    years
        The years shown.
    enrolled
        Patients enrolled.
    places
        Those at each place of the ledger, by its name; they add up to all enrolled.
    patients, events
        The denominator and the numerator.
    beside
        Further numbers of patients in the bars, by name.
    person_years
        Patient-years at risk; None for an estimand without them.
    curve
        Share, lower and upper limit of an estimand that is estimated from times; None for another one.
    immature
        Whether fewer than half could have been followed so long, or it is not known.
    mentioned
        Numbers that only the method sentence mentions, by name.
    number_of_patients
        Number of distinct patients enrolled in any year.
    late
        Number of patients with late entry, summed over groups.
    shared_in_year
        Number of patients in two groups who are in the denominator, by year; empty if there are none in two groups.
    left_out
        Numbers of patients left out, by reason.
    recorded
        Whether the cohort records what is counted at all.
    not_applied
        Parts of the definition of remission that could not be applied, in words.
    """

    settings: YearlySettings
    groups: Groups
    years: tuple[int, ...]
    enrolled: Integers
    places: Mapping[str, Integers | Floats]
    patients: Integers | Floats
    events: Integers | Floats
    beside: Mapping[str, Integers | Floats]
    person_years: Floats | None
    curve: Floats | None
    immature: Flags
    mentioned: Mapping[str, int | None]
    number_of_patients: int | None
    late: int
    shared_in_year: tuple[int, ...]
    left_out: LeftOut
    recorded: bool
    not_applied: tuple[str, ...]

    def table(self, **columns: NDArray[Any]) -> pd.DataFrame:
        """Return a table of group, year and these columns, each groups by years."""
        groups = np.arange(len(self.groups.names))
        group = self.groups.column(np.repeat(groups, len(self.years)))
        year = np.tile(np.asarray(self.years, dtype=np.int64), len(groups))
        # An explicit index halves the time that pandas takes for a small table.
        flat = {name: held.ravel() for name, held in columns.items()}
        return pd.DataFrame({"group": group, "year": year, **flat}, pd.RangeIndex(len(year)), copy=False)
