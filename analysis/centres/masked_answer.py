"""The masked answer of one centre: first its key, then its numbers under masks that only the sum of all removes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.centres.centre_keys import KeyRing, PrivateKey, public_key
from analysis.centres.centre_question import CentreFileError, CentreQuestion, decoded_question
from analysis.centres.coding import CodingError, Decoder, encoded, encoded_fields
from analysis.centres.hashed_file import hashed_file, read_hashed_file
from analysis.centres.masked_layout import size_of
from analysis.centres.masked_numbers import numbers_of
from analysis.centres.masks import Masked, masked, new_key
from analysis.cohort.grouping import By, Cut, Grouping
from analysis.cohort.model import Cohort

MASKED_ANSWER = "masked answer of one centre"
MOST_BYTES = 20_000_000


@dataclass(frozen=True, eq=False)
class MaskedAnswer:
    """What one centre answers where only the sum of all may be read.

    Attributes
    ----------
    centre
        Its name.
    question
        The question.
    by
        The groups; None without a comparison.
    ring
        The keys of all centres that have to answer.
    synthetic
        Whether its patients are synthetic.
    not_applied
        Parts of the definition of remission that the columns of the centre do not allow, in words.
    numbers
        The masked numbers, in the order of `analysis.centres.masked_layout.layout_of`.
    """

    centre: str
    question: CentreQuestion
    by: By | None
    ring: KeyRing
    synthetic: bool
    not_applied: tuple[str, ...]
    numbers: Masked

    def to_file(self) -> bytes:
        """Return the answer as a file of JSON, with its hash."""
        held = {
            "centre": self.centre,
            "question": encoded_fields(self.question),
            "by": encoded(self.by),
            "keys": [[key.centre, key.public] for key in self.ring.keys],
            "synthetic": self.synthetic,
            "not_applied": list(self.not_applied),
            "numbers": self.numbers.tolist(),
        }
        return hashed_file(MASKED_ANSWER, held)


def key_of_centre(cohort: Cohort, question: CentreQuestion, centre: str) -> PrivateKey:
    """Return a new key of a centre: the first of two steps.

    Its ``public`` key goes to all other centres; the private one is kept for the second step. A cohort that cannot
    answer is told now, before the others wait for it.

    Parameters
    ----------
    cohort
        All patients of the centre, as they will be in the second step.
    question
        What is asked.
    centre
        The name of the centre, on one line.

    Raises
    ------
    CentreFileError
        If the cohort cannot answer; the message says what it lacks.
    ImportError
        If the library of the masks is not installed.
    """
    return new_key(centre, question.digest, numbers_of(cohort, question).in_order)


def answer_masked(
    cohort: Cohort, question: CentreQuestion, own: PrivateKey, ring: KeyRing, *, synthetic: bool = False
) -> tuple[MaskedAnswer, PrivateKey]:
    """Return the masked answer of a centre: the second of two steps.

    Parameters
    ----------
    cohort
        All patients of the centre, as in the first step.
    question
        What is asked.
    own
        The private key of the first step.
    ring
        The keys of all centres, with its own.
    synthetic
        Whether the patients are synthetic.

    Returns
    -------
    The answer, and the private key with a note of it, which takes the place of the one before.

    Raises
    ------
    CentreFileError
        If the question, the patients or the keys are not those of the first step, or the key has answered already.
    ImportError
        If the library of the masks is not installed.

    Examples
    --------
    >>> from analysis import load_sample
    >>> question, names = CentreQuestion("Remission"), ("North", "South", "East")
    >>> cohorts = [load_sample().subset(load_sample().patients.index % 3 == place) for place in range(3)]
    >>> own = [key_of_centre(cohort, question, name) for cohort, name in zip(cohorts, names)]
    >>> ring = KeyRing(tuple(key.public for key in own))
    >>> answer, kept = answer_masked(cohorts[0], question, own[0], ring)
    >>> answer.centre, kept.answered == ring.digest
    ('North', True)
    """
    if question.digest != own.question:
        raise CentreFileError(f"The private key of {own.centre} was made for another question than {question.name}.")
    made = numbers_of(cohort, question)
    numbers, kept = masked(own, ring, made.in_order)
    return MaskedAnswer(own.centre, question, made.by, ring, synthetic, made.not_applied, numbers), kept


def read_masked_answer(data: bytes) -> MaskedAnswer:
    """Return the answer in a file that `MaskedAnswer.to_file` made.

    Raises
    ------
    CentreFileError
        If the file is none, of another version, was changed, or holds what is not known.
    """
    parts = {"centre", "question", "by", "keys", "synthetic", "not_applied", "numbers"}
    held = read_hashed_file(data, MASKED_ANSWER, parts, MOST_BYTES)
    question = decoded_question(held["question"])
    keys, centre = held["keys"], held["centre"]
    if not isinstance(keys, list) or not all(isinstance(each, list) and len(each) == 2 for each in keys):
        raise CentreFileError("This answer does not say for which keys it was made.")
    ring = KeyRing(tuple(public_key(name, question.digest, public) for name, public in keys))
    if not isinstance(centre, str) or ring.of(centre) is None:
        among = ", ".join(ring.centres)
        raise CentreFileError(f"The key of its centre is not among the keys of this answer ({among}).")
    if not isinstance(held["synthetic"], bool):
        raise CentreFileError(f"The answer of {centre} does not say whether its patients are synthetic.")
    not_applied = held["not_applied"]
    if not isinstance(not_applied, list) or not all(isinstance(each, str) for each in not_applied):
        raise CentreFileError(f"The answer of {centre} does not say what could not be applied.")
    by, numbers = _by(held["by"], centre), _numbers(held["numbers"], question, centre)
    return MaskedAnswer(centre, question, by, ring, held["synthetic"], tuple(not_applied), numbers)


def _by(held: Any, centre: str) -> By | None:
    try:
        by = Decoder().decoded(held)
    except (CodingError, TypeError, RecursionError) as error:
        raise CentreFileError(f"The groups of the answer of {centre} cannot be read: {error}") from error
    if by is not None and not isinstance(by, str | Grouping | Cut):
        raise CentreFileError(f"The answer of {centre} does not say by which groups it counts.")
    return by


def _numbers(held: Any, question: CentreQuestion, centre: str) -> Masked:
    wanted = size_of(question)
    if not isinstance(held, list) or len(held) != wanted:
        raise CentreFileError(f"The answer of {centre} does not hold the {wanted:,} numbers that were asked for.")
    if not all(type(each) is int and 0 <= each < 1 << 64 for each in held):
        raise CentreFileError(f"The answer of {centre} holds something else than masked numbers.")
    return np.array(held, dtype=np.uint64)
