"""Warnings of a library, returned instead of printed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

Made = TypeVar("Made")

# The warning filters are shared by all threads: two threads that change them at once would not restore them.
_ONE_AT_A_TIME = Lock()


def with_warnings(make: Callable[[], Made]) -> tuple[Made, list[warnings.WarningMessage]]:
    """Return the result of a function and the warnings it raised; nothing is printed."""
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        made = make()
    return made, said
