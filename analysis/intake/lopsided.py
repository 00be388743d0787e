"""Whether what is lost falls on one outcome or on one side of a value, by rules that leave chance in peace."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.intake.numerals import NUMBER, plain

ENOUGH = 3  # from which number on something that is lost is more than a slip
LARGE = 0.2  # share
UNLIKELY = 0.05  # by chance, of an outcome
VERY_UNLIKELY = 0.01  # of each of the many columns of values
HIGH = re.compile(
    r"^[>≥＞]|(^|[(\s])[h↑]\W*$|\b(high|above|over|more than|hoch|erhöht|über|élevé|alto|alta)\b", re.IGNORECASE
)
LOW = re.compile(
    r"^[<≤＜]|(^|[(\s])[l↓]\W*$|\b(low|below|under|less than|niedrig|unter|bas|basse|bajo|baja)\b", re.IGNORECASE
)
DIGITS = re.compile(r"\d[\d.,'’\s]*")
GROUPED = re.compile(r"\d{1,3}([.,'’\s]\d{3})+")


def on_one_outcome(died: Flags, lost: Flags) -> bool:
    """Return whether a loss falls mostly on those who died, or on those who live.

    One outcome is lost to the last patient; or at least three are, half of an outcome or more, and its share is more
    than twice that of the other; or Fisher's exact test (1935) finds the two shares too different for chance.

    Parameters
    ----------
    died
        Of each patient whose outcome is known.
    lost
        Whether the patient would be lost.
    """
    of_dead, of_living = int(died.sum()), int((~died).sum())
    lost_dead, lost_living = int((died & lost).sum()), int((~died & lost).sum())
    if not of_dead or not of_living or not lost_dead + lost_living:
        return False
    if of_dead == lost_dead or of_living == lost_living:
        return True
    shares = sorted([lost_dead / of_dead, lost_living / of_living])
    more = lost_dead if lost_dead / of_dead > lost_living / of_living else lost_living
    if more >= ENOUGH and shares[1] >= 1 / 2 and shares[1] > 2 * shares[0]:
        return True
    return _fisher(lost_dead, of_dead, lost_living, of_living) < UNLIKELY


def side(lost: Sequence[str], kept: Sequence[str], style: str = "") -> str:
    """Return whether cells that cannot be read are mostly ``high`` or ``low`` beside those that can, or "".

    Their marks say so (``> 200``, ``12 H``), or the numbers in them do: they lie on one side of those that are read by
    the rank-sum test (Mann and Whitney 1947). What is a number alone is not lost by the way it is written.

    Parameters
    ----------
    lost, kept
        The cells of a column, those that cannot be read and the others.
    style
        How its decimals are written; see `analysis.intake.numerals.plain`.
    """
    written = [text.strip() for text in lost if not NUMBER.fullmatch(plain(text, style))]
    marked = {name: sum(bool(mark.search(text)) for text in written) for name, mark in (("high", HIGH), ("low", LOW))}
    most = max(marked, key=lambda name: marked[name])
    if marked[most] >= ENOUGH or (marked[most] > 1 and marked[most] >= LARGE * (len(lost) + len(kept))):
        return most
    numbers = np.array([number for text in written if (number := _number_in(text)) is not None])
    beside = np.array([number for text in kept if (number := _number_in(text)) is not None])
    if len(numbers) < ENOUGH or len(beside) < ENOUGH or _rank_sum(numbers, beside) >= VERY_UNLIKELY:
        return ""
    return "high" if np.median(numbers) > np.median(beside) else "low"


def _number_in(text: str) -> float | None:
    found = DIGITS.search(text)
    if not found:
        return None
    digits = found[0].strip(" .,'’")
    before, mark, after = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    grouped = GROUPED.fullmatch(digits) or not mark
    whole = re.sub(r"\D", "", digits) if grouped else re.sub(r"\D", "", before) + "." + after
    return float(whole) if NUMBER.fullmatch(whole) else None


def _fisher(lost_first: int, of_first: int, lost_second: int, of_second: int) -> float:
    from scipy.stats import fisher_exact

    table = [[lost_first, of_first - lost_first], [lost_second, of_second - lost_second]]
    return float(fisher_exact(table).pvalue)


def _rank_sum(first: Floats, second: Floats) -> float:
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(first, second).pvalue)
