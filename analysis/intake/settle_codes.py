"""Codes of a table replaced by their meanings; unknown ones are asked about."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.vocabulary import TABLES
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.codes import (
    BOX,
    Codes,
    Value,
    are_asked,
    by_code,
    levels_of,
    meanings,
    told_words,
    values_of,
    without_field,
)
from analysis.intake.flags import code
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report, shown
from analysis.intake.source import CODES, Source
from analysis.intake.values import is_missing, level_of, organs_in, spelling_of


def with_codes(matched: Matched, report: Report) -> Matched:
    """Return the table with codes replaced by their meanings, in every column whose codes the user explained.

    In categories, a labelled value such as "1=male" is replaced by its level, and an unknown one is asked about.
    """
    changed: dict[str, pd.Series] = {}
    for name, source in matched.sources.items():
        column = TABLES[matched.place.table].get(name)
        if name not in matched.cells or source.event is not None:
            continue
        cells = matched.cells[name]
        asked = column is not None and bool(levels_of(column)) and _asked(matched, column, source, report)
        if source.codes:
            cells = _told(matched, cells, source, column, report)
        if column is not None and column.kind == "category" and column.levels and not asked:
            cells = _labelled(matched, cells, column, source, report)
        if cells is not matched.cells[name]:
            changed[name] = cells
    return replace(matched, cells=matched.cells.assign(**changed)) if changed else matched


def _ask(matched: Matched, source: Source, values: list[Value], report: Report) -> None:
    """Ask what the values of a column mean."""
    boxes = {each.text: f"{source.column}{BOX}{each.text}" for each in values}
    named = {text: box if box in matched.columns else text for text, box in boxes.items()}
    unknown = ", ".join(f'"{shown(named[each.text])}" ({each.rows:,})' for each in values if each.meaning is None)
    report.refuse(
        matched.place,
        f"it is not known what these values mean: {unknown}.",
        column=source.column,
        question=CODES,
        choices=[(named[each.text], each.rows) for each in values],
    )


def _asked(matched: Matched, column: Column, source: Source, report: Report) -> bool:
    values = values_of(column, source, texts.counts(matched.cells[column.name]))
    if not are_asked(values):
        return False
    _ask(matched, source, values, report)
    return True


def _told(matched: Matched, cells: pd.Series, source: Source, column: Column | None, report: Report) -> pd.Series:
    told = by_code(source.codes or {}, column)
    of_sets = column is not None and column.kind == "set"

    def change(text: str) -> str:
        if of_sets:
            return ";".join(filter(None, (told.get(code(part), part) for part in organs_in(text))))
        return told.get(code(text), text)

    held = {code(part) for text in texts.counts(cells) for part in (organs_in(text) if of_sets else [text])}
    codes = source.codes or {}
    used: Codes = {each: meaning for each, meaning in codes.items() if code(without_field(each, column)) in held}
    if not used:
        return cells
    if all(is_missing(each) or told.get(each, each) == "" for each in held):
        words = "what its values mean was left open: all of them are taken as not recorded."
        report.doubt(matched.place, words, column=source.column)
    else:
        report.note(matched.place, f"as it was said, {told_words(used)}.", column=source.column)
    return texts.changed(cells, change)


def _labelled(matched: Matched, cells: pd.Series, column: Column, source: Source, report: Report) -> pd.Series:
    means, spelled = meanings(column, replace(source, codes=None)), spelling_of(column)
    told = frozenset(filter(None, (source.codes or {}).values()))
    renamed: dict[str, str] = {}
    for text, count in texts.counts(cells).items():
        if is_missing(text) or level_of(text, spelled) or text in told:
            continue
        meaning = means(text)
        if meaning is None or meaning == text:
            continue
        renamed[text] = meaning
        how = f"is read as {shown(meaning) or 'not recorded'}"
        report.note(
            matched.place, f'"{shown(text)}" {how} ({count_words(count, "row")}).', column=source.column, value=text
        )
    return texts.changed(cells, lambda text: renamed.get(text, text)) if renamed else cells
