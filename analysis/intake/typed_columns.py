"""From a column of text to a column of values, with the problems of each row.

Each distinct text is read once, so that the cost grows with the distinct texts, not with the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.measurement_limits import MARK, MARKS, mark_column
from analysis.cohort.wording import count_words
from analysis.intake import texts as held_texts
from analysis.intake.flags import flag_reader
from analysis.intake.mapping import Matched
from analysis.intake.merged_cells import like_merged
from analysis.intake.misfits import looks_like_unit
from analysis.intake.noticed import Report, Unread, shown
from analysis.intake.numerals import NUMBER, plain
from analysis.intake.source import Source
from analysis.intake.values import (
    Read,
    Reader,
    amount,
    category_reader,
    date_reader,
    is_number_free,
    number_reader,
    organs_reader,
    text_reader,
)


@dataclass(frozen=True)
class Problem:
    """A text, with its rows, that is unreadable, or implausible but `kept`."""

    rows: np.ndarray
    text: str
    words: str
    kept: bool


@dataclass(frozen=True)
class Reading:
    """A column as it was read.

    Attributes
    ----------
    values
        The values.
    problems
        The texts with a problem.
    notes
        Distinct texts, how each was read, and in how many rows.
    limits
        "<" or ">" for values that are limits of measurement, else missing; None if there are none.
    """

    values: pd.Series
    problems: list[Problem]
    notes: list[tuple[str, str, int]]
    limits: pd.Series | None


def read_column(texts: pd.Series, column: Column, source: Source) -> Reading:
    """Return the values of a column of text.

    Parameters
    ----------
    texts
        The column, a categorical.
    column
        The canonical column; its kind decides how the texts are read.
    source
        Unit, event values and format.

    Returns
    -------
    Reading
        The values in the unit of `column`, the problems and the notes.
    """
    codes, distinct = held_texts.parts(texts)
    each = np.bincount(codes, minlength=len(distinct))
    counts = {text: int(count) for text, count in zip(distinct, each, strict=True) if count}
    reader = _reader(column, source, counts)
    reads = [reader(text) if text in counts else Read() for text in distinct]
    values = _typed(column, reads, codes, texts.index)
    notes = [
        (text, read.note, counts[text])
        for text, read in zip(distinct, reads, strict=True)
        if read.note and text in counts
    ]
    return Reading(values, _problems(reads, distinct, codes, texts.index), notes, _limits(reads, codes, texts.index))


def _limits(reads: Sequence[Read], codes: np.ndarray, index: pd.Index) -> pd.Series | None:
    signs = np.array([MARKS.index(read.limit) if read.limit else -1 for read in reads], dtype=np.int8)
    held = signs[codes]
    return pd.Series(pd.Categorical.from_codes(held, dtype=MARK), index) if (held >= 0).any() else None


def _problems(reads: Sequence[Read], distinct: Sequence[str], codes: np.ndarray, index: pd.Index) -> list[Problem]:
    troubled = np.array([bool(read.problem) for read in reads], dtype=bool)
    if not troubled.any():
        return []
    places = np.flatnonzero(troubled[codes])
    places = places[np.argsort(codes[places], kind="stable")]
    rows = index.to_numpy()[places]
    found, starts = np.unique(codes[places], return_index=True)
    return [
        Problem(held, distinct[code], reads[code].problem, reads[code].value is not None)
        for code, held in zip(found, np.split(rows, starts[1:]), strict=True)
    ]


def other_column(name: str, texts: pd.Series, style: str | None = None) -> Column:
    """Return the description of a column that is not canonical: numeric if every text is a number, else a category."""
    held = [text.strip() for text in held_texts.counts(texts) if not is_number_free(text)]
    numeric = bool(held) and _are_numbers(name, held, style)
    # 1,234 is not a number as long as the comma may be a decimal or a thousands separator.
    unclear = style is None and any("," in text for text in held)
    return Column(name, name, "number" if numeric and not unclear else "category")


def _are_numbers(name: str, held: Sequence[str], style: str | None) -> bool:
    """Return whether all texts are numbers, at most half of them with a mark such as "<"."""
    plainly = sum(bool(NUMBER.fullmatch(plain(text, style or ""))) for text in held)
    marked = plainly == len(held) or all(amount(text, Column(name, name, "number"), None, style) for text in held)
    return marked and 2 * plainly >= len(held) and not any(_code_like(text) for text in held)


def read_optional(matched: Matched, name: str, column: Column | None, report: Report) -> Reading:
    """Return an optional column; unreadable cells are missing and reported."""
    texts = matched.cells[name]
    source = matched.sources.get(name, Source(name))
    column = column or other_column(name, texts, source.format)
    reading = read_column(texts, column, source)
    report_notes(matched, name, reading, report)
    report_problems(matched, name, without_misfits(matched, name, column, source, reading, report), report)
    report_unread(matched, name, reading, report)
    doubt = like_merged(texts) if column.kind == "category" else ""
    if doubt:
        report.doubt(matched.place, doubt, column=matched.original(name))
    return reading


def kept_limits(matched: Matched, limits: Mapping[str, pd.Series], report: Report) -> dict[str, pd.Series]:
    """Return the columns that tell which values are limits, to be kept beside the columns with these names."""
    kept = {}
    for name, marks in limits.items():
        mark = mark_column(name)
        if mark in matched.cells:
            words = f"which of its values are limits is not kept, for the table has a column {mark} of its own."
            report.doubt(matched.place, words, column=matched.original(name))
        else:
            kept[mark] = marks
    return kept


def without_misfits(
    matched: Matched, name: str, column: Column, source: Source, reading: Reading, report: Report
) -> list[Problem]:
    """Return the problems without implausible values, if the column as a whole looks like another unit.

    That is reported once, with the unit, instead of for every row.
    """
    unit = looks_like_unit(reading.values, column, source.unit)
    if not unit:
        return reading.problems
    kept = [problem for problem in reading.problems if problem.kept]
    rows = sum(len(problem.rows) for problem in kept)
    example = kept[0].text
    read_in = source.unit or column.unit
    report.doubt(
        matched.place,
        f'"{shown(example)}" and the values of {count_words(rows, "row")} in all are not plausible in {read_in}; '
        f"they look like {unit}. They are used as {read_in}; name the unit if it is another.",
        column=matched.original(name),
        value=example,
    )
    return [problem for problem in reading.problems if not problem.kept]


def report_problems(matched: Matched, name: str, problems: Sequence[Problem], report: Report) -> None:
    """Report problems in rows that are used: implausible values, which are kept, and unreadable ones, now missing."""
    by_row = {int(row): problem for problem in problems for row in problem.rows}

    def words(row: int) -> str:
        problem = by_row[row]
        used = "It is used; please check it." if problem.kept else "The value is taken as not recorded."
        return f'"{shown(problem.text)}" {problem.words}. {used}'

    report.doubt_rows(matched.place, sorted(by_row), lambda row: by_row[row].text, words, matched.original(name))


def report_unread(matched: Matched, name: str, reading: Reading, report: Report) -> None:
    """Report the unreadable cells of a column."""
    unread = [problem for problem in reading.problems if not problem.kept]
    if unread:
        cells = sorted((int(row), problem.text) for problem in unread for row in problem.rows)
        rows, texts = zip(*cells, strict=True)
        report.unread.append(Unread(matched.place.table, name, matched.original(name), texts, rows))


def report_notes(matched: Matched, name: str, reading: Reading, report: Report) -> None:
    """Report how texts were read if that is not obvious; many texts that were read the same way are one note."""
    alike: dict[str, list[tuple[str, int]]] = {}
    for text, words, count in reading.notes:
        alike.setdefault(words, []).append((text, count))
    for words, held in alike.items():
        listed = held if len(held) <= MOST_LISTED else held[:1]
        for text, count in listed:
            more = ""
            if len(listed) < len(held):
                rows = sum(each for _, each in held[1:])
                more = f", and likewise {len(held) - 1} other values ({count_words(rows, 'row')})"
            message = f'"{shown(text)}" {words} ({count_words(count, "row")}){more}.'
            report.note(matched.place, message, column=matched.original(name), value=text)


MOST_LISTED = 3


def without_unused_levels(table: pd.DataFrame, vocabulary: Mapping[str, Column]) -> pd.DataFrame:
    """Return the table without unused levels, except in columns with fixed levels."""
    fixed = {name for name, column in vocabulary.items() if column.levels and not column.others}
    tidy = table.copy(deep=False)
    for name, values in table.items():
        if isinstance(values.dtype, pd.CategoricalDtype) and name not in fixed:
            tidy[name] = values.cat.remove_unused_categories()
    return tidy


def _code_like(text: str) -> bool:
    # 007 is a code, which would lose its zeros as a number.
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def _reader(column: Column, source: Source, counts: dict[str, int]) -> Reader:
    if column.kind in ("number", "integer"):
        return number_reader(column, source.unit, source.format)
    if column.kind == "boolean":
        return flag_reader(source, counts)
    if column.kind == "category":
        return category_reader(column, counts)
    if column.kind == "set":
        return organs_reader(column)
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
