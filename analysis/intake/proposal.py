"""A proposal of how files would be read: the match of every column, and the questions to the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import ORGANS, TABLES, VISITS
from analysis.intake.assemble import (
    NamedFile,
    Prepared,
    Progress,
    Reading,
    as_patients,
    prepared,
    read_prepared,
    reading_words,
    silent,
    tables_of,
)
from analysis.intake.codebooks import with_labels
from analysis.intake.file_question import Question
from analysis.intake.follow_up_dates import cutoff_day
from analysis.intake.losses import Loss
from analysis.intake.mapping import Matched, match, unmatched_columns
from analysis.intake.noticed import Report
from analysis.intake.private import private_columns
from analysis.intake.raw import RawTable
from analysis.intake.settle import settled
from analysis.intake.source import (
    CODES,
    CUTOFF,
    DUPLICATES,
    ORGAN,
    ROWS,
    SCHEDULE,
    Answers,
    ColumnMapping,
    Source,
    parse_mapping,
)
from analysis.intake.typed_columns import read_column
from analysis.intake.values import where_missing

EXAMPLES = 3
ANSWERS = (CODES, DUPLICATES, CUTOFF, SCHEDULE)  # questions that are not about how a column is written
LOOKED_AT = 1000  # rows that are searched for examples


@dataclass(frozen=True)
class ProposedColumn:
    """A canonical column, and the column of the file that it would be read from.

    Attributes
    ----------
    table, name
        The canonical column; "organs.renal" is the yes-or-no column of one organ.
    label
        The canonical column in words.
    source
        The column of the file, with unit, event and format as far as they are known; None if none fits.
    reason
        The reason of the match, in words; "" if none fits.
    examples
        Up to three values.
    filled, readable
        Number of rows with a value, and of those that can be read.
    """

    table: str
    name: str
    label: str
    source: Source | None
    reason: str = ""
    examples: tuple[str, ...] = ()
    filled: int = 0
    readable: int = 0

    @property
    def key(self) -> str:
        """The key of the column in a mapping."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True)
class ProposedTable:
    """A table of the files.

    Attributes
    ----------
    table, label, rows
        Its kind, its location in words, and its number of rows.
    columns, unmatched
        Its columns that are read, and those of them that match no canonical one.
    private
        Columns that look like personal data, each with its kind in words; they are left out unless the user keeps them.
    aside
        Columns that are not read, because there are very many and they match nothing.
    """

    table: str
    label: str
    rows: int
    columns: tuple[str, ...]
    unmatched: tuple[str, ...]
    private: dict[str, str]
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """How files would be read.

    Attributes
    ----------
    tables
        The tables in the files.
    columns
        Every canonical column of these tables, matched or not.
    questions
        Questions that have to be answered.
    refusals
        Findings for which the files cannot be used, whatever is answered.
    notes
        All other findings.
    reading
        The cohort and its losses; None if there are questions or refusals first.
    """

    tables: tuple[ProposedTable, ...]
    columns: tuple[ProposedColumn, ...]
    questions: tuple[Question, ...]
    refusals: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    reading: Reading | None = None

    @property
    def losses(self) -> tuple[Loss, ...]:
        """The selective losses that the user has to confirm."""
        return self.reading.losses.questions if self.reading is not None else ()

    @property
    def certain(self) -> bool:
        """Whether nothing was guessed or asked, because the files use the canonical column names."""
        exact = all(each.source.column == each.name for each in self.columns if each.source is not None)
        return self.ready and exact and not any(table.private for table in self.tables)

    @property
    def spotless(self) -> bool:
        """Whether nothing was guessed, every row and value is used, and no column as a whole is doubtful."""
        if not self.certain or self.reading is None:
            return False
        findings, losses = self.reading.cohort.findings, self.reading.losses
        doubts = findings["row"].isna() & (findings["kind"] == "doubtful")
        return not (doubts.any() or len(losses.left_out) or len(losses.dropped))

    @property
    def ready(self) -> bool:
        """Whether the files can be read without an answer."""
        return not self.questions and not self.losses and not self.refusals

    @property
    def mapping(self) -> dict[str, Source | None]:
        """The matched columns as a mapping, which can be corrected and passed to `read_files`."""
        return {
            each.key: each.source
            for each in self.columns
            if each.source is not None and (each.name != "organs" or each.source.codes)
        }


def propose(
    files: Sequence[NamedFile], mapping: ColumnMapping | None = None, *, progress: Progress | None = None
) -> Proposal:
    """Return how files would be read; problems of the files are returned as findings, not raised.

    Parameters
    ----------
    files
        As for `read_files`.
    mapping
        The answers so far; None for a column that the files do not have.
    progress
        Called with the fraction done, and with the current step in words.

    Returns
    -------
    Proposal

    Raises
    ------
    ValueError
        If `mapping` has an unknown canonical column or unit.
    """
    tables: list[RawTable] = []
    refused: list[Finding] = []
    for place, file in enumerate(files):
        if progress:
            progress(place / len(files), reading_words(file))
        try:
            tables += tables_of(file)
        except CohortError as error:
            refused += error.findings
    return propose_tables(as_patients(tables), mapping, refused=refused, progress=progress)


def propose_tables(
    tables: Mapping[str, Sequence[RawTable]],
    mapping: ColumnMapping | None = None,
    *,
    refused: Sequence[Finding] = (),
    progress: Progress | None = None,
) -> Proposal:
    """Return how raw tables would be read; see `propose`.

    Parameters
    ----------
    tables
        By kind; those given as "patients" are searched for tables of the other kinds.
    mapping, progress
        As in `propose`.
    refused
        What is known to be wrong with the files.
    """
    answers = parse_mapping(mapping)
    refused, report = [*refused], Report()
    matched: dict[str, Matched] = {}
    reading = None
    if any(tables.values()):
        cutoff = cutoff_day(answers.cutoff or None)
        try:
            known = prepared({name: [*tables.get(name, [])] for name in KINDS}, answers, cutoff, report)
            matched = known.checked
        except CohortError as error:
            refused += error.findings
            matched = _as_patients(tables["patients"], answers)
        else:
            reading = None if refused else _read(known, answers, cutoff, report, progress)
    findings = [*refused, *report.findings]
    refusals = [finding for finding in findings if finding.kind == "refused"]
    asked = [finding for finding in refusals if _has_answer(finding)]
    questions = [_question(each, matched) for each in asked]
    unmatched = {each.key for each in questions if each.kind == "column"}
    cured = {
        _about(finding): [each for each in refusals if each not in asked and _about(each) == _about(finding)]
        for finding in asked
    }
    folded = [each for others in cured.values() for each in others]
    return Proposal(
        tables=tuple(_table(each) for each in matched.values()),
        columns=tuple(each for table in matched.values() for each in _columns(table)),
        questions=tuple(
            replace(question, also=tuple(cured[_about(each)]))
            for question, each in zip(questions, asked, strict=True)
            # How a column is written is asked once it is known which it is.
            if question.kind == "column" or question.key not in unmatched
        ),
        refusals=tuple(each for each in refusals if each not in asked and each not in folded),
        notes=tuple(each for each in findings if each.kind != "refused"),
        reading=reading,
    )


def _read(
    tables: Prepared, answers: Answers, cutoff: float | None, report: Report, progress: Progress | None
) -> Reading | None:
    """Return the cohort and its losses; None if the report has a question or refusal first."""
    try:
        return read_prepared(tables, answers, cutoff, None, report, progress or silent)
    except CohortError:
        return None


def _as_patients(tables: Sequence[RawTable], answers: Answers) -> dict[str, Matched]:
    """Return a single unidentified table as the patient table, so that the user can name its columns."""
    tables = with_labels({"patients": tables}, answers)["patients"]
    if len(tables) > 1:
        return {}
    aside = Report()
    return {"patients": settled(match(tables[0], "patients", answers, aside), answers, aside)}


def _about(finding: Finding) -> tuple[str, str, str]:
    """Return what a finding asks about: the kind of question, the table and the column."""
    return finding.question, finding.table, finding.column


def _has_answer(finding: Finding) -> bool:
    return finding.question in ("event", "unit", "format", "column", "sheet", *ANSWERS) and bool(finding.choices)


def _table(matched: Matched) -> ProposedTable:
    return ProposedTable(
        table=matched.place.table,
        label=matched.place.label,
        rows=len(matched.cells),
        columns=tuple(column for column in matched.columns if column not in matched.aside),
        unmatched=tuple(unmatched_columns(matched)),
        private=private_columns(matched),
        aside=tuple(matched.aside),
    )


def _columns(matched: Matched) -> list[ProposedColumn]:
    table = matched.place.table
    proposed = [_column(matched, name, column) for name, column in TABLES[table].items()]
    organs = [f"{ORGAN}{organ}" for organ in ORGANS if f"{ORGAN}{organ}" in matched.sources]
    return proposed + [
        ProposedColumn(
            table, name, f"Involvement: {name.removeprefix(ORGAN)}", matched.sources[name], matched.reasons[name]
        )
        for name in organs
    ]


def _column(matched: Matched, name: str, column: Column) -> ProposedColumn:
    table = matched.place.table
    if name not in matched.sources or name not in matched.cells:
        return ProposedColumn(table, name, column.label, None)
    held = matched.cells[name]
    filled = ~where_missing(held)
    first = pd.unique(held.iloc[np.flatnonzero(filled)[:LOOKED_AT]].astype(object))[:EXAMPLES]
    # Any text can be read as text: those of ids, which are many, need not be.
    readable = filled if column.kind == "text" else read_column(held, column, matched.sources[name]).values.notna()
    return ProposedColumn(
        table=table,
        name=name,
        label=column.label,
        source=matched.sources[name],
        reason=matched.reasons.get(name, ""),
        examples=tuple(first),
        filled=int(filled.sum()),
        readable=int(readable.sum()),
    )


def _question(finding: Finding, matched: Mapping[str, Matched]) -> Question:
    table = next((each for each in TABLES if finding.table == each), "patients")
    if finding.question == "sheet":
        asked = next(name for name, kind in KINDS.items() if f"a {kind.words}." in finding.message)
        return Question("sheet", asked, "", "", finding.message, finding.choices)
    if finding.question == "column":
        return Question("column", table, finding.column, "", finding.message, finding.choices)
    sources = matched[table].sources if table in matched else {}
    if finding.question == "event" and sources.get("died", Source("")).column != finding.column:
        rows = Source(finding.column)
        return Question("event", table, ROWS, finding.column, finding.message, finding.choices, rows)
    name = next((name for name, source in sources.items() if source.column == finding.column), "")
    source = sources.get(name)
    if finding.question == CODES and not name:
        name, source = VISITS["relapse"].name, Source(finding.column)
    return Question(
        finding.question, table, name, finding.column, finding.message, finding.choices, source, finding.value
    )
