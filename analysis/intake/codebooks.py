"""Tables that say what the codes of other tables mean: REDCap's data dictionary, or a codebook."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.spellings import LISTED
from analysis.cohort.vocabulary import PATIENTS, TABLES
from analysis.intake import texts
from analysis.intake.codes import BOX
from analysis.intake.flags import code
from analysis.intake.heading_codes import with_explained_codes
from analysis.intake.headings import named_alike
from analysis.intake.noticed import shown
from analysis.intake.raw import RawTable
from analysis.intake.source import Answers

FIELDS = ("variable_field_name", "field_name")
CHOICES = ("choices_calculations_or_slider_labels", "select_choices_or_calculations")
WITH_CHOICES = frozenset({"radio", "dropdown", "checkbox"})
VARIABLE, CODE, LABEL = (
    frozenset(map(normalised, LISTED[name])) for name in ("codebook_variable", "codebook_code", "codebook_label")
)
BETWEEN = re.compile(r"\s*[|;\n]\s*")
BETWEEN_EQUAL = re.compile(r"\s*[,|;\n]\s*(?=[^,|;=\n]{1,30}=)")
CHOICE = re.compile(r"([\w.+-]{1,30})\s*[,=:]\s*(\S.*)", re.DOTALL)
Labels = dict[str, dict[str, str]]


@dataclass(frozen=True)
class _Codebook:
    """A codebook, and its labels: variable to code to label, both in their normal form."""

    raw: RawTable
    labels: Labels


def with_labels(tables: Mapping[str, Sequence[RawTable]], answers: Answers) -> dict[str, list[RawTable]]:
    """Return the tables without codebooks, and with codes replaced by their labels in codebooks and headings.

    Columns of numbers stay numbers, and the user's answers about the values of a column come first.
    """
    told = _told(answers)
    tables = {name: [with_explained_codes(raw, told) for raw in each] for name, each in tables.items()}
    every = [raw for each in tables.values() for raw in each]
    headings = {normalised(str(name).partition(BOX)[0]) for raw in every for name in raw.cells}
    books = [book for raw in every if (book := _codebook(raw, headings))]
    if not books or len(books) == len(every):
        return {name: list(each) for name, each in tables.items()}
    return {
        name: [_labelled(raw, books, told) for raw in each if not any(raw is book.raw for book in books)]
        for name, each in tables.items()
    }


def choices_in(text: str) -> dict[str, str]:
    """Return the label of each code in a text such as "1, Renal | 2, Skin"; empty if it is not a list of choices.

    Examples
    --------
    >>> choices_in("1, Renal | 2, Skin, other")
    {'1': 'Renal', '2': 'Skin, other'}
    >>> choices_in("0=no, 1=yes"), choices_in("1 to 5")
    ({'0': 'no', '1': 'yes'}, {})
    """
    parts = BETWEEN_EQUAL.split(text) if "=" in text else BETWEEN.split(text)
    found = [CHOICE.fullmatch(part.strip()) for part in parts if part.strip()]
    return {code(each[1]): each[2].strip() for each in found if each} if all(found) else {}


def _told(answers: Answers) -> dict[str, list[str]]:
    """Return the columns whose values the user explained, each with these values."""
    named = [source for columns in answers.columns.values() for source in columns.values() if source]
    told = {
        source.column: [*(source.codes or {}), *map(str, source.event or ())]
        for source in (*named, *answers.others.values())
        if source.codes or source.event is not None
    }
    # A checkbox that the user named keeps its name.
    return told | {source.column: told.get(source.column, []) for source in named if BOX in source.column}


def _codebook(raw: RawTable, headings: set[str]) -> _Codebook | None:
    by_name = {normalised(str(name)): str(name) for name in raw.cells}
    field, choices = (next((by_name[name] for name in names if name in by_name), "") for names in (FIELDS, CHOICES))
    if field and choices and "field_type" in by_name:
        return _Codebook(raw, _of_dictionary(raw, field, by_name["field_type"], choices))
    columns = [next((by_name[name] for name in by_name if name in names), "") for names in (VARIABLE, CODE, LABEL)]
    of_patients = any(named_alike(str(name), PATIENTS["patient_id"]) for name in raw.cells)
    if of_patients or not (columns[0] and columns[1]):
        return None
    labels = _of_codebook(raw, *columns)
    return _Codebook(raw, labels) if headings & set(labels) else None


def _of_dictionary(raw: RawTable, field: str, kind: str, choices: str) -> Labels:
    rows = raw.cells[[field, kind, choices]].astype(object).itertuples(index=False)
    return {normalised(name): choices_in(text) for name, each, text in rows if each.strip() in WITH_CHOICES}


def _of_codebook(raw: RawTable, variable: str, codes: str, label: str) -> Labels:
    """Return the labels of a codebook with one row per code, or with all codes of a variable in one cell.

    A variable with two labels for one code is not used.
    """
    labels: Labels = {}
    contradicted: set[str] = set()
    name = ""
    for row in raw.cells.astype(object).to_dict("records"):
        name = normalised(row[variable]) or name  # a blank repeats the variable above
        held = {code(row[codes]): row[label].strip()} if label and row[label].strip() else choices_in(row[codes])
        known = labels.setdefault(name, {})
        contradicted |= {name} if any(known.get(each, meaning) != meaning for each, meaning in held.items()) else set()
        known |= held
    return {name: held for name, held in labels.items() if held and name not in contradicted}


def _labelled(raw: RawTable, books: Sequence[_Codebook], told: Mapping[str, Collection[str]]) -> RawTable:
    for book in books:
        boxes = _named_boxes(raw, book, told)
        coded = {
            column: labels
            for column in map(str, raw.cells.columns)
            if (labels := book.labels.get(normalised(column), {}))
            and not _are_told(told, column, labels)
            and not _is_of_numbers(column)
            and labels.keys() & set(map(code, texts.counts(raw.cells[column])))
        }
        if not boxes and not coded:
            continue
        changed = {column: _with_labels_of(raw.cells[column], labels) for column, labels in coded.items()}
        cells = raw.cells.assign(**changed).rename(columns=boxes)
        note = f"the codes of {', '.join(map(shown, (*coded, *boxes)))} are read as {book.raw.label} labels them."
        raw = replace(raw, cells=cells, notes=(*raw.notes, note))
    return raw


def _are_told(told: Mapping[str, Collection[str]], column: str, labels: Mapping[str, str]) -> bool:
    """Return whether the user explained these codes; an answer about their labels says nothing of the codes."""
    return column in told and not set(map(code, told[column])) <= set(map(code, labels.values()))


def _with_labels_of(cells: pd.Series, labels: Mapping[str, str]) -> pd.Series:
    return texts.changed(cells, lambda text: labels.get(code(text), text))


def _named_boxes(raw: RawTable, book: _Codebook, told: Collection[str]) -> dict[str, str]:
    """Return new names of checkboxes, as in a labelled REDCap export; none if two columns would have the same."""
    named: dict[str, str] = {}
    for column in map(str, raw.cells.columns):
        field, box, choice = column.partition(BOX)
        label = book.labels.get(normalised(field), {}).get(code(choice)) if box else None
        if label and not {column, field} & set(told):
            named[column] = f"{field} (choice={label})"
    clash = len(set(named.values())) < len(named) or set(named.values()) & set(map(str, raw.cells.columns))
    return {} if clash else named


def _is_of_numbers(heading: str) -> bool:
    columns = [column for table in TABLES.values() for column in table.values()]
    return any(each.kind in ("number", "integer", "date") and named_alike(heading, each) for each in columns)
