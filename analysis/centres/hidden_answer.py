"""The answer of one centre that hides small counts: deaths by month, and yearly remission and relapse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.centres.centre_keys import is_centre_name
from analysis.centres.centre_question import LONGEST_NAME, CentreFileError, CentreQuestion, decoded_question
from analysis.centres.checked_counts import words_not_applied
from analysis.centres.coding import encoded_fields
from analysis.centres.counted_apart import counted_apart
from analysis.centres.hashed_file import hash_of, hashed_file, read_hashed_file
from analysis.centres.masked_layout import of_each_year
from analysis.centres.survival_bounds import CurveBounds
from analysis.cohort.arrays import Integers
from analysis.cohort.model import Cohort
from analysis.counts.leaving import Leaving
from analysis.counts.whole_months import in_whole_months
from analysis.counts.yearly_counts import YearlyCounts
from analysis.disclosure.told_counts import (
    Limits,
    Told,
    ToldCurve,
    ToldYears,
    fewest_patients,
    told_beside,
    told_curve,
    told_years,
)
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.settings import Outcome, YearlySettings

HIDDEN_ANSWER = "answer of one centre with small counts hidden"
MOST_BYTES = 1_000_000
MOST_PATIENTS = 10_000_000
SHARES: tuple[Outcome, ...] = ("remission", "relapse")
COUNTED = {"left": "died or left by month", "died": "died by month"}


@dataclass(frozen=True, eq=False)
class HiddenAnswer:
    """What one centre tells where small counts are hidden.

    Attributes
    ----------
    centre
        Its name.
    question
        The question; its threshold and years decide what is told.
    synthetic
        Whether its patients are synthetic.
    not_applied
        Parts of the definition of remission that the columns of the centre do not allow, in words.
    survival
        What is told of deaths by month.
    shares
        What is told of those assessed, and of those in remission or with a first relapse, in each year.
    """

    centre: str
    question: CentreQuestion
    synthetic: bool
    not_applied: tuple[str, ...]
    survival: ToldCurve
    shares: dict[Outcome, ToldYears]

    @property
    def patients(self) -> int:
        """How many patients the question is about."""
        return self.survival.patients

    @cached_property
    def content(self) -> str:
        """SHA-256 in hexadecimal of all but the name of the centre: the same counts have the same."""
        return hash_of({**self._parts(), "centre": ""})

    def to_file(self) -> bytes:
        """Return the answer as a file of JSON, with its hash."""
        return hashed_file(HIDDEN_ANSWER, self._parts())

    def _parts(self) -> dict[str, Any]:
        return {
            "centre": self.centre,
            "question": encoded_fields(self.question),
            "patients": self.patients,
            "synthetic": self.synthetic,
            "not_applied": list(self.not_applied),
            "left": list(self.survival.left),
            "died": list(self.survival.events),
            **{name: [list(told.patients), list(told.events)] for name, told in self.shares.items()},
        }

    @property
    def told(self) -> dict[str, int]:
        """The numbers that are told, by what they count."""
        table = self.to_table()
        exact = table[table["told"].str.isdigit()]
        return {f"{counted} {at}": int(told) for counted, at, told in exact.itertuples(index=False)}

    def to_table(self) -> pd.DataFrame:
        """Return what leaves the centre, as it should see it before it sends the answer.

        Returns
        -------
        DataFrame with counted, at (month or year), told: the number, or "hidden" with the limits that are told.
        """
        rows = [
            (COUNTED[name], month, _words(told, self.patients))
            for name, by_month in (("left", self.survival.left), ("died", self.survival.events))
            for month, told in enumerate(by_month)
        ]
        for outcome, told in self.shares.items():
            way = choose_estimand(outcome, "assessed")
            for counted, by_year in (("assessed in year", told.patients), (_numerator(self, outcome), told.events)):
                rows += [
                    (f"{way.outcome}: {counted}", year, _words(each, self.patients))
                    for year, each in enumerate(by_year, start=1)
                ]
        return pd.DataFrame(rows, columns=["counted", "at", "told"])


def _numerator(answer: HiddenAnswer, outcome: Outcome) -> str:
    question = answer.question
    asked = of_each_year(question, outcome)
    return f"{choose_estimand(outcome, 'assessed').numerator(asked.remission_words)}, year"


def _words(told: Limits | None, patients: int) -> str:
    if told is None:
        return "hidden"
    low, high = told
    if low == high:
        return f"{low}"
    return f"hidden: {low} to {high}" if high < patients else f"hidden: {low} or more"


def answer_hidden(cohort: Cohort, question: CentreQuestion, centre: str, *, synthetic: bool = False) -> HiddenAnswer:
    """Return the answer of a cohort to a question, with small counts hidden.

    Groups are not told apart: a group may be small, and the others would give it away.

    Parameters
    ----------
    cohort
        All patients of the centre.
    question
        What is asked.
    centre
        The name of the centre, on one line.
    synthetic
        Whether the patients are synthetic.

    Raises
    ------
    CentreFileError
        If the cohort cannot answer; the message says what it lacks.

    Examples
    --------
    >>> from analysis import load_sample
    >>> answer = answer_hidden(load_sample(), CentreQuestion("Remission"), "North")
    >>> answer.shares["remission"].patients[0], answer.shares["remission"].events[0]
    ((82, 87), (23, 23))
    """
    if not is_centre_name(centre):
        raise CentreFileError(f"The name of a centre is one line of 1 to {LONGEST_NAME} characters.")
    counted = counted_apart(question.asked_of(cohort).present)
    patients, needed = len(counted), fewest_patients(question.least)
    if patients < needed:
        raise CentreFileError(
            f"The question {question.name} is about {patients} patients here. With counts below {question.least} "
            f"hidden an answer is of {needed} or more: fewer would hardly tell anything."
        )
    try:
        survival, seen = _survival(counted, question), {each: _seen(counted, question, each) for each in SHARES}
    except ValueError as error:
        raise CentreFileError(f"This cohort cannot answer the question {question.name}: {error}") from error
    remission = told_years(*seen["remission"], patients, question.least)
    relapse = told_beside(*seen["relapse"], remission, patients, question.least)
    not_applied = tuple(question.rule.not_applied(counted))
    shares: dict[Outcome, ToldYears] = {"remission": remission, "relapse": relapse}
    return HiddenAnswer(centre, question, synthetic, not_applied, survival, shares)


def _survival(cohort: Cohort, question: CentreQuestion) -> ToldCurve:
    counts = Leaving.of(cohort)
    if counts.late_entries:
        raise ValueError("patients come under observation later, and how many are there would not be hidden")
    if counts.number_of_patients < len(cohort):
        raise ValueError("some patients have no time of death or last contact")
    by_month = in_whole_months(counts, 12 * question.years)
    return told_curve(_summed(by_month.leaving), _summed(by_month.events), question.least)


def _summed(by_month: Integers) -> list[int]:
    summed: list[int] = by_month[:, 0].cumsum().tolist()
    return summed


def _seen(cohort: Cohort, question: CentreQuestion, outcome: Outcome) -> tuple[list[int], list[int]]:
    """Return how many are assessed in each year, and how many of them are in remission or relapse."""
    way, asked = choose_estimand(outcome, "assessed"), of_each_year(question, outcome)
    counts = YearlyCounts.of(cohort, asked, columns=way.columns)
    if not counts.recorded:
        raise ValueError("it records no relapses")
    years = tuple(range(1, 1 + question.years))
    numbers = way.numbers(counts, YearlySettings(way.name, asked, None, years))
    return np.asarray(numbers.patients)[0].tolist(), np.asarray(numbers.events)[0].tolist()


def read_hidden_answer(data: bytes) -> HiddenAnswer:
    """Return the answer in a file that `HiddenAnswer.to_file` made.

    Raises
    ------
    CentreFileError
        If the file is none, of another version, was changed, or holds what cannot be told of patients.
    """
    parts = {"centre", "question", "patients", "synthetic", "not_applied", "left", "died", *SHARES}
    held = read_hashed_file(data, HIDDEN_ANSWER, parts, MOST_BYTES)
    question, centre, patients = decoded_question(held["question"]), held["centre"], held["patients"]
    if not isinstance(centre, str) or not is_centre_name(centre):
        raise CentreFileError("This answer does not name its centre.")
    if type(patients) is not int or not fewest_patients(question.least) <= patients <= MOST_PATIENTS:
        raise CentreFileError(f"The answer of {centre} does not say of how many patients it is.")
    if not isinstance(held["synthetic"], bool):
        raise CentreFileError(f"The answer of {centre} does not say whether its patients are synthetic.")
    not_applied = held["not_applied"]
    if not isinstance(not_applied, list) or not all(
        isinstance(each, str) and each in words_not_applied(question.rule) for each in not_applied
    ):
        raise CentreFileError(f"The answer of {centre} does not say what could not be applied.")
    try:
        months = 1 + 12 * question.years
        survival = ToldCurve(patients, *(_told(held[name], months, patients) for name in ("left", "died")))
        _check_curve(survival, question.least)
        shares = {each: _shares(held[each], question, patients) for each in SHARES}
    except ValueError as error:
        raise CentreFileError(f"The answer of {centre} cannot be counts of {patients:,} patients: {error}.") from error
    return HiddenAnswer(centre, question, held["synthetic"], tuple(not_applied), survival, shares)


def _told(held: Any, size: int, most: int) -> Told:
    if not isinstance(held, list) or len(held) != size:
        raise ValueError(f"it does not hold the {size} numbers that were asked for")
    return tuple(None if each is None else _limits(each, most) for each in held)


def _limits(held: Any, most: int) -> Limits:
    if not isinstance(held, list) or len(held) != 2 or not all(type(each) is int for each in held):
        raise ValueError("a number is neither told nor hidden")
    low, high = held
    if not 0 <= low <= high <= most:
        raise ValueError("a number is below none, or above all")
    return low, high


def _check_curve(told: ToldCurve, least: int) -> None:
    last = len(told.left) - 1
    if told.left[last] != (told.patients, told.patients) or told.events[last] is None:
        raise ValueError("it does not say how many left in all")
    CurveBounds.of(told)
    for by_month in (told.left, told.events):
        exact = [each[0] for each in by_month if each is not None and each[0] == each[1]]
        _check_large(np.diff(exact, prepend=0).tolist(), least)


def _check_large(numbers: Sequence[int], least: int) -> None:
    if any(number <= least for number in numbers):
        raise ValueError("it tells a small number, which should be hidden")


def _shares(held: Any, question: CentreQuestion, patients: int) -> ToldYears:
    if not isinstance(held, list) or len(held) != 2:
        raise ValueError("it does not hold a share of each year")
    found = ToldYears(*(tuple(_limits(each, patients) for each in _listed(part, question.years)) for part in held))
    if any(events[0] > seen[1] for events, seen in zip(found.events, found.patients, strict=True)):
        raise ValueError("more have the event than were assessed")
    _check_large([low for part in (found.patients, found.events) for low, high in part if low == high], question.least)
    return found


def _listed(held: Any, size: int) -> list[Any]:
    if not isinstance(held, list) or len(held) != size:
        raise ValueError(f"it does not hold the {size} years that were asked for")
    return held
