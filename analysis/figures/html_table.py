"""A small table of words and numbers as HTML: text of a file is shown, never read as marks."""

from __future__ import annotations

from html import escape

import pandas as pd


def table_html(title: str, table: pd.DataFrame) -> str:
    """Return a heading and a table as HTML of the class ``numbers``.

    Parameters
    ----------
    title
        What is told.
    table
        A row a line; the first column names it, the others hold what is told of it.
    """
    heads = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table.columns)
    rows = "".join(
        f"<tr>{_name(str(first))}{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>"
        for first, *cells in table.itertuples(index=False)
    )
    return (
        f'<div class="numbers"><h4>{escape(title)}</h4>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _name(text: str) -> str:
    """Return the cell that names a row; the lines that go on with the row above have none."""
    return f'<th scope="row">{escape(text)}</th>' if text else "<td></td>"
