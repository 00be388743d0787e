"""Numbers as patient ids: if no column identifies the patients, and in place of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.cohort.names import normalised
from analysis.intake import texts
from analysis.intake.guess import guess
from analysis.intake.mapping import Matched, unmatched_columns
from analysis.intake.noticed import Report, shown
from analysis.intake.private import KIND
from analysis.intake.shapes import OUTCOME, TIMES, is_constant, repeats
from analysis.intake.source import Answers

ENDS = tuple(name for name in OUTCOME if name != "died")


def numbered(matched: Mapping[str, Matched], report: Report) -> Matched:
    """Return the patients with ids; if the only table has no id column, its rows are numbered.

    They are not if they seem to be visits, unless the user said that no column identifies the patients.
    """
    patients = matched["patients"]
    if "patient_id" in patients.cells or len(matched) > 1:
        return patients
    if "patient_id" not in patients.absent and (keys_of_patients(patients) or _visit_time(patients)):
        return patients
    report.note(patients.place, "there is no column patient_id; the patients are numbered.")
    cells = patients.cells.copy()
    numbers = texts.as_texts((str(number) for number in range(1, len(cells) + 1)), cells.index)
    cells.insert(0, "patient_id", numbers)
    return replace(patients, cells=cells)


def why_not_numbered(patients: Matched) -> str:
    """Return why rows without ids seem not to be one patient each, as the end of a question; "" if there is no sign."""
    keys, time = keys_of_patients(patients), _visit_time(patients)
    if not keys and not time:
        return ""
    why = f"{shown(keys[0])} repeats with the same follow-up" if keys else f"{shown(time)} tells the time of a visit"
    return f" The rows seem to be visits, as {why}. If each row is a patient, the file has no such column."


def keys_of_patients(patients: Matched) -> list[str]:
    """Return the columns that may identify patients: each value has several rows, all with the same outcome."""
    ends = [patients.cells[name] for name in ENDS if name in patients.cells]
    held = [*ends, *(patients.cells[name] for name in ("died",) if name in patients.cells)]
    return [
        name
        for name in unmatched_columns(patients)
        if ends
        and repeats(patients.cells[name]) == "often"
        and all(is_constant(patients.cells[name], values) for values in held)
    ]


def _visit_time(patients: Matched) -> str:
    """Return the column with the time or the date of a visit; "" if there is none."""
    free = unmatched_columns(patients)
    found = (guess(patients.cells, "visits", name, (), only=free) for name in TIMES)
    return next((each.column for each in found if each is not None and not each.loose), "")


def without_names(matched: Mapping[str, Matched], answers: Answers, report: Report) -> dict[str, Matched]:
    """Return the tables with a number for each patient where the id is a name, unless the user keeps the names."""
    named = {
        table: each
        for table, each in matched.items()
        if "patient_id" in each.sources and normalised(each.original("patient_id")) in KIND
    }
    if not named or any(each.original("patient_id") in answers.kept for each in named.values()):
        return dict(matched)
    held = [text.strip() for each in named.values() for text in pd.unique(each.cells["patient_id"].astype(object))]
    numbers = {text: str(number) for number, text in enumerate(dict.fromkeys(filter(None, held)), start=1)}
    changed = dict(matched)
    for table, each in named.items():
        ids = texts.changed(each.cells["patient_id"], lambda text: numbers.get(text.strip(), ""))
        changed[table] = replace(each, cells=each.cells.assign(patient_id=ids))
    first = next(iter(named.values()))
    words = "it is personal data; a number stands for each patient, in the order of the file."
    report.note(first.place, words, column=first.original("patient_id"))
    return changed
