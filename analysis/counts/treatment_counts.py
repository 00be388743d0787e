"""Numbers of patients by the drugs that they take at some months."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.per_patient import cached
from analysis.counts.additive import additive
from analysis.counts.tally import Alike, Tally
from analysis.facts.treatment_periods import any_treatment, check_treatments, followed_at, on_treatment

FOLLOWED, RECORDED, ON = "followed", "recorded", "on "
MOST_DRUGS = 30  # asked for at once


class TreatmentCounts(Tally):
    """Numbers of patients by the drugs that they take at some months.

    Columns of the `Tally`: "followed" (whether under observation, by month), "recorded" (whether any treatment is), and
    for each drug "on " and its name (whether followed and taking it, by month).
    """

    @classmethod
    def alike(cls, whole: Cohort, drugs: Sequence[str], months: Sequence[float]) -> Alike:
        """Return all patients of a cohort by profile; see `of`."""
        return _alike(whole, tuple(drugs), tuple(map(float, months)))

    @classmethod
    @additive
    def of(cls, cohort: Cohort, drugs: Sequence[str], months: Sequence[float], by: By | None = None) -> TreatmentCounts:
        """Return the counts of a cohort.

        Parameters
        ----------
        cohort
            The patients.
        drugs
            The names of drugs.
        months
            The months.
        by
            The grouping; None for one group, "All".

        Raises
        ------
        ValueError
            If the cohort has no table of treatments, there are more than 30 drugs, or the grouping column is unknown.
        """
        check_treatments(cohort)
        if len(drugs) > MOST_DRUGS:
            raise ValueError(f"Treatments are counted for at most {MOST_DRUGS} drugs at once.")
        return cls.counted(cohort, by, cls.alike(cohort.whole, drugs, months))

    @property
    def drugs(self) -> list[str]:
        """The names of the drugs."""
        return [name.removeprefix(ON) for name in self.columns if name.startswith(ON)]

    @property
    def followed(self) -> Integers:
        """The numbers of patients followed at each month, by group shown: months by groups."""
        return self.by_group(self.columns[FOLLOWED])

    def on(self, drug: str) -> Integers:
        """Return the numbers of patients on a drug at each month, by group shown: months by groups."""
        return self.by_group(self.columns[f"{ON}{drug}"])

    @property
    def without_record(self) -> int:
        """The number of patients in any group of whom no treatment is recorded at all."""
        return self.distinct(~self.columns[RECORDED])


@cached
def _alike(whole: Cohort, drugs: tuple[str, ...], months: tuple[float, ...]) -> Alike:
    followed = followed_at(whole, months)["followed"]
    columns = {f"{ON}{drug}": followed & on_treatment(whole, drug, months)["on"] for drug in drugs}
    recorded = np.asarray(any_treatment(whole)["recorded"])
    return Alike.of({RECORDED: recorded, FOLLOWED: followed, **columns}, len(whole))
