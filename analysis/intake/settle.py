"""Units, values for died, and formats of dates and decimals: settled from the file, or asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.column_words import limits_words, mid_sentence
from analysis.cohort.names import normalised
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.intake import texts
from analysis.intake.flags import death_choices, death_note, death_question, nobody_alive
from analysis.intake.headings import unit_in
from analysis.intake.mapping import ENDS, Matched
from analysis.intake.misfits import FEWEST, HALF, looks_like_unit
from analysis.intake.missing_codes import ask_for_missing_codes
from analysis.intake.noticed import Report, shown
from analysis.intake.numerals import NUMBER, UNCLEAR, comma_style, plain, points_may_group
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE
from analysis.intake.relapse_dates import dates_in
from analysis.intake.settle_codes import with_codes
from analysis.intake.settle_dates import is_open, with_date_format
from analysis.intake.source import Answers, Source
from analysis.intake.units import TIME_WORDS, is_start, is_time, time_in
from analysis.intake.values import Read, date_reader, number_reader, recorded

SIGNS = {",": "comma", ".": "point"}
FEW_LOST = 3  # rows
MOST_LOST = 0.1  # of the rows that hold anything
SEEN = 5000  # Distinct texts that are examined to judge a column.


def settled(matched: Matched, answers: Answers, report: Report) -> Matched:
    """Return the table with the unit, event and format of every source; what is unclear is asked."""
    matched = with_codes(matched, report)
    vocabulary = TABLES[matched.place.table]
    recorded = {
        str(name): _recorded(matched, str(name))
        for name in matched.cells.columns
        if name not in ("patient_id", "organs")
    }
    usual = _usual_decimals(recorded, vocabulary)
    with_points = _uses_points(recorded, vocabulary)

    def grouped(seen: Sequence[str]) -> bool:
        return not with_points and points_may_group(seen, european=matched.semicolons)

    sources = dict(matched.sources)
    for name, column in vocabulary.items():
        if name not in matched.cells or name not in sources or name == "patient_id":
            continue
        seen = list(recorded.get(name, {}))[:SEEN]
        if column.kind in ("number", "integer"):
            ask_for_missing_codes(matched, column, sources[name], recorded.get(name, {}), report)
            sources[name] = _with_unit(matched, column, sources[name], seen, report)
            sources[name] = _with_decimals(matched, column, sources[name], seen, usual, grouped, report)
        elif column.kind == "date":
            seen = [part for text in seen for part in dates_in(text)] if name == RELAPSE_DATE else seen
            sources[name] = with_date_format(matched, name, seen, answers, report)
    sources |= _other_decimals(matched, recorded, usual, grouped)
    matched = replace(matched, sources=sources)
    for name in _needed(matched):
        _refuse_unreadable(matched, name, recorded[name], report)
    if "died" in matched.cells and "died" in vocabulary:
        _settle_died(matched, report)
    return matched


def _other_decimals(
    matched: Matched,
    recorded: Mapping[str, Mapping[str, int]],
    usual: str | None,
    grouped: Callable[[Sequence[str]], bool],
) -> dict[str, Source]:
    """Return the sources of columns that are not canonical, with the notation of their decimals."""
    sources = {}
    for name in recorded:
        if name not in TABLES[matched.place.table]:
            seen = list(recorded[name])[:SEEN]
            style = comma_style(seen) or (UNCLEAR if usual == "decimal comma" and grouped(seen) else "")
            if style:
                source = matched.sources.get(name, Source(name))
                sources[name] = replace(source, format=usual if style == UNCLEAR else style)
    return sources


def _needed(matched: Matched) -> list[str]:
    """Return the time columns that are needed to use a row."""
    times = KINDS[matched.place.table].times
    first = [(name,) for name in next(iter(times.items()), ()) if name]
    kinds = [("follow_up_months",), ENDS] if matched.place.table == "patients" else first
    held = [[name for name in names if name in matched.sources and name in matched.cells] for names in kinds]
    return next((names for names in held if names), [])


def _refuse_unreadable(matched: Matched, name: str, recorded: Mapping[str, int], report: Report) -> None:
    """Refuse a column with many unreadable values, whose language or notation is unknown."""
    column, source = TABLES[matched.place.table][name], matched.sources[name]
    seen = dict(list(recorded.items())[:SEEN])
    if column.kind == "date":
        unclear, read = not source.format and is_open([*seen]), date_reader(source.format)
    else:
        unclear, read = comma_style(seen) == UNCLEAR and not source.format, number_reader(column, None, source.format)
    lost = {} if unclear else {text: count for text, count in seen.items() if _is_lost(read(text))}
    rows = sum(lost.values())
    if rows >= FEW_LOST and rows > MOST_LOST * sum(seen.values()):
        example = next(iter(lost))
        what = "dates cannot be read" if column.kind == "date" else "times cannot be used"
        how = (
            "Write them as year-month-day." if column.kind == "date" else "Write numbers, and a blank where not known."
        )
        message = f'{rows} of {sum(seen.values())} {what}, such as "{shown(example)}". {how}'
        report.refuse(matched.place, message, column=source.column, value=example)


def _is_lost(read: Read) -> bool:
    return read.value is None and bool(read.problem)


def _recorded(matched: Matched, name: str) -> dict[str, int]:
    return recorded(matched.cells[name])


def _usual_decimals(recorded: Mapping[str, Mapping[str, int]], vocabulary: Mapping[str, Column]) -> str | None:
    """Return the notation of decimals in the table; None if its columns do not agree on one."""
    styles = {comma_style(values) for values in _numeric(recorded, vocabulary)} - {"", UNCLEAR}
    return styles.pop() if len(styles) == 1 else None


def _uses_points(recorded: Mapping[str, Mapping[str, int]], vocabulary: Mapping[str, Column]) -> bool:
    """Return whether some column certainly uses decimal points, as in 12.5."""
    return any(
        NUMBER.fullmatch(text) and "." in text and not points_may_group([text], european=True)
        for values in _numeric(recorded, vocabulary)
        for text in values
    )


def _numeric(recorded: Mapping[str, Mapping[str, int]], vocabulary: Mapping[str, Column]) -> list[list[str]]:
    return [
        list(values)[:SEEN]
        for name, values in recorded.items()
        if name not in vocabulary or vocabulary[name].kind in ("number", "integer")
    ]


def _with_unit(matched: Matched, column: Column, source: Source, seen: Sequence[str], report: Report) -> Source:
    if source.unit or not column.unit:
        return source
    timed = [text for text in seen if not is_start(text, column)] if is_time(column) else []
    if timed and all(time_in(text, column) is not None for text in timed):
        return source  # every cell names its unit
    named = normalised(source.column) == column.name
    unit = "" if named else unit_in(source.column, column) or _unit_beside(matched, column, source, report)
    told = unit or (column.unit if named else "")
    if told and column.beyond != "asked" and (likely := _likelier_unit(matched, column, told)):
        _ask_unit(matched, column, source, report, f"its values are not plausible in {told}; they look like {likely}: ")
        return source
    if unit:
        report.note(matched.place, f"it is read as {column.name}, in {unit}.", column=source.column)
        return replace(source, unit=unit)
    if not named and column.unit_asked and (only := _only_usual(matched, column)):
        others = " or ".join(each for each in (column.unit, *column.units) if each != only)
        words = f"it is read as in {only}: in {others} at least half of its values would not be plausible."
        report.note(matched.place, words, column=source.column)
        return replace(source, unit=only)
    if not named and (column.unit == "months" or column.unit_asked):
        _ask_unit(matched, column, source, report)
    elif column.units:
        _settle_scale(matched, column, source, report)
    return source


def _only_usual(matched: Matched, column: Column) -> str:
    """Return the only unit in which more than half of the values are in the column's usual range; "" if not just one.

    Zeros are ignored, because they are zero in every unit.
    """
    if column.usual is None:
        return ""
    low, high = column.usual
    held = _numbers(texts.counts(matched.cells[column.name]))
    held = held[held > 0]
    factors = {column.unit: 1.0, **column.units}
    fitting = [
        unit for unit, factor in factors.items() if ((held * factor >= low) & (held * factor <= high)).mean() > HALF
    ]
    return fitting[0] if len(held) >= FEWEST and len(fitting) == 1 else ""


def _settle_scale(matched: Matched, column: Column, source: Source, report: Report) -> None:
    """Ask for the unit or scale if the values are not plausible in the column's own; else note the scale assumed."""
    if column.beyond == "asked":
        held = {unit: _rows_within(matched, column, unit) for unit in (column.unit, *column.units)}
        if held[column.unit] < max(held.values()):
            _ask_unit(matched, column, source, report)
        else:
            words = (
                f"no value is above {column.high:g}, and it is read as on a scale from {limits_words(column)}. "
                f'If it is another, write that into the heading, as in "{column.name} ({next(iter(column.units))})".'
            )
            report.note(matched.place, words, column=source.column)
    elif likely := _likelier_unit(matched, column, column.unit):
        words = f"its values are not plausible in {column.unit}; they look like {likely}: "
        _ask_unit(matched, column, source, report, words)


def _likelier_unit(matched: Matched, column: Column, unit: str) -> str:
    """Return the unit in which the values would be plausible, if they are not in the one that is told; else ""."""
    held = _numbers(texts.counts(matched.cells[column.name])) * column.units.get(unit, 1.0)
    return looks_like_unit(held, column, unit)


def _ask_unit(matched: Matched, column: Column, source: Source, report: Report, why: str = "") -> None:
    time = is_time(column)
    units = list(TIME_WORDS) if time else [column.unit, *column.units]
    words = [limits_words(column, unit) for unit in units] if column.beyond == "asked" else units
    where = "on a scale from" if column.beyond == "asked" else "in"
    report.refuse(
        matched.place,
        f"{why}is the {mid_sentence(column.label)} {where} {', '.join(words[:-1])} or {words[-1]}?",
        column=source.column,
        question="unit",
        choices=[(unit, len(matched.cells) if time else _rows_within(matched, column, unit)) for unit in units],
    )


def _rows_within(matched: Matched, column: Column, unit: str) -> int:
    """Return the number of rows with a value in the plausible range, if read in one of the column's units."""
    counts = texts.counts(matched.cells[column.name])
    read = number_reader(column, unit, _style(counts))
    reads = {text: read(text) for text in counts}
    return sum(count for text, count in counts.items() if reads[text].value is not None and not reads[text].problem)


def _numbers(counts: Mapping[str, int]) -> pd.Series:
    """Return the numbers of a column, without unit conversion."""
    style = _style(counts)
    written = {plain(text, style): count for text, count in counts.items()}
    held = {float(number): count for number, count in written.items() if NUMBER.fullmatch(number)}
    return pd.Series(np.repeat([*held], [*held.values()]), dtype=float)


def _style(seen: Iterable[str]) -> str:
    """Return the notation of decimals; a decimal comma if it is unclear."""
    style = comma_style(seen)
    return "decimal comma" if style == UNCLEAR else style


def _unit_beside(matched: Matched, column: Column, source: Source, report: Report) -> str:
    """Return the unit from a column of units, such as CDISC's AVALU for AVAL."""
    wanted = f"{normalised(source.column)}u"
    beside = next((name for name in map(str, matched.cells.columns) if normalised(name) == wanted), None)
    words = {normalised(text) for text in _recorded(matched, beside)} if beside else set()
    units = {unit for unit, names in TIME_WORDS.items() if words & names.heading}
    if is_time(column) and len(units) > 1:
        message = f"its unit is not the same in all rows: {' and '.join(sorted(units))}. Give all times in one unit."
        report.refuse(matched.place, message, column=source.column)
    return units.pop() if len(units) == 1 and units <= {column.unit, *column.units} else ""


def _with_decimals(
    matched: Matched,
    column: Column,
    source: Source,
    seen: Sequence[str],
    usual: str | None,
    grouped: Callable[[Sequence[str]], bool],
    report: Report,
) -> Source:
    style, sign = comma_style(seen), ","
    if not style and grouped(seen):
        style, sign = UNCLEAR, "."
    if not style or source.format:
        return source
    if style == UNCLEAR:
        style = usual or _fitting_style(seen, column, source) or UNCLEAR
    if style == UNCLEAR:
        example = next(text for text in seen if sign in text)
        report.refuse(
            matched.place,
            f'does the {SIGNS[sign]} in "{shown(example)}" stand before decimals, or between thousands? With a decimal '
            f"comma it is {plain(example, 'decimal comma')}, with a decimal point {plain(example, 'decimal point')}.",
            column=source.column,
            value=example,
            question="format",
            choices=[(each, len(matched.cells)) for each in ("decimal comma", "decimal point")],
        )
        return source
    words = "before decimals" if (style == "decimal comma") == (sign == ",") else "between thousands"
    report.note(matched.place, f"the {SIGNS[sign]} is read as standing {words}.", column=source.column)
    return replace(source, format=style)


def _fitting_style(seen: Iterable[str], column: Column, source: Source) -> str:
    """Return the notation of decimals if only one makes all values plausible, or ""."""
    factor = column.units.get(source.unit or "", 1.0)
    low, high = (float("-inf") if column.low is None else column.low), column.high or float("inf")
    fitting = []
    for style in ("decimal comma", "decimal point"):
        values = [plain(text, style) for text in seen]
        numbers = [float(value) * factor for value in values if NUMBER.fullmatch(value)]
        whole = column.kind != "integer" or all(number.is_integer() for number in numbers)
        if numbers and whole and all(low <= number <= high for number in numbers):
            fitting.append(style)
    return fitting[0] if len(fitting) == 1 else ""


def _settle_died(matched: Matched, report: Report) -> None:
    counts = texts.counts(matched.cells["died"])
    source = matched.sources["died"]
    question = death_question(source, counts)
    if question:
        choices = list(death_choices(counts).items())
        report.refuse(matched.place, question, column=source.column, question="event", choices=choices)
        return
    if nobody_alive(source, counts):
        words = (
            "nobody is known to be alive: of the others it is only said that it is not known. Write 0 for the living."
        )
        report.refuse(matched.place, words, column=source.column)
        return
    note = death_note(source, counts)
    if note:
        report.note(matched.place, f"in column {shown(source.column)}, {note}")
