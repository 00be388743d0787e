"""The rows of some patients of a registry, read into memory as an ordinary cohort."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.cohort.findings import Finding
from analysis.cohort.model import Cohort
from analysis.cohort.table_kinds import DEPENDENT, KINDS
from analysis.cohort.wording import count_words
from analysis.intake.fingerprint import fingerprint
from analysis.registry.count import EngineError
from analysis.registry.folder import Folder, findings_of
from analysis.registry.telling import tell

MOST_ROWS = 1000  # patients whose rows are opened at once, where whoever runs the app allows it


def opened_rows(folder: Folder, selected: Callable[[Cohort], Cohort], settled: tuple[str, ...]) -> Cohort:
    """Return patients of a registry as a cohort, in the order of the registry, with its columns and categories.

    One part is read after the other, so that no more than one is in memory beside the patients who are wanted.

    Parameters
    ----------
    folder
        The registry.
    selected
        Returns those who are wanted among the patients of a part; at least one in all parts.
    settled
        As of `Cohort`.

    Raises
    ------
    EngineError
        If the files are gone, as after another import.
    """
    read: list[dict[str, pd.DataFrame]] = []
    for place, part in enumerate(folder.parts):
        tell(place / len(folder.parts), "Reading the rows part by part")
        try:
            kept = selected(part).kept
            if kept.any():
                read.append(part.rows(kept))
        except OSError as error:
            raise EngineError("The files of the registry cannot be read any more. Open it again.") from error
    tables = {name: pd.concat([each[name] for each in read], ignore_index=True) for name in KINDS}
    others, recorded = {name: tables[name] for name in DEPENDENT}, frozenset(folder.manifest.recorded)
    patients = len(tables["patients"])
    return Cohort(
        name=f"{folder.manifest.name}: {count_words(patients, 'patient')}",
        **tables,
        findings=findings_of(folder.manifest, *_of_all(patients, folder)),
        left_out=pd.DataFrame(columns=["table", "row", "patient_id", "reason"], dtype=object),
        rows_read=patients,
        fingerprint=fingerprint(tables["patients"], others, recorded),
        recorded=recorded,
        settled=settled,
    )


def _of_all(patients: int, folder: Folder) -> list[Finding]:
    """Return the note that findings are not only of the patients whose rows are open: no part knows whose they are."""
    if patients == len(folder) or not folder.manifest.findings:
        return []
    message = f"These findings are of the whole registry: {patients:,} of its {len(folder):,} patients are open here."
    return [Finding("note", "", None, "", "", message)]
