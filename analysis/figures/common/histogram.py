"""A small histogram above a slider: all patients in grey, those whom the filters keep in full colour."""

from __future__ import annotations

import pandas as pd

from analysis.figures.common.theme import Look, palette

HEIGHT = 30  # pixels


def histogram_html(counts: pd.DataFrame, look: Look) -> str:
    """Return a histogram as HTML, one bar per bin; it contains no text from a file.

    Parameters
    ----------
    counts
        of_all, now: patients in each bin, as from `analysis.estimates.description.filter_counts.range_counts`.
    look
        How it is drawn.
    """
    colours = palette(look)
    highest = max(int(counts["of_all"].max()), 1)
    bars = []
    for of_all, now in zip(counts["of_all"], counts["now"], strict=True):
        height, full = HEIGHT * of_all / highest, 100 * now / max(of_all, 1)
        ink = f"linear-gradient(to top, {colours.muted} {full:.0f}%, {colours.whole}55 {full:.0f}%)"
        bars.append(f'<div style="flex: 1; height: {height:.1f}px; background: {ink};"></div>')
    words = (
        f"{int(counts['now'].sum()):,} of {int(counts['of_all'].sum()):,} patients with a value pass the other filters"
    )
    return (
        f'<div role="img" aria-label="{words}" title="{words}" '
        f'style="display: flex; align-items: flex-end; gap: 1px; height: {HEIGHT}px;">{"".join(bars)}</div>'
    )
