"""Numbers of things in words."""

from __future__ import annotations


def count_words(number: int, thing: str, form: str = "") -> str:
    """Return how many of a thing there are: "1 patient" or "5 patients".

    Parameters
    ----------
    number
        How many.
    thing
        One of them, in words; its plural ends in s.
    form
        How the number is written, as in a format string: "," for "1,204 patients".

    Examples
    --------
    >>> count_words(1, "patient")
    '1 patient'
    >>> count_words(1204, "death", ",")
    '1,204 deaths'
    """
    return f"{number:{form}} {thing}{'' if number == 1 else 's'}"
