"""Tables with a row for each relapse, as one row per patient."""

from __future__ import annotations

from dataclasses import replace

from analysis.cohort.wording import count_words
from analysis.intake.guess import guess
from analysis.intake.noticed import shown
from analysis.intake.raw import RawTable
from analysis.intake.relapse_dates import NAME, of_patients
from analysis.intake.shapes import id_column, repeats, what_is
from analysis.intake.source import Answers
from analysis.intake.values import where_missing


def one_row_a_patient(raw: RawTable, answers: Answers) -> RawTable:
    """Return a table of one row per relapse as one row per patient with all dates; any other table unchanged."""
    ids = id_column(raw, answers)
    if ids is None or not repeats(raw.cells[ids]) or what_is(raw, answers):
        return raw
    found = guess(raw.cells, "patients", NAME, [ids])
    if found is None:
        return raw
    cells = raw.cells[~where_missing(raw.cells[ids])]
    first = cells.index[~cells[ids].duplicated()]
    dates = of_patients(cells, ids, found.column, first)
    notes = [f"its {count_words(len(cells), 'row')} are read as the relapses of {count_words(len(first), 'patient')}."]
    others = [shown(str(name)) for name in cells if name not in (ids, found.column)]
    notes += [f"what it says of each relapse is not used: {', '.join(others)}."] if others else []
    kept = cells.loc[first, [ids]].assign(**{found.column: dates})
    return replace(raw, cells=kept, notes=(*raw.notes, *notes))
