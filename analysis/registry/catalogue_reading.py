"""An operator's catalogue, from TOML: read and checked before the warehouse is asked anything."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from analysis.cohort.canonical_column import Column
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.registry.catalogue import AGGREGATES, Catalogue, CatalogueError, Rows, TheirColumn, TheirTable, Where

FLAGS = ("yes", "no")


def read_catalogue(text: str) -> Catalogue:
    """Return a catalogue.

    Parameters
    ----------
    text
        TOML; docs/warehouses.md explains it, and `omop.toml` is an example.

    Raises
    ------
    CatalogueError
        If it is wrong, with its place.

    Examples
    --------
    >>> catalogue = read_catalogue('''
    ... name = "Registry"
    ... [patients]
    ... table = "subject"
    ... patient = "subject_no"
    ... [patients.columns]
    ... follow_up_months = { column = "days_followed", unit = "days" }
    ... ''')
    >>> catalogue.tables["patients"].columns["follow_up_months"].unit
    'days'
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"The catalogue is not in the form of TOML: {error}.") from None
    top = _Section("", given)
    name = top.text("name")
    sections = {table: top.section(table) for table in KINDS if table in given}
    top.done()
    if "patients" not in sections:
        raise CatalogueError("The catalogue has no section [patients].")
    return Catalogue(name, {table: _table(table, section) for table, section in sections.items()}, text)


class _Section:
    """A section of TOML whose keys are taken one by one, by type; one that nobody takes is unknown."""

    def __init__(self, place: str, given: Mapping[str, Any]) -> None:
        self.place = place
        self.given = dict(given)

    def error(self, message: str) -> CatalogueError:
        place = f", [{self.place}]" if self.place else ""
        return CatalogueError(f"The catalogue{place}: {message}")

    def text(self, key: str, usual: str | None = None) -> str:
        value = self.given.pop(key, usual)
        if value is None:
            raise self.error(f"{key} is missing.")
        if not isinstance(value, str) or (value == "" and usual != ""):
            raise self.error(f"{key} must be a text.")
        return value

    def section(self, key: str) -> _Section:
        value = self.given.pop(key, {})
        if not isinstance(value, dict):
            raise self.error(f"{key} must be a section, or stand in braces.")
        return _Section(f"{self.place}.{key}" if self.place else key, value)

    def sections(self, key: str) -> list[_Section]:
        value = self.given.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.error(f"{key} must be one or more sections in double brackets, as in [[{self.place}.{key}]].")
        return [_Section(f"{self.place}.{key}", each) for each in value]

    def texts(self, key: str) -> Mapping[str, str]:
        inner = self.section(key)
        return {name: inner.text(name, "") for name in list(inner.given)}

    def where(self) -> Where:
        found = {}
        for column, values in self.section("where").given.items():
            listed = values if isinstance(values, list) else [values]
            if not listed or not all(type(each) in (int, float, str) for each in listed):
                raise self.error(f"where must give {column} a number, a text, or a list of these.")
            found[column] = tuple(listed)
        return found

    def done(self) -> None:
        if self.given:
            raise self.error(f"{next(iter(self.given))} is not known.")


def _rows(section: _Section, patient: str | None = None) -> Rows:
    table, select = section.text("table", ""), section.text("select", "")
    if bool(table) == bool(select):
        raise section.error("either table or select is needed.")
    patient = section.text("patient", patient)
    rows = Rows(table, select, patient, section.where(), section.text("first_by", ""), section.text("last_by", ""))
    if rows.first_by and rows.last_by:
        raise section.error("first_by and last_by cannot both be.")
    return rows


def _table(name: str, section: _Section) -> TheirTable:
    rows = _rows(section)
    joins = []
    for join in section.sections("join"):
        joins.append(_rows(join, rows.patient))
        join.done()
    day, several = section.text("day", ""), section.text("several_a_day", "")
    if day and name != "visits":
        raise section.error("day is of visits alone.")
    if day and several not in AGGREGATES:
        raise section.error(f"several_a_day must be one of {', '.join(AGGREGATES)}, since a row is a value.")
    columns, others = section.section("columns"), section.section("other_columns")
    section.done()
    if unknown := [ours for ours in columns.given if ours not in TABLES[name] or ours == "patient_id"]:
        raise columns.error(f"{unknown[0]} is no known column; what is not known stands in [{name}.other_columns].")
    return TheirTable(
        rows,
        tuple(joins),
        day,
        {ours: _column(columns, ours, TABLES[name][ours], several) for ours in list(columns.given)},
        {ours: _column(others, ours, Column(ours, ours, "text"), several) for ours in list(others.given)},
    )


def _column(section: _Section, ours: str, column: Column, several: str) -> TheirColumn:
    if isinstance(section.given[ours], str):
        return TheirColumn(section.text(ours), several=several)
    inner = section.section(ours)
    units = {column.unit: 1.0, **column.units}
    by_value = inner.section("units")
    theirs = TheirColumn(
        inner.text("column"),
        inner.texts("codes"),
        inner.text("unit", ""),
        by_value.text("column") if by_value.given else "",
        by_value.texts("codes"),
        inner.where(),
        inner.text("several_a_day", several),
    )
    inner.done()
    by_value.done()
    for unit in filter(None, (theirs.unit, *theirs.units.values())):
        if unit not in units:
            known = ", ".join(filter(None, units))
            raise inner.error(f"the unit {unit} is not known; known are {known or 'none'}.")
    meanings = FLAGS if column.kind == "boolean" else () if column.others else column.levels
    for meaning in theirs.codes.values():
        if meaning and meanings and meaning not in meanings:
            raise inner.error(f"the meaning {meaning} is not known; known are {', '.join(meanings)}.")
    if several and theirs.several not in AGGREGATES:
        raise inner.error(f"several_a_day must be one of {', '.join(AGGREGATES)}.")
    return theirs
