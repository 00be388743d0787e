"""A column of text to a column of values, with what is wrong row by row.

A text is read once, however many rows hold it: the cost grows with the distinct texts, not with the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.vocabulary import Column
from analysis.intake.flags import flag_reader
from analysis.intake.mapping import Matched, Source
from analysis.intake.report import Report, counted, shown
from analysis.intake.values import (
    NUMBER,
    Read,
    Reader,
    category_reader,
    date_reader,
    is_missing,
    number_reader,
    organs_reader,
    text_reader,
)


@dataclass(frozen=True)
class Problem:
    """A text in a row that is unreadable, or `kept` but unlikely."""

    row: int
    text: str
    words: str
    kept: bool


@dataclass(frozen=True)
class Reading:
    """The values of a column, the rows with a problem, and notes on how distinct texts were read."""

    values: pd.Series
    problems: list[Problem]
    notes: list[tuple[str, str, int]]


def read_column(texts: pd.Series, column: Column, source: Source) -> Reading:
    """Return the values of a column of text, by the column's kind."""
    codes, distinct = pd.factorize(texts.to_numpy(dtype=object))
    each = np.bincount(codes, minlength=len(distinct))
    counts = {str(text): int(count) for text, count in zip(distinct, each, strict=True)}
    reader = _reader(column, source, counts)
    reads = [reader(text) for text in counts]
    values = _typed(column, reads, codes, texts.index)
    notes = [(text, read.note, counts[text]) for text, read in zip(counts, reads, strict=True) if read.note]
    troubled = np.array([bool(read.problem) for read in reads], dtype=bool)
    rows, heard = texts.index.to_numpy(), list(counts)
    places = np.flatnonzero(troubled[codes])
    problems = [
        Problem(int(row), heard[code], reads[code].problem, reads[code].value is not None)
        for row, code in zip(rows[places], codes[places], strict=True)
    ]
    return Reading(values, problems, notes)


def other_column(name: str, texts: pd.Series) -> Column:
    """Return what a column that is not canonical holds: numbers where every text is one, else levels."""
    held = [str(text).strip() for text in pd.unique(texts) if not is_missing(str(text))]
    numeric = bool(held) and all(NUMBER.fullmatch(text) and not _code_like(text) for text in held)
    return Column(name, name, "number" if numeric else "category")


def read_optional(matched: Matched, name: str, column: Column | None, report: Report) -> pd.Series:
    """Return the values of a column that a row can do without; what cannot be read is missing, and reported."""
    texts = matched.cells[name]
    column = column or other_column(name, texts)
    source = matched.sources.get(name, Source(name))
    reading = read_column(texts, column, source)
    if column.kind == "date" and source.format is None and reading.values.isna().all():
        for example in [problem.text for problem in reading.problems if re.search(r"\d", problem.text)][:1]:
            report.refuse(
                matched.place,
                f'is a date such as "{shown(example)}" written day first, month first, or as an Excel number?',
                column=source.column,
                value=example,
                question="format",
            )
            return reading.values
    report_notes(matched, name, reading, report)
    report_problems(matched, name, reading.problems, report)
    return reading.values


def report_problems(matched: Matched, name: str, problems: Sequence[Problem], report: Report) -> None:
    """Report values of rows that are used: unlikely and kept, or unreadable and taken as missing."""
    for problem in problems:
        used = "It is used; please check it." if problem.kept else "The value is taken as not recorded."
        report.doubt(
            matched.place,
            f'"{shown(problem.text)}" {problem.words}. {used}',
            row=problem.row,
            column=matched.original(name),
            value=problem.text,
        )


def report_notes(matched: Matched, name: str, reading: Reading, report: Report) -> None:
    """Report how texts were read where that is not plain."""
    for text, words, count in reading.notes:
        message = f'"{shown(text)}" {words} ({counted(count, "row")}).'
        report.note(matched.place, message, column=matched.original(name), value=text)


def without_unused_levels(table: pd.DataFrame, vocabulary: Mapping[str, Column]) -> pd.DataFrame:
    """Return the table without levels that only rows left out had; a category with fixed levels keeps them all."""
    fixed = {name for name, column in vocabulary.items() if column.levels and not column.others}
    tidy = table.copy()
    for name, values in table.items():
        if isinstance(values.dtype, pd.CategoricalDtype) and name not in fixed:
            tidy[name] = values.cat.remove_unused_categories()
    return tidy


def _code_like(text: str) -> bool:
    # 007 is a code or an id, and would lose its zeros as a number.
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def _reader(column: Column, source: Source, counts: dict[str, int]) -> Reader:
    if column.kind in ("number", "integer"):
        return number_reader(column, source.unit)
    if column.kind == "boolean":
        return flag_reader(source, counts)
    if column.kind == "category":
        return category_reader(column, counts)
    if column.kind == "set":
        return organs_reader()
    if column.kind == "date":
        return date_reader(source.format)
    return text_reader()


def _typed(column: Column, reads: list[Read], codes: np.ndarray, rows: pd.Index) -> pd.Series:
    held = [read.value for read in reads]
    if column.kind in ("number", "date"):
        return pd.Series(np.array([np.nan if value is None else value for value in held], dtype=float)[codes], rows)
    if column.kind == "integer":
        return pd.Series(pd.array([None if value is None else int(value) for value in held], "Int64")[codes], rows)
    if column.kind == "boolean":
        return pd.Series(pd.array(held, "boolean")[codes], rows)
    if column.kind == "category":
        return pd.Series(_categorical(column, held, codes), rows)
    values = np.empty(len(held), dtype=object)
    values[:] = held
    return pd.Series(values[codes], rows, dtype=object)


def _categorical(column: Column, held: list[Any], codes: np.ndarray) -> pd.Categorical:
    present = {value for value in held if value is not None}
    if column.levels and not column.others:
        levels = list(column.levels)
    else:
        levels = [level for level in column.levels if level in present]
        levels += sorted(present.difference(column.levels))
    place = {level: number for number, level in enumerate(levels)}
    places = np.array([-1 if value is None else place[value] for value in held], dtype=int)
    return pd.Categorical.from_codes(places[codes], categories=pd.Index(levels, dtype=object), ordered=column.ordered)
