"""Several centres as one cohort of which only tables of counts are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from hashlib import sha256
from operator import add
from types import MappingProxyType
from typing import Any

import pandas as pd

from analysis.centres.answers_together import check_together
from analysis.centres.asked_patients import CENTRE as CENTRE
from analysis.centres.asked_patients import ROWS_STAY, filters_told
from analysis.centres.centre_answer import CentreAnswer, key_of, read_centre_answer
from analysis.centres.centre_question import UNFIT, CentreFileError, CentreQuestion, shortened
from analysis.centres.checked_counts import check_counts
from analysis.centres.hashed_file import read_each
from analysis.cohort.grouping import EVERYBODY, By
from analysis.cohort.model import Cohort, Keeps
from analysis.cohort.rows_elsewhere import GroupSizes, Inventory, RowsElsewhere, RowsElsewhereError
from analysis.counts.additive import CountsAsked
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving
from analysis.counts.reasons import LeftOut
from analysis.counts.strata import Strata


class MergedCohort(RowsElsewhere):
    """The patients of several centres, of whom only tables of counts are here.

    Estimates of them are those of all patients in one table, to the bit: counts add up. What needs rows, such as a new
    filter, a list of patients or a line a patient, cannot be had. `by` may be None, the groups of the question, or
    "centre".

    Parameters
    ----------
    answers
        The answer of each centre to the same question.

    Raises
    ------
    CentreFileError
        If there are fewer than two, two have the same name or the same counts, or they answer different questions.
    """

    no_rows = ROWS_STAY
    caveat = (
        "Only tables of counts of each centre were merged: a patient treated in two centres is counted twice, and "
        "nothing that needs rows of patients was computed."
    )
    answers: tuple[CentreAnswer, ...]
    checked: dict[tuple[str, str], Any]

    def __init__(self, answers: Sequence[CentreAnswer]) -> None:
        check_together(answers)
        fingerprint = sha256(
            "".join(sorted(f"{each.centre}\n{each.content}\n" for each in answers)).encode()
        ).hexdigest()
        names = ", ".join(each.centre for each in answers)
        made_up = " (synthetic patients)" if any(each.synthetic for each in answers) else ""
        held: dict[str, Any] = {"name": f"{answers[0].question.name}: {names}{made_up}", "fingerprint": fingerprint}
        held |= {
            "answers": tuple(answers),
            "checked": {},
            "recorded": frozenset(),
            "rows_read": sum(each.patients for each in answers),
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return sum(each.patients for each in self.answers)

    @property
    def question(self) -> CentreQuestion:
        """The question that the centres answered."""
        return self.answers[0].question

    @property
    def synthetic(self) -> bool:
        """Whether the patients of a centre are synthetic."""
        return any(each.synthetic for each in self.answers)

    @property
    def by(self) -> By | None:
        """The groups of the question; None without a comparison."""
        return self.question.by

    @property
    def centres(self) -> pd.DataFrame:
        """Return centre, patients."""
        return pd.DataFrame([(each.centre, each.patients) for each in self.answers], columns=["centre", "patients"])

    def _columns(self, table: int) -> pd.Index:
        held = [dict.fromkeys(each.columns[table]) for each in self.answers]
        return pd.Index([name for name in held[0] if all(name in each for each in held)])

    @property
    def inventory(self) -> Inventory:
        """The columns that all centres have, and the measures of the question."""
        patients, visits = (pd.DataFrame(columns=self._columns(table)) for table in (0, 1))
        return Inventory(patients, visits, self.question.measures)

    @property
    def groups(self) -> Mapping[str, By]:
        """The groups of the question, and the centres."""
        asked = {} if self.by is None else {self.question.words["compare"][0]: self.by}
        return {**asked, CENTRE: CENTRE}

    @property
    def settled(self) -> tuple[str, ...]:
        """The filters of the question, in words."""
        return filters_told(self.question.words)

    @property
    def no_filters(self) -> str:
        """Whom every centre counted, and that it is settled."""
        counted = f"those with {' and '.join(self.settled)}" if self.settled else "all its patients"
        return (
            f"Every centre counted {counted}. Other filters cannot be had from these counts; for them, ask the centres "
            "a new question."
        )

    def group_sizes(self, by: By | None) -> GroupSizes:
        """Return the groups of the question, or the centres, with their numbers of patients."""
        groups = Leaving.of(self, by=by).groups
        names = tuple(groups.names[place] for place in groups.shown)
        return GroupSizes(names, tuple(int(number) for number in groups.members[groups.shown]), groups.shared)

    def where(self, filters: Keeps) -> Cohort:
        """Return the same patients: filters are settled by the question.

        Raises
        ------
        RowsElsewhereError
            If there is a filter.
        """
        if filters:
            raise RowsElsewhereError(self.no_filters)
        return self

    def values_found(self, name: str) -> pd.Series:
        """Return no value of any column: nobody is filtered or compared by other values than those asked for."""
        return pd.Series([], name=name, dtype=object)

    def without_value(self, *names: str) -> int:
        """Return 0: nobody is filtered here.

        Raises
        ------
        RowsElsewhereError
            If a column is named.
        """
        if names:
            raise RowsElsewhereError(self.no_filters)
        return 0

    def counts_of(self, asked: CountsAsked) -> Any:
        """Return a table of counts of all centres together.

        Raises
        ------
        RowsElsewhereError
            If the question did not ask for it.
        """
        if asked.kind is Strata:
            return self._strata(asked)
        if asked.choices.get("by") == CENTRE:
            alone = CountsAsked(asked.kind, {**asked.choices, "by": None})
            return reduce(add, (_named(self._of(each, alone), each.centre) for each in self.answers))
        return reduce(add, (self._of(each, asked) for each in self.answers))

    def _of(self, answer: CentreAnswer, asked: CountsAsked) -> Any:
        """Return a table of one centre, checked once."""
        key = key_of(asked)
        if (answer.centre, key) not in self.checked:
            self.checked[answer.centre, key] = _checked(answer, asked, key)
        return self.checked[answer.centre, key]

    def _strata(self, asked: CountsAsked) -> Strata:
        choices = {name: each for name, each in asked.choices.items() if name != "stratify"}
        alone = CountsAsked(Leaving, choices)
        together, stratify = self.counts_of(alone), asked.choices["stratify"]
        if stratify is None:
            return Strata(None, together, {EVERYBODY: together})
        if stratify != CENTRE:
            raise RowsElsewhereError("Of these patients only strata of centres can be had.")
        within = {}
        for each in self.answers:
            own = self._of(each, alone) + _nobody_of(together)
            within[each.centre] = replace(own, groups=together.groups, shared=0, left_out=LeftOut())
        return Strata(CENTRE, together, within)


def merge(files: Mapping[str, bytes]) -> MergedCohort:
    """Return the centres of several answer files together.

    Parameters
    ----------
    files
        The name of each file to its bytes.

    Raises
    ------
    CentreFileError
        If a file cannot be used, or they do not fit together; the message names the file.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.centres.centre_answer import answer_question
    >>> cohort, question = load_sample(), CentreQuestion("Survival")
    >>> parts = {"North": cohort.died, "South": ~cohort.died}
    >>> answers = {name: answer_question(cohort.subset(part), question, name).to_file() for name, part in parts.items()}
    >>> merged = merge(answers)
    >>> kaplan_meier(merged).curve.equals(kaplan_meier(cohort).curve)
    True
    """
    answers = read_each(files, read_centre_answer)
    merged = MergedCohort(answers)
    for asked in merged.question.estimates:
        for by in dict.fromkeys((None, merged.by, CENTRE)):
            try:
                asked.of(merged, by)
            except CentreFileError:
                raise
            except UNFIT as error:
                why = f": {error}" if isinstance(error, ValueError) else ""
                raise CentreFileError(
                    f"The counts of these files do not fit together ({asked.key.replace('_', ' ')}{shortened(why)}). "
                    "Each centre should answer the same question file with the same version."
                ) from error
    for answer in merged.answers:
        if any((answer.centre, key) not in merged.checked for key in answer.counts):
            raise CentreFileError(f"The answer of {answer.centre} holds counts that the question does not ask for.")
    return merged


def _checked(answer: CentreAnswer, asked: CountsAsked, key: str) -> Any:
    found = answer.counts.get(key)
    if found is None:
        raise RowsElsewhereError(f"{answer.centre} was not asked for this; it cannot be had from its counts.")
    try:
        check_counts(found, asked, answer.patients)
    except ValueError as error:
        raise CentreFileError(
            f"The answer of {answer.centre} cannot be counts of {answer.patients:,} patients ({asked.kind.__name__}: "
            f"{error}). Ask for it again."
        ) from error
    return found


def _named(counts: Any, centre: str) -> Any:
    """Return a table of one group, "All", as one whose group is a centre."""
    if isinstance(counts, Groups):
        if counts.names != (EVERYBODY,):
            raise RowsElsewhereError("The groups of a table cannot be named by its centre.")
        return Groups(CENTRE, (centre,), counts.members)
    if isinstance(counts, Mapping):
        return {name: _named(each, centre) for name, each in counts.items()}
    if is_dataclass(counts) and not isinstance(counts, type) and list(_groups_in(counts)):
        return replace(counts, **{each.name: _named(getattr(counts, each.name), centre) for each in fields(counts)})
    return counts


def _groups_in(counts: Any) -> list[Groups]:
    if isinstance(counts, Groups):
        return [counts]
    if isinstance(counts, dict | MappingProxyType):
        return [groups for each in counts.values() for groups in _groups_in(each)]
    if is_dataclass(counts) and not isinstance(counts, type):
        return [groups for each in fields(counts) for groups in _groups_in(getattr(counts, each.name))]
    return []


def _nobody_of(counts: Leaving) -> Leaving:
    """Return counts of the same groups without anybody."""
    nobody = replace(counts.groups, members=0 * counts.groups.members, shared=0)
    none = {kind: 0 * getattr(counts, kind)[:1] for kind in ("events", "competing", "censored", "entered")}
    return replace(counts, groups=nobody, months=counts.months[:1], shared=0, left_out=LeftOut(), **none)
