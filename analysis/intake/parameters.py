"""Tables with one row per endpoint of a patient, as in CDISC ADaM (PARAMCD, AVAL, CNSR)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.flags import MOST_CODES, code
from analysis.intake.guess import guess
from analysis.intake.noticed import Place, Report, refuse_file, shown
from analysis.intake.raw import RawTable
from analysis.intake.shapes import id_column, what_is
from analysis.intake.source import ROWS, Answers, Source
from analysis.intake.values import is_missing, recorded

PARAMETERS = ("paramcd", "param")
ENDPOINTS = (
    *(*PARAMETERS, "etype", "event_type", "eventtype", "type_of_event", "endpoint", "endpoint_type", "end_point"),
    *("outcome_type", "outcome_name", "endpunkt", "critere", "evento_tipo", "tipo_evento"),
)
OUTCOMES = ("follow_up_months", "died")
# Start and end of the intervals of a table for time-dependent covariates.
INTERVALS = (
    *(("start", "stop"), ("tstart", "tstop"), ("start_time", "stop_time"), ("start_time", "end_time")),
    *(("time1", "time2"), ("t0", "t1"), ("tstart", "tend"), ("start", "end"), ("entry", "exit"), ("t_start", "t_stop")),
)
OF_SURVIVAL = frozenset(
    {"os", "overall survival", "survival", "death", "dth", "ttdeath", "ttdth", "tod", "deces", "décès"}
)


def one_row_each(raw: RawTable, answers: Answers) -> RawTable:
    """Return a table with one row per patient, instead of per endpoint.

    Raises
    ------
    CohortError
        If patients have a row for each endpoint, and the user has not said which is used.
    """
    ids = id_column(raw, answers)
    outcomes = _outcomes(raw, ids, answers) if ids is not None else []
    if answers.rows is not None and answers.rows.column in raw.cells and _is_meant(raw, answers.rows, outcomes):
        return _chosen_rows(raw, answers.rows, ids, outcomes)
    if ids is None:
        return raw
    if what_is(raw, answers) != "treatments":
        _refuse_intervals(raw, ids)
    column = _endpoints(raw, ids, outcomes) if outcomes else None
    if column is None:
        return raw
    held = recorded(raw.cells[column])
    listed = ", ".join(f"{shown(text)} ({count})" for text, count in held.items())
    report = Report()
    words = f"patients have a row for each endpoint: {listed}. Which rows are those of overall survival?"
    report.refuse(Place("patients", raw.label), words, column=column, question="event", choices=[*held.items()])
    report.stop_if_refused()
    return raw


def _is_meant(raw: RawTable, chosen: Source, outcomes: Sequence[str]) -> bool:
    """Return whether a table holds the chosen endpoint; one of measures can have a column of the same name."""
    return bool(outcomes) or bool(_rows_of(raw, chosen).any())


def _rows_of(raw: RawTable, chosen: Source) -> np.ndarray:
    named = {code(str(value)) for value in chosen.event or ()}
    return texts.where(raw.cells[chosen.column], lambda text: code(text) in named)


def _chosen_rows(raw: RawTable, chosen: Source, ids: str | None, outcomes: Sequence[str]) -> RawTable:
    """Return the rows of the chosen endpoint, with the others as columns of their own."""
    kept = _rows_of(raw, chosen)
    if not kept.any():
        refuse_file(raw.label, f'no row of column "{shown(chosen.column)}" is one of those to be used.', ROWS)
    words = f"of {count_words(len(raw.cells), 'row')} the {int(kept.sum())} are used whose {shown(chosen.column)} is "
    note = words + f"{' or '.join(shown(str(value)) for value in chosen.event or ())}, as you chose."
    cells = raw.cells[kept]
    others = [*recorded(raw.cells[chosen.column][~kept])]
    if ids is None or len(outcomes) < len(OUTCOMES) or cells[ids].duplicated().any():
        return replace(raw, cells=cells, notes=(*raw.notes, note))
    read_like: dict[str, str] = {}
    for other in others:
        rows = raw.cells[raw.cells[chosen.column] == other]
        if rows[ids].duplicated().any():
            continue
        for canonical, column in zip(OUTCOMES, outcomes, strict=True):
            name = f"{other} {'months' if canonical == 'follow_up_months' else 'event'}"
            values = dict(zip(rows[ids].astype(object), rows[column].astype(object), strict=True))
            held = (values.get(patient, "") for patient in cells[ids].astype(object))
            cells = cells.assign(**{name: texts.as_texts(held, cells.index)})
            read_like[name] = canonical
    if read_like:
        note += f" The others are kept as columns for endpoints of one's own: {', '.join(map(shown, read_like))}."
    return replace(raw, cells=cells, notes=(*raw.notes, note), read_like=read_like)


def _outcomes(raw: RawTable, ids: str, answers: Answers) -> list[str]:
    """Return the columns of follow-up and died; empty if either is absent."""
    chosen = answers.columns["patients"]
    found = [chosen.get(name) or guess(raw.cells, "patients", name, [ids]) for name in OUTCOMES]
    columns = [each.column for each in found if each is not None and each.column in raw.cells]
    return columns if len(columns) == len(OUTCOMES) else []


def _refuse_intervals(raw: RawTable, ids: str) -> None:
    """Refuse rows of intervals (start, stop), in which each patient has several rows one after the other."""
    names = {normalised(str(column)): str(column) for column in raw.cells.columns}
    pair = next(((names[a], names[b]) for a, b in INTERVALS if a in names and b in names), None)
    if pair is None or not raw.cells[ids].astype(object).duplicated().any():
        return
    start, stop = pair
    refuse_file(
        raw.label,
        f"its rows are intervals of time ({shown(start)} to {shown(stop)}), several a patient. Give one row per "
        "patient, with the whole follow-up and the last status; values that change over time go into a visit table.",
    )


def _few_codes(values: pd.Series) -> set[str]:
    """Return the codes in a column; none if there are too many for codes."""
    held: set[str] = set()
    for text in texts.counts(values):
        if not is_missing(text):
            held.add(code(text))
        if len(held) > MOST_CODES:
            return set()
    return held


def _endpoints(raw: RawTable, ids: str, outcomes: Sequence[str]) -> str | None:
    """Return the column that distinguishes the endpoints of a patient; None if rows are not endpoints."""
    for column in map(str, raw.cells.columns):
        name = normalised(column)
        held = _few_codes(raw.cells[column])
        named = name in ENDPOINTS or (len(held) > 1 and bool(held & OF_SURVIVAL))
        if not named or column in outcomes or not held:
            continue
        pairs = pd.DataFrame({"id": texts.parts(raw.cells[ids])[0], "name": texts.parts(raw.cells[column])[0]})
        if len(held) > 1:
            repeated = bool(pairs["id"].duplicated().any())
            asked = not pairs.duplicated().any() and (repeated or name in PARAMETERS)
        else:
            asked = name == "paramcd" and not held <= OF_SURVIVAL
        if asked:
            return column
    return None
