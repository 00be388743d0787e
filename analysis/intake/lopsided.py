"""Selective losses: whether lost data depend on the outcome or on the size of a value, beyond chance."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from analysis.cohort.arrays import Flags, Floats
from analysis.intake.numerals import NUMBER, plain

ENOUGH = 3  # losses from which on they may be systematic
LARGE = 0.2  # a large share of losses
UNLIKELY = 0.05  # significance level for a loss by outcome
VERY_UNLIKELY = 0.01  # for a loss by value; stricter, because many columns are tested
HIGH = re.compile(
    r"^[>≥＞]|(^|[(\s])[h↑]\W*$|\b(high|above|over|more than|hoch|erhöht|über|élevé|alto|alta)\b", re.IGNORECASE
)
LOW = re.compile(
    r"^[<≤＜]|(^|[(\s])[l↓]\W*$|\b(low|below|under|less than|niedrig|unter|bas|basse|bajo|baja)\b", re.IGNORECASE
)
DIGITS = re.compile(r"\d[\d.,'’\s]*")
GROUPED = re.compile(r"\d{1,3}([.,'’\s]\d{3})+")


def on_one_outcome(died: Flags, lost: Flags) -> bool:
    """Return whether losses fall mostly on patients who died, or mostly on patients alive.

    That is the case if one outcome is lost completely; if at least three patients and at least half of an outcome are
    lost, more than twice the share of the other; or if the shares differ by Fisher's exact test (p < 0.05).

    Parameters
    ----------
    died
        Whether each patient with known outcome died, shape (n,).
    lost
        Whether the patient would be lost, shape (n,).

    References
    ----------
    Fisher RA (1935). The logic of inductive inference. J R Stat Soc 98(1):39-82.

    Examples
    --------
    >>> import numpy as np
    >>> died = np.array([True] * 5 + [False] * 20)
    >>> on_one_outcome(died, died), on_one_outcome(died, np.arange(25) == 9)
    (True, False)
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
    """Return whether the unreadable cells of a column are mostly ``high`` or ``low`` compared with the others, or "".

    Either their marks say so (``> 200``, ``12 H``), or the numbers in them differ from the readable ones by the
    rank-sum test (p < 0.01). Cells that are plain numbers are ignored, because their notation is not why they are lost.

    Parameters
    ----------
    lost, kept
        The unreadable cells of a column, and the others.
    style
        Notation of decimals; see `analysis.intake.numerals.plain`.

    References
    ----------
    Mann HB, Whitney DR (1947). On a test of whether one of two random variables is stochastically larger than the
    other. Ann Math Stat 18(1):50-60.

    Examples
    --------
    >>> side(["> 200", "> 200", "> 200"], ["12", "35", "180"])
    'high'
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
