"""Treatments of one patient as thin bars, a row for each drug, below the strip of states."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.figures.common.axes import Frame
from analysis.figures.common.theme import SMALL_FONT_SIZE, layer

ROW = 26  # pixels of a drug: its name above its bar
BAR = 5
ABOVE = 14  # pixels between the strip of states and the first bar's name, and below the last bar
GAP = 1.5  # pixels between two periods, so that a change of dose is seen

_Y, _Y2 = alt.Y("y:Q", scale=None), alt.Y2("y2:Q")


def bars_height(periods: pd.DataFrame) -> float:
    """Return the height of all bars in pixels; 0 without periods."""
    drugs = periods["drug"].nunique()
    return ABOVE + drugs * ROW if drugs else 0.0


def shown_periods(periods: pd.DataFrame, first: float) -> pd.DataFrame:
    """Return the periods that reach into the figure, which begins at month `first`."""
    return periods[periods["end"] > first]


def bar_layers(periods: pd.DataFrame, top: float, first: float, frame: Frame) -> list[alt.Chart]:
    """Return the name of each drug, and below it a bar for each period; a period that goes on has no edge at its end.

    Parameters
    ----------
    periods
        As `shown_periods` returns them.
    top
        Where the bars begin, in pixels.
    first
        The month at which the figure begins.
    frame
        The frame of the figure.
    """
    if periods.empty:
        return []
    place = {drug: number for number, drug in enumerate(dict.fromkeys(periods["drug"]))}
    y = pd.Series([top + ABOVE + place[drug] * ROW + ROW - 2 * BAR for drug in periods["drug"]], index=periods.index)
    begins = ["before" if start < first else f"month {start:.1f}" for start in periods["start"]]
    ends = [
        "the end of follow-up" if goes_on else f"month {end:.1f}"
        for goes_on, end in zip(periods["goes_on"], periods["end"], strict=True)
    ]
    bars = pd.DataFrame(
        {
            "months": periods["start"].clip(lower=first),
            "end": periods["end"],
            "y": y,
            "y2": y + BAR,
            "drug": periods["drug"],
            "dose": periods["dose"].replace("", "not recorded"),
            "time": [f"{begin} to {end}" for begin, end in zip(begins, ends, strict=True)],
        }
    )
    names = pd.DataFrame({"text": list(place), "y": [top + ABOVE + number * ROW + 6 for number in place.values()]})
    titles = {"drug": "Drug", "dose": "Dose", "time": "Time"}
    style = {"fill": frame.palette.muted, "stroke": frame.palette.background, "strokeWidth": GAP}
    return [
        layer(
            bars,
            "rect",
            style,
            x=frame.x,
            x2=alt.X2("end:Q"),
            y=_Y,
            y2=_Y2,
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()],
        ),
        layer(
            names,
            "text",
            {"align": "left", "baseline": "middle", "fontSize": SMALL_FONT_SIZE, "x": 0, "color": frame.palette.text},
            y=_Y,
            text=alt.Text("text:N"),
        ),
    ]


def treatment_words(periods: pd.DataFrame) -> str:
    """Return the periods in words: each drug with its doses and months; "" without any."""
    told = []
    for drug, own in periods.groupby("drug", sort=False):
        each = [
            " ".join(part for part in (period.dose, f"months {period.start:.1f} to {period.end:.1f}") if part)
            + (" and on" if period.goes_on else "")
            for period in own.itertuples()
        ]
        told.append(f"{drug} {', '.join(each)}")
    return f"Treatments: {'; '.join(told)}." if told else ""
