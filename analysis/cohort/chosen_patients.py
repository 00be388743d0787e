"""Patients chosen one by one, told by their places in a cohort and never by their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from analysis.cohort.arrays import Flags, Rows
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line
from analysis.cohort.per_patient import cached
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.wording import count_words

FINGERPRINT = 8  # characters of it
MOST_CHOSEN = 2000  # patients; an address with more would be too long for servers
LONGEST_REASON = 120
STEP = "."


@dataclass(frozen=True)
class ChosenPatients:
    """The patient is one of several that were chosen.

    A condition for `Filters` on the column ``patient_id``. It holds places, so that an address, a saved view or a
    script with it holds no patient number, and the beginning of the fingerprint, so that it is never applied to another
    cohort.

    Parameters
    ----------
    places
        Places of the patients among all patients of the cohort sorted by ``patient_id``, from 0, increasing.
    fingerprint
        The first characters of the fingerprint of the cohort.
    reason
        Why they were chosen, in words.
    keep_missing
        Without effect, as every patient has a number.

    Examples
    --------
    >>> from analysis import Filters, load_sample
    >>> chosen = ChosenPatients.of(load_sample(), ["S001", "S004"], "first relapse in year 2")
    >>> chosen.words(), chosen.places
    ('2 chosen patients: first relapse in year 2', (0, 3))
    >>> load_sample().where(Filters({"patient_id": chosen})).patients["patient_id"].tolist()
    ['S001', 'S004']
    """

    places: tuple[int, ...]
    fingerprint: str
    reason: str = ""
    keep_missing: bool = field(default=False, kw_only=True)

    @classmethod
    def of(cls, cohort: Cohort, patient_ids: Iterable[str], reason: str = "") -> ChosenPatients:
        """Return the condition that keeps these patients of a cohort.

        Raises
        ------
        ValueError
            If there is none, the cohort lacks one of them, or there are more than 2,000.
        """
        whole = cohort.whole
        rows = [whole.place_of(patient) for patient in set(patient_ids)]
        if None in rows:
            raise ValueError("The cohort lacks some of the chosen patients.")
        if not rows:
            raise ValueError("Nobody was chosen.")
        if len(rows) > MOST_CHOSEN:
            raise ValueError(f"At most {MOST_CHOSEN:,} patients can be chosen one by one.")
        place_of = np.argsort(_by_id(whole))
        places = tuple(sorted(int(place_of[row]) for row in rows))
        return cls(places, whole.fingerprint[:FINGERPRINT], one_line(reason)[:LONGEST_REASON])

    def keeps(self, cohort: Cohort) -> Flags:
        """Return whether each patient of the whole cohort is one of the chosen.

        Raises
        ------
        ValueError
            If they were chosen in another cohort.
        """
        whole = cohort.whole
        if not self.fits(whole):
            raise ValueError(f"The patients were chosen in another cohort, with the fingerprint {self.fingerprint}.")
        kept = np.zeros(len(whole), dtype=np.bool_)
        kept[_by_id(whole)[list(self.places)]] = True
        return kept

    def fits(self, cohort: Cohort) -> bool:
        """Return whether the patients were chosen in this cohort."""
        return cohort.whole.fingerprint.startswith(self.fingerprint) and self.places[-1] < len(cohort.whole)

    def words(self) -> str:
        """Return how many were chosen, and why."""
        number = count_words(len(self.places), "chosen patient")
        return f"{number}: {self.reason}" if self.reason else number

    def texts(self) -> list[str]:
        """Return the condition as values of a query parameter.

        They are the fingerprint, the first place with the steps to the next ones, and the reason.
        """
        steps = (self.places[0], *(after - before for before, after in pairwise(self.places)))
        return [self.fingerprint, STEP.join(map(str, steps)), *([self.reason] if self.reason else [])]

    @classmethod
    def read(cls, texts: Iterable[str], cohort: Cohort) -> ChosenPatients | None:
        """Return the condition from values of a query parameter; None if they are not from this cohort, or invalid."""
        if isinstance(cohort, RowsElsewhere):
            return None
        fingerprint, steps, reason, *more = [*texts, "", "", ""][:4]
        parts = steps.split(STEP)
        readable = all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
        if not readable or len(parts) > MOST_CHOSEN or len(fingerprint) != FINGERPRINT or any(more):
            return None
        first, *following = map(int, parts)
        places = tuple(np.cumsum([first, *following]).tolist())
        chosen = cls(places, fingerprint, one_line(reason)[:LONGEST_REASON])
        return chosen if all(following) and chosen.fits(cohort) else None


@cached
def _by_id(whole: Cohort) -> Rows:
    """Return the rows of a whole cohort in the order of the patient numbers."""
    return np.argsort(np.asarray(whole.values("patient_id"), dtype=str), kind="stable")
