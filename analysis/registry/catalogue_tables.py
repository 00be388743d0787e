"""A catalogue's tables as expressions of Ibis, in our columns; what does not fit the warehouse is told by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from analysis.cohort.canonical_column import Column
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.registry.catalogue import CatalogueError, Rows, TheirColumn, TheirTable, Where
from analysis.registry.warehouse import NotThereError, Warehouse

ID = "patient_id"
DAY = "a date without a time zone"
WORDS_OF_KINDS = {"number": "a number", "integer": "a number", "date": DAY, "boolean": "yes or no"}


@dataclass(frozen=True)
class Codes:
    """Values that must all have a meaning.

    Attributes
    ----------
    place
        Where the catalogue gives the meanings.
    column
        Their column.
    unknown
        The expression of the values without one, under "value".
    """

    place: str
    column: str
    unknown: Any


@dataclass(frozen=True)
class TableInWarehouse:
    """A table of ours in a warehouse.

    Attributes
    ----------
    table
        The expression, with "patient_id" and our columns.
    single
        Expressions of the ids that must be there once, with what is said if they are not.
    codes
        The columns with codes or units.
    """

    table: Any
    single: Mapping[str, Any]
    codes: tuple[Codes, ...]


def table_in(warehouse: Warehouse, name: str, asked: TheirTable) -> TableInWarehouse:
    """Return a table of the catalogue as expressions.

    Parameters
    ----------
    warehouse
        It is only asked for types.
    name
        Our table.
    asked
        What the catalogue says of it.

    Raises
    ------
    CatalogueError
        If a table or column is not there, or a type does not fit.
    """
    place = f"The catalogue, [{name}]"
    rows, single = _rows(warehouse, place, asked.rows), {}
    if name == "patients" and not (asked.rows.first_by or asked.rows.last_by):
        single[f"{place}: {asked.rows.words} has several rows of a patient; say first_by or last_by."] = rows.select(ID)
    for join in asked.joins:
        beside = _rows(warehouse, f"{place}, join", join)
        if not (join.first_by or join.last_by):
            said = f"{place}: {join.words} has several rows of a patient; say first_by or last_by of the join."
            single[said] = beside.select(ID)
        beside = beside.rename({ID: ID, **{f"{join.table}.{each}": each for each in beside.columns if each != ID}})
        rows = rows.left_join(beside, ID).drop(f"{ID}_right")
    known = TABLES[name]
    columns = [_Ours(place, rows, ours, known[ours], theirs) for ours, theirs in asked.columns.items()]
    columns += [_Ours(place, rows, ours, Column(ours, ours, "text"), theirs) for ours, theirs in asked.others.items()]
    if asked.day:
        table = _by_day(place, rows, asked.day, columns)
    else:
        table = rows.select(ID, **{column.ours: column.value() for column in columns})
    return TableInWarehouse(table, single, tuple(found for column in columns for found in column.codes()))


def _rows(warehouse: Warehouse, place: str, asked: Rows) -> Any:
    """Return rows, with the id of the patient, which they have all."""
    try:
        rows = warehouse.table(asked.table) if asked.table else warehouse.select(asked.select)
    except NotThereError:
        rows = None
    if rows is None:
        said = f"the warehouse has no table {asked.table}, or its role may not read it." if asked.table else (
            "the warehouse does not understand the SELECT, or has not what it names."
        )  # fmt: skip
        raise CatalogueError(f"{place}: {said}")
    if asked.where:
        rows = rows.filter(_passes(place, rows, asked.where))
    patient = _their(place, rows, asked.patient)
    rows = rows.filter(patient.notnull()).mutate(**{ID: patient})
    if by := asked.first_by or asked.last_by:
        import ibis

        rows = rows.filter(_their(place, rows, by).notnull())
        first = _their(place, rows, by)
        # The other columns decide between rows of one time, so that the same one is taken every time.
        order = [first.desc() if asked.last_by else first, *(rows[each] for each in rows.columns if each != by)]
        rows = rows.mutate(place_of_row=ibis.row_number().over(group_by=rows[ID], order_by=order))
        rows = rows.filter(rows.place_of_row == 0).drop("place_of_row")
    return rows


def _their(place: str, rows: Any, name: str) -> Any:
    """Return a column of theirs, of whichever of the joined tables has it."""
    found = [each for each in rows.columns if each == name or each.endswith(f".{name}")]
    if name in found:
        return rows[name]
    if len(found) > 1:
        raise CatalogueError(f"{place}: {name} is in several tables; write one of {', '.join(found)}.")
    if not found:
        raise CatalogueError(f"{place}: the warehouse has no column {name} there.")
    return rows[found[0]]


def _passes(place: str, rows: Any, where: Where) -> Any:
    return reduce(and_, [_among(place, _their(place, rows, name), name, values) for name, values in where.items()])


def _among(place: str, column: Any, name: str, values: tuple[int | float | str, ...]) -> Any:
    if column.type().is_string() != all(isinstance(value, str) for value in values):
        kind = "texts" if column.type().is_string() else "numbers"
        raise CatalogueError(f"{place}: the values of {name} are {kind}, and those in the catalogue are not.")
    return column.isin(values)


@dataclass(frozen=True)
class _Ours:
    """A column of ours, as expressions over rows of the warehouse."""

    place: str
    rows: Any
    ours: str
    column: Column
    theirs: TheirColumn

    def value(self) -> Any:
        """Return the value of each row, missing where the row does not tell of it."""
        import ibis

        value = self._converted()
        return ibis.ifelse(self.tells(), value, ibis.null(value.type())) if self.theirs.where else value

    def tells(self) -> Any:
        """Return whether a row tells of this column."""
        import ibis

        return _passes(self._where, self.rows, self.theirs.where) if self.theirs.where else ibis.literal(True)

    def codes(self) -> Iterator[Codes]:
        """Yield each column of theirs of which every value must have a meaning."""
        told = self.rows.filter(self.tells(), self._theirs(self.theirs.column).notnull())
        for name, known in ((self.theirs.column, self.theirs.codes), (self.theirs.unit_column, self.theirs.units)):
            if known:
                code = _their(self._where, told, name).cast("string").fill_null("")
                unknown = told.select(ID, value=code)
                # A value that is missing means nothing; a unit that is missing must be said to be one.
                meant = list(known) if name == self.theirs.unit_column else ["", *known]
                yield Codes(self._where, name, unknown.filter(~unknown["value"].isin(meant)))

    @property
    def _where(self) -> str:
        return f"{self.place} {self.ours}"

    def _theirs(self, name: str) -> Any:
        return _their(self._where, self.rows, name)

    def _converted(self) -> Any:
        theirs, value = self.theirs, self._theirs(self.theirs.column)
        if theirs.codes:
            return _meanings(value, theirs.codes, flags=self.column.kind == "boolean")
        kind = value.type()
        fits = {
            "number": kind.is_numeric() and not kind.is_boolean(),
            "integer": kind.is_numeric() and not kind.is_boolean(),
            "date": _is_day(kind),
            "boolean": kind.is_boolean(),
        }.get(self.column.kind, True)
        if not fits:
            wanted = f"{self._where} must be {WORDS_OF_KINDS[self.column.kind]}"
            raise CatalogueError(f"{wanted}, and {theirs.column} is not; give its codes, or write a SELECT.")
        if self.column.kind in ("number", "integer"):
            return value.cast("float64") * self._factor()
        if self.column.kind == "date":
            return value.cast("date")
        return value.cast("string") if self.column.kind in ("text", "category", "set") and kind.is_integer() else value

    def _factor(self) -> Any:
        units = {"": 1.0, self.column.unit: 1.0, **self.column.units}
        if not self.theirs.unit_column:
            return units[self.theirs.unit]
        import ibis

        code = self._theirs(self.theirs.unit_column).cast("string").fill_null("")
        known = [(code == each, units[unit]) for each, unit in self.theirs.units.items() if unit]
        return ibis.cases(*known, else_=ibis.null("float64"))


def _is_day(kind: Any) -> bool:
    """Return whether a type is a date, or a time whose date does not depend on where one is."""
    return bool(kind.is_date() or (kind.is_timestamp() and kind.timezone is None))


def _meanings(value: Any, codes: Mapping[str, str], *, flags: bool) -> Any:
    import ibis

    text = value.cast("string").fill_null("")
    meant: list[tuple[Any, Any]] = [
        (text == code, meaning == "yes" if flags else meaning) for code, meaning in codes.items() if meaning
    ]
    return ibis.cases(*meant, else_=ibis.null("boolean" if flags else "string"))


def _by_day(place: str, rows: Any, day: str, columns: list[_Ours]) -> Any:
    """Return a row a patient and day from a row a value."""
    given = _their(place, rows, day)
    if not _is_day(given.type()):
        raise CatalogueError(f"{place}: the day must be {DAY}, and {day} is not.")
    if wrong := [column for column in columns if column.column.kind not in ("number", "integer")]:
        raise CatalogueError(f"{place} {wrong[0].ours} is no number, which of several values of a day is needed.")
    told = reduce(or_, [column.tells() for column in columns])
    values = rows.filter(told, given.notnull()).select(
        ID, **{KINDS["visits"].times["months"]: given.cast("date")}, **{each.ours: each.value() for each in columns}
    )
    taken = {"lowest": "min", "highest": "max", "mean": "mean"}
    of_days = values.group_by(ID, KINDS["visits"].times["months"]).aggregate(
        **{each.ours: getattr(values[each.ours], taken[each.theirs.several])() for each in columns}
    )
    return of_days.filter(reduce(or_, [of_days[each.ours].notnull() for each in columns]))
