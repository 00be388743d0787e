"""What a library says while it works, for whoever has to look at it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

Made = TypeVar("Made")

# Which warnings are kept is one setting for all threads: two who change it at once would leave it changed.
_ONE_AT_A_TIME = Lock()


def with_warnings(make: Callable[[], Made]) -> tuple[Made, list[warnings.WarningMessage]]:
    """Return what a function makes, and what was warned of meanwhile; nothing is printed."""
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        made = make()
    return made, said
