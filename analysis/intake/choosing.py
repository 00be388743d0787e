"""Which of the tables in the files is that of the patients, and which those that refer to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.cohort.table_kinds import DEPENDENT, KINDS
from analysis.intake import texts
from analysis.intake.growing_follow_up import grows
from analysis.intake.noticed import Place, Report, refuse_file
from analysis.intake.raw import RawTable
from analysis.intake.shapes import id_column, split_long, what_is
from analysis.intake.source import DUPLICATES, ROWS_ARE_VISITS, Answers
from analysis.intake.visit_months import with_months


@dataclass(frozen=True)
class _Candidate:
    """A table of the files, and its kind by its columns; see `what_is`."""

    raw: RawTable
    kind: str


def chosen_tables(tables: Mapping[str, list[RawTable]], answers: Answers, report: Report) -> dict[str, RawTable]:
    """Return the raw table of each kind; one that is not given is searched for in the input "patients"."""
    known = {
        table: [_Candidate(raw, what_is(raw, answers)) for raw in each if _may_be_used(raw, each, answers)]
        for table, each in tables.items()
    }
    chosen = {table: found for table in KINDS if (found := _one_of(table, known, answers))}
    patients = chosen.get("patients")
    if patients is None or (patients.kind in DEPENDENT and "patients" not in answers.tables):
        _ask_if_visits(patients, answers)
        refuse_file(
            _labels(known["patients"]),
            "this is not a patient table: the follow-up and who died are missing. Please add the patient table.",
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
    return {table: raws[table] for table in KINDS if table in raws}


def _ask_if_visits(found: _Candidate | None, answers: Answers) -> None:
    """Ask whether rows with a growing follow-up are the visits of the patients."""
    ids = id_column(found.raw, answers) if found else None
    if found is None or ids is None or not grows(found.raw, ids, answers):
        return
    words = (
        "the patients have several rows with another follow-up in each. Are the rows visits, each at its follow-up, "
        "of which the last ends the follow-up of the patient?"
    )
    choices = [(ROWS_ARE_VISITS, len(found.raw.cells))]
    refuse_file(found.raw.label, words, question=DUPLICATES, choices=choices)


def _one_of(table: str, known: Mapping[str, list[_Candidate]], answers: Answers) -> _Candidate | None:
    """Return the one raw table of a kind, such as the visit table; None if there is none and it is optional."""
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
        # A long table is the patient table if there is no other; beside one, it is the visit table.
        alone = table == "patients" or any(each.kind == "patients" for each in known["patients"])
        found = found or (long if table in ("patients", "visits") and alone else [])
    if len(found) > 1:
        message = f"each looks like a {KINDS[table].words}. Give only one of them."
        refuse_file(_labels(found, " and "), message, question="sheet", choices=_choices(found))
    if not found and (given or table == "patients"):
        message = f"none of these looks like a {KINDS[table].words}."
        refuse_file(_labels(candidates), message, question="sheet", choices=_choices(candidates))
    return found[0] if found else None


def _may_be_used(raw: RawTable, given: list[RawTable], answers: Answers) -> bool:
    """Return whether a sheet is visible, the only one, or named in the mapping."""
    return not raw.hidden or len(given) == 1 or raw.sheet in answers.tables.values()


def _labels(candidates: Sequence[_Candidate], between: str = ", ") -> str:
    return between.join(each.raw.label for each in candidates)


def _choices(candidates: Sequence[_Candidate]) -> list[tuple[str, int]]:
    return [(each.raw.sheet or each.raw.file, len(each.raw.cells)) for each in candidates]


def _judge_unused(
    tables: Mapping[str, list[RawTable]], chosen: list[RawTable], patients: RawTable, answers: Answers, report: Report
) -> None:
    """Report unused tables; one with patients of the cohort is doubtful.

    A table with many more patients than the patient table is refused: the "patient table" may be one of deaths only.
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
