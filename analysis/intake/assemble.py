"""From files to a cohort: identify the tables, then read the patients and what refers to them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import pandas as pd

from analysis.cohort.findings import Finding
from analysis.cohort.model import Cohort
from analysis.cohort.table_kinds import DEPENDENT, KINDS, OPTIONAL
from analysis.intake.arrange import arranged
from analysis.intake.choosing import chosen_tables
from analysis.intake.codebooks import with_labels
from analysis.intake.content import tables_in
from analysis.intake.contradictions import check_relapse_months, doubt_estimates
from analysis.intake.dependent_tables import no_rows
from analysis.intake.fingerprint import fingerprint
from analysis.intake.follow_up_dates import cutoff_day
from analysis.intake.inputs import TableInput, read_tables
from analysis.intake.losses import Losses, find_losses
from analysis.intake.mapping import Matched, check_mapping, match
from analysis.intake.noticed import Report, shown
from analysis.intake.numbering import numbered, without_names
from analysis.intake.patient_table import checked_patients, read_patients
from analysis.intake.private import without_private
from analysis.intake.raw import RawTable
from analysis.intake.reading import HeldFile, full, parse
from analysis.intake.relapses import ends_of_observation, relapses_of_events
from analysis.intake.settle import settled
from analysis.intake.settle_no_dates import ask_for_death_date, without_no_dates
from analysis.intake.source import Answers, ColumnMapping, Source, parse_mapping
from analysis.intake.treatment_tables import checked_infusions, checked_treatments, read_infusions, read_treatments
from analysis.intake.visit_tables import checked_events, checked_visits, read_events, read_visits

SAMPLE = Path(__file__).parents[2] / "sample_data"
SAMPLE_MAPPING = {"pga": Source("pga", unit="0-3")}
# What is done with each table that refers to the patients: which columns it has to have, and how it is read.
CHECKS = {
    "visits": checked_visits, "events": checked_events, "treatments": checked_treatments,
    "infusions": checked_infusions,
}  # fmt: skip
READERS = {"events": read_events, "treatments": read_treatments, "infusions": read_infusions}
Progress: TypeAlias = Callable[[float, str], None]


class NamedFile(Protocol):
    """An uploaded file."""

    @property
    def name(self) -> str:
        """The file name."""

    def getvalue(self) -> bytes:
        """Return its content."""


def read_cohort(
    patients: TableInput,
    visits: TableInput | None = None,
    events: TableInput | None = None,
    *,
    treatments: TableInput | None = None,
    infusions: TableInput | None = None,
    mapping: ColumnMapping | None = None,
    cutoff: str | datetime.date | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Cohort:
    """Read a cohort from a patient table, and optionally tables that refer to it.

    Parameters
    ----------
    patients, visits, events, treatments, infusions
        Each a path, bytes, an open file, a DataFrame, or a pair of one of these and a sheet name. A workbook given as
        `patients` is searched for the tables that are not given. Findings number rows as a spreadsheet does (the
        header of a plain CSV is row 1); rows of a DataFrame are numbered by position, from 1.
    mapping
        Canonical column to the file's column, or to a `Source` with unit, event values or date format; None if the
        files do not have it. Other columns are matched by name and values.

        - A column that several tables have means all of them, unless the table is given: ``"visits.months"``.
        - ``"organs.renal"`` is the yes-or-no column of one organ; ``"visits"`` the file or sheet with the visits, and
          so are ``"events"``, ``"treatments"`` and ``"infusions_table"`` (``"infusions"`` is the number of them).
        - A column mapped to itself is kept although it looks like personal data, or is one of thousands.
        - If rows or values are lost selectively, by outcome or at one end of a range, the number lost has to be
          confirmed: ``{"without.patients": "17"}`` for rows, ``{"without.visits.sledai": "5"}`` for values.
    cutoff
        Administrative censoring date. Patients alive without a last contact are followed up to it, and later data are
        not used. It needs ``transplant_date``.
    name
        The name of the cohort; by default that of the file.
    progress
        Called with the fraction done, and with the current step in words.

    Returns
    -------
    Cohort
        Times in months since transplantation; measures in the units of the canonical columns.

    Raises
    ------
    CohortError
        If the files cannot be used, or a question has to be answered first; the findings say what to do.
    ValueError
        If `mapping` has an unknown canonical column or unit, or `cutoff` is not a date.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import Source, read_cohort
    >>> table = pd.DataFrame({"patient_id": ["a", "b"], "time": [365.25, 730.5], "status": [1, 2]})
    >>> mapping = {"follow_up_months": Source("time", unit="days"), "died": Source("status", event=[2])}
    >>> read_cohort(table, mapping=mapping).patients
      patient_id  follow_up_months   died
    0          a              12.0  False
    1          b              24.0   True
    """
    answers = parse_mapping(mapping)
    day = cutoff_day(cutoff or answers.cutoff or None)
    steps = progress or silent
    given = {
        "patients": patients, "visits": visits, "events": events, "treatments": treatments, "infusions": infusions,
    }  # fmt: skip
    tables: dict[str, list[RawTable]] = {}
    for place, (table, source) in enumerate(given.items()):
        steps(0.1 + 0.3 * place / len(given), f"Reading the {KINDS[table].words}")
        tables[table] = [] if source is None else read_tables(source, table)
    return _cohort(tables, answers, day, name, steps)


def read_files(
    files: Sequence[NamedFile | Path],
    *,
    mapping: ColumnMapping | None = None,
    cutoff: str | datetime.date | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Cohort:
    """Read a cohort from files whose tables are identified by their columns; see `read_cohort`.

    Parameters
    ----------
    files
        One workbook, or a patient table with optional tables of visits, adverse events, treatments and infusions;
        uploads or paths.
    mapping, cutoff, name, progress
        As in `read_cohort`.

    Returns
    -------
    Cohort

    Raises
    ------
    CohortError, ValueError
        As in `read_cohort`.
    """
    answers = parse_mapping(mapping)
    day = cutoff_day(cutoff or answers.cutoff or None)
    steps = progress or silent
    return _cohort(parsed(files, steps), answers, day, name, steps)


def parsed(files: Sequence[NamedFile | Path], progress: Progress) -> dict[str, list[RawTable]]:
    """Return the tables of all files as input "patients", in which the other tables are searched for."""
    tables: list[RawTable] = []
    for place, file in enumerate(files):
        progress(0.1 + 0.3 * place / len(files), reading_words(file))
        tables += tables_of(file)
    return as_patients(tables)


def as_patients(tables: list[RawTable]) -> dict[str, list[RawTable]]:
    """Return tables as input "patients", in which those of the other kinds are searched for."""
    return {"patients": tables} | {name: [] for name in DEPENDENT}


def reading_words(file: NamedFile | Path) -> str:
    """Return the words of the progress bar before a file is read."""
    return f"Waiting until other files are read, then reading {file.name}" if full() else f"Reading {file.name}"


def tables_of(file: NamedFile | Path) -> list[RawTable]:
    """Return the tables of a file; a `HeldFile` is parsed only once."""
    if isinstance(file, HeldFile):
        return file.tables
    return parse(file.read_bytes() if isinstance(file, Path) else file.getvalue(), file.name)


def load_sample() -> Cohort:
    """Return the synthetic sample cohort of 87 patients with 470 visits.

    Returns
    -------
    Cohort

    Examples
    --------
    >>> from analysis import load_sample
    >>> cohort = load_sample()
    >>> len(cohort), int(cohort.patients["died"].sum())
    (87, 5)
    """
    # Parsed in this process, because these files are trusted.
    tables = {table: tables_in((SAMPLE / f"{table}.csv").read_bytes(), f"{table}.csv") for table in KINDS}
    return _cohort(tables, parse_mapping(SAMPLE_MAPPING), None, "Synthetic sample (87 patients)", silent)


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return findings as a table: kind, table, row, column, value, message, question."""
    rows = [
        (each.kind, each.table, each.row, each.column, each.value, each.message, each.question) for each in findings
    ]
    table = pd.DataFrame(rows, columns=["kind", "table", "row", "column", "value", "message", "question"], dtype=object)
    return table.astype({"row": "Int64"})


@dataclass(frozen=True)
class Prepared:
    """Tables with canonical columns.

    Attributes
    ----------
    given
        With all rows.
    checked
        With the rows that have a patient id and repeat no other row.
    """

    given: dict[str, Matched]
    checked: dict[str, Matched]


@dataclass(frozen=True)
class Reading:
    """A cohort, and the rows and values that were lost in reading it."""

    cohort: Cohort
    losses: Losses


def prepared(tables: Mapping[str, list[RawTable]], answers: Answers, cutoff: float | None, report: Report) -> Prepared:
    """Return the tables with canonical columns, before their values are read.

    Missing columns and the questions to the user go to `report`.

    Raises
    ------
    CohortError
        If the tables cannot be identified, or the mapping names a column that no file has.
    """
    tables = {name: arranged(each, answers) for name, each in with_labels(tables, answers).items()}
    check_mapping(answers, [table for each in tables.values() for table in each])
    chosen = chosen_tables(tables, answers, report)
    matched = {table: match(raw, table, answers, report) for table, raw in chosen.items()}
    matched["patients"] = numbered(matched, report)
    matched = without_names(matched, answers, report)
    matched = {table: without_no_dates(each, report) for table, each in matched.items()}
    ask_for_death_date(matched["patients"], report)
    given = {table: settled(each, answers, report) for table, each in matched.items()}
    matched = dict(given)
    matched["patients"] = checked_patients(matched["patients"], cutoff, answers.duplicates, report)
    dated = "transplant_date" in matched["patients"].cells
    for table, check in CHECKS.items():
        if table in matched:
            matched[table] = check(matched[table], dated=dated, report=report)
    return Prepared(given, matched)


def read_raw_tables(
    tables: Mapping[str, Sequence[RawTable]], mapping: ColumnMapping | None = None, name: str | None = None
) -> Reading:
    """Return the cohort in raw tables by kind, with what was lost in reading them; see `read_cohort`.

    Raises
    ------
    CohortError, ValueError
        As in `read_cohort`, except for what was lost: `Reading.losses` asks about it.
    """
    answers, report = parse_mapping(mapping), Report()
    day = cutoff_day(answers.cutoff or None)
    given = {kind: [*tables.get(kind, [])] for kind in KINDS}
    return read_prepared(prepared(given, answers, day, report), answers, day, name, report, silent)


def _cohort(
    tables: Mapping[str, list[RawTable]], answers: Answers, cutoff: float | None, name: str | None, progress: Progress
) -> Cohort:
    report = Report()
    progress(0.4, "Matching the columns")
    reading = read_prepared(prepared(tables, answers, cutoff, report), answers, cutoff, name, report, progress)
    reading.losses.stop_if_asked()
    return reading.cohort


def read_prepared(
    tables: Prepared, answers: Answers, cutoff: float | None, name: str | None, report: Report, progress: Progress
) -> Reading:
    """Return the cohort from prepared tables, with the losses and the questions about them.

    Raises
    ------
    CohortError
        If another question has to be answered first, or no patient is left.
    """
    report.stop_if_refused()
    matched = {table: without_private(each, answers.kept, report) for table, each in tables.checked.items()}
    progress(0.5, "Checking the patients")
    patients = read_patients(matched["patients"], cutoff, report)
    progress(0.6, "Checking the visits")
    visits = read_visits(matched["visits"], patients, report) if "visits" in matched else no_rows("visits")
    read = {"visits": visits} | {
        name: READERS[name](matched[name], patients, report) if name in matched else no_rows(name) for name in OPTIONAL
    }
    table = patients.table
    if "events" in matched:
        table = relapses_of_events(table, visits, read["events"], matched["events"].place, report)
    ended = ends_of_observation(matched["patients"], table, report)
    if ended.any():
        table = table.assign(relapse_months=table["relapse_months"].mask(ended))
    check_relapse_months(matched["patients"], table, visits, report)
    progress(0.9, "Counting")
    doubt_estimates(matched["patients"], table, report)
    losses = find_losses(tables.given, {"patients": table, **read}, answers, report, ended=int(ended.sum()))
    recorded = frozenset(name for name in OPTIONAL if name in matched)
    rows = [(each.table, each.row_in_file, each.patient_id, each.message) for each in report.left_out]
    left_out = pd.DataFrame(rows, columns=["table", "row", "patient_id", "reason"])
    cohort = Cohort(
        name=name or shown(Path(matched["patients"].file).stem),
        patients=table,
        **read,
        findings=findings_frame(report.findings),
        left_out=left_out,
        rows_read=len(table) + int((left_out["table"] == "patients").sum()),
        fingerprint=fingerprint(table, read, recorded),
        recorded=recorded,
    )
    # Computed now, so that an unknown patient id (a bug) fails here, and the first estimate does not wait.
    for name in DEPENDENT:
        cohort.rows_of(name)
    progress(1.0, "Done")
    return Reading(cohort, losses)


def silent(share: float, words: str) -> None:
    """Report no progress."""
