"""How far a long task is, on one line of a terminal, with the time that is left."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TextIO

LEAST_SECONDS = 2.0  # before that, nobody knows how long it takes
MINUTE, HOUR = 60.0, 3600.0


class TimeLeft:
    """The time that a task still takes, if it goes on as it did.

    Parameters
    ----------
    clock
        Returns seconds.

    Examples
    --------
    >>> left = TimeLeft(iter([0.0, 60.0, 61.0]).__next__)
    >>> left.words(0.0), left.words(0.5), left.words(0.1)
    ('', ', about 1 minute left', '')
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began: tuple[float, float] | None = None  # seconds, and the fraction that was done then
        self._last = 0.0

    def words(self, share: float | None) -> str:
        """Return the time that is left, after a comma; "" as long as it is not known.

        Parameters
        ----------
        share
            The fraction done; None if it is not known. A smaller one than before, or none, begins another task.
        """
        now, done = self._clock(), share or 0.0
        if self._began is None or done == 0 or done < self._last:
            self._began = now, done
        self._last = done
        seconds, gone = now - self._began[0], done - self._began[1]
        if seconds < LEAST_SECONDS or gone <= 0 or done >= 1:
            return ""
        return f", {left_words(seconds / gone * (1 - done))}"


class ProgressLine:
    """Writes one line again and again.

    Parameters
    ----------
    out
        The terminal, or a file, in which each new step gets a line.
    clock
        Returns seconds.

    Examples
    --------
    >>> import sys
    >>> line = ProgressLine(sys.stdout, iter([0.0, 30.0]).__next__)
    >>> line.show(0.0, "Reading part 1 of 4")
      0 %  Reading part 1 of 4
    >>> line.show(0.25, "Reading part 2 of 4")
     25 %  Reading part 2 of 4, about 2 minutes left
    """

    def __init__(self, out: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._out = out
        self._left = TimeLeft(clock)
        self._shown = ""

    def show(self, share: float | None, words: str) -> None:
        """Show the fraction done, and the current step."""
        self._write(f"{share or 0.0:4.0%}".replace("%", " %") + f"  {words}{self._left.words(share)}")

    def end(self) -> None:
        """Leave the line, so that what follows has one of its own."""
        if self._shown and self._out.isatty():
            self._out.write("\n")
        self._shown = ""

    def _write(self, line: str) -> None:
        if line == self._shown:
            return
        self._out.write(f"\r{line.ljust(len(self._shown))}" if self._out.isatty() else f"{line}\n")
        self._out.flush()
        self._shown = line


def left_words(seconds: float) -> str:
    """Return a time that is left in words.

    Examples
    --------
    >>> left_words(20.0), left_words(200.0), left_words(9000.0)
    ('less than a minute left', 'about 3 minutes left', 'about 2.5 hours left')
    """
    if seconds < MINUTE:
        return "less than a minute left"
    if seconds < 1.5 * HOUR:
        minutes = round(seconds / MINUTE)
        return f"about {minutes} minute{'' if minutes == 1 else 's'} left"
    return f"about {seconds / HOUR:.1f} hours left"
