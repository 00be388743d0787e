"""Counts in words, with singular and plural."""

from __future__ import annotations

HIDDEN = "hidden"  # What stands in the place of a number that does not leave the house.


def count_words(number: int | None, thing: str) -> str:
    """Return a count in words: "1 patient" or "5 patients", or "a hidden number of patients".

    Parameters
    ----------
    number
        The count; None where it is hidden.
    thing
        The singular; its plural ends in s.

    Examples
    --------
    >>> count_words(1, "patient")
    '1 patient'
    >>> count_words(1204, "death")
    '1,204 deaths'
    >>> count_words(None, "event")
    'a hidden number of events'
    """
    if number is None:
        return f"a hidden number of {thing}s"
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def value_text(value: object) -> str:
    """Return a value as text: whole numbers without decimals, booleans as yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    # The shortest text that reads back as the same number.
    return repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)
