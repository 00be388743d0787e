"""Reasons why patients are left out of an estimate, by patient and as numbers."""

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
    """Numbers of patients left out, by reason.

    Attributes
    ----------
    reasons
        All possible reasons, in the order in which they are checked.
    patients
        The number of patients for each; None if hidden.
    """

    reasons: tuple[str, ...] = ()
    patients: tuple[int | None, ...] = ()

    def __add__(self, other: LeftOut) -> LeftOut:
        """Return the numbers of the patients of both."""
        reasons, here, there = join_names(self.reasons, other.reasons)
        patients = np.zeros(len(reasons), dtype=int)
        patients[here] += np.array(self.patients, dtype=int)
        patients[there] += np.array(other.patients, dtype=int)
        return LeftOut(reasons, tuple(patients.tolist()))

    def hidden(self) -> LeftOut:
        """Return the reasons that apply to any patient, with their numbers hidden and in a fixed order."""
        held = tuple(reason for reason, number in zip(self.reasons, self.patients, strict=True) if number != 0)
        return LeftOut(held, (None,) * len(held))

    @property
    def table(self) -> pd.DataFrame:
        """reason, patients: the reasons that apply to any patient."""
        held = [(reason, number) for reason, number in zip(self.reasons, self.patients, strict=True) if number != 0]
        counted = object if None in self.patients else np.int64
        columns = {
            "reason": np.array([reason for reason, _ in held], dtype=object),
            "patients": np.array([number for _, number in held], dtype=counted),
        }
        return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class Absence:
    """Why patients are left out.

    Attributes
    ----------
    reasons
        All possible reasons, in the order in which they are checked.
    code
        For each patient the index of the reason; -1 if not left out, or not asked for.
    together
        How many of the first reasons are checked in one step; listings do not sort patients by these.
    """

    reasons: tuple[str, ...]
    code: NDArray[np.int8]
    together: int = 1

    @classmethod
    def of(cls, asked: Flags, whys: Iterable[tuple[str, Flags]], together: int = 1) -> Absence:
        """Return the first reason that applies to each patient who is asked for.

        Parameters
        ----------
        asked
            Whether each patient is asked for.
        whys
            The reasons, each with flags of the patients it applies to.
        together
            How many of the first reasons are checked in one step.
        """
        each = list(whys)
        code = np.full(len(asked), -1, dtype=np.int8)
        for place, (_, holds) in reversed([*enumerate(each)]):
            if holds.any():
                code[asked & holds] = place
        return cls(tuple(reason for reason, _ in each), code, together)

    @property
    def rows(self) -> Rows:
        """Positions of the patients left out, sorted by step, then as in ``cohort.patients``."""
        out = np.flatnonzero(self.code >= 0)
        return out[np.argsort(np.maximum(self.code[out], self.together - 1), kind="stable")]

    def count(self) -> LeftOut:
        """Return the number of patients for each reason."""
        number = np.bincount(self.code[self.code >= 0], minlength=len(self.reasons))
        return LeftOut(self.reasons, tuple(number.tolist()))
