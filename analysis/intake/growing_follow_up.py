"""Tables with the follow-up so far in each row: if the user says so, rows are visits, and the last ends follow-up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohort.vocabulary import PATIENTS
from analysis.intake import texts
from analysis.intake.guess import guess
from analysis.intake.headings import unit_in
from analysis.intake.noticed import shown
from analysis.intake.numerals import NUMBER, UNCLEAR, comma_style, plain
from analysis.intake.raw import RawTable
from analysis.intake.shapes import is_constant, repeats
from analysis.intake.source import ROWS_ARE_VISITS, Answers

OUTCOMES = ("follow_up_months", "died")


def grows(raw: RawTable, ids: str, answers: Answers) -> bool:
    """Return whether patients have several rows that differ in follow-up, and a column that may say who died."""
    follow_up, died = (_column(raw, ids, name, answers) for name in OUTCOMES)
    several = bool(follow_up and died and follow_up != died and repeats(raw.cells[ids]))
    return several and not is_constant(raw.cells[ids], raw.cells[follow_up])


def with_visit_times(raw: RawTable, ids: str | None, answers: Answers) -> RawTable:
    """Return a table with each row's time as that of a visit, and the outcome of the patient's last row in all rows.

    A table is returned unchanged unless the user said that its rows are visits.

    Parameters
    ----------
    raw
        The table.
    ids
        The column of patient ids.
    answers
        The answers of the user.
    """
    if ids is None or answers.duplicates != ROWS_ARE_VISITS or not grows(raw, ids, answers):
        return raw
    found = {name: _column(raw, ids, name, answers) for name in OUTCOMES}
    follow_up = found["follow_up_months"]
    style = comma_style(list(texts.counts(raw.cells[follow_up])))
    style = "decimal comma" if style == UNCLEAR else style
    written = [plain(text, style) for text in raw.cells[follow_up].astype(object)]
    times = pd.Series([float(text) if NUMBER.fullmatch(text) else -np.inf for text in written], index=raw.cells.index)
    patients = raw.cells[ids].astype(object)
    last = times.groupby(patients, sort=False).idxmax()
    rows = patients.map(last)
    cells = raw.cells.assign(
        **{
            column: texts.as_texts(raw.cells[column].astype(object).loc[rows].to_numpy(), raw.cells.index)
            for column in found.values()
        }
    )
    unit = unit_in(follow_up, PATIENTS["follow_up_months"])
    cells[f"visit time ({unit})" if unit else "visit time"] = raw.cells[follow_up]
    note = f"its rows are visits, as you said, each at its {shown(follow_up)}; the last one ends the follow-up."
    return replace(raw, cells=cells, notes=(*raw.notes, note))


def _column(raw: RawTable, ids: str, name: str, answers: Answers) -> str:
    """Return the column that the user named for an outcome, or else the guessed one; "" without one."""
    named = answers.columns["patients"].get(name)
    if named is not None and named.column in raw.cells:
        return named.column
    found = guess(raw.cells, "patients", name, [ids])
    return found.column if found else ""
