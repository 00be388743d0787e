"""The cohort that each possible answer to a question about columns gives, so that the user can tell which is right."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.cohort.model import Cohort
from analysis.intake.assemble import NamedFile, Progress
from analysis.intake.proposal import Proposal, propose
from analysis.intake.source import ColumnMapping

MOST = 3


def rival_cohorts(
    files: Sequence[NamedFile], mapping: ColumnMapping, proposal: Proposal, *, progress: Progress | None = None
) -> dict[str, Cohort]:
    """Return the cohort that each answer to the only question of a proposal gives.

    Parameters
    ----------
    files, mapping
        Those of the proposal.
    proposal
        See `propose`.
    progress
        Called with the fraction done, and with the current step in words.

    Returns
    -------
    dict
        Column of the file to cohort; empty unless one question asks which of two or three columns it is, and the files
        can be read with each without a further question. Whether lost rows are accepted may still have to be asked.
    """
    questions = proposal.questions
    if len(questions) != 1 or proposal.refusals or questions[0].kind != "column":
        return {}
    question = questions[0]
    columns = [column for column, _ in question.choices]
    if not 1 < len(columns) <= MOST:
        return {}
    cohorts = {}
    for place, column in enumerate(columns):
        if progress:
            progress(place / len(columns), f"Reading it with {column}")
        read = propose(files, {**mapping, question.key: question.answered(column)})
        if read.reading is None or read.questions or read.refusals:
            return {}
        cohorts[column] = read.reading.cohort
    return cohorts
