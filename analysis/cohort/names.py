"""Names that people give: each stands on one line."""

from __future__ import annotations


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
