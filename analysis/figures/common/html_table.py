"""A small table of words and numbers as HTML; text from a file is escaped."""

from __future__ import annotations

from html import escape

import pandas as pd

from analysis.figures.common.footnotes import footnote
from analysis.figures.common.printable import printable

LONG_WORD = 30  # characters; a longer word may be broken anywhere


def table_html(title: str, table: pd.DataFrame, button: str = "") -> str:
    """Return a heading and a table as HTML of the class ``numbers``.

    Parameters
    ----------
    title
        The heading.
    table
        Text; the first column names the rows.
    button
        The words on a button that the page answers; "" for none.
    """
    heads = "".join(_cell("th scope='col'", str(name)) for name in table.columns)
    rows = "".join(
        f"<tr>{_name(str(first))}{''.join(_cell('td', str(cell)) for cell in cells)}</tr>"
        for first, *cells in table.itertuples(index=False)
    )
    under = footnote(table)
    name = html_text(f"{button} the table {title}".strip())
    pressed = f'<button type="button" class="copy" aria-label="{name}">{button}</button>' if button else ""
    return (
        f'<div class="numbers"><h4>{html_text(title)}</h4>{pressed}'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"{f'<p>{html_text(under)}</p>' if under else ''}</div>"
    )


def _name(text: str) -> str:
    """Return the cell that names a row; empty text continues the row above."""
    return _cell("th scope='row'", text) if text else "<td></td>"


def _cell(tag: str, text: str) -> str:
    long = any(len(word) > LONG_WORD for word in text.split())
    return f"<{tag}{' class=long' if long else ''}>{html_text(text)}</{tag.split()[0]}>"


def html_text(text: str) -> str:
    """Return text escaped for HTML."""
    return escape(printable(text))
