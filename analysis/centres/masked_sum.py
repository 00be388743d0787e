"""The sum of masked answers: numbers of all centres together, and no centre's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.centres.masked_answer import MaskedAnswer
from analysis.centres.masked_layout import ALL, BY_GROUP, PATIENTS, POTENTIAL, ZEROS, endpoints_of, tables_of
from analysis.centres.possible_sums import check_sum
from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.grouping import EVERYBODY, NO_GROUP, By
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.counts.groups import Groups
from analysis.counts.leaving import Leaving, of_each_kind
from analysis.counts.possible import ImpossibleCountsError
from analysis.counts.reasons import LeftOut
from analysis.counts.whole_months import half_months_to, month_words, months_to
from analysis.facts.endpoints import AnyEndpoint, PotentialFollowUp, endpoint_words
from analysis.facts.observed_times import Wording

WITHOUT_TIME = "no time of this endpoint"
CENTRES, RANKS, BASELINE, MODELS, PATHS, OTHERS = (
    "each centre's own numbers, and differences between centres",
    "medians, quartiles and rank tests of a measure",
    "the baseline table",
    "models with covariates",
    "states between visits, and shares over time beside Kaplan-Meier and incidence",
    "other filters, groups, endpoints and months",
)
NOT_IN_A_SUM: Mapping[str, str] = {
    CENTRES: "only the sum of all centres can be read",
    RANKS: "they need every value, and a sum tells none",
    BASELINE: "its values are not known before the answers",
    MODELS: "they need the time of each patient beside the covariates",
    PATHS: "they need the path of each patient",
    OTHERS: "what is added up is settled before the answers",
}


def not_in_a_sum(what: str) -> RowsElsewhereError:
    """Return why something of `NOT_IN_A_SUM` cannot be had, as an error."""
    return RowsElsewhereError(f"{what[:1].upper()}{what[1:]} cannot be had from a masked sum: {NOT_IN_A_SUM[what]}.")


@dataclass(frozen=True, eq=False)
class MaskedSum:
    """The sum of masked answers.

    Attributes
    ----------
    question
        The question.
    by
        The groups; None without a comparison.
    centres
        The names of the centres.
    synthetic
        Whether the patients of a centre are synthetic.
    not_applied
        Parts of the definition of remission that the columns of some centre do not allow, in words.
    tables
        The sums by what they count, with the shapes of `analysis.centres.masked_layout.layout_of`.
    """

    question: CentreQuestion
    by: By | None
    centres: tuple[str, ...]
    synthetic: bool
    not_applied: tuple[str, ...]
    tables: Mapping[str, Integers]

    @classmethod
    def of(cls, answers: Sequence[MaskedAnswer]) -> MaskedSum:
        """Return the sum of the answers of all centres that their keys name.

        Raises
        ------
        CentreFileError
            If one is missing or there twice, or they do not belong together.
        """
        _check(answers)
        first = answers[0]
        in_order = reduce(add, (each.numbers for each in answers)).view(np.int64)
        tables = tables_of(first.question, in_order)
        if tables[ZEROS].any() or tables[PATIENTS] < 1:
            raise CentreFileError(
                "The masks of these answers do not cancel: one was not made with the private key of its public one."
            )
        not_applied = tuple(dict.fromkeys(part for each in answers for part in each.not_applied))
        synthetic = any(each.synthetic for each in answers)
        found = cls(first.question, first.by, first.ring.centres, synthetic, not_applied, tables)
        try:
            check_sum(found)
        except ImpossibleCountsError as error:
            raise CentreFileError(
                f"The sum of these answers cannot be counts of patients ({error}): a number of one was changed, or one "
                "centre counted otherwise. Ask all centres for their answers again."
            ) from error
        return found

    def groups(self, by: By | None) -> Groups:
        """Return the groups with their sizes.

        Raises
        ------
        RowsElsewhereError
            If they are neither None nor those of the question.
        """
        names = (EVERYBODY,) if by is None else self.question.groups
        return Groups(by, names, self.table(by, "members"))

    def table(self, by: By | None, name: str) -> Integers:
        """Return a table of all patients, or by the groups of the question.

        Raises
        ------
        RowsElsewhereError
            If there is no such table.
        """
        if by is not None and by != self.by:
            raise not_in_a_sum(CENTRES if by == "centre" else OTHERS)
        found = self.tables.get(f"{ALL if by is None else BY_GROUP}, {name}")
        if found is None:
            raise not_in_a_sum(OTHERS)
        return found

    def leaving(self, endpoint: AnyEndpoint, by: By | None) -> Leaving:
        """Return the counts of times to an endpoint, in whole months.

        Raises
        ------
        RowsElsewhereError
            If the question has no such endpoint or groups.
        """
        if endpoint not in endpoints_of(self.question):
            raise not_in_a_sum(OTHERS)
        last = 12 * self.question.years
        return self._times(str(endpoint), month_words(endpoint_words(endpoint), last), by, months_to(last))

    def potential(self, by: By | None) -> Leaving:
        """Return the counts of potential follow-up, in the middles of months."""
        return self._times(POTENTIAL, endpoint_words(PotentialFollowUp()), by, half_months_to(12 * self.question.years))

    def _times(self, name: str, outcome: Wording, by: By | None, months: Floats) -> Leaving:
        counts = of_each_kind(lambda kind: self.table(by, f"{name}, {kind}"))
        timeless, groupless = self.table(by, f"{name}, left out").tolist()
        left_out = LeftOut((WITHOUT_TIME, NO_GROUP), (timeless, groupless))
        return Leaving(outcome, self.groups(by), months, *counts, left_out=left_out)


def _check(answers: Sequence[MaskedAnswer]) -> None:
    if not answers:
        raise CentreFileError("There is no masked answer to add up.")
    first, *others = answers
    for other in others:
        if other.question.digest != first.question.digest:
            raise CentreFileError(
                f"{other.centre} answered another question ({other.question.name}) than {first.centre} "
                f"({first.question.name}). Send the same question file to all."
            )
        if other.ring.digest != first.ring.digest:
            raise CentreFileError(
                f"{other.centre} answered with other keys than {first.centre}. All need the same keys."
            )
        if other.by != first.by:
            raise CentreFileError(f"{other.centre} counted other groups than {first.centre}.")
    names = [each.centre for each in answers]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CentreFileError(f"Two answers are named {', '.join(twice)}. Use one answer of each centre.")
    missing = [name for name in first.ring.centres if name not in names]
    if missing:
        raise CentreFileError(
            f"The answer of {', '.join(missing)} is missing. Nothing can be read before all centres have answered; "
            "if one cannot, the others need new keys without it."
        )
