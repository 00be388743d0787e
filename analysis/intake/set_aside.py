"""Columns that are not read of a table with thousands of them, such as the export of a whole registry."""

from __future__ import annotations

from collections.abc import Collection

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import TABLES
from analysis.intake.headings import those_alike
from analysis.intake.raw import RawTable
from analysis.intake.sizes import MOST_KEPT_COLUMNS
from analysis.intake.source import Answers


def set_aside(raw: RawTable, used: Collection[str], answers: Answers) -> list[str]:
    """Return the columns that are not read, because the table has many and they are neither known nor chosen.

    Parameters
    ----------
    raw
        The table.
    used
        Its columns that are matched.
    answers
        The answers of the user; a column that they name is read.

    Returns
    -------
    list of str
        Their names. None is a name of a canonical column of any table, or of the units of a column that is used.
    """
    columns = tuple(map(str, raw.cells.columns))
    if len(columns) <= MOST_KEPT_COLUMNS:
        return []
    known = those_alike(columns, [column for table in TABLES.values() for column in table.values()])
    units = {f"{normalised(column)}u" for column in used}
    kept = {*used, *answers.kept, *answers.others, *raw.read_like, *known}
    return [column for column in columns if column not in kept and normalised(column) not in units]
