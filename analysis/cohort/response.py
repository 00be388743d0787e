"""What counts as a response of a measure: a change since the start, or a value reached."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias, get_args

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.cohort.times import SAME

ResponseKind: TypeAlias = Literal["fall", "rise", "fall in percent", "at most", "at least"]
FALL: ResponseKind = "fall"
RISE: ResponseKind = "rise"
FALL_IN_PERCENT: ResponseKind = "fall in percent"
AT_MOST: ResponseKind = "at most"
AT_LEAST: ResponseKind = "at least"
KINDS: tuple[ResponseKind, ...] = get_args(ResponseKind)
CHANGES = (FALL, RISE, FALL_IN_PERCENT)


@dataclass(frozen=True)
class Response:
    """What counts as a response.

    Attributes
    ----------
    kind
        "fall" or "rise" since the first scheduled month by an amount; "fall in percent" of the value then; or a value
        "at most" or "at least" an amount, whatever it was before.
    amount
        In the unit of the measure, or in percent; above 0 for a change.

    Raises
    ------
    ValueError
        If the kind is unknown, or the amount is none for it.

    Examples
    --------
    >>> import numpy as np
    >>> Response("fall", 4).met(np.array([-5.0, -4.0, -3.0, 4.0])).tolist()
    [True, True, False, False]
    >>> Response("at least", 35).met(np.array([34.9, 35.0])).tolist()
    [False, True]
    """

    kind: ResponseKind
    amount: float

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind of response {self.kind!r}; known are {', '.join(KINDS)}.")
        if not isfinite(self.amount):
            raise ValueError("The amount of a response is a number.")
        if self.is_change and not self.amount > 0:
            raise ValueError("A fall or a rise is a number above 0.")
        if self.in_percent and self.amount > 100:
            raise ValueError("A value falls by at most 100 %.")

    @property
    def is_change(self) -> bool:
        """Whether it is judged by the change since the start, and not by the value reached."""
        return self.kind in CHANGES

    @property
    def in_percent(self) -> bool:
        """Whether it is judged by the change in percent of the value at the start."""
        return self.kind == FALL_IN_PERCENT

    @property
    def change(self) -> float | None:
        """The smallest change that counts, below 0 for a fall; None if it is not judged by a change."""
        return {FALL: -self.amount, FALL_IN_PERCENT: -self.amount, RISE: self.amount}.get(self.kind)

    def met(self, values: Floats) -> Flags:
        """Return whether each change, change in percent or value, by kind, is enough, allowing for rounding."""
        slack = abs(self.amount) * SAME
        if self.kind in (FALL, FALL_IN_PERCENT):
            return np.asarray(values <= slack - self.amount)
        if self.kind == AT_MOST:
            return np.asarray(values <= self.amount + slack)
        return np.asarray(values >= self.amount - slack)


@dataclass(frozen=True)
class KnownResponse:
    """A response of a measure that others have used, with its source: author and year."""

    response: Response
    source: str
