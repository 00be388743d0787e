"""The words for values at a limit of measurement, as they stand in the method of an estimate."""

from __future__ import annotations

from analysis.cohort.measurement_limits import HALVED, LEFT_OUT, AtLimit
from analysis.cohort.wording import count_words
from analysis.counts.presence import Presence
from analysis.facts.scheduled_values import Has


def limit_words(presence: Presence, has: Has) -> list[str]:
    """Return how many values are limits and how they are used, in words; nothing if there are none.

    Parameters
    ----------
    presence
        Counts of the presence of values.
    has
        The values that a patient needs to be counted.
    """
    return words_of_limits(presence.values_at_limit(has), presence.asked.at_limit)


def words_of_limits(numbers: tuple[int, int] | None, at_limit: AtLimit) -> list[str]:
    """Return numbers of values below and above a limit in words, with how they are used; nothing if there are none.

    Examples
    --------
    >>> words_of_limits((29, 2), "used")
    ['29 values below a limit of measurement and 2 above one are taken at the limit']
    >>> words_of_limits((29, 2), "halved")
    ['29 values below a limit of measurement are taken at half of it, and 2 above one at the limit']
    >>> words_of_limits((0, 1), "used"), words_of_limits((0, 0), "used")
    (['1 value above a limit of measurement is taken at the limit'], [])
    """
    if numbers is None:
        how = {HALVED: "taken at half of it, or at it where above", LEFT_OUT: "left out"}.get(at_limit, "taken at it")
        return [f"{count_words(None, 'value')} at a limit of measurement are {how}"]
    below, above = numbers
    if not below + above:
        return []
    if at_limit == LEFT_OUT:
        return [f"{count_words(below + above, 'value')} at a limit of measurement {_are(below + above)} left out"]
    limits = [(number, side) for number, side in ((below, "below"), (above, "above")) if number]
    if at_limit == HALVED and below:
        rest = f", and {above:,} above one at the limit" if above else ""
        return [f"{count_words(below, 'value')} below a limit of measurement {_are(below)} taken at half of it{rest}"]
    (number, side), *more = limits
    others = "".join(f" and {each:,} {other} one" for each, other in more)
    many = _are(number + sum(each for each, _ in more))
    return [f"{count_words(number, 'value')} {side} a limit of measurement{others} {many} taken at the limit"]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
