"""A result together with the call that computed it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from analysis.cohort.model import Cohort


@dataclass(frozen=True, eq=False)
class Estimate:
    """A result together with the call that computed it: ``function(cohort, *choices, **options)``."""

    result: Any
    function: Callable[..., Any]
    cohort: Cohort
    choices: tuple[Any, ...]
    options: Mapping[str, object]

    @property
    def asked(self) -> SimpleNamespace:
        """All arguments of the call by name, including defaults."""
        asked = inspect.signature(self.function).bind(self.cohort, *self.choices, **self.options)
        asked.apply_defaults()
        return SimpleNamespace(**asked.arguments)
