"""Whether the answers of several centres may be put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from analysis.centres.centre_question import CentreFileError, CentreQuestion

FEWEST, MOST = 2, 100


class Answer(Protocol):
    """An answer of one centre that tells its own counts."""

    @property
    def centre(self) -> str:
        """Its name."""

    @property
    def question(self) -> CentreQuestion:
        """The question."""

    @property
    def content(self) -> str:
        """A hash of all but the name of the centre."""


def check_together(answers: Sequence[Answer]) -> None:
    """Raise a CentreFileError if there are too few answers, or they are not of different centres to one question."""
    if not FEWEST <= len(answers) <= MOST:
        raise CentreFileError(f"Answers of {FEWEST} to {MOST} centres can be put together, not {len(answers)}.")
    first, *others = answers
    for other in others:
        if other.question.digest != first.question.digest:
            raise CentreFileError(
                f"{other.centre} answered another question ({other.question.name}) than {first.centre} "
                f"({first.question.name}). Send the same question file to all."
            )
    names = [each.centre for each in answers]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CentreFileError(f"Two answers are named {', '.join(twice)}. Use one answer of each centre.")
    seen: dict[str, str] = {}
    for each in answers:
        if each.content in seen:
            raise CentreFileError(
                f"{seen[each.content]} and {each.centre} sent the same counts, as if of the same patients."
            )
        seen[each.content] = each.centre
