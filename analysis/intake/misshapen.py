"""Tables whose rows are not patients, visits or events at all, refused before any question about their columns."""

from __future__ import annotations

import re
from collections.abc import Collection

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import PATIENTS, TABLES
from analysis.intake.headings import those_alike
from analysis.intake.noticed import refuse_file
from analysis.intake.numerals import NUMBER, plain
from analysis.intake.raw import RawTable
from analysis.intake.values import recorded

WEB_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|meta|body|table|\?xml)\b", re.IGNORECASE)
COLUMNS = [column for table in TABLES.values() for column in table.values()]
FEWEST = 3  # headings
MOST_ROWS = 500  # of a transposed table
IDS = frozenset({"patient_id", *PATIENTS["patient_id"].synonyms})


def is_web_page(data: bytes) -> bool:
    """Return whether bytes are a web page, or XML, which some programs save with the name of a workbook."""
    return bool(WEB_PAGE.match(data[:1000]))


def refuse_misshapen(raw: RawTable) -> None:
    """Refuse a table that is transposed (headings in its first column), or has a second table below the first.

    Raises
    ------
    CohortError
        If the table is one of these.
    """
    if raw.hidden or len(raw.cells.columns) < FEWEST:
        return
    headings = [*map(str, raw.cells.columns)]
    if _are_headings(raw, headings):
        refuse_file(
            raw.label,
            "its headings stand in the first column, with a column for each patient. Turn it round (in Excel: copy, "
            "Paste Special, Transpose), and drop it again.",
        )
    row = _second_header(raw, headings)
    if row is not None:
        refuse_file(
            raw.label,
            f"a second table begins in row {row}. Save each table as a file, or a sheet, of its own.",
        )


def are_records(names: Collection[str], others: Collection[str]) -> bool:
    """Return whether keys within records are headings, while those of the records themselves are not."""
    return len(those_alike(names, COLUMNS)) > 1 and not those_alike(others, COLUMNS)


def _are_headings(raw: RawTable, headings: list[str]) -> bool:
    """Return whether the first column holds headings, and the row of one of them only numbers."""
    if len(raw.cells) > MOST_ROWS:
        return False
    first = [str(text) for text in raw.cells[headings[0]]]
    if len(those_alike(first, COLUMNS)) < FEWEST or those_alike(headings[1:], COLUMNS):
        return False
    numbers = those_alike(first, [each for each in PATIENTS.values() if each.kind in ("number", "integer")])
    rows = raw.cells.loc[raw.cells[headings[0]].isin(numbers), headings[1:]].astype(object).to_numpy()
    return any(all(NUMBER.fullmatch(plain(str(text))) for text in row) for row in rows)


def _second_header(raw: RawTable, headings: list[str]) -> int | None:
    """Return the row of a second header, which begins with a heading of patient ids; None without one."""
    ids = headings[0]
    named = [text for text in recorded(raw.cells[ids]) if not any(map(str.isdigit, text)) and normalised(text) in IDS]
    for row in raw.cells.index[raw.cells[ids].isin(named)] if named else ():
        held = [str(text) for text in raw.cells.loc[row] if str(text).strip()]
        others = set(map(normalised, held)) - set(map(normalised, headings))
        if others and len(those_alike(held, COLUMNS)) >= FEWEST - 1:
            return int(row)
    return None
