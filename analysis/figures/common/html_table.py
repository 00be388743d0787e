"""A small table of words and numbers as HTML: text of a file is shown, never read as marks."""

from __future__ import annotations

from html import escape

import pandas as pd

from analysis.figures.common.footnotes import footnote
from analysis.figures.common.printable import printable

LONG_WORD = 30  # letters from which on it may be broken anywhere


def table_html(title: str, table: pd.DataFrame) -> str:
    """Return a heading and a table as HTML of the class ``numbers``.

    Parameters
    ----------
    title
        What is told.
    table
        A row a line; the first column names it, the others hold what is told of it.
    """
    heads = "".join(_cell("th scope='col'", str(name)) for name in table.columns)
    rows = "".join(
        f"<tr>{_name(str(first))}{''.join(_cell('td', str(cell)) for cell in cells)}</tr>"
        for first, *cells in table.itertuples(index=False)
    )
    under = footnote(table)
    return (
        f'<div class="numbers"><h4>{html_text(title)}</h4>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"{f'<p>{html_text(under)}</p>' if under else ''}</div>"
    )


def _name(text: str) -> str:
    """Return the cell that names a row; the lines that go on with the row above have none."""
    return _cell("th scope='row'", text) if text else "<td></td>"


def _cell(tag: str, text: str) -> str:
    long = any(len(word) > LONG_WORD for word in text.split())
    return f"<{tag}{' class=long' if long else ''}>{html_text(text)}</{tag.split()[0]}>"


def html_text(text: str) -> str:
    """Return text as HTML that shows it as it stands."""
    return escape(printable(text))
