"""The characteristics of a baseline table, their order, and how each is summarised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.cohort.arrays import Floats
from analysis.cohort.column_words import column_label, column_unit, known_column, mid_sentence
from analysis.cohort.measures import MOST_GROUPS
from analysis.cohort.vocabulary import BASELINE, ORGANS, PATIENTS
from analysis.counts.baseline_counts import WORDED, BaselineCounts, ColumnCounts
from analysis.counts.distribution import Distribution

MOST_LEVELS = 20  # text with more levels describes single patients, not groups
YES = "yes"


@dataclass(frozen=True, eq=False)
class Characteristic:
    """A baseline characteristic.

    Attributes
    ----------
    name, label
        The column, and its label with the unit.
    kind
        "number"; "levels", of which each patient has one; or "flags", of which each patient may have several.
    counts
        Numbers of patients by value.
    levels
        The levels, in order; empty for numbers.
    """

    name: str
    label: str
    kind: Literal["number", "levels", "flags"]
    counts: ColumnCounts
    levels: tuple[str, ...] = ()

    def numbers(self, group: int) -> Distribution:
        """Return the distribution of the numbers in a group."""
        return self.counts.of_group(group)

    def recorded(self, group: int) -> int:
        """Return how many patients in a group have a value."""
        return self.counts.of_group(group).size

    def missing(self, group: int) -> int:
        """Return how many patients in a group have no value."""
        return int(self.counts.missing[group])

    def holding(self, levels: Sequence[str], group: int) -> Floats:
        """Return how many patients in a group have each level."""
        held = self.counts.of_group(group)
        values = self.counts.values[held.values] if self.counts.kind in WORDED else held.values
        patients = dict.fromkeys(levels, 0)
        for value, number in zip(values, held.patients.tolist(), strict=True):
            for level in self._levels_of(value):
                if level in patients:
                    patients[level] += number
        return np.array([patients[level] for level in levels], dtype=float)

    def _levels_of(self, value: Any) -> Iterable[str]:
        """Return the levels of a patient with this value."""
        if self.counts.kind == "sets":
            held: frozenset[str] = value
            return held
        if self.counts.kind == "words":
            return (value,)
        return (str(int(value)),) if self.kind == "levels" else (YES,) if value else ()


def baseline_characteristics(counts: BaselineCounts) -> list[Characteristic]:
    """Return the baseline characteristics, in the order of the table.

    Text with a single value or with more than 20 is left out, unless the column is a known one.
    """
    return [each for each in map(_characteristic, counts.columns) if each is not None]


def _characteristic(counts: ColumnCounts) -> Characteristic | None:
    name, label, held = counts.name, _label(counts.name), counts.held
    if counts.kind == "sets":
        return Characteristic(name, label, "flags", counts, _organs(held))
    if not len(held):
        return None
    if counts.kind == "words":
        levels = tuple(held)
        told = name in PATIENTS or 2 <= len(levels) <= MOST_LEVELS
        return Characteristic(name, label, "levels", counts, levels) if told else None
    if counts.kind == "measured":
        return Characteristic(f"{BASELINE}{name}", f"Baseline {mid_sentence(label)}", "number", counts)
    if counts.kind == "flags" or (name not in PATIENTS and np.isin(held, [0, 1]).all()):
        return Characteristic(name, label, "flags", counts, (YES,))
    # Whole numbers with few values, such as calendar years, are counted by level: their mean has no meaning.
    if name in PATIENTS and PATIENTS[name].kind == "integer" and len(held) <= MOST_GROUPS:
        return Characteristic(name, label, "levels", counts, tuple(str(int(value)) for value in held))
    return Characteristic(name, label, "number", counts)


def _label(name: str) -> str:
    unit = column_unit(name)
    words = column_label(name)
    if known_column(name) is None:
        words = f"{words[:1].upper()}{words[1:]}"
    return words if not unit or unit == "points" else f"{words} ({unit})"


def _organs(sets: Iterable[frozenset[str]]) -> tuple[str, ...]:
    held = frozenset[str]().union(*sets)
    return (*(organ for organ in ORGANS if organ in held), *sorted(held.difference(ORGANS)))
