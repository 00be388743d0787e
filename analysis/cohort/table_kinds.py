"""The tables of a cohort: what a row of each is, and which columns tell its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableKind:
    """A kind of table.

    Attributes
    ----------
    title
        Its heading on the screen.
    words
        The table in the middle of a sentence.
    row
        What one row is.
    required
        Its columns that a file must have, as the template names them.
    times
        Columns in months since transplantation, each to that with the same time as a date ("" if it has none); rows
        are sorted by the first.
    key
        Its name in a mapping, which says in which file or sheet it is.
    """

    title: str
    words: str
    row: str
    required: tuple[str, ...]
    times: Mapping[str, str] = field(default_factory=dict, hash=False)
    key: str = ""

    @property
    def time(self) -> str:
        """The column that rows are sorted by; "" for the patients."""
        return next(iter(self.times), "")


KINDS: dict[str, TableKind] = {
    "patients": TableKind(
        "Patients", "patient table", "patient", ("patient_id", "follow_up_months", "died"), key="patients"
    ),
    "visits": TableKind("Visits", "visit table", "visit", ("patient_id", "months"), {"months": "visit_date"}, "visits"),
    "events": TableKind(
        "Adverse events", "table of adverse events", "adverse event", ("patient_id", "event"), {"months": ""}, "events"
    ),
    "treatments": TableKind(
        "Treatments",
        "table of treatments",
        "period of treatment",
        ("patient_id", "drug", "start_months"),
        {"start_months": "start_date", "stop_months": "stop_date"},
        "treatments",
    ),
    "infusions": TableKind(
        "Infusions",
        "table of infusions",
        "infusion",
        ("patient_id", "months"),
        {"months": "infusion_date"},
        # "infusions" alone is a column of the patients, their number.
        "infusions_table",
    ),
}
DEPENDENT = tuple(name for name in KINDS if name != "patients")  # tables that refer to the patients
OPTIONAL = tuple(name for name in DEPENDENT if name != "visits")  # that without them nothing is said of
