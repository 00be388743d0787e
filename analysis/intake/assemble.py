"""From files to a cohort: which table is which, then patients, visits and events in turn."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pandas as pd

from analysis.cohort.model import Cohort, Finding
from analysis.intake.fingerprint import fingerprint
from analysis.intake.mapping import Matched, Source, Told, check_told, looks_like, match, told_by_table
from analysis.intake.patients import read_patients
from analysis.intake.readers import RawTable, TableInput, parse, read_tables
from analysis.intake.report import Place, Report, refuse_file
from analysis.intake.times import cutoff_day
from analysis.intake.visits import no_rows, read_events, read_visits

SAMPLE = Path(__file__).parents[2] / "sample_data"
WORDS = {"patients": "patient table", "visits": "visit table", "events": "table of adverse events"}


class NamedFile(Protocol):
    """A file as the upload control of a page hands it over."""

    @property
    def name(self) -> str:
        """What the user calls it."""

    def getvalue(self) -> bytes:
        """Return its content."""


def read_cohort(
    patients: TableInput,
    visits: TableInput | None = None,
    events: TableInput | None = None,
    *,
    mapping: Told | None = None,
    cutoff: str | datetime.date | None = None,
    name: str | None = None,
) -> Cohort:
    """Read a cohort.

    Parameters
    ----------
    patients, visits, events
        Each a path, bytes, an open file, a DataFrame, or a pair of one of these and a sheet name. A workbook given as
        `patients` is searched for the tables that are not given. Findings number the rows as a spreadsheet shows them
        (the header of a plain CSV is row 1), and those of a DataFrame by position, from 1.
    mapping
        Canonical column to the file's column, or to a `Source` with unit, event values or date format. A name that
        is in several tables goes to all of them unless it says which, as in ``"visits.months"``.
    cutoff
        Date at which the data are cut: who is alive without a last contact is followed to it, and what came later is
        not used. Needs ``transplant_date``.
    name
        What to call the cohort; by default the file's name.

    Returns
    -------
    Cohort

    Raises
    ------
    CohortError
        If the files cannot be used; its findings say why and what to do.
    ValueError
        If `mapping` names an unknown canonical column, or `cutoff` is no date.
    """
    told, day = told_by_table(mapping), cutoff_day(cutoff)
    given = {"patients": patients, "visits": visits, "events": events}
    tables = {table: [] if source is None else read_tables(source, table) for table, source in given.items()}
    return _cohort(tables, told, day, name)


def read_files(
    files: Sequence[NamedFile],
    *,
    mapping: Told | None = None,
    cutoff: str | datetime.date | None = None,
    name: str | None = None,
) -> Cohort:
    """Read a cohort from uploaded files, told apart by their columns; see `read_cohort`.

    Parameters
    ----------
    files
        One workbook, or a patient table with a visit table and adverse events if there are any.
    mapping, cutoff, name
        As in `read_cohort`.
    """
    told, day = told_by_table(mapping), cutoff_day(cutoff)
    tables = [table for file in files for table in parse(file.getvalue(), file.name)]
    return _cohort({"patients": tables, "visits": [], "events": []}, told, day, name)


def load_sample() -> Cohort:
    """Return the synthetic sample cohort."""
    return read_cohort(SAMPLE / "patients.csv", SAMPLE / "visits.csv", name="Synthetic sample (87 patients)")


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return findings as a table: kind, table, row, column, value, message, question."""
    rows = [
        (each.kind, each.table, each.row, each.column, each.value, each.message, each.question) for each in findings
    ]
    table = pd.DataFrame(rows, columns=["kind", "table", "row", "column", "value", "message", "question"], dtype=object)
    return table.astype({"row": "Int64"})


def _cohort(
    tables: Mapping[str, list[RawTable]],
    told: Mapping[str, Mapping[str, Source]],
    cutoff: float | None,
    name: str | None,
) -> Cohort:
    check_told(told, [table for each in tables.values() for table in each])
    report = Report()
    chosen = _choose(tables, told, report)
    matched = {table: match(raw, table, told[table], report) for table, raw in chosen.items()}
    matched["patients"] = _numbered(matched, report)
    rows_read = len(matched["patients"].cells)
    patients = read_patients(matched["patients"], cutoff, report)
    visits = read_visits(matched["visits"], patients, report) if "visits" in matched else no_rows("visits")
    events = read_events(matched["events"], patients, report) if "events" in matched else no_rows("events")
    return Cohort(
        name=name or Path(chosen["patients"].file).stem,
        patients=patients.table,
        visits=visits,
        events=events,
        findings=findings_frame(report.findings),
        left_out=pd.DataFrame(report.left_out, columns=["table", "row", "patient_id", "reason"]),
        rows_read=rows_read,
        fingerprint=fingerprint(patients.table, visits, events),
    )


def _choose(
    tables: Mapping[str, list[RawTable]], told: Mapping[str, Mapping[str, Source]], report: Report
) -> dict[str, RawTable]:
    """Return which raw table is which; what is given as patients is searched for everything not given."""
    chosen: dict[str, RawTable] = {}
    searched = tables["patients"]
    for table in ("patients", "visits", "events"):
        candidates = tables[table] or searched
        given = bool(tables[table])
        alone = given and len(candidates) == 1
        found = candidates if alone else [each for each in candidates if looks_like(each, told) == table]
        if len(found) > 1:
            places = " and ".join(each.label for each in found)
            refuse_file(places, f"each looks like a {WORDS[table]}. Give only one of them.", question="sheet")
        if found:
            chosen[table] = found[0]
        elif given:
            places = ", ".join(each.label for each in candidates)
            refuse_file(places, f"none of these looks like a {WORDS[table]}.", question="sheet")
    if looks_like(chosen["patients"], told) in ("visits", "events"):
        refuse_file(
            chosen["patients"].label,
            "this is not a patient table: follow_up_months and died are missing. Please add the patient table.",
            question="column",
        )
    _report_unused(tables, list(chosen.values()), report)
    if "visits" not in chosen:
        place = Place("patients", chosen["patients"].label)
        report.note(place, "there is no visit table; remission and disease activity cannot be shown without one.")
    return chosen


def _report_unused(tables: Mapping[str, list[RawTable]], chosen: list[RawTable], report: Report) -> None:
    for each in (table for given in tables.values() for table in given):
        if not any(each is table for table in chosen):
            place = Place(each.sheet or each.file, each.label)
            report.note(place, "it is not used; its columns fit none of the tables.")


def _numbered(matched: Mapping[str, Matched], report: Report) -> Matched:
    """Return the patients with ids; where the file has none and nothing refers to them, they are numbered."""
    patients = matched["patients"]
    if "patient_id" in patients.cells or len(matched) > 1:
        return patients
    report.note(patients.place, "there is no column patient_id; the patients are numbered.")
    cells = patients.cells.copy()
    cells.insert(0, "patient_id", [str(number) for number in range(1, len(cells) + 1)])
    return replace(patients, cells=cells)
