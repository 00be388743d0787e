"""Names that people give to cohorts, groups and columns: on one line, and as columns are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APART = re.compile(r"[\W_]+")


def one_line(name: str) -> str:
    r"""Return a name without blanks around it and with a blank for each end of a line, of which Unicode has ten.

    The line and paragraph separators U+2028 and U+2029 end a text in a browser's programs: a chart with such a name
    stays empty.

    Examples
    --------
    >>> one_line(" renal\u2028involved ")
    'renal involved'
    """
    return " ".join(name.splitlines()).strip()


@lru_cache(maxsize=10_000)
def normalised(name: str) -> str:
    """Return the name of a column in lower case with underscores, as the canonical names are written.

    Examples
    --------
    >>> normalised("Número de infusões (n)")
    'numero_de_infusoes_n'
    """
    plain = name if name.isascii() else _without_accents(name)
    return APART.sub("_", plain.casefold()).strip("_")


def _without_accents(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("µ", "u").replace("μ", "u"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
