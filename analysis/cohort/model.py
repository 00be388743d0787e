"""The cohort: three tables, what was found wrong with them, and a fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from analysis.cohort.filters import Filters

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True)
class Finding:
    """One thing noticed while reading a file.

    Attributes
    ----------
    kind
        ``refused`` (the file cannot be used), ``left out`` (this row is not used),
        ``doubtful`` (used, look at it) or ``note``.
    table, row, column, value
        Where it is: the table's name, the row as numbered in the user's own file, the column, the value.
    message
        What is wrong and what to do, in one or two sentences.
    question
        What must be answered before the file can be used, or "".
    choices
        Answers to choose from, and in how many rows each is found.
    """

    kind: str
    table: str
    row: int | None
    column: str
    value: str
    message: str
    question: str = ""
    choices: tuple[tuple[str, int], ...] = ()


class CohortError(ValueError):
    """A file that cannot be used; ``findings`` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(finding.message for finding in self.findings))


@dataclass(frozen=True, eq=False)
class Cohort:
    """Patients, their visits and events, and what was found while reading them.

    Attributes
    ----------
    name
        What the cohort is called on the screen.
    patients
        One row a patient: ``patient_id``, ``follow_up_months`` (months from transplantation),
        ``died`` (boolean), and any known or other columns.
    visits
        One row a visit: ``patient_id``, ``months`` (since transplantation) and measures.
    events
        One row an adverse event: ``patient_id``, ``months``, ``event``, ``grade``, ``related``.
    findings
        kind, table, row, column, value, message, question.
    left_out
        Rows of the files that are not used: table, row, patient_id, reason.
    rows_read
        Patient rows in the file, used or not.
    fingerprint
        SHA-256 of the canonical tables, in hexadecimal; a part of a cohort has one of its own.
    events_recorded
        Whether there is a table of adverse events: without one, no event means that nothing is known.
    """

    name: str
    patients: pd.DataFrame
    visits: pd.DataFrame
    events: pd.DataFrame
    findings: pd.DataFrame
    left_out: pd.DataFrame
    rows_read: int
    fingerprint: str
    events_recorded: bool = False

    def __len__(self) -> int:
        return len(self.patients)

    @property
    def bytes_in_memory(self) -> int:
        """How many bytes its tables take."""
        tables = (self.patients, self.visits, self.events, self.findings, self.left_out)
        return sum(int(table.memory_usage(deep=True).sum()) for table in tables)

    def where(self, filters: Filters) -> Cohort:
        """Return the patients who pass every filter, with their visits and events."""
        return self.subset(filters.keep(self))

    def subset(self, keep: pd.Series) -> Cohort:
        """Return the patients where `keep` (boolean, indexed like ``patients``) holds."""
        if bool(keep.all()):
            return self
        patients = self.patients[keep].reset_index(drop=True)
        return replace(
            self,
            # A part is another cohort to whoever keeps results by fingerprint.
            fingerprint=sha256(
                self.fingerprint.encode() + np.packbits(keep.to_numpy(dtype=bool)).tobytes()
            ).hexdigest(),
            patients=patients,
            visits=_of(self.visits, patients),
            events=_of(self.events, patients),
        )


def _of(table: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    return table[table["patient_id"].isin(patients["patient_id"])].reset_index(drop=True)
