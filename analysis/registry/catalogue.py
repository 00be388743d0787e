"""What the tables and columns of a warehouse mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

OMOP = Path(__file__).with_name("omop.toml")
AGGREGATES = ("lowest", "highest", "mean")
Where: TypeAlias = Mapping[str, tuple[int | float | str, ...]]


class CatalogueError(ValueError):
    """A catalogue is wrong, or does not fit its warehouse; the message names the place."""


@dataclass(frozen=True)
class Rows:
    """Rows of the warehouse.

    Attributes
    ----------
    table
        The table that has them; "" with a `select`.
    select
        The operator's own query instead.
    patient
        The column with the id of the patient.
    where
        Columns, and the values of which theirs must be one.
    first_by, last_by
        Of several rows of a patient, the one with the first or last value of this column is used; "" for all rows.
    """

    table: str
    select: str
    patient: str
    where: Where
    first_by: str
    last_by: str

    @property
    def words(self) -> str:
        """What the rows are called in a message."""
        return self.table or "the SELECT"


@dataclass(frozen=True)
class TheirColumn:
    """Where a column of ours comes from.

    Attributes
    ----------
    column
        Theirs; with its table before a point, if it is of a joined one.
    codes
        What their values mean; "" is the missing one. Empty if they stand for themselves.
    unit
        The unit of every value; "" for our own.
    unit_column, units
        The column that tells the unit of each value instead, and what its values mean.
    where
        Only rows of these values tell of it, as of `Rows`.
    several
        What is taken of several values of a day: "lowest", "highest" or "mean".
    """

    column: str
    codes: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    unit_column: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    where: Where = field(default_factory=dict)
    several: str = ""


@dataclass(frozen=True)
class TheirTable:
    """Where a table of ours comes from.

    Attributes
    ----------
    rows
        Its rows.
    joins
        Rows of others, at most one a patient, whose columns stand beside.
    day
        The column with the day, if a row is a value and all values of a day become a visit; else "".
    columns
        Each column of ours.
    others
        Further columns, under names of the operator.
    """

    rows: Rows
    joins: tuple[Rows, ...]
    day: str
    columns: Mapping[str, TheirColumn]
    others: Mapping[str, TheirColumn]


@dataclass(frozen=True)
class Catalogue:
    """What a warehouse holds.

    Attributes
    ----------
    name
        What it is called on the screen.
    tables
        Each table of ours that it has; the patients first.
    text
        The TOML that it was read from.
    """

    name: str
    tables: Mapping[str, TheirTable]
    text: str
