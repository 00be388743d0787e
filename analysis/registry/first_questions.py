"""What the pages ask of a registry first, asked ahead, so that what it is derived from is there."""

from __future__ import annotations

from analysis.centres.centre_question import CentreQuestion
from analysis.cohort.filters import Filters
from analysis.counts.options import OptionCounts
from analysis.registry.registry_cohort import RegistryCohort


def ask_first(cohort: RegistryCohort) -> tuple[str, ...]:
    """Ask what the pages ask first, of all patients, and return what cannot be asked, each with the reason.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from analysis.registry.file_source import FileSource
    >>> from analysis.registry.importing import import_registry
    >>> patients = pd.DataFrame({"patient_id": ["A", "B"], "follow_up_months": [12, 24], "died": ["no", "yes"]})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     file, folder = Path(place) / "patients.csv", Path(place) / "registry"
    ...     patients.to_csv(file, index=False)
    ...     held = import_registry(FileSource({"patients": file}, Path(place) / "split"), folder)
    ...     ask_first(RegistryCohort(held))[0]
    'Relapse free survival needs relapse_months of the patients or relapse of the visits.'
    """
    OptionCounts.of(cohort, Filters(), "died")
    refused = []
    question = CentreQuestion("First questions", measures=cohort.inventory.measures[:1])
    for estimate in question.estimates:
        try:
            estimate.of(cohort, None)
        except ValueError as error:  # the registry lacks a column
            refused.append(str(error))
    return tuple(dict.fromkeys(refused))
