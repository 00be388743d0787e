"""Why patients are in no number: a reason a patient, and how many there are of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cohort.arrays import Flags, Rows
from analysis.counts.joining import join_names


@dataclass(frozen=True)
class LeftOut:
    """How many patients are in no number, by reason.

    Attributes
    ----------
    reasons
        Every reason that there can be, in the order in which they are looked at.
    patients
        How many patients are left out for each; None where it is hidden.
    """

    reasons: tuple[str, ...] = ()
    patients: tuple[int | None, ...] = ()

    def __add__(self, other: LeftOut) -> LeftOut:
        """Return the numbers of these patients and of others."""
        reasons, here, there = join_names(self.reasons, other.reasons)
        patients = np.zeros(len(reasons), dtype=int)
        patients[here] += np.array(self.patients, dtype=int)
        patients[there] += np.array(other.patients, dtype=int)
        return LeftOut(reasons, tuple(patients.tolist()))

    def hidden(self) -> LeftOut:
        """Return the reasons that hold of somebody without their numbers, and so not the most frequent one first."""
        held = tuple(reason for reason, number in zip(self.reasons, self.patients, strict=True) if number != 0)
        return LeftOut(held, (None,) * len(held))

    @property
    def table(self) -> pd.DataFrame:
        """The reasons that hold of somebody: reason, patients."""
        held = [(reason, number) for reason, number in zip(self.reasons, self.patients, strict=True) if number != 0]
        counted = object if None in self.patients else np.int64
        columns = {
            "reason": np.array([reason for reason, _ in held], dtype=object),
            "patients": np.array([number for _, number in held], dtype=counted),
        }
        return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class Absence:
    """Why each patient is in no number.

    Attributes
    ----------
    reasons
        Every reason that there can be, in the order in which they are looked at.
    code
        The place of each patient's reason among them; -1 for one who is in a number, or was not asked for.
    together
        How many of the first reasons are looked at in one step: lists name their patients in one order.
    """

    reasons: tuple[str, ...]
    code: NDArray[np.int8]
    together: int = 1

    @classmethod
    def of(cls, asked: Flags, whys: Iterable[tuple[str, Flags]], together: int = 1) -> Absence:
        """Return the first reason that holds of each patient who is asked for.

        Parameters
        ----------
        asked
            Whether each patient is asked for.
        whys
            Each reason, and of whom it holds.
        together
            How many of the first reasons are looked at in one step.
        """
        each = list(whys)
        code = np.full(len(asked), -1, dtype=np.int8)
        for place, (_, holds) in reversed([*enumerate(each)]):
            if holds.any():
                code[asked & holds] = place
        return cls(tuple(reason for reason, _ in each), code, together)

    @property
    def rows(self) -> Rows:
        """The places of the patients who are left out, by step and as they stand."""
        out = np.flatnonzero(self.code >= 0)
        return out[np.argsort(np.maximum(self.code[out], self.together - 1), kind="stable")]

    def count(self) -> LeftOut:
        """Return how many patients there are of each reason."""
        number = np.bincount(self.code[self.code >= 0], minlength=len(self.reasons))
        return LeftOut(self.reasons, tuple(number.tolist()))
