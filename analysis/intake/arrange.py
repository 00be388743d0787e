"""Tables as they stand in files, arranged as one row per patient, visit or adverse event."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.intake.growing_follow_up import with_visit_times
from analysis.intake.measure_rows import one_row_a_visit, without_derived
from analysis.intake.misshapen import refuse_misshapen
from analysis.intake.omop import one_row_a_person
from analysis.intake.parameters import one_row_each
from analysis.intake.patient_parts import joined_patients
from analysis.intake.raw import RawTable
from analysis.intake.relapse_rows import one_row_a_patient
from analysis.intake.repeated import unfolded
from analysis.intake.shapes import id_column
from analysis.intake.sheets import joined_measures, joined_sheets
from analysis.intake.source import Answers
from analysis.intake.source_columns import with_source


def arranged(tables: Sequence[RawTable], answers: Answers) -> list[RawTable]:
    """Return the tables of an input with one row per patient, visit or adverse event.

    Raises
    ------
    CohortError
        If a table is misshapen, or patients have a row for each endpoint and the user has not said which is used.
    """
    for raw in tables:
        refuse_misshapen(raw)
    found = [one_row_each(raw, answers) for raw in one_row_a_person(joined_sheets(tables, answers), answers)]
    found = [one_row_a_patient(_by_visit(raw, answers), answers) for raw in found]
    found = [with_visit_times(raw, id_column(raw, answers), answers) for raw in found]
    found = [part for raw in found for part in unfolded(raw, id_column(raw, answers), answers)]
    found = [with_source(raw, answers) for raw in joined_patients(found, answers)]
    return joined_measures(found, answers)


def _by_visit(raw: RawTable, answers: Answers) -> RawTable:
    ids = id_column(raw, answers)
    return one_row_a_visit(without_derived(raw), ids, answers) if ids else raw
