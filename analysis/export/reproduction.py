"""The numbers and pictures of an archive, made again and compared with those in it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.export.numbers import as_on_screen
from analysis.version import VERSION

REPRODUCED = "reproduced"  # the folder of pictures that differ
OTHER_DATA = "These are other data than on screen: the fingerprint of the cohort is another."


@dataclass
class Reproduction:
    """What was made again of an archive, and what of it differs.

    Attributes
    ----------
    folder
        The folder of the archive. A picture that differs is written into its folder "reproduced".
    version
        The version of the software that made the archive.
    numbers, figures
        How many were compared.
    differing
        What differs, a sentence each.
    left_out
        What cannot be compared, and why.
    """

    folder: Path
    version: str
    numbers: int = 0
    figures: int = 0
    differing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def check_data(self, whole: Cohort, fingerprint: str) -> None:
        """Compare the data with those on screen; say at once if they are others, as what follows may then fail."""
        if whole.fingerprint != fingerprint:
            self.differing.append(OTHER_DATA)
            sys.stderr.write(f"{OTHER_DATA}\n")

    def check_numbers(self, what: str, result: Any, screen: str) -> None:
        """Compare the numbers of an estimate with those on screen; see `analysis.export.numbers.as_on_screen`."""
        try:
            self.numbers += as_on_screen(result, screen)
        except AssertionError as difference:
            self.differing.append(f"{what} {difference}")

    def check_picture(self, name: str, drawn: str) -> None:
        """Compare a picture with the one in the archive, byte by byte."""
        self.figures += 1
        held = self.folder / name
        if not held.is_file():
            self.differing.append(f"{name} is not in the archive.")
        elif held.read_bytes() != drawn.encode():
            again = self.folder / REPRODUCED / held.name
            again.parent.mkdir(exist_ok=True)
            again.write_bytes(drawn.encode())
            self.differing.append(f"{name} differs; {REPRODUCED}/{held.name} is as drawn now.")

    def leave_out(self, what: str) -> None:
        """Note what cannot be compared, with the reason."""
        self.left_out.append(what)

    def end(self) -> str:
        """Return how many numbers and figures are as on screen; what differs ends the script.

        Raises
        ------
        SystemExit
            If anything differs.
        """
        left_out = [f"Not compared: {what}." for what in self.left_out]
        if self.differing:
            made_by = "" if self.version == VERSION else f"Made by version {self.version}; this is version {VERSION}."
            lines = ["Not as on screen:", *self.differing, *left_out, made_by]
            raise SystemExit("\n".join(filter(None, lines)))
        compared = f"{count_words(self.numbers, 'number')}, {count_words(self.figures, 'figure')}"
        return "\n".join([f"As on screen: {compared}.", *left_out])
