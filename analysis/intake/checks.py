"""Checks of the rows of a table: ids, duplicates, and values that are needed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.names import one_line
from analysis.cohort.table_kinds import KINDS
from analysis.intake import texts
from analysis.intake.mapping import Matched
from analysis.intake.noticed import Report, shown
from analysis.intake.shapes import is_constant
from analysis.intake.source import DUPLICATES, ROWS_ARE_VISITS, ROWS_USED
from analysis.intake.typed_columns import Reading
from analysis.intake.values import key, where_missing

WHOLE = re.compile(r"(\d+)\.0", re.ASCII)

MOST_CONFLICTS = 100  # patients listed; more of them with several rows mean that the table has another layout
MOST_ROWS = 10  # listed in a message


@dataclass(frozen=True)
class Unusable:
    """Rows that cannot be used.

    Attributes
    ----------
    column
        The canonical column that is the cause.
    reasons
        The reason for each row; "" if the row can be used.
    expected
        As in `LeftOut`.
    """

    column: str
    reasons: pd.Series
    expected: bool = False


def identified(matched: Matched, report: Report) -> Matched:
    """Return the rows with a patient id, stripped of blanks; the other rows are left out."""
    place, column = matched.place, matched.original("patient_id")
    ids = matched.cells["patient_id"]
    missing = where_missing(ids)
    for row in ids.index[missing]:
        message = f"there is no patient id. {_unused(place.table)}; give every row its id."
        report.leave_out(place, int(row), "", message, column=column, value=ids[row])
    if missing.any():
        matched = replace(matched, cells=matched.cells[~missing])
        ids = matched.cells["patient_id"]
    as_written = ids
    untidy = _untidy_rows(ids)
    if untidy:
        words = f"blanks before or after the id, and ends of lines in it, are ignored in {untidy} of the rows."
        report.note(place, words, column=column)
        ids = texts.changed(ids, one_line)
    if len(ids) and _whole(ids.iloc[0]) and texts.where(ids, _whole).all():
        report.note(place, f'the ids are whole numbers; "{shown(ids.iloc[0])}" loses its decimal.', column=column)
        ids = texts.changed(ids, lambda text: text.removesuffix(".0"))
    return matched if ids is as_written else replace(matched, cells=matched.cells.assign(patient_id=ids))


def _unused(table: str) -> str:
    return f"The {KINDS[table].row} is left out"


def _untidy_rows(ids: pd.Series) -> int:
    """Return the number of rows whose id has blanks around it or ends of lines in it."""
    together = "".join(texts.parts(ids)[1])
    if together.isprintable() and " " not in together:  # as nearly always; one by one, many ids would take long
        return 0
    return int(texts.where(ids, lambda text: text != one_line(text)).sum())


def _whole(text: str) -> bool:
    return bool(WHOLE.fullmatch(text))


def doubt_similar_ids(matched: Matched, report: Report) -> None:
    """Report ids that differ only by blanks, capitals or full-width letters."""
    ids = matched.cells["patient_id"]
    held = list(texts.counts(ids))
    together = "\n".join(held)
    # One by one, a million of ids would take a second.
    plain = together.isascii() and len(together.split()) == len(held)
    keys = together.casefold().split() if plain else [key(text) for text in held]
    if len(set(keys)) == len(keys):
        return
    first: dict[str, str] = {}
    similar = {}
    for text, like in zip(held, keys, strict=True):
        other = first.setdefault(like, text)
        if other != text:
            similar[text] = other
    rows = [int(row) for row in ids.index[texts.where(ids, similar.__contains__)]]

    def words(row: int) -> str:
        return (
            f'"{shown(ids[row])}" and "{shown(similar[ids[row]])}" differ by a blank or a capital only. '
            "They are used as two patients; please check them."
        )

    report.doubt_rows(matched.place, rows, lambda row: ids[row], words, matched.original("patient_id"))


def without_repeats(matched: Matched, report: Report) -> Matched:
    """Return the rows without exact duplicates of an earlier row, which are left out."""
    cells = matched.cells
    # Comparing whole rows is slow, so only rows with equal patient (and time) are compared.
    keys = [name for name in ("patient_id", *KINDS[matched.place.table].times, "visit_date") if name in cells]
    candidates = cells[_duplicated(cells, keys)]
    # Category codes are faster to compare than long texts.
    held = pd.DataFrame({name: texts.parts(candidates[name])[0] for name in candidates}, index=candidates.index)
    repeated = held.duplicated(keep="first").reindex(cells.index, fill_value=False)
    if not repeated.any():
        return matched
    alike = held[held.duplicated(keep=False)]
    first = alike.index.to_series().groupby([alike[name] for name in alike], sort=False).transform("first")
    for row in cells.index[repeated]:
        patient = str(cells.at[row, "patient_id"])
        other = matched.place.row_in_file(first[row])
        message = f'the row of patient "{shown(patient)}" is the same as row {other} and is left out.'
        why = "it repeats another row"
        report.leave_out(matched.place, int(row), patient, message, value=patient, why=why, expected=True)
    return replace(matched, cells=cells[~repeated])


def _duplicated(cells: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """Return whether each row has the same keys as another row."""
    number = np.zeros(len(cells), dtype=np.int64)
    for name in keys:
        codes, distinct = texts.parts(cells[name])
        number = number * max(len(distinct), 1) + codes
    return pd.Series(number).duplicated(keep=False).to_numpy()


def settle_conflicts(matched: Matched, used: str, report: Report) -> Matched:
    """Return a patient table with at most one row per patient.

    Parameters
    ----------
    matched
        The patient table.
    used
        Which row is used if a patient has several with different values: "first row", "last row" or "no row"; else to
        ask the user.
    report
        Receives the question, or the rows that are left out.
    """
    ids = matched.cells["patient_id"]
    shared = ids[ids.duplicated(keep=False)].astype(object)
    conflicts = shared.groupby(shared, sort=False).groups
    column = matched.original("patient_id")
    if not conflicts:
        return matched
    changing = {name for name, values in matched.cells.items() if not is_constant(ids, values)}
    grows = "follow_up_months" in changing and bool(changing - {"patient_id", "follow_up_months", "died"})
    ways = (*ROWS_USED, *([ROWS_ARE_VISITS] if grows else []))
    if used not in ROWS_USED:
        or_visits = ", or say that the rows are visits, each at its follow-up" if grows else ""
        what_to_do = f"Keep one of the rows{or_visits}."
        for place, (patient, rows) in enumerate(list(conflicts.items())[:MOST_CONFLICTS]):
            numbers = ", ".join(str(row) for row in rows[:-1][:MOST_ROWS])
            numbers += f" and {len(rows) - 1 - MOST_ROWS} more" if len(rows) - 1 > MOST_ROWS else ""
            report.refuse(
                matched.place,
                f'patient "{shown(str(patient))}" is also in row {numbers}, with other values. {what_to_do}',
                row=int(rows[-1]),
                column=column,
                value=str(patient),
                question=DUPLICATES,
                choices=[(answer, len(conflicts)) for answer in ways] if place == 0 else (),
            )
        return matched
    lost = []
    for patient, rows in conflicts.items():
        kept = {"first row": rows[:1], "last row": rows[-1:], "no row": rows[:0]}[used]
        lost += [(int(row), str(patient)) for row in rows.difference(kept)]
    for row, patient in sorted(lost):
        message = (
            f'patient "{shown(patient)}" stands in several rows with different values; {used} is used, as you chose.'
        )
        why = f"the patient stands in several rows; {used} is used, as you chose"
        report.leave_out(matched.place, row, patient, message, column=column, value=patient, why=why, expected=True)
    return replace(matched, cells=matched.cells.drop(index=[row for row, _ in lost]))


def unreadable(matched: Matched, name: str, reading: Reading, advice: str) -> Unusable | None:
    """Return the rows in which a needed column is empty or unreadable; None if there are none."""
    empty = reading.values.isna()
    if not empty.any():
        return None
    unused = _unused(matched.place.table)
    reasons = pd.Series("", index=reading.values.index, dtype=object)
    reasons[empty] = f"it is not recorded. {unused}; {advice}."
    unreadable = [problem for problem in reading.problems if not problem.kept]
    if unreadable:  # one assignment, because a million single ones take minutes
        words = [f'"{shown(each.text)}" {each.words}. {unused}; {advice}.' for each in unreadable]
        rows = np.concatenate([each.rows for each in unreadable])
        reasons[rows] = np.repeat(np.array(words, dtype=object), [len(each.rows) for each in unreadable])
    return Unusable(name, reasons)


def flagged(name: str, where: pd.Series, reason: str, *, expected: bool = False) -> Unusable | None:
    """Return the rows where a condition holds, all for the same reason; None if it holds nowhere."""
    held = where.fillna(False).astype(bool)
    if not held.any():
        return None
    return Unusable(name, pd.Series("", index=where.index, dtype=object).mask(held, reason), expected)


def leave_out(matched: Matched, table: pd.DataFrame, unusable: list[Unusable | None], report: Report) -> pd.DataFrame:
    """Return the usable rows; the others are left out, each for the first reason that applies."""
    found = [each for each in unusable if each is not None]
    if not found:
        return table
    lost = pd.Series(False, index=table.index)
    for each in found:
        lost |= each.reasons != ""
    for row in table.index[lost]:
        blamed = next(each for each in found if each.reasons[row])
        name, reason = blamed.column, blamed.reasons[row]
        value = str(matched.cells.at[row, name]) if name in matched.cells else ""
        patient = str(table.at[row, "patient_id"])
        column = matched.original(name)
        report.leave_out(matched.place, int(row), patient, reason, column=column, value=value, expected=blamed.expected)
    return table[~lost]


def doubt_where(matched: Matched, where: pd.Series, name: str, words: str, report: Report) -> None:
    """Report the rows where a condition holds as doubtful."""
    held = where.fillna(False).astype(bool)
    rows = [int(row) for row in where.index[held]]
    if not rows:
        return
    cells = matched.cells[name]

    def message(row: int) -> str:
        return f'"{shown(cells[row])}" {words} It is used; please check it.'

    report.doubt_rows(matched.place, rows, lambda row: cells[row], message, matched.original(name))
