"""The record that a centre keeps of its answers, and what an earlier answer tells together with a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from analysis.centres.centre_keys import is_centre_name
from analysis.centres.centre_question import LONGEST_NAME, CentreFileError
from analysis.centres.hashed_file import hashed_file, read_hashed_file
from analysis.cohort.names import one_line
from analysis.cohort.wording import count_words

RECORD = "record of the answers of one centre"
MOST_BYTES, MOST_ANSWERS = 1_000_000, 1_000
COUNTS, HIDDEN, SUM = "counts", "hidden", "sum"
LEVELS: Mapping[str, str] = {COUNTS: "all counts", HIDDEN: "small counts hidden", SUM: "only in the sum of all centres"}
HEX_DIGITS = 64
MOST_TOLD = 3  # numbers in a sentence


@dataclass(frozen=True)
class PastAnswer:
    """What is noted of an answer.

    Attributes
    ----------
    question, digest
        The name and the digest of the question.
    day
        When it was made.
    level
        What may be read of it: a key of `LEVELS`.
    patients
        How many patients it is about.
    counts
        A hash of its counts in hexadecimal: equal counts have the same.
    told
        The numbers that it tells where small counts are hidden, by what they count: only of such answers, as nothing
        small should follow from two of them.
    """

    question: str
    digest: str
    day: date
    level: str
    patients: int
    counts: str
    told: Mapping[str, int] = field(default_factory=dict)

    def same_as(self, other: PastAnswer) -> bool:
        """Return whether another answer tells the same, whenever it was made."""
        return (self.digest, self.level, self.counts) == (other.digest, other.level, other.counts)


@dataclass(frozen=True)
class AnswerRecord:
    """The answers of one centre so far, as only the centre itself keeps them.

    Attributes
    ----------
    centre
        Its name.
    answers
        The answers in the order in which they were made.
    """

    centre: str
    answers: tuple[PastAnswer, ...] = ()

    def extended(self, answer: PastAnswer) -> AnswerRecord:
        """Return the record with another answer; the same answer is noted once."""
        noted = any(each.same_as(answer) for each in self.answers)
        return self if noted else AnswerRecord(self.centre, (*self.answers, answer))

    def to_file(self) -> bytes:
        """Return the record as a file of JSON, with its hash."""
        answers = [vars(each) | {"day": each.day.isoformat()} for each in self.answers]
        return hashed_file(RECORD, {"centre": self.centre, "answers": answers})

    def to_table(self) -> pd.DataFrame:
        """Return what has left before, as text.

        Returns
        -------
        DataFrame with Day, Question, What may be read, Patients.
        """
        rows = [(f"{each.day}", each.question, LEVELS[each.level], f"{each.patients:,}") for each in self.answers]
        return pd.DataFrame(rows, columns=["Day", "Question", "What may be read", "Patients"])

    def told_together(self, answer: PastAnswer, least: int) -> list[str]:
        """Return what earlier answers tell together with a new one, in sentences.

        Parameters
        ----------
        answer
            The new answer.
        least
            Below how many patients a difference is told.

        Examples
        --------
        >>> past = PastAnswer("All", "a" * 64, date(2026, 1, 5), "counts", 84, "b" * 64)
        >>> now = PastAnswer("All", "a" * 64, date(2026, 6, 5), "counts", 87, "c" * 64)
        >>> AnswerRecord("North", (past,)).told_together(now, 5)
        ['All of 2026-01-05 was about 84 patients, this answer is about 87. If those of one are among those of the \
other, whoever has both can subtract them and read the values of the 3 patients who differ.']
        """
        found = (_told_by(each, answer, least) for each in self.answers if not each.same_as(answer))
        return list(dict.fromkeys(filter(None, found)))


def _told_by(past: PastAnswer, now: PastAnswer, least: int) -> str:
    differ = abs(past.patients - now.patients)
    plain = past.level == now.level == COUNTS
    what = "can subtract them and read the values of" if plain else "can subtract what both tell, and learn from it of"
    if 0 < differ < least:
        return (
            f"{past.question} of {past.day} was about {count_words(past.patients, 'patient')}, this answer is "
            f"about {now.patients:,}. If those of one are among those of the other, whoever has both {what} the "
            f"{count_words(differ, 'patient')} who differ{'s' if differ == 1 else ''}."
        )
    if differ == 0 and past.digest == now.digest and past.level == now.level:
        return (
            f"{past.question} of {past.day} was about as many patients, with other counts. Whoever has both {what} the "
            "patients whose values have changed since, however few they are."
        )
    return _told_between(past, now, least)


def _told_between(past: PastAnswer, now: PastAnswer, least: int) -> str:
    """Return which numbers that both answers tell differ by few: as of all patients, and of most of them."""
    few = [
        f"{name}: {past.told[name]:,} and {number:,}"
        for name, number in now.told.items()
        if 0 < abs(number - past.told.get(name, number)) < least
    ]
    if not few:
        return ""
    more = f"; and {len(few) - MOST_TOLD:,} more" if len(few) > MOST_TOLD else ""
    return (
        f"{past.question} of {past.day} and this answer tell numbers that differ by fewer than {least} "
        f"({'; '.join(few[:MOST_TOLD])}{more}). If the patients of one are among those of the other, whoever has both "
        "knows of so few in one and not in the other."
    )


def read_record(data: bytes, centre: str) -> AnswerRecord:
    """Return the record in a file that `AnswerRecord.to_file` made, with any version.

    Parameters
    ----------
    data
        The file.
    centre
        The name of the centre that answers now.

    Raises
    ------
    CentreFileError
        If it is none, was changed, or is of another centre.
    """
    held = read_hashed_file(data, RECORD, {"centre", "answers"}, MOST_BYTES, any_version=True)
    name, answers = held["centre"], held["answers"]
    if not isinstance(name, str) or not is_centre_name(name):
        raise CentreFileError("This record does not name its centre.")
    if name != centre:
        raise CentreFileError(
            f"This is the record of {name}, and {centre} answers now. Drop the record of {centre}, or name your centre "
            "as in the record."
        )
    if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
        raise CentreFileError(f"This record does not hold a list of at most {MOST_ANSWERS:,} answers.")
    return AnswerRecord(name, tuple(_past(number, each) for number, each in enumerate(answers, start=1)))


def _past(number: int, held: Any) -> PastAnswer:
    try:
        return _read_past(held)
    except (TypeError, ValueError, KeyError) as error:
        raise CentreFileError(f"Answer {number} of this record cannot be read. Use a copy that you kept.") from error


def _read_past(held: Any) -> PastAnswer:
    found = PastAnswer(**held | {"day": date.fromisoformat(held["day"])})
    is_named = isinstance(found.question, str) and 0 < len(found.question) <= LONGEST_NAME
    hashes = all(isinstance(each, str) and len(each) == HEX_DIGITS for each in (found.digest, found.counts))
    told = found.told.items() if isinstance(found.told, dict) else [("", found.told)]
    numbers = all(type(each) is int and each > 0 for each in (found.patients, *(number for _, number in told)))
    counted = numbers and all(name == one_line(name) for name, _ in told)
    if not (is_named and found.question == one_line(found.question) and hashes and counted):
        raise ValueError("a part is of another kind")
    if found.level not in LEVELS:
        raise ValueError("the level is unknown")
    return found
