"""From files to a cohort: which table is which, then patients, visits and events in turn."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

import pandas as pd

from analysis.cohort.findings import Finding
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import TABLES
from analysis.intake import texts
from analysis.intake.content import tables_in
from analysis.intake.contradictions import check_relapse_months, doubt_estimates
from analysis.intake.fingerprint import fingerprint
from analysis.intake.follow_up_dates import cutoff_day
from analysis.intake.inputs import TableInput, read_tables
from analysis.intake.losses import Losses, find_losses
from analysis.intake.mapping import Matched, check_told, match
from analysis.intake.noticed import Place, Report, refuse_file, shown
from analysis.intake.parameters import one_row_each
from analysis.intake.patient_table import checked_patients, read_patients
from analysis.intake.private import without_private
from analysis.intake.raw import RawTable
from analysis.intake.reading import HeldFile, full, parse
from analysis.intake.settle import settled
from analysis.intake.shapes import id_column, split_long, what_is, with_months
from analysis.intake.source import Answers, Told, told_by_table
from analysis.intake.visit_tables import checked_events, checked_visits, no_rows, read_events, read_visits

SAMPLE = Path(__file__).parents[2] / "sample_data"
SAMPLE_TABLES = ("patients", "visits")
WORDS = {"patients": "patient table", "visits": "visit table", "events": "table of adverse events"}
Progress: TypeAlias = Callable[[float, str], None]


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
    progress: Progress | None = None,
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
        is in several tables goes to all of them unless it says which, as in ``"visits.months"``. None says that the
        files do not hold it. ``"organs.renal"`` names the yes-or-no column of one organ, ``"visits"`` the file or
        sheet that is the visit table; a column named as itself is kept although it looks like a name or an address.
        Where what is lost falls on one outcome or one side of a value, ``{"without.patients": "17"}`` accepts that
        just so many rows are left out, and ``"without.visits.sledai"`` that so many values are dropped.
    cutoff
        Date at which the data are cut: who is alive without a last contact is followed to it, and what came later is
        not used. Needs ``transplant_date``.
    name
        What to call the cohort; by default the file's name.
    progress
        Called with the share done, and with what is being done.

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
    answers = told_by_table(mapping)
    day = cutoff_day(cutoff or answers.cutoff or None)
    steps = progress or silent
    given = {"patients": patients, "visits": visits, "events": events}
    tables: dict[str, list[RawTable]] = {}
    for place, (table, source) in enumerate(given.items()):
        steps(0.1 + 0.1 * place, f"Reading the {WORDS[table]}")
        tables[table] = [] if source is None else read_tables(source, table)
    return _cohort(tables, answers, day, name, steps)


def read_files(
    files: Sequence[NamedFile | Path],
    *,
    mapping: Told | None = None,
    cutoff: str | datetime.date | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Cohort:
    """Read a cohort from uploaded files, told apart by their columns; see `read_cohort`.

    Parameters
    ----------
    files
        One workbook, or a patient table with a visit table and adverse events if there are any: uploaded, or the path.
    mapping, cutoff, name, progress
        As in `read_cohort`.
    """
    answers = told_by_table(mapping)
    day = cutoff_day(cutoff or answers.cutoff or None)
    steps = progress or silent
    return _cohort(parsed(files, steps), answers, day, name, steps)


def parsed(files: Sequence[NamedFile | Path], progress: Progress) -> dict[str, list[RawTable]]:
    """Return every table of some files, as if all were given as patients."""
    tables: list[RawTable] = []
    for place, file in enumerate(files):
        progress(0.1 + 0.3 * place / len(files), reading_words(file))
        tables += tables_of(file)
    return {"patients": tables, "visits": [], "events": []}


def reading_words(file: NamedFile | Path) -> str:
    """Return what the progress line says before a file is read."""
    return f"Waiting until other files are read, then reading {file.name}" if full() else f"Reading {file.name}"


def tables_of(file: NamedFile | Path) -> list[RawTable]:
    """Return the tables of a file; one that is held is read once."""
    if isinstance(file, HeldFile):
        return file.tables
    return parse(file.read_bytes() if isinstance(file, Path) else file.getvalue(), file.name)


def load_sample() -> Cohort:
    """Return the synthetic sample cohort."""
    # Read here, and not by a program of its own: these files are our own.
    tables = {table: tables_in((SAMPLE / f"{table}.csv").read_bytes(), f"{table}.csv") for table in SAMPLE_TABLES}
    return _cohort({"events": [], **tables}, told_by_table(None), None, "Synthetic sample (87 patients)", silent)


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
        With all their rows.
    checked
        With the rows that have an id of their own.
    """

    given: dict[str, Matched]
    checked: dict[str, Matched]


@dataclass(frozen=True)
class Reading:
    """A cohort as it would be used, and what was lost on the way to it."""

    cohort: Cohort
    losses: Losses


def prepared(tables: Mapping[str, list[RawTable]], answers: Answers, cutoff: float | None, report: Report) -> Prepared:
    """Return the tables with canonical columns, up to what must be known before they can be read.

    What is missing, and all that must be asked, is in the report.

    Raises
    ------
    CohortError
        If it cannot be told which table is which, or the mapping names a column that no file has.
    """
    tables = {name: [one_row_each(raw, answers) for raw in each] for name, each in tables.items()}
    check_told(answers, [table for each in tables.values() for table in each])
    chosen = _choose(tables, answers, report)
    matched = {table: match(raw, table, answers, report) for table, raw in chosen.items()}
    matched["patients"] = _numbered(matched, report)
    given = {table: settled(each, report) for table, each in matched.items()}
    matched = dict(given)
    matched["patients"] = checked_patients(matched["patients"], cutoff, answers.duplicates, report)
    if "visits" in matched:
        dated = "transplant_date" in matched["patients"].cells
        matched["visits"] = checked_visits(matched["visits"], dated=dated, report=report)
    if "events" in matched:
        matched["events"] = checked_events(matched["events"], report)
    return Prepared(given, matched)


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
    """Return the cohort that prepared tables make, with what was lost and what must be asked of that.

    Raises
    ------
    CohortError
        If something else has to be asked first, or no patient is left.
    """
    report.stop_if_refused()
    matched = {table: without_private(each, answers.kept, report) for table, each in tables.checked.items()}
    progress(0.5, "Checking the patients")
    patients = read_patients(matched["patients"], cutoff, report)
    progress(0.6, "Checking the visits")
    visits = read_visits(matched["visits"], patients, report) if "visits" in matched else no_rows("visits")
    check_relapse_months(matched["patients"], patients.table, visits, report)
    events = read_events(matched["events"], patients, report) if "events" in matched else no_rows("events")
    progress(0.9, "Counting")
    doubt_estimates(matched["patients"], patients.table, report)
    read = {"patients": patients.table, "visits": visits, "events": events}
    losses = find_losses(tables.given, read, answers, report)
    rows = [(each.table, each.row, each.patient_id, each.message) for each in report.left_out]
    left_out = pd.DataFrame(rows, columns=["table", "row", "patient_id", "reason"])
    cohort = Cohort(
        name=name or shown(Path(matched["patients"].file).stem),
        patients=patients.table,
        visits=visits,
        events=events,
        findings=findings_frame(report.findings),
        left_out=left_out,
        rows_read=len(patients.table) + int((left_out["table"] == "patients").sum()),
        fingerprint=fingerprint(patients.table, visits, events),
        events_recorded="events" in matched,
    )
    # Whose each visit and event is: an id that no patient has is an error of ours, and no question has to wait for it.
    _ = cohort.visit_rows, cohort.event_rows
    progress(1.0, "Done")
    return Reading(cohort, losses)


def silent(share: float, words: str) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class _Candidate:
    """A table of the files, and what its columns speak for."""

    raw: RawTable
    kind: str


def _choose(tables: Mapping[str, list[RawTable]], answers: Answers, report: Report) -> dict[str, RawTable]:
    """Return which raw table is which; what is given as patients is searched for everything not given."""
    known = {
        table: [_Candidate(raw, what_is(raw, answers)) for raw in each if _may_be_used(raw, each, answers)]
        for table, each in tables.items()
    }
    chosen = {table: found for table in TABLES if (found := _one_of(table, known, answers))}
    patients = chosen.get("patients")
    if patients is None or (patients.kind in ("visits", "events") and "patients" not in answers.tables):
        refuse_file(
            _labels(known["patients"]),
            "this is not a patient table: follow_up_months and died are missing. Please add the patient table.",
            question="column",
        )
    _judge_unused(tables, [each.raw for each in chosen.values()], patients.raw, answers, report)
    raws = {table: each.raw for table, each in chosen.items()}
    ids = id_column(patients.raw, answers)
    if patients.kind == "long" and ids is not None:
        split = split_long(patients.raw, answers, ids, report)
        parts = {"visits": split.visits} | ({"events": split.events} if split.events else {})
        raws = {**parts, **raws, "patients": split.patients}
    if "visits" in raws:
        raws["visits"] = with_months(raws["visits"], answers, report)
    else:
        place = Place("patients", patients.raw.label)
        report.note(place, "there is no visit table; remission and disease activity cannot be shown without one.")
    return {table: raws[table] for table in TABLES if table in raws}


def _one_of(table: str, known: Mapping[str, list[_Candidate]], answers: Answers) -> _Candidate | None:
    """Return the one table that is, say, the visit table; None where none has to be."""
    given = bool(known[table])
    candidates = known[table] or known["patients"]
    if table in answers.tables:
        found = [
            each for each in candidates if answers.tables[table] in (each.raw.sheet, each.raw.file, each.raw.label)
        ]
    elif given and len(candidates) == 1:
        found = candidates
    else:
        found = [each for each in candidates if each.kind == table]
        long = [each for each in candidates if each.kind == "long"]
        # A long table holds the patients where no other does, and only visits where one does.
        alone = table == "patients" or any(each.kind == "patients" for each in known["patients"])
        found = found or (long if table != "events" and alone else [])
    if len(found) > 1:
        message = f"each looks like a {WORDS[table]}. Give only one of them."
        refuse_file(_labels(found, " and "), message, question="sheet", choices=_choices(found))
    if not found and (given or table == "patients"):
        message = f"none of these looks like a {WORDS[table]}."
        refuse_file(_labels(candidates), message, question="sheet", choices=_choices(candidates))
    return found[0] if found else None


def _may_be_used(raw: RawTable, given: list[RawTable], answers: Answers) -> bool:
    """Return whether a sheet is in view, or was named."""
    return not raw.hidden or len(given) == 1 or raw.sheet in answers.tables.values()


def _labels(candidates: Sequence[_Candidate], between: str = ", ") -> str:
    return between.join(each.raw.label for each in candidates)


def _choices(candidates: Sequence[_Candidate]) -> list[tuple[str, int]]:
    return [(each.raw.sheet or each.raw.file, len(each.raw.cells)) for each in candidates]


def _judge_unused(
    tables: Mapping[str, list[RawTable]], chosen: list[RawTable], patients: RawTable, answers: Answers, report: Report
) -> None:
    """Report the tables that are not used: those that hold rows of the patients are doubtful.

    One that holds many more of the patients than the patient table is no half of the files to be left out unasked:
    deaths beside persons.
    """
    held = _ids(patients, answers)
    for each in (table for given in tables.values() for table in given):
        if any(each is table for table in chosen):
            continue
        place = Place(each.sheet or each.file, each.label)
        if each.hidden:
            report.note(place, "it is not used; the sheet is hidden; name it to use it.")
            continue
        others = _ids(each, answers)
        both, more = len(held & others), len(others - held)
        if both and 2 * both >= len(held) and more > len(held):
            words = f"it holds {more} patients who are not in {patients.label}, which is read as the patient table."
            refuse_file(each.label, f"{words} Put all patients into one table.")
        tell = report.doubt if both else report.note
        tell(place, "it is not used; its columns fit none of the tables.")


def _ids(table: RawTable, answers: Answers) -> set[str]:
    """Return the ids of the patients in a table."""
    column = id_column(table, answers)
    return set(texts.counts(table.cells[column])) if column else set()


def _numbered(matched: Mapping[str, Matched], report: Report) -> Matched:
    """Return the patients with ids; where the file has none and nothing refers to them, they are numbered."""
    patients = matched["patients"]
    if "patient_id" in patients.cells or len(matched) > 1:
        return patients
    report.note(patients.place, "there is no column patient_id; the patients are numbered.")
    cells = patients.cells.copy()
    numbers = texts.as_texts((str(number) for number in range(1, len(cells) + 1)), cells.index)
    cells.insert(0, "patient_id", numbers)
    return replace(patients, cells=cells)
