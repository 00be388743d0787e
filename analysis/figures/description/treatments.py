"""The share of patients on each drug over time: a line for each drug, with the number followed below."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.disclosure.refused import NOT_WORKED_OUT
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.description.treatment_shares import TreatmentShares
from analysis.figures.common.axes import (
    SHARE_SCALE,
    Frame,
    longest_time,
    month_ticks,
    month_x,
    months_title,
    rows_top,
    share_axis,
)
from analysis.figures.common.keys import Entry, key_layers
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import of_group, percent, percent_interval
from analysis.figures.common.rows import part_rows
from analysis.figures.common.theme import Look, dash_patterns, dress, layer, shape_scale
from analysis.figures.common.times_in_common import time_in_common

HEIGHT = 260
Y_TITLE = "On treatment (%)"
FOLLOWED = "Followed"


def treatment_chart(
    result: TreatmentShares, *, group: str = "All", look: Look = Look(), height: float | None = None
) -> alt.LayerChart:
    """Return the share of a group's patients on each drug at each month.

    Parameters
    ----------
    result
        The shares.
    group
        The group to show.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and row of numbers; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    table = _of_group(result, group)
    drugs = [str(drug) for drug in result.table["drug"].cat.categories]
    longest = longest_time(table["months"])
    x = month_x(longest, months_title(), years=not look.on_paper)
    frame = Frame([group], look, height, x, SHARE_SCALE, share_axis(Y_TITLE))
    inks = dict(zip(drugs, frame.palette.lines(drugs), strict=True))
    shapes = dict(zip(drugs, shape_scale(drugs, look).range, strict=True))
    entries = [Entry(drug, shapes[drug], inks[drug], inks[drug]) for drug in drugs]
    counted = table.drop_duplicates("months")
    counted = counted[counted["months"].isin(month_ticks(longest))]
    cells = pd.DataFrame(
        {"part": FOLLOWED, "months": counted["months"], "text": [f"{number:,}" for number in counted["patients"]]}
    )
    layers = [
        *_lines(table, drugs, inks, frame),
        *key_layers(entries, frame.palette, frame.above),
        *part_rows(cells, {FOLLOWED: frame.palette.muted}, frame, top=height + rows_top(look, years=True)),
    ]
    return dress(layers, height=height, look=look)


def _of_group(result: TreatmentShares, group: str) -> pd.DataFrame:
    table = result.table[(result.table["group"].astype(str) == group) & result.table["share"].notna()]
    return table.astype({"group": str, "drug": str})


def _lines(table: pd.DataFrame, drugs: list[str], inks: dict[str, str], frame: Frame) -> list[alt.Chart]:
    """Return a line for each drug, and a point at each month with its numbers as tooltip."""
    points = table[["months", "drug"]].assign(
        percent=100 * table["share"],
        told=[
            f"{on:,} of {of:,} ({percent_interval(share, lower, upper, of)} %)"
            for on, of, share, lower, upper in zip(
                *(table[name] for name in ("on", "patients", "share", "lower", "upper")), strict=True
            )
        ],
        time=[f"month {month:g}" for month in table["months"]],
    )
    colour = alt.Scale(domain=drugs, range=[inks[drug] for drug in drugs])
    dashes = alt.Scale(domain=drugs, range=dash_patterns(drugs, frame.look))
    titles = {"drug": "Drug", "time": "Time", "told": "On it"}
    return [
        layer(
            points[["months", "drug", "percent"]],
            "line",
            {"strokeWidth": 2},
            x=frame.x,
            y=frame.y("percent"),
            color=alt.Color("drug:N", scale=colour, legend=None),
            strokeDash=alt.StrokeDash("drug:N", scale=dashes, legend=None),
        ),
        layer(
            points,
            "point",
            {"size": 55, "filled": True, "opacity": 1},
            x=frame.x,
            y=frame.y("percent"),
            color=alt.Color("drug:N", scale=colour, legend=None),
            shape=alt.Shape("drug:N", scale=shape_scale(drugs, frame.look), legend=None),
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()],
        ),
    ]


def treatment_description(result: TreatmentShares, *, group: str = "All") -> str:
    """Return the alternative text: the share on each drug at each month."""
    table = _of_group(result, group)
    sentences = [f"Share of patients on each drug over {months_title().lower()}."]
    for month, rows in table.groupby("months"):
        followed = int(rows["patients"].iloc[0])
        parts = [f"{drug} {on:,}" for drug, on in zip(rows["drug"], rows["on"], strict=True)]
        sentences.append(f"Month {month:g}, {followed:,} followed: {', '.join(parts)}.")
    return " ".join(sentences)


def treatment_reading(result: TreatmentShares, *, group: str = "All") -> str:
    """Return the shares at transplantation, and at the last month with at least ten followed in each group.

    Examples
    --------
    >>> from analysis import load_sample, treatment_shares
    >>> treatment_reading(treatment_shares(load_sample(), drugs=["mycophenolate"]))
    'At transplantation (87 followed) mycophenolate 20 %. At month 36 (23 followed) mycophenolate 30 %.'
    """
    table = _of_group(result, group)
    times = sorted(table["months"].unique())
    if not times:
        return "Nobody is followed, or no drug is recorded."
    seen = result.table[result.table["months"].isin(times)].astype({"group": str})
    last = time_in_common(seen, times, "months", "patients", FEW_AT_RISK).at
    sentences = []
    for month in dict.fromkeys([times[0], last]):
        rows = table[table["months"] == month]
        followed = int(rows["patients"].iloc[0])
        shares = zip(rows["drug"], rows["share"], strict=True)
        when = "at transplantation" if month == 0 else f"at month {month:g}"
        told = ", ".join(f"{drug} {percent(share, followed)} %" for drug, share in shares)
        sentences.append(of_group(group, f"{when} ({followed:,} followed) {told}"))
    return " ".join(sentences)


def treatment_table(result: TreatmentShares, *, group: str = "All") -> pd.DataFrame:
    """Return a row for each month: how many of a group are followed, and how many of them are on each drug."""
    table = _of_group(result, group)
    columns = {
        "Time": [f"Month {month:g}" for month in table["months"].unique()],
        FOLLOWED: [f"{number:,}" for number in table.drop_duplicates("months")["patients"]],
    }
    for drug, rows in table.groupby("drug", sort=False):
        numbers = zip(rows["on"], rows["share"], rows["patients"], strict=True)
        columns[str(drug)] = [f"{on:,} ({percent(share, of)} %)" for on, share, of in numbers]
    return pd.DataFrame(columns)


def _numbers(result: TreatmentShares, group: str = "All", **_: object) -> pd.DataFrame:
    return result.table[result.table["group"].astype(str) == group]


TREATMENTS = FigureKind(
    name="treatments",
    chart=treatment_chart,
    description=treatment_description,
    reading=treatment_reading,
    numbers=_numbers,
    columns=meanings(
        "group",
        "months",
        "share",
        "lower",
        "upper",
        patients="patients alive and followed at this month, the denominator",
        drug="name of the drug",
        on="how many of them take it",
    ),
    disclosure=NOT_WORKED_OUT,
    in_r=None,
    verdict=no_verdict,
)
