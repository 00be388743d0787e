"""A question about a file that only its owner can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.cohort.canonical_column import Column
from analysis.cohort.findings import Finding
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES, VISITS
from analysis.intake.codes import levels_of, meanings
from analysis.intake.source import CODES, CUTOFF, DUPLICATES, ROWS, SCHEDULE, Source


@dataclass(frozen=True)
class Question:
    """A question to answer before the files can be read.

    Attributes
    ----------
    kind
        ``event``, ``unit``, ``format``, ``column``, ``sheet``, ``duplicates``, ``cutoff`` (any date can answer it),
        ``schedule`` (the months of numbered visits, such as "0, 3, 6") or ``codes`` (what each value means).
    table, name
        The canonical column; for a sheet, only the table; "rows" if each endpoint has rows of its own.
    column
        The column of the file; "" if it is the answer.
    words
        The question.
    choices
        The possible answers, or for ``codes`` the values, each with the number of rows that it concerns.
    source
        The source of the column as far as it is known.
    example
        A value that is asked about; "" if none is.
    also
        Other findings that the answer cures, such as further patients with several rows.
    """

    kind: str
    table: str
    name: str
    column: str
    words: str
    choices: tuple[tuple[str, int], ...]
    source: Source | None = None
    example: str = ""
    also: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        """The key of the answer in a mapping."""
        if self.kind in (DUPLICATES, CUTOFF, SCHEDULE):
            return self.kind
        if self.name == ROWS:
            return ROWS
        if self.kind == CODES and self.name not in TABLES[self.table]:
            return self.column
        return f"{self.table}.{self.name}" if self.name else KINDS[self.table].key

    @property
    def described(self) -> Column:
        """The column that the values are of; of the patients, yes or no for a relapse is a column of the visits."""
        return TABLES[self.table].get(self.name, VISITS["relapse"])

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that a value can mean, if the question is what values mean; a number can mean itself."""
        if self.described.kind in ("number", "integer"):
            return tuple(value for value, _ in self.choices)
        return levels_of(self.described)

    @property
    def others(self) -> bool:
        """Whether a value can also mean another word, or stay as it is."""
        return self.described.others or self.described.kind == "set"

    @property
    def known(self) -> dict[str, str | None]:
        """The values whose meaning is known; None if it is that nothing was recorded."""
        means = meanings(self.described, self.source or Source(self.column))
        known = {value: means(value) for value, _ in self.choices}
        return {value: meaning or None for value, meaning in known.items() if meaning is not None}

    def with_source(self, source: Source) -> Question:
        """Return the question with the source from an earlier answer about the same column."""
        return replace(self, source=source)

    def answered(self, *chosen: str) -> Source:
        """Return the source that follows from an answer; several values, or none, can be the event.

        Of codes, it is the meaning of each value, in the order of the choices: "" for not recorded.
        """
        if self.kind in ("column", "sheet", DUPLICATES, CUTOFF, SCHEDULE) or self.source is None:
            return Source(chosen[0])
        if self.kind == "event":
            return replace(self.source, event=list(chosen))
        if self.kind == CODES:
            told = zip((value for value, _ in self.choices), chosen, strict=True)
            return self.with_codes({value: meaning or None for value, meaning in told})
        return replace(self.source, unit=chosen[0]) if self.kind == "unit" else replace(self.source, format=chosen[0])

    def with_codes(self, codes: Mapping[str, str | None]) -> Source:
        """Return the source with what some values mean, beside what was known of others."""
        source = self.source or Source(self.column)
        return replace(source, codes={**(source.codes or {}), **codes})
