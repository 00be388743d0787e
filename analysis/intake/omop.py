"""OMOP's procedures and observation periods as one row per person: transplantation, and the period that contains it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.dates import YEAR_FIRST
from analysis.intake.flags import MOST_CODES, code
from analysis.intake.noticed import Place, Report, shown
from analysis.intake.raw import RawTable
from analysis.intake.source import Answers
from analysis.intake.values import is_missing

PERSON = "person_id"
CONCEPT, DAY = "procedure_concept_id", "procedure_date"
START, END = "observation_period_start_date", "observation_period_end_date"


def one_row_a_person(tables: Sequence[RawTable], answers: Answers) -> list[RawTable]:
    """Return the tables, with OMOP's tables of procedures and observation periods as one row per person.

    Raises
    ------
    CohortError
        If there are several procedures, and the user has not said which is the transplantation.
    """
    procedures = next((raw for raw in tables if _has(raw, PERSON, CONCEPT, DAY) and _repeats(raw)), None)
    periods = next((raw for raw in tables if _has(raw, PERSON, START, END) and _repeats(raw)), None)
    single = next((raw for raw in tables if _has(raw, PERSON, DAY)), None)
    changed: dict[int, RawTable] = {}
    first = _first_days(procedures, answers) if procedures else single
    if procedures and first:
        changed[id(procedures)] = first
    if periods and first:
        changed[id(periods)] = _period_of(periods, first)
    return [changed.get(id(raw), raw) for raw in tables]


def _has(raw: RawTable, *names: str) -> bool:
    return not raw.hidden and set(names) <= {normalised(str(name)) for name in raw.cells}


def _repeats(raw: RawTable) -> bool:
    return bool(_column(raw, PERSON).duplicated().any())


def _column(raw: RawTable, name: str) -> pd.Series:
    return raw.cells[next(each for each in map(str, raw.cells) if normalised(each) == name)].astype(object)


def _first_days(raw: RawTable, answers: Answers) -> RawTable:
    """Return each person's first day of the chosen procedure, or of the only procedure in the table."""
    concepts = _column(raw, CONCEPT)
    counts = {text: count for text, count in texts.counts(raw.cells[concepts.name]).items() if not is_missing(text)}
    chosen = answers.rows.event if answers.rows and answers.rows.column == concepts.name else None
    if len(counts) > 1 and not chosen:
        report = Report()
        words = "there are several procedures. Which of them is the transplantation? Its first date is used."
        choices = sorted(counts.items(), key=lambda each: -each[1])[:MOST_CODES]
        report.refuse(Place("patients", raw.label), words, column=str(concepts.name), question="event", choices=choices)
        report.stop_if_refused()
    named = {code(str(value)) for value in chosen or counts}
    days = _column(raw, DAY)
    kept = raw.cells[[code(each) in named and not is_missing(day) for each, day in zip(concepts, days, strict=True)]]
    people = _column(raw, PERSON)
    order = days[kept.index].sort_values(kind="stable").index
    rows = list(order[~people[order].duplicated()])
    cells = kept.loc[sorted(rows), [str(people.name), str(days.name)]]
    note = f"of the procedure {' or '.join(map(shown, sorted(named)))} the first date of each person is used"
    more = f"; other columns and {count_words(len(raw.cells) - len(cells), 'other row')} are not."
    return replace(raw, cells=cells, notes=(*raw.notes, note + more))


def _period_of(raw: RawTable, procedures: RawTable) -> RawTable:
    """Return each person's observation period that contains the transplantation; without dates, all periods."""
    given = dict(zip(_column(procedures, PERSON), _column(procedures, DAY), strict=True))
    start, end, people = (_column(raw, name) for name in (START, END, PERSON))
    if not all(YEAR_FIRST.fullmatch(str(day).strip()) for day in (*given.values(), *start, *end)):
        return raw
    days = {who: _day(day) for who, day in given.items()}
    periods = [(days.get(who), _day(s), _day(e)) for who, s, e in zip(people, start, end, strict=True)]
    held = [day is not None and s <= day <= e for day, s, e in periods]
    later = [day is not None and day < s for day, s, _ in periods]
    cells = raw.cells[pd.Series(held, raw.cells.index)]
    cells = cells[~people[cells.index].duplicated()]
    without = len(set(people) - set(people[cells.index]))
    note = f"the observation period in which the procedure is, is used for {count_words(len(cells), 'person')}"
    gap = f"; {count_words(sum(later), 'period')} after a gap are not, so that follow-up ends before them."
    note += gap if any(later) else "."
    note += f" Of {count_words(without, 'person')} the procedure is in no period." if without else ""
    return replace(raw, cells=cells, notes=(*raw.notes, note))


def _day(text: str) -> tuple[int, ...]:
    """Return year, month and day of a date that begins with its year, such as 2014-01-31 or 2014/1/31."""
    return tuple(map(int, re.findall(r"\d+", text)[:3]))
