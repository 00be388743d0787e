"""The report of several centres whose counts were merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis.centres.hidden_sum import HiddenSum
from analysis.centres.merged_cohort import MergedCohort
from analysis.centres.summed_cohort import SummedCohort
from analysis.cohort.question import Asked
from analysis.estimates.survival.follow_up import FollowUp
from analysis.export.exhibit import Exhibit
from analysis.export.methods import NOT_BY_CHANCE, SYNTHETIC, UNCONTROLLED
from analysis.export.patient_flow import PatientFlow, Step
from analysis.export.report import Report, Table
from analysis.figures.common.paper import Paper

NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DIFFERENT = "Centres may differ in whom they treat and in how they see them; what differs between them is no effect."


def centres_words(together: MergedCohort | SummedCohort | HiddenSum) -> str:
    """Return the centres in words, such as "Three centres, counts merged (North 29, South 29, East 29)"."""
    if isinstance(together, SummedCohort):
        return f"{_number(len(together.centres))} centres, masked counts summed ({', '.join(together.centres)})"
    sizes = ", ".join(f"{each.centre} {each.patients:,}" for each in together.answers)
    how = "small counts hidden" if isinstance(together, HiddenSum) else "counts merged"
    return f"{_number(len(together.answers))} centres, {how} ({sizes})"


def _number(centres: int) -> str:
    return NUMBER_WORDS[centres - 2].capitalize() if centres - 2 < len(NUMBER_WORDS) else f"{centres}"


def centre_report(
    asked: Asked,
    merged: MergedCohort,
    exhibits: Sequence[Exhibit],
    tables: Sequence[Table],
    followed: FollowUp,
    paper: Paper,
) -> Report:
    """Return the report of several centres.

    Parameters
    ----------
    asked
        Their patients, and how they are compared.
    merged
        The centres.
    exhibits, tables
        The figures, at least one, and the tables.
    followed
        Their follow-up.
    paper
        How figures are set.
    """
    centres = tuple((each.centre, each.patients) for each in merged.answers)
    step = Step("Patients of the centres that the question is about", f"{len(merged):,}")
    return Report(
        title=f"{merged.question.name}. {_number(len(merged.answers))} centres, counts merged",
        asked=asked,
        selection=exhibits[0].selection,
        patients=PatientFlow((step,), centres),
        exhibits=tuple(exhibits),
        tables=tuple(tables),
        limitations=(
            *([SYNTHETIC] if merged.synthetic else []),
            merged.caveat,
            UNCONTROLLED,
            DIFFERENT,
            NOT_BY_CHANCE,
        ),
        made_on=date.today(),
        synthetic=merged.synthetic,
        paper=paper,
        followed=followed,
    )
