"""What a paper says of one estimate, in full sentences by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.estimates.common.small_numbers import SmallNumbers


@dataclass(frozen=True)
class Account:
    """The sentences of one estimate, with the papers they cite.

    Attributes
    ----------
    definitions
        What counts as an event, as remission, as a relapse.
    visits
        Which visit stands for which time.
    analysis
        What was estimated and how, and how groups were compared.
    missing
        What became of patients without a value.
    limits
        Below which numbers a comparison is withheld; None where nothing is compared.
    packages
        Libraries that no other estimate needs.
    """

    definitions: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    analysis: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    limits: SmallNumbers | None = None
    packages: tuple[str, ...] = ()


def percent(level: float) -> str:
    """Return "95 %"."""
    return f"{100 * level:g} %"


def listed(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(words: str) -> str:
    """Return words as they begin a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


def months_words(months: Sequence[float]) -> str:
    """Return "months 0, 3 and 12"."""
    return f"months {listed([f'{month:g}' for month in months])}"
