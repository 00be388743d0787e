"""Cells of patients with equal covariates and times, from which a model with covariates is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.cohort.arrays import Flags, Floats, Integers, Rows
from analysis.cohort.column_words import mid_sentence
from analysis.cohort.filter_columns import filter_column
from analysis.cohort.grouping import By, group_name
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached, per_patient
from analysis.cohort.times import join_times
from analysis.cohort.vocabulary import BASELINE_SLEDAI
from analysis.counts.additive import additive
from analysis.counts.groups import check_additive, membership
from analysis.counts.joining import join_names
from analysis.counts.leaving import LEFT_OUT, why_without
from analysis.counts.reasons import Absence, LeftOut
from analysis.facts.endpoints import OVERALL_SURVIVAL, AnyEndpoint, endpoint_times, endpoint_words
from analysis.facts.observed_times import Wording

EVENT, COMPETING, CENSORED = range(3)
KINDS = ("events", "competing", "censored")
LEVELS, NUMBERS = "levels", "numbers"
TIMES = ["entry_months", "months"]
MOST = 1 << 62  # greatest number of cells that an int64 key can distinguish


@dataclass(frozen=True, eq=False)
class CovariateCells:
    """Numbers of patients with equal covariates, entry, time and outcome.

    Attributes
    ----------
    outcome
        The endpoint in words.
    covariates
        The covariates: columns, groupings or cuts.
    levels
        The names of the levels of each, in order; None for a numeric covariate.
    values
        Cells by covariates: the number, or the index of the level.
    entry, months
        Entry (0 for at risk from time zero) and time of each cell.
    kind
        How the time of each cell ends: an index into `KINDS`.
    patients
        The number of patients in each cell.
    left_out
        Numbers of patients without a time or a value of a covariate, by reason.
    """

    outcome: Wording
    covariates: tuple[By, ...]
    levels: tuple[tuple[str, ...] | None, ...]
    values: Floats
    entry: Floats
    months: Floats
    kind: Integers
    patients: Integers
    left_out: LeftOut

    @classmethod
    @additive
    def of(
        cls, cohort: Cohort, endpoint: AnyEndpoint = OVERALL_SURVIVAL, covariates: Sequence[By] = ()
    ) -> CovariateCells:
        """Return the cells of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        endpoint
            As for `Leaving.of`.
        covariates
            Columns, `Grouping` and `Cut` objects; numeric columns as numbers, all others by level.

        Raises
        ------
        ValueError
            If the endpoint or a column is unknown, or pinned cohorts overlap.
        """
        return _cells(cohort, endpoint, tuple(covariates))

    def __add__(self, other: CovariateCells) -> CovariateCells:
        """Return the cells of the patients of both; times that differ by less than 1e-9 of their size are joined.

        Raises
        ------
        ValueError
            If their endpoints or covariates differ.
        """
        if self.outcome != other.outcome or len(self.covariates) != len(other.covariates):
            raise ValueError("Cells add up where they are of the same endpoint and covariates.")
        levels: list[tuple[str, ...] | None] = []
        values = np.concatenate([self.values, other.values])
        size = len(self.patients)
        for column, (mine, others) in enumerate(zip(self.levels, other.levels, strict=True)):
            check_additive(self.covariates[column], other.covariates[column])
            if mine is None or others is None:
                # A column without any value has no levels, and may be added to numbers.
                if mine or others:
                    raise ValueError("Cells add up where a covariate is a number in all of them, or in none.")
                levels.append(None)
                continue
            names, here, there = join_names(mine, others)
            levels.append(names)
            values[:size, column] = here[self.values[:, column].astype(int)]
            values[size:, column] = there[other.values[:, column].astype(int)]
        both = (
            np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("entry", "months", "kind", "patients")
        )
        entry, months, kind, patients = both
        entry, months = np.split(join_times(np.concatenate([entry, months])), 2)
        columns = [kind, *values.T, entry, months]
        first, numbers = _distinct([np.unique(each, return_inverse=True)[1] for each in columns], patients)
        return CovariateCells(
            self.outcome,
            self.covariates,
            tuple(levels),
            values[first],
            entry[first],
            months[first],
            kind[first],
            numbers,
            self.left_out + other.left_out,
        )

    def to_table(self) -> pd.DataFrame:
        """Return the cells as one table.

        Returns
        -------
        DataFrame with count, covariate, level, one column per covariate (its index: "0", "1", ...), entry_months,
        months, reason, patients. Rows with the count "events", "competing" or "censored" are cells, with the number or
        level of each covariate; "levels" are the possible levels of a covariate, in order; "numbers" marks a numeric
        covariate; "left out" are the patients in no cell, by reason.
        """
        named = {
            str(place): self.values[:, place] if names is None else _names_at(names, self.values[:, place])
            for place, names in enumerate(self.levels)
        }
        cells = pd.DataFrame({"count": [KINDS[kind] for kind in self.kind], **named})
        cells = cells.assign(entry_months=self.entry, months=self.months, patients=self.patients)
        known = [
            {"count": NUMBERS if names is None else LEVELS, "covariate": str(place), "level": name}
            for place, names in enumerate(self.levels)
            for name in ([None] if names is None else names)
        ]
        gone = [
            {"count": LEFT_OUT, "reason": reason, "patients": number}
            for reason, number in zip(self.left_out.reasons, self.left_out.patients, strict=True)
        ]
        columns = ["count", "covariate", "level", *named, *TIMES, "reason", "patients"]
        return pd.DataFrame([*known, *gone, *cells.to_dict("records")], columns=columns).astype(
            {"patients": "Int64", **dict.fromkeys(TIMES, float)}
        )

    @classmethod
    def from_table(
        cls, table: pd.DataFrame, endpoint: AnyEndpoint = OVERALL_SURVIVAL, covariates: Sequence[By] = ()
    ) -> CovariateCells:
        """Return the cells in a table.

        Parameters
        ----------
        table
            As `to_table` returns it.
        endpoint, covariates
            As they were given to `of`.
        """
        known, numbers, gone = (table[table["count"] == name] for name in (LEVELS, NUMBERS, LEFT_OUT))
        cells = table[table["count"].isin(KINDS)]
        levels: list[tuple[str, ...] | None] = []
        values = np.zeros((len(cells), len(covariates)))
        for place in range(len(covariates)):
            column = cells[str(place)]
            if str(place) in set(numbers["covariate"]):
                levels.append(None)
                values[:, place] = column
                continue
            names = tuple(known.loc[known["covariate"] == str(place), "level"])
            levels.append(names)
            values[:, place] = column.map({name: at for at, name in enumerate(names)})
        return cls(
            endpoint_words(endpoint),
            tuple(covariates),
            tuple(levels),
            values,
            cells["entry_months"].to_numpy(dtype=float),
            cells["months"].to_numpy(dtype=float),
            cells["count"].map({name: kind for kind, name in enumerate(KINDS)}).to_numpy(dtype=np.int64),
            cells["patients"].to_numpy(dtype=np.int64),
            LeftOut(tuple(gone["reason"]), tuple(gone["patients"].astype(int))),
        )

    @property
    def number_of_patients(self) -> int:
        """The number of patients in all cells."""
        return int(self.patients.sum())

    @property
    def number_of_events(self) -> int:
        """The number of events in all cells."""
        return int(self.patients[self.event].sum())

    @property
    def late_entries(self) -> bool:
        """Whether a patient came under observation after time zero."""
        return bool((self.entry > 0).any())

    @property
    def event(self) -> Flags:
        """Whether the patients of each cell had the event."""
        return self.kind == EVENT


@cached
def _cells(cohort: Cohort, endpoint: AnyEndpoint, covariates: tuple[By, ...]) -> CovariateCells:
    timed = endpoint_times(cohort, endpoint)
    coded = [_coded(cohort, covariate) for covariate in covariates]
    rows = np.flatnonzero(np.all([timed.has, *(each.codes >= 0 for each in coded)], axis=0))
    columns = timed.columns.rows(rows)
    kind = np.select(
        [np.asarray(columns[name], dtype=bool) for name in ("event", "competing")], [EVENT, COMPETING], CENSORED
    )
    values, times = [each[rows] for each in coded], [columns[name] for name in ("entry", "time")]
    first, patients = _distinct([kind, *(each.codes for each in (*values, *times))], np.ones(len(rows), dtype=np.int64))
    numbers, levels = [], []
    for each, of_number in zip(values, map(_is_number, [cohort] * len(covariates), covariates), strict=True):
        code = each.codes[first]
        numbers.append(each.categories.to_numpy()[code] if of_number else code)
        levels.append(None if of_number else tuple(each.categories))
    entry, months = (each.categories.to_numpy()[each.codes[first]] for each in times)
    return CovariateCells(
        endpoint_words(endpoint),
        covariates,
        tuple(levels),
        np.reshape(numbers, (len(covariates), len(first))).T.astype(float),
        entry,
        months,
        kind[first],
        patients,
        why_without_value(cohort, endpoint, covariates).count(),
    )


def why_without_value(cohort: Cohort, endpoint: AnyEndpoint, covariates: Sequence[By]) -> Absence:
    """Return why patients are in no cell: no time, or no value of a covariate."""
    others = [
        (f"{mid_sentence(group_name(covariate))} is not recorded", _coded(cohort, covariate).codes < 0)
        for covariate in covariates
    ]
    return why_without(endpoint_times(cohort, endpoint), membership(cohort, None), *others)


def _coded(cohort: Cohort, covariate: By) -> pd.Categorical:
    """Return each patient's number or level, as a categorical."""
    if isinstance(covariate, str) and _is_number(cohort, covariate):
        coded: pd.Categorical = _number(cohort, covariate)["value"]
        return coded
    who = membership(cohort, covariate)
    return pd.Categorical.from_codes(who.one_each(), who.names, ordered=True)


@per_patient
def _number(cohort: Cohort, column: str) -> dict[str, pd.Categorical]:
    numbers = filter_column(cohort, column).astype(float).to_numpy()
    known = ~np.isnan(numbers)
    distinct, place = np.unique(numbers[known], return_inverse=True)
    code = np.full(len(numbers), -1)
    code[known] = place
    return {"value": pd.Categorical.from_codes(code, distinct)}


def _is_number(cohort: Cohort, covariate: By) -> bool:
    if not isinstance(covariate, str):
        return False
    if covariate not in cohort.patient_columns:
        return covariate == BASELINE_SLEDAI
    column = cohort.whole.patients[covariate]
    return is_numeric_dtype(column) and not is_bool_dtype(column)


def _distinct(columns: Sequence[Integers | Rows], patients: Integers) -> tuple[Rows, Integers]:
    """Return the position of one row of each cell, sorted by the columns, and the number of patients in each cell.

    Parameters
    ----------
    columns
        Integers of 0 or more.
    patients
        The number of patients of each row.
    """
    key, different = np.zeros(len(patients), dtype=np.int64), 1
    for column in columns:
        size = int(column.max(initial=0)) + 1
        if different * size > MOST:
            found, key = np.unique(key, return_inverse=True)
            different = len(found)
        key, different = key * size + column, different * size
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    numbers = np.zeros(len(first), dtype=np.int64)
    np.add.at(numbers, cell, patients)
    return first, numbers


def _names_at(names: tuple[str, ...], places: Floats) -> list[str]:
    return [names[int(place)] for place in places]
