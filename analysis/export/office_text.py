"""Text for the files of office programs: on one line, and how wide it is in a font that is not known here."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

from analysis.figures.common.printable import printable

NARROW = " \u00a0.,:;'!|/()[]fijlrt-"
LONGEST_PROPERTY = 255  # characters of a document property, the limit of the libraries

# Blanks and control characters that may break a line; no blank that joins words.
_NOT_IN_A_LINE = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    r"""Return a text on one line, with a space for characters that break it, or that no file may contain.

    Examples
    --------
    >>> one_line(" a\x00b\n")
    'a b'
    """
    return _NOT_IN_A_LINE.sub(" ", printable(text)).strip(" ")


def ems(text: str) -> float:
    """Return the width of a text in font sizes, rather over- than underestimated.

    Examples
    --------
    >>> round(ems("28 %"), 2)
    2.43
    """
    return sum(map(_ems, text))


def _ems(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1.0
    if letter in "mwMW@%—…":
        return 0.95
    if letter in NARROW:
        return 0.36
    return 0.72 if letter.isupper() else 0.56
