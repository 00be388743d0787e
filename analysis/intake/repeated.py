"""Measures repeated in columns, such as "SLEDAI 3 mo" and "SLEDAI 12 mo", as a table with a row per visit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.guess import guess
from analysis.intake.headings import those_alike, unit_in
from analysis.intake.moments import LONGEST, MONTHS_IN, Moment, signed, split_name
from analysis.intake.noticed import shown
from analysis.intake.numerals import NUMBER, plain
from analysis.intake.origin import Part, stacked
from analysis.intake.raw import RawTable
from analysis.intake.source import Answers
from analysis.intake.values import recorded, where_missing

MEASURES = tuple(name for name in VISITS if name not in ("patient_id", "months"))
FEWEST_TIMES = 2  # one time alone may be a characteristic of the patient
MOST_LISTED = 3
# With the number of a visit they mean its date; alone they could be any date.
DATES = frozenset({"date", "dates", "datum", "fecha", "data", "日期", "日付", "날짜"})
# Values derived from a measure are not the measure at some time.
DERIVED = re.compile(
    r".*(change|delta|diff|max|min|peak|nadir|mean|average|median|auc|slope|ratio|percent|score_at_flare|verander|anderung"
    r"|cambio|variation|mudanca|variazione|变化|變化|変化|변화|最高|最低|平均|평균).*"
)
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
    doubts = tuple(_doubt(column) for column in _left(rest, [each.name for each in found], (*named, ids)))
    visits = replace(_visits(raw, ids, found, moments), notes=(_note(found, used, moments),), doubts=doubts)
    return [visits] if len(rest.columns) == 1 else [replace(raw, cells=rest), visits]


def _repeats(ids: pd.Series) -> bool:
    return max(recorded(ids).values(), default=0) > 1


def _repeated(columns: Sequence[str]) -> list[Repeated]:
    """Return the measures that are there at several times."""
    stems = _stems(columns)
    known = _known([*stems, *(name for held in stems.values() for name, _ in held.values())])
    found = [each for held in stems.values() if (each := _family(held, known))]
    if not any(each.name in known for each in found):
        return []
    # Other names than those of measures are taken only with times in a unit.
    return [each for each in found if each.name in known or all(moment.unit in MONTHS_IN for moment in each.columns)]


def _stems(columns: Sequence[str]) -> dict[str, dict[str, tuple[str, Moment]]]:
    """Return measure, normalised, to its columns, each with the measure as written and the time."""
    others = [column for column in columns if column not in VISITS and column not in PATIENTS]
    timed = {column: parts for column in others if (parts := split_name(column))}
    itself = _known(timed) | those_alike(timed, list(PATIENTS.values()))  # a heading that is a name without a time
    stems: dict[str, dict[str, tuple[str, Moment]]] = {}
    for column, parts in timed.items():
        if column not in itself:
            stems.setdefault(normalised(parts[0]), {})[column] = parts
    for column in columns:
        held = stems.get(normalised(column), {})
        if held and all(not moment.unit for _, moment in held.values()) and _are_counted(held.values()):
            # The first of "SLEDAI, SLEDAI.1, SLEDAI.2", as a spreadsheet names columns of one name.
            stems[normalised(column)] = {column: (column, Moment(0.0, "")), **held}
    return stems


def _are_counted(held: Iterable[tuple[str, Moment]]) -> bool:
    """Return whether numbers without a unit count up by one, as those of visits do."""
    numbers = sorted(moment.number for _, moment in held)
    return len(numbers) > 1 and numbers[0] in (0, 1) and all(b - a == 1 for a, b in pairwise(numbers))


def _family(held: Mapping[str, tuple[str, Moment]], known: Collection[str]) -> Repeated | None:
    """Return the columns of one measure, if they are at several times."""
    name = next(iter(held.values()))[0]
    moments = signed([moment for _, moment in held.values()])
    units = {moment.unit for moment in moments if moment.number and moment.unit in MONTHS_IN}
    if len(units) == 1 and not all(moment.unit for moment in moments):
        # "SLEDAI 3 mo, SLEDAI 6": the unit of one is that of all.
        moments = [moment if moment.unit else replace(moment, unit=next(iter(units))) for moment in moments]
    dated = all(moment.months is not None for moment in moments) and any(moment.number for moment in moments)
    several = len(set(moments)) == len(moments) >= FEWEST_TIMES
    if not several or not (name in known or dated):
        return None
    return Repeated(name, dict(zip(moments, held, strict=True)))


def _known(names: Collection[str]) -> frozenset[str]:
    """Return the headings that are those of a measure of the visits, or of their date."""
    dates = (name for name in names if normalised(name) in DATES)
    return frozenset({*those_alike(names, [VISITS[name] for name in MEASURES]), *dates})


def _are_dates(name: str) -> bool:
    """Return whether a heading, without its time, is that of the date of a visit."""
    return normalised(name) in DATES or bool(those_alike([name], [VISITS["visit_date"]]))


def _visits(raw: RawTable, ids: str, found: Sequence[Repeated], moments: Sequence[Moment]) -> RawTable:
    unit = "" if all(moment.months is not None for moment in moments) else _unit(raw, found, moments)
    bare = [("", moment) for moment in moments if not moment.unit]
    mixed = bool(bare) and any(moment.months for moment in moments)
    counted = not unit and (mixed or _are_counted(bare) or any(moment.unit == "visit" for moment in moments))
    dated = any(_are_dates(each.name) for each in found)
    parts = []
    for moment in moments:
        columns = {each.name: each.columns[moment] for each in found if moment in each.columns}
        cells = raw.cells[[ids, *columns.values()]].set_axis([ids, *columns], axis=1)
        time, written = ("visit", f"V{moment.number:g}") if counted else _time(moment, unit, alone=bool(bare))
        if not dated or time == "months":  # the date of a visit tells its time, where its number does not
            cells.insert(1, time, texts.as_texts([written] * len(cells), cells.index))
        parts.append(Part(_with_values(cells, list(columns)), headings=columns))
    cells, origin = stacked(parts)
    return replace(raw, cells=cells, rows=(), origin=origin)


def _with_values(cells: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows that hold something in one of some columns."""
    filled = np.logical_or.reduce([~where_missing(cells[name]) for name in columns])
    return cells[filled]


def _time(moment: Moment, unit: str, *, alone: bool) -> tuple[str, str]:
    """Return the column that a time belongs in, and the time; `alone` if there are numbers without a unit."""
    if alone and not unit:
        return "time", f"{moment.number:g}"
    months = moment.number * MONTHS_IN[unit] if moment.months is None else moment.months
    return "months", f"{months:.10g}"


def _unit(raw: RawTable, found: Sequence[Repeated], moments: Sequence[Moment]) -> str:
    """Return the unit of numbers without one, as in ``sledai_12``, inferred from follow-up; "" if it is unclear.

    In the right unit, patients have values up to the end of their follow-up and none after it. This has to hold for
    nearly all values in one unit, and for clearly fewer in every other one.
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
            (~where_missing(raw.cells[column])) == (followed >= moment.number * factor)
            for each in found
            for moment, column in each.columns.items()
            if moment.number
        ]
        agreement[unit] = float(np.mean(agreeing)) if agreeing else 0.0
    best, *others = sorted(agreement, key=lambda unit: -agreement[unit])
    certain = agreement[best] >= AGREES and all(agreement[other] < DISAGREES for other in others)
    return best if certain else ""


def _left(rest: pd.DataFrame, names: Sequence[str], others: Collection[str]) -> list[str]:
    """Return columns of numbers that seem to be one of the measures at a time that could not be read."""
    measures = [normalised(name.partition("(")[0]) for name in _known(names)]
    return [
        column
        for column in map(str, rest)
        if column not in others
        and any(measure and measure in normalised(column) for measure in measures)
        and not DERIVED.fullmatch(normalised(column)[:LONGEST])
        and _are_numbers(rest[column])
    ]


def _are_numbers(values: pd.Series) -> bool:
    held = [*recorded(values)]
    return bool(held) and all(NUMBER.fullmatch(plain(text)) for text in held)


def _doubt(column: str) -> str:
    return (
        f'"{shown(column)}" seems to hold the same at a time that its heading does not tell; it is not among the '
        'visits. Write the time into the heading, such as "12 months".'
    )


def _note(found: Sequence[Repeated], used: Sequence[str], moments: Sequence[Moment]) -> str:
    listed = ", ".join(shown(column) for column in used[:MOST_LISTED])
    more = " ..." if len(used) > MOST_LISTED else ""
    measures = ", ".join(shown(each.name) for each in found)
    return (
        f"{count_words(len(used), 'column')} ({listed}{more}) hold {measures} at {count_words(len(moments), 'time')}; "
        "they are read as visits."
    )
