"""Several centres as one cohort of which only sums over all of them can be read."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from analysis.centres.asked_patients import ROWS_STAY
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.hashed_file import read_each
from analysis.centres.masked_answer import read_masked_answer
from analysis.centres.masked_layout import PATIENTS
from analysis.centres.masked_sum import BASELINE, CENTRES, MODELS, OTHERS, PATHS, RANKS, MaskedSum, not_in_a_sum
from analysis.centres.summed_means import summed_means
from analysis.centres.summed_shares import summed_shares
from analysis.cohort.grouping import EVERYBODY, By
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.counts.additive import CountsAsked
from analysis.counts.baseline_counts import BaselineCounts
from analysis.counts.covariate_cells import CovariateCells
from analysis.counts.leaving import Leaving
from analysis.counts.measured_values import Values
from analysis.counts.state_changes import StateChanges
from analysis.counts.stays import Stays
from analysis.counts.strata import Strata
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.counts.yearly_counts import YearlyCounts
from analysis.estimates.scores.trajectory import Trajectory
from analysis.estimates.yearly.settings import Outcome
from analysis.estimates.yearly.yearly import Yearly

NEEDED_BY: Mapping[type, str] = {
    BaselineCounts: BASELINE,
    CovariateCells: MODELS,
    TrajectoryCounts: RANKS,
    Values: RANKS,
    YearlyCounts: PATHS,
    StateChanges: PATHS,
    Stays: PATHS,
}


class SummedCohort(RowsElsewhere):
    """The patients of several centres, of whom only sums over all centres can be read.

    Estimates of times, such as `kaplan_meier`, take it as a cohort; times are in whole months. Yearly shares and means
    are its methods. `analysis.centres.masked_sum.NOT_IN_A_SUM` says what cannot be had, and why.

    Parameters
    ----------
    total
        The masked sum.
    """

    no_rows = ROWS_STAY
    total: MaskedSum

    def __init__(self, total: MaskedSum) -> None:
        numbers = b"".join(table.tobytes() for table in total.tables.values())
        held: dict[str, Any] = {
            "name": f"{total.question.name}: {', '.join(total.centres)}",
            "fingerprint": sha256(f"{total.question.digest} {sha256(numbers).hexdigest()}".encode()).hexdigest(),
            "recorded": frozenset(),
            "rows_read": int(total.tables[PATIENTS]),
            "total": total,
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return int(self.total.tables[PATIENTS])

    @property
    def question(self) -> CentreQuestion:
        """The question that the centres answered."""
        return self.total.question

    @property
    def by(self) -> By | None:
        """The groups of the question; None without a comparison."""
        return self.total.by

    @property
    def centres(self) -> tuple[str, ...]:
        """The names of the centres."""
        return self.total.centres

    @property
    def synthetic(self) -> bool:
        """Whether the patients of a centre are synthetic."""
        return self.total.synthetic

    def counts_of(self, asked: CountsAsked) -> Any:
        """Return the times to an endpoint of all centres together, in whole months.

        Raises
        ------
        RowsElsewhereError
            If anything else is asked for; the message says why it cannot be had.
        """
        if asked.kind is Leaving:
            return self.total.leaving(asked.choices["endpoint"], asked.choices["by"])
        if asked.kind is Strata:
            if asked.choices["stratify"] is not None:
                raise not_in_a_sum(CENTRES)
            together = self.total.leaving(asked.choices["endpoint"], asked.choices["by"])
            return Strata(None, together, {EVERYBODY: together})
        raise not_in_a_sum(NEEDED_BY.get(asked.kind, OTHERS))

    def yearly(
        self,
        outcome: Outcome,
        estimand: str = "assessed",
        *,
        by: By | None = None,
        interval: str = "wilson",
        level: float = 0.95,
    ) -> Yearly:
        """Return yearly shares, as `analysis.centres.summed_shares.summed_shares` does."""
        return summed_shares(self.total, outcome, estimand, by, interval, level)

    def means(self, measure: str, *, by: By | None = None, spread: str = "ci") -> Trajectory:
        """Return means of a measure over time, as `analysis.centres.summed_means.summed_means` does."""
        return summed_means(self.total, measure, by, spread)

    def estimate(self, key: str, by: By | None = None) -> Any:
        """Return an estimate of the question, by its name there.

        Returns
        -------
        The same kind of result as of patients: `FollowUp`, `KaplanMeier`, `CumulativeIncidence`, `Yearly`,
        `Trajectory`.

        Raises
        ------
        RowsElsewhereError
            If it cannot be had from sums; the message says why.
        ValueError
            If the question has no such estimate.
        """
        asked = {each.key: each for each in self.question.estimates}
        if key not in asked:
            raise ValueError(f"The question has no estimate {key!r}; it has {', '.join(asked)}.")
        if key in ("remission", "relapse"):
            return self.yearly("remission" if key == "remission" else "relapse", by=by)
        if key in self.question.measures:
            return self.means(key, by=by)
        return asked[key].of(self, by)


def sum_masked(files: Mapping[str, bytes]) -> SummedCohort:
    """Return the sum of the masked answers of all centres.

    Parameters
    ----------
    files
        The name of each file to its bytes.

    Raises
    ------
    CentreFileError
        If a file cannot be used, one is missing, or they do not belong together; the message names file or centre.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.centres.centre_keys import KeyRing
    >>> from analysis.centres.masked_answer import answer_masked, key_of_centre
    >>> question, names = CentreQuestion("Survival"), ("North", "South", "East")
    >>> parts = [load_sample().subset(load_sample().patients.index % 3 == place) for place in range(3)]
    >>> own = [key_of_centre(part, question, name) for part, name in zip(parts, names)]
    >>> ring = KeyRing(tuple(key.public for key in own))
    >>> answers = [answer_masked(part, question, key, ring)[0] for part, key in zip(parts, own)]
    >>> summed = sum_masked({answer.centre: answer.to_file() for answer in answers})
    >>> kaplan_meier(summed).summary[["patients", "events"]].to_numpy().tolist()
    [[87, 5]]
    """
    answers = read_each(files, read_masked_answer)
    return SummedCohort(MaskedSum.of(answers))
