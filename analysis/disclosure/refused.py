"""Results that are not disclosed while small counts are hidden, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias


class NotSharedError(ValueError):
    """A result is not disclosed; the message says why, and what can be done."""


# From a result and a threshold to the same result without any count below it; or raises a `NotSharedError`.
Hide: TypeAlias = Callable[[Any, int], Any]


@dataclass(frozen=True)
class Refused:
    """Why a result is never disclosed while small counts are hidden.

    Attributes
    ----------
    hiding
        Why it is not disclosed while counts below ``{least}`` are hidden.
    replacing
        Why it is not disclosed while patient numbers are replaced; "" if it is.
    """

    hiding: str
    replacing: str = ""


Disclosure: TypeAlias = Hide | Refused

SINGLE_PATIENTS = Refused("Single patients are not shared while counts below {least} are hidden.")
ALONE = Refused(SINGLE_PATIENTS.hiding, replacing="One patient alone is not shared while patient numbers are replaced.")
NOT_WORKED_OUT = Refused(
    "This figure or table is not shared while counts below {least} are hidden: it shows single patients, or numbers "
    "for which no protection has been worked out. Lift the threshold to take it out."
)

LATE_ENTRY = (
    "Patients come under observation at different times: with counts below {least} hidden, the years that tell who is "
    "there could give one away."
)
FEW_UNTOLD = (
    "Fewer than {least} patients have no baseline from which the state could be told: with counts below {least} "
    "hidden, the number of the others would give them away."
)
OVERLAP = (
    "Cohorts that may share patients are not shared while counts are hidden: their difference could be one patient. "
    "Compare by a column instead."
)
ONE_BY_ONE = (
    "Patients chosen one by one are not shared while counts are hidden or patient numbers are replaced: the others "
    "would tell who they are. Take that filter off."
)
