"""Measures repeated in columns, such as "SLEDAI 3 mo" and "SLEDAI 12 mo", as a table with a row per visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.guess import guess
from analysis.intake.headings import those_alike, unit_in
from analysis.intake.moments import MONTHS_IN, Moment, split_name
from analysis.intake.noticed import shown
from analysis.intake.numerals import NUMBER, plain
from analysis.intake.origin import Part, stacked, without_blank_rows
from analysis.intake.raw import RawTable
from analysis.intake.source import Answers
from analysis.intake.values import is_missing

MEASURES = tuple(name for name in VISITS if name not in ("patient_id", "months"))
FEWEST_TIMES = 2  # one time alone may be a characteristic of the patient
MOST_LISTED = 3
AGREES, DISAGREES = 0.95, 0.8  # shares of values that fit the follow-up of their patients


@dataclass(frozen=True)
class Repeated:
    """A measure in several columns.

    Attributes
    ----------
    name
        What is measured, as the first heading writes it.
    columns
        The column of each time.
    """

    name: str
    columns: Mapping[Moment, str]


def unfolded(raw: RawTable, ids: str | None, answers: Answers) -> list[RawTable]:
    """Return a table without its repeated measures, and these as a table with a row per visit.

    The table is returned as it is if it has no repeated measures, or more than one row per patient.

    Parameters
    ----------
    raw
        The table.
    ids
        The column of patient ids.
    answers
        The answers of the user; a column that they name stays where it is.
    """
    if ids is None or _repeats(raw.cells[ids]):
        return [raw]
    named = {source.column for table in answers.columns.values() for source in table.values() if source}
    found = _repeated([column for column in map(str, raw.cells) if column not in (*named, ids)])
    if not found:
        return [raw]
    moments = list(dict.fromkeys(moment for each in found for moment in each.columns))
    used = [column for each in found for column in each.columns.values()]
    rest = raw.cells.drop(columns=used)
    visits = replace(_visits(raw, ids, found, moments), notes=(_note(found, used, moments),))
    return [visits] if len(rest.columns) == 1 else [replace(raw, cells=rest), visits]


def _repeats(ids: pd.Series) -> bool:
    held = texts.counts(ids)
    return any(count > 1 for text, count in held.items() if not is_missing(text))


def _repeated(columns: Sequence[str]) -> list[Repeated]:
    """Return the measures whose names stand with several times; all times are told in the same way."""
    timed = {column: parts for column in columns if (parts := split_name(column))}
    known = those_alike({*timed, *(stem for stem, _ in timed.values())}, [VISITS[name] for name in MEASURES])
    stems: dict[str, dict[str, tuple[str, Moment]]] = {}
    for column, parts in timed.items():
        if column not in known:
            stems.setdefault(normalised(parts[0]), {})[column] = parts
    found = []
    for held in stems.values():
        name = next(iter(held.values()))[0]
        moments = [moment for _, moment in held.values()]
        dated = all(moment.months is not None for moment in moments) and any(moment.number for moment in moments)
        several = len(set(moments)) == len(moments) >= FEWEST_TIMES
        if several and (name in known or dated):
            found.append(Repeated(name, {moment: column for column, (_, moment) in held.items()}))
    if not any(each.name in known for each in found):
        return []
    # Numbers alone are times only where every measure with numbers has the same ones.
    return [each for each in found if each.name in known or all(moment.unit in MONTHS_IN for moment in each.columns)]


def _visits(raw: RawTable, ids: str, found: Sequence[Repeated], moments: Sequence[Moment]) -> RawTable:
    unit = "" if all(moment.months is not None for moment in moments) else _unit(raw, found, moments)
    parts = []
    for moment in moments:
        columns = {each.name: each.columns[moment] for each in found if moment in each.columns}
        cells = raw.cells[[ids, *columns.values()]].set_axis([ids, *columns], axis=1)
        time, written = _time(moment, unit)
        cells.insert(1, time, texts.as_texts([written] * len(cells), cells.index))
        parts.append(Part(without_blank_rows(cells, list(columns)), headings=columns))
    cells, origin = stacked(parts)
    return replace(raw, cells=cells, rows=(), origin=origin)


def _time(moment: Moment, unit: str) -> tuple[str, str]:
    """Return the column that a time stands in, and the time."""
    if moment.unit == "visit":
        return "visit", f"V{moment.number:g}"
    if moment.months is not None:
        return "months", f"{moment.months:.10g}"
    return ("months", f"{moment.number * MONTHS_IN[unit]:.10g}") if unit else ("time", f"{moment.number:g}")


def _unit(raw: RawTable, found: Sequence[Repeated], moments: Sequence[Moment]) -> str:
    """Return the unit of numbers alone, such as ``sledai_12``, if the follow-up of the patients tells it; else "".

    A patient has a value at a time where the follow-up reaches it, and none where it does not: the unit is known where
    that holds for nearly all values in one unit, and for clearly fewer in every other one.
    """
    follow_up = guess(raw.cells, "patients", "follow_up_months", ())
    stated = unit_in(follow_up.column, PATIENTS["follow_up_months"]) if follow_up else ""
    if follow_up is None or not stated or any(moment.unit == "visit" for moment in moments):
        return ""
    written = [plain(text) for text in raw.cells[follow_up.column].astype(object)]
    followed = np.array([float(text) if NUMBER.fullmatch(text) else np.nan for text in written]) * MONTHS_IN[stated]
    agreement = {}
    for unit, factor in MONTHS_IN.items():
        agreeing = [
            (~texts.where(raw.cells[column], is_missing)) == (followed >= moment.number * factor)
            for each in found
            for moment, column in each.columns.items()
            if moment.number
        ]
        agreement[unit] = float(np.mean(agreeing)) if agreeing else 0.0
    best, *others = sorted(agreement, key=lambda unit: -agreement[unit])
    certain = agreement[best] >= AGREES and all(agreement[other] < DISAGREES for other in others)
    return best if certain else ""


def _note(found: Sequence[Repeated], used: Sequence[str], moments: Sequence[Moment]) -> str:
    listed = ", ".join(shown(column) for column in used[:MOST_LISTED])
    more = " ..." if len(used) > MOST_LISTED else ""
    measures = ", ".join(shown(each.name) for each in found)
    return (
        f"{count_words(len(used), 'column')} ({listed}{more}) hold {measures} at {count_words(len(moments), 'time')}; "
        "they are read as visits."
    )
