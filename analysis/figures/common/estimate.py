"""A result, and how it came about."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from analysis.cohort.model import Cohort


@dataclass(frozen=True, eq=False)
class Estimate:
    """A result, and how it came about: ``function(cohort, *choices, **options)``."""

    result: Any
    function: Callable[..., Any]
    cohort: Cohort
    choices: tuple[Any, ...]
    options: Mapping[str, object]

    @property
    def asked(self) -> SimpleNamespace:
        """All that the function was asked, the usual values too."""
        asked = inspect.signature(self.function).bind(self.cohort, *self.choices, **self.options)
        asked.apply_defaults()
        return SimpleNamespace(**asked.arguments)
