"""Normalised names of cohorts, groups and columns."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APART = re.compile(r"[\W_]+")


def one_line(name: str) -> str:
    r"""Return a name without blanks around it and with a blank for each line break that Unicode knows.

    The separators U+2028 and U+2029 end a string in JavaScript, so that a chart with such a name would stay empty.

    Examples
    --------
    >>> one_line(" renal\u2028involved ")
    'renal involved'
    """
    return " ".join(name.splitlines()).strip()


@lru_cache(maxsize=50_000)
def normalised(name: str) -> str:
    """Return a column name without accents, in lower case and with underscores, like the canonical names.

    Examples
    --------
    >>> normalised("Número de infusões (n)")
    'numero_de_infusoes_n'
    """
    return APART.sub("_", without_accents(name).casefold()).strip("_")


def without_accents(name: str) -> str:
    """Return a text with plain letters, in the compatibility form of Unicode."""
    if name.isascii():
        return name
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("µ", "u").replace("μ", "u"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
