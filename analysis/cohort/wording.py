"""Counts in words, with singular and plural."""

from __future__ import annotations


def count_words(number: int, thing: str, form: str = "") -> str:
    """Return a count in words: "1 patient" or "5 patients".

    Parameters
    ----------
    number
        The count.
    thing
        The singular; its plural ends in s.
    form
        The format specification of the number, such as "," for "1,204 patients".

    Examples
    --------
    >>> count_words(1, "patient")
    '1 patient'
    >>> count_words(1204, "death", ",")
    '1,204 deaths'
    """
    return f"{number:{form}} {thing}{'' if number == 1 else 's'}"
