"""Small results made by hand, as figures depend on results only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, TimeToEvent, cumulative_incidence, read_cohort, yearly_remission
from analysis.counts.extent import Extent
from analysis.counts.leaving import COLUMNS, Leaving
from analysis.estimates.scores.trajectory import Trajectory
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.theme import at_width

SOURCES = ["BM", "UC", "AD", "AM", "BM+UC"]
LINE_HEIGHT = 15  # pixels
NOBODY = pd.DataFrame(columns=["patient_id", "reason"])


def curves(times: dict[str, list[float]], died: dict[str, list[float]] | None = None) -> KaplanMeier:
    """Return survival curves of groups with these months of follow-up; those in `died` ended with the event."""
    rows = [(group, month, False) for group, months in times.items() for month in months]
    rows += [(group, month, True) for group, months in (died or {}).items() for month in months]
    cells = [("events" if event else "censored", group, month, None, 1) for group, month, event in rows]
    members = [("members", group, np.nan, None, 1) for group in times] + [("members", None, np.nan, None, 0)]
    counts = Leaving.from_table(pd.DataFrame([*members, *cells], columns=COLUMNS), by="group")
    return replace(KaplanMeier.of(counts), question="How many are alive?", method="Kaplan-Meier.")


def cohort_of(ends: dict[str, list[tuple[float, str]]]) -> Cohort:
    """Return patients of groups with these months of follow-up, ended by "event", "death" or "" (censored)."""
    rows = [(group, months, end) for group, patients in ends.items() for months, end in patients]
    table = pd.DataFrame(rows, columns=["msc_source", "follow_up_months", "end"])
    table["patient_id"] = [f"p{row}" for row in range(len(table))]
    flags = {name: (table["end"] == end).astype(int) for name, end in {"relapsed": "event", "died": "death"}.items()}
    return read_cohort(table.drop(columns="end").assign(**flags))


def incidences(ends: dict[str, list[tuple[float, str]]]) -> CumulativeIncidence:
    """Return the incidence of "event" by group with death competing; one group has no name."""
    endpoint = TimeToEvent("follow_up_months", "relapsed", "died", "a relapse")
    return cumulative_incidence(cohort_of(ends), endpoint, by="msc_source" if len(ends) > 1 else None)


def seen(patients: dict[str, list[tuple[float, str, str]]]) -> Cohort:
    """Return patients of groups: months of follow-up, the state at a visit at month 12 or "", and how follow-up ended.

    If follow-up is below a year, that visit is half-way.
    """
    rows = [(group, *patient) for group, of_group in patients.items() for patient in of_group]
    table = pd.DataFrame(rows, columns=["msc_source", "follow_up_months", "remission", "follow_up_ended"])
    table["patient_id"] = [f"p{row}" for row in range(len(table))]
    visits = table[table["remission"] != ""].assign(
        months=table["follow_up_months"].clip(upper=24) / 2, sledai=4, relapse=0
    )
    visits.loc[visits["follow_up_months"] >= 12, "months"] = 12.0
    people = table.drop(columns="remission").assign(died=(table["follow_up_ended"] == "died").astype(int))
    people["follow_up_ended"] = people["follow_up_ended"].replace("", "ongoing")
    return read_cohort(people, visits[["patient_id", "months", "remission", "sledai", "relapse"]])


def bars(counts: dict[str, list[tuple[int, int]]]) -> Yearly:
    """Return shares of groups with events and patients per year; the limits are invented."""
    rows = [
        (group, year, events, patients, *_share(events, patients))
        for group, years in counts.items()
        for year, (events, patients) in enumerate(years, start=1)
    ]
    table = pd.DataFrame(rows, columns=["group", "year", "events", "patients", "share", "lower", "upper"])
    table["group"] = pd.Categorical(table["group"], categories=list(counts))
    table["immature"] = False
    numbers = yearly_remission(seen({"UC": [(24.0, "none", "")]})).numbers
    return Yearly("How many?", "Wilson.", NOBODY, table, pd.DataFrame(), numbers)


def _share(events: int, patients: int) -> tuple[float, float, float]:
    if not patients:
        return np.nan, np.nan, np.nan
    return events / patients, events / patients / 2, (1 + events / patients) / 2


def visits(
    groups: Sequence[str], patients: int, schedule: Sequence[float] = (0, 1, 3, 6, 12, 24, 36, 48)
) -> Trajectory:
    """Return a falling measure, of patients with one fewer seen at each visit."""
    summary = pd.DataFrame(
        [
            (group, float(month), seen, *((mean, mean - 1, mean + 1) if seen > 1 else (mean, np.nan, np.nan)))
            for group in groups
            for place, month in enumerate(schedule)
            for seen, mean in [(patients - place, 20.0 - place) if patients > place else (0, np.nan)]
        ],
        columns=["group", "months", "patients", "centre", "lower", "upper"],
    )
    change = pd.DataFrame(columns=["group", "months", "pairs", "mean_change", "lower", "upper", "p"])
    for table in (summary, change):
        table["group"] = pd.Categorical(table["group"], categories=list(groups))
    lines = visit_lines(groups, patients, schedule)
    extent = Extent(lines["value"].min(), lines["value"].max(), lines["months"].max(), len(lines))
    measured = lines["patient_id"].nunique()
    return Trajectory("How?", "Mean.", "mean", NOBODY, summary, change, extent, measured, counts=None, spread="ci")


def visit_lines(
    groups: Sequence[str], patients: int, schedule: Sequence[float] = (0, 1, 3, 6, 12, 24, 36, 48)
) -> pd.DataFrame:
    """Return the visits of the patients in `visits`."""
    lines = pd.DataFrame(
        [
            (group, f"{group}{patient}", float(month), 20.0 - place + patient % 3, float(month))
            for group in groups
            for patient in range(patients)
            for place, month in enumerate(schedule)
            if patient >= place
        ],
        columns=["group", "patient_id", "months", "value", "scheduled"],
    )
    return lines.assign(group=pd.Categorical(lines["group"], categories=list(groups)))


def spec(chart: alt.LayerChart) -> dict[str, Any]:
    """Return a chart as the browser gets it; it must contain no NaN."""
    made: dict[str, Any] = chart.to_dict(validate=True)
    json.dumps(made, allow_nan=False)
    return made


def rows_of(made: dict[str, Any], *columns: str, without: str = "") -> list[dict[str, Any]]:
    """Return the rows of the only data set with all these columns, and without one of them if given."""
    tables = [rows for rows in made["datasets"].values() if rows and without not in rows[0]]
    found = [rows for rows in tables if set(columns) <= set(rows[0])]
    assert len(found) == 1, f"{len(found)} data sets have {columns}"
    rows: list[dict[str, Any]] = found[0]
    return rows


def texts_at(chart: alt.LayerChart, width: int) -> dict[str, list[tuple[float, float]]]:
    """Return the position of every visible text at a width, from the top left corner of the plot."""
    vl_convert = pytest.importorskip("vl_convert")
    graph = vl_convert.vegalite_to_scenegraph(at_width(chart.to_dict(), width))
    assert graph["width"] == width
    placed: dict[str, list[tuple[float, float]]] = {}
    for text, x, y in _texts(graph["scenegraph"], 0.0, 0.0):
        assert -graph["origin"][0] <= x <= width - graph["origin"][0], f"{text!r} is outside the picture"
        assert -graph["origin"][1] <= y <= graph["height"] - graph["origin"][1], f"{text!r} is outside the picture"
        placed.setdefault(text, []).append((x, y))
    return placed


def _texts(item: dict[str, Any], x: float, y: float) -> Iterator[tuple[str, float, float]]:
    for mark in item.get("items", []):
        if "items" in mark or mark.get("marktype") == "group":
            yield from _texts(mark, x + mark.get("x", 0.0), y + mark.get("y", 0.0))
        elif item.get("marktype") == "text" and mark.get("opacity", 1) and mark.get("text"):
            words = mark["text"] if isinstance(mark["text"], list) else [mark["text"]]
            at = (x + mark.get("x", 0.0) + mark.get("dx", 0.0), y + mark.get("y", 0.0) + mark.get("dy", 0.0))
            yield from ((str(line), at[0], at[1] + LINE_HEIGHT * place) for place, line in enumerate(words))
