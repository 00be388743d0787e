"""A cohort that answers with counts only, as a registry does: its rows are there, and nobody can read them."""

from typing import Any

import pandas as pd

from analysis import Cohort, Pinned
from analysis.cohort.drugs import drug_names
from analysis.cohort.filter_columns import values_found, without_value
from analysis.cohort.grouping import By, group_sizes
from analysis.cohort.measures import numeric_measures
from analysis.cohort.model import Keeps
from analysis.cohort.rows_elsewhere import GroupSizes, Inventory, RowsElsewhere
from analysis.counts.additive import CountsAsked
from analysis.facts.patient_events import event_names


class SampleElsewhere(RowsElsewhere):
    """An ordinary cohort without its rows."""

    no_rows = "Of these patients only counts are here; their rows are in a safe place."

    def __init__(self, held: Cohort, whole: RowsElsewhere | None = None) -> None:
        about = {name: getattr(held, name) for name in ("name", "fingerprint", "recorded", "rows_read")}
        for name, value in {**about, "_held": held, "_whole": whole}.items():
            object.__setattr__(self, name, value)

    @property
    def held(self) -> Cohort:
        held: Cohort = vars(self)["_held"]
        return held

    @property
    def whole(self) -> Cohort:
        return vars(self)["_whole"] or self

    def __len__(self) -> int:
        return len(self.held)

    @property
    def inventory(self) -> Inventory:
        held = self.held.whole
        return Inventory(
            held.patients_like,
            held.visits_like,
            tuple(numeric_measures(held)),
            drug_names(held),
            event_names(held) if held.events_recorded else (),
            {"visits": len(held.visits)},
        )

    def counts_of(self, asked: CountsAsked) -> Any:
        return asked.kind.of(self.held, **asked.choices)  # type: ignore[attr-defined]

    def values_found(self, name: str) -> pd.Series:
        return values_found(self.held, name).drop_duplicates().reset_index(drop=True)

    def without_value(self, *names: str) -> int:
        return without_value(self.held, *names)

    def group_sizes(self, by: By | None) -> GroupSizes:
        return group_sizes(self.held, by)

    def where(self, filters: Keeps) -> Cohort:
        return self._of(self.held.where(filters))

    def either(self, pinned: Pinned) -> Cohort:
        return self._of(pinned.either(self.held))

    def _of(self, held: Cohort) -> Cohort:
        return self if held is self.held else SampleElsewhere(held, self)
