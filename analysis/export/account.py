"""The methods of one estimate as sentences, by topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.estimates.common.small_numbers import SmallNumbers


@dataclass(frozen=True)
class Account:
    """The sentences on the methods of one estimate, with marks of the papers that they cite.

    Attributes
    ----------
    definitions
        The definition of the event, of remission or of relapse.
    visits
        Which visit is used for which time.
    analysis
        What was estimated and how, and how groups were compared.
    missing
        How patients without a value were treated.
    limits
        Below which numbers a comparison is withheld; None without a comparison.
    packages
        Python packages that only this estimate needs.
    """

    definitions: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    analysis: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    limits: SmallNumbers | None = None
    packages: tuple[str, ...] = ()


def percent(level: float) -> str:
    """Return a level as a percentage.

    Examples
    --------
    >>> percent(0.95)
    '95 %'
    """
    return f"{100 * level:g} %"


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in words.

    Examples
    --------
    >>> listed(["age", "sex", "source"])
    'age, sex and source'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(words: str) -> str:
    """Return words with an initial capital."""
    return f"{words[:1].upper()}{words[1:]}"


def months_words(months: Sequence[float]) -> str:
    """Return a list of months in words, such as "months 0, 3 and 12"."""
    return f"months {listed([f'{month:g}' for month in months])}"
