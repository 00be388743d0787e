"""The states of all patients over time: a stacked area above its numbers."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.cohort.wording import count_words
from analysis.disclosure.shared_states import shared_states
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.states.state_counts import StateCounts
from analysis.facts.months_in_states import GONE, NOT_YET
from analysis.figures.common.axes import (
    SHARE_SCALE,
    Frame,
    at_ticks,
    longest_time,
    month_ticks,
    month_x,
    months_title,
    rows_top,
    share_axis,
)
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.marks import state_colour
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import count_or_hidden, percent
from analysis.figures.common.rows import part_rows
from analysis.figures.common.theme import Look, Palette, dress, layer
from analysis.figures.common.times_in_common import time_in_common

Y_TITLE = "Patients (%)"
HEIGHT = 320
YEAR = 12
EARLY_MONTHS = (3, 6)  # shown in addition to whole years


def states_chart(
    result: StateCounts, *, group: str = "All", look: Look = Look(), height: float | None = None
) -> alt.LayerChart:
    """Return the share of a group's patients in each state over time, stacked, with the numbers below.

    Parameters
    ----------
    result
        The counts.
    group
        The group to show.
    look
        How the figure is drawn.
    height
        Height of the plot in pixels, without axis and rows of numbers; the default depends on the look.
    """
    height = height or look.height(HEIGHT)
    table = result.table[result.table["group"].astype(str) == group].astype({"state": str})
    table = table[table["share"].notna()]
    longest = longest_time(table["months"])
    frame = Frame(
        [group],
        look,
        height,
        month_x(longest, months_title(), years=not look.on_paper),
        SHARE_SCALE,
        share_axis(Y_TITLE),
    )
    most = table.groupby("state", sort=False)["patients"].max()
    # Few cohorts have patients who are not yet observed; any other state is in the scale if nobody is in it, too.
    every = [state for state in result.table["state"].cat.categories if state != NOT_YET or most.get(state, 0) > 0]
    colours = {state: _colour(state, frame.palette) for state in most.index[most > 0]}
    stacked = _stacked(table[table["state"].isin(colours)])
    ticks = table[table["months"].isin(month_ticks(longest)) & table["state"].isin(colours)]
    cells = pd.DataFrame(
        {
            "part": [_name(state) for state in ticks["state"]],
            "months": ticks["months"],
            "text": [f"{number:,}" for number in ticks["patients"]],
        }
    )
    layers = [
        _areas(stacked, {state: _colour(state, frame.palette) for state in every}, frame),
        _targets(table, every, frame),
        *part_rows(
            cells,
            {_name(state): colour for state, colour in colours.items()},
            frame,
            top=height + rows_top(look, years=True),
            seen=at_ticks(longest),
        ),
    ]
    return dress(layers, height=height, look=look)


def states_description(result: StateCounts, *, group: str = "All") -> str:
    """Return the alternative text: the number in each state at each whole year."""
    table = result.table[(result.table["group"].astype(str) == group) & (result.table["months"] % 12 == 0)]
    sentences = [f"Stacked shares of patients by state over {months_title().lower()}."]
    for month, states in table.groupby("months"):
        patients = int(states["patients"].sum())
        parts = [
            f"{state} {number}" for state, number in zip(states["state"], states["patients"], strict=True) if number
        ]
        sentences.append(f"Month {month:g}, {count_words(patients, 'patient')}: {', '.join(parts) or 'nobody'}.")
    return " ".join(sentences)


def states_reading(result: StateCounts, *, group: str = "All") -> str:
    """Return how many of a group are in each state, at the last whole year with enough still followed in each group.

    Examples
    --------
    >>> from analysis import load_sample
    >>> from analysis.estimates.states.state_counts import state_counts
    >>> states_reading(state_counts(load_sample()))
    'Month 36: complete remission 6, partial remission 8, active 3, relapsed 6, dead 4, no longer followed 60.'
    """
    table = result.table.astype({"group": str, "state": str})
    years = sorted(table.loc[table["months"] % YEAR == 0, "months"].unique())
    there = table.assign(followed=table["patients"].where(~table["state"].isin([GONE, NOT_YET]), 0))
    there = there.groupby(["group", "months"], as_index=False)["followed"].sum(min_count=1)
    month = time_in_common(there, years, "months", "followed", FEW_AT_RISK).at
    at = table[(table["group"] == group) & (table["months"] == month)]
    states = [
        f"{state} {count_or_hidden(number)}"
        for state, number in zip(at["state"], at["patients"], strict=True)
        if number != 0
    ]
    when = f"Month {month:g}" if group == "All" else f"{group}, month {month:g}"
    return f"{when}: {', '.join(states) or 'nobody'}."


def _name(state: str) -> str:
    return state[:1].upper() + state[1:]


def _colour(state: str, colours: Palette) -> str:
    # States that are not observed, before or after follow-up, are pale.
    if state in (GONE, NOT_YET):
        return colours.places["not_yet_due"] if state == GONE else colours.grid
    return state_colour(state, colours)


def _stacked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a group with the lower and upper edge of each state, in percent."""
    upper = 100 * table.groupby("months")["share"].cumsum()
    return table[["months", "state"]].assign(lower=upper - 100 * table["share"], upper=upper)


def _areas(stacked: pd.DataFrame, colours: dict[str, str], frame: Frame) -> alt.Chart:
    style = {"interpolate": "step-after", "opacity": 1, "stroke": frame.palette.background, "strokeWidth": 0.85}
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return layer(
        stacked,
        "area",
        style,
        x=frame.x,
        y=frame.y("lower"),
        y2=alt.Y2("upper:Q"),
        fill=alt.Fill("state:N", scale=scale, legend=None),
    )


def _targets(table: pd.DataFrame, states: list[str], frame: Frame) -> alt.Chart:
    """Return an invisible area per month with the numbers in all states as tooltip."""
    wide = table.pivot_table(index="months", columns="state", values="patients", observed=True, aggfunc="sum")
    wide = wide.reindex(columns=states)
    patients = wide.sum(axis=1)
    told = {
        f"s{place}": [
            f"{number:,} ({percent(number / all_, all_)} %)" for number, all_ in zip(wide[state], patients, strict=True)
        ]
        for place, state in enumerate(states)
    }
    columns = pd.DataFrame({"months": wide.index, "time": [f"month {month:g}" for month in wide.index], **told})
    columns = columns.assign(end=(columns["months"] + 1).clip(upper=columns["months"].max()))
    words = {"time": "Time", **{f"s{place}": _name(state) for place, state in enumerate(states)}}
    return layer(
        columns,
        "rect",
        {"opacity": 0, "y": 0, "y2": frame.height},
        x=frame.x,
        x2=alt.X2("end:Q"),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in words.items()],
    )


def states_table(result: StateCounts, *, group: str = "All") -> pd.DataFrame:
    """Return the number of patients in each state at the start, months 3 and 6, each year, and the end.

    Parameters
    ----------
    result, group
        As for `states_chart`.
    """
    table = result.table[(result.table["group"].astype(str) == group) & result.table["share"].notna()]
    last = table["months"].max()
    told = table[(table["months"] % 12 == 0) | table["months"].isin(EARLY_MONTHS) | (table["months"] == last)]
    patients = told.groupby("months")["patients"].sum()
    columns = {
        "Time": [f"Month {month:g}" for month in patients.index],
        "Patients": [f"{number:,}" for number in patients],
    }
    for state, counts in told.astype({"state": str}).groupby("state", sort=False):
        # Every state in the chart has a column, even if nobody is in it at these months.
        if table.loc[table["state"] == state, "patients"].any():
            numbers = zip(counts["patients"], counts["share"], patients, strict=True)
            columns[f"{state[:1].upper()}{state[1:]}"] = [
                f"{number:,} ({percent(share, of_all)} %)" for number, share, of_all in numbers
            ]
    return pd.DataFrame(columns)


def _numbers(result: StateCounts, group: str = "All", **_: object) -> pd.DataFrame:
    return result.table[result.table["group"].astype(str) == group]


STATE_COUNTS = FigureKind(
    name="state_counts",
    chart=states_chart,
    description=states_description,
    reading=states_reading,
    numbers=_numbers,
    columns=meanings("group", "months", "patients", "share", state="state of the patient"),
    disclosure=shared_states,
    in_r=None,
    verdict=no_verdict,
)
