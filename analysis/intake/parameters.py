"""Tables with one row per endpoint or measure of a patient, as in CDISC ADaM (PARAMCD, AVAL)."""

from __future__ import annotations

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
from analysis.intake.shapes import id_column
from analysis.intake.source import ROWS, Answers, Source
from analysis.intake.values import is_missing

PARAMETERS = ("paramcd", "param")
ENDPOINTS = (
    *(*PARAMETERS, "etype", "event_type", "eventtype", "type_of_event", "endpoint", "endpoint_type", "end_point"),
    *("outcome_type", "outcome_name", "endpunkt", "critere", "evento_tipo", "tipo_evento"),
)
OF_SURVIVAL = frozenset(
    {"os", "overall survival", "survival", "death", "dth", "ttdeath", "ttdth", "tod", "deces", "décès"}
)
TIMES = (
    "avisitn",
    "avisit",
    "visitnum",
    "visit",
    "adt",
    "adtm",
    "ady",
    "vsdtc",
    "lbdtc",
    "visit_date",
    "month",
    "months",
)


def one_row_each(raw: RawTable, answers: Answers) -> RawTable:
    """Return a table with one row per patient or visit, instead of per endpoint or measure.

    Raises
    ------
    CohortError
        If patients have a row for each endpoint, and the user has not said which is used.
    """
    ids = id_column(raw, answers)
    if answers.rows is not None and answers.rows.column in raw.cells:
        return _chosen_rows(raw, answers.rows)
    if ids is None:
        return raw
    outcomes = _outcomes(raw, ids, answers)
    if not outcomes:
        return _with_measures(raw, ids)
    column = _endpoints(raw, ids, outcomes)
    if column is None:
        return raw
    held = {text: count for text, count in texts.counts(raw.cells[column]).items() if not is_missing(text)}
    listed = ", ".join(f"{shown(text)} ({count})" for text, count in held.items())
    report = Report()
    words = f"patients have a row for each endpoint: {listed}. Which rows are those of overall survival?"
    report.refuse(Place("patients", raw.label), words, column=column, question="event", choices=[*held.items()])
    report.stop_if_refused()
    return raw


def _chosen_rows(raw: RawTable, chosen: Source) -> RawTable:
    named = {code(str(value)) for value in chosen.event or ()}
    kept = texts.where(raw.cells[chosen.column], lambda text: code(text) in named)
    if not kept.any():
        refuse_file(raw.label, f'no row of column "{shown(chosen.column)}" is one of those to be used.', ROWS)
    words = f"of {count_words(len(raw.cells), 'row')} the {int(kept.sum())} are used whose {shown(chosen.column)} is "
    note = words + f"{' or '.join(shown(str(value)) for value in chosen.event or ())}, as you chose."
    return replace(raw, cells=raw.cells[kept], notes=(*raw.notes, note))


def _outcomes(raw: RawTable, ids: str, answers: Answers) -> set[str]:
    """Return the columns of follow-up and died; empty if either is absent."""
    chosen = answers.columns["patients"]
    found = [chosen.get(name) or guess(raw.cells, "patients", name, [ids]) for name in ("follow_up_months", "died")]
    return {each.column for each in found if each is not None} if all(found) else set()


def _endpoints(raw: RawTable, ids: str, outcomes: set[str]) -> str | None:
    """Return the column that distinguishes the endpoints of a patient; None if rows are not endpoints."""
    for column in map(str, raw.cells.columns):
        name = normalised(column)
        held = {code(text) for text in texts.counts(raw.cells[column]) if not is_missing(text)}
        named = name in ENDPOINTS or (len(held) > 1 and bool(held & OF_SURVIVAL))
        if not named or column in outcomes or not 0 < len(held) <= MOST_CODES:
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


def _with_measures(raw: RawTable, ids: str) -> RawTable:
    """Return a table with one column per measure, if it has one row per measure (PARAMCD and AVAL)."""
    names = {normalised(column): column for column in map(str, raw.cells.columns)}
    if not {"paramcd", "aval"} <= set(names):
        return raw
    keys = [ids, *(names[name] for name in TIMES if name in names)]
    cells = raw.cells
    visits = pd.MultiIndex.from_arrays([texts.parts(cells[key])[0] for key in keys])
    places, _ = pd.factorize(visits)
    codes, measures = texts.parts(cells[names["paramcd"]])
    if len(keys) == 1 or pd.DataFrame({"visit": places, "measure": codes}).duplicated().any():
        return raw
    first = pd.Series(range(len(cells))).groupby(places).first().to_numpy()
    table = cells.iloc[first][keys].copy()
    for number, measure in enumerate(measures):
        rows = np.flatnonzero(codes == number)
        held = np.full(len(first), "", dtype=object)
        held[places[rows]] = cells[names["aval"]].astype(object).to_numpy()[rows]
        unit = _unit(cells[names["avalu"]].iloc[rows]) if "avalu" in names else ""
        table[f"{measure} ({unit})" if unit else measure] = texts.as_texts(held, table.index)
    unused = [column for column in names.values() if column not in (*keys, names["paramcd"], names["aval"])]
    note = f"it holds a row a measure; they are read as {count_words(len(table), 'visit')} of {len(measures)} measures."
    more = f" Not used: {', '.join(map(shown, unused))}." if unused else ""
    return replace(raw, cells=table, notes=(*raw.notes, note + more))


def _unit(units: pd.Series) -> str:
    held = [text for text in texts.counts(units) if not is_missing(text)]
    return held[0] if len(held) == 1 else ""
