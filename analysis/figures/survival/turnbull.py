"""When an event that is only seen at visits came about: Turnbull's estimate before the event dated to the visit."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.wording import count_words
from analysis.disclosure.refused import Refused
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.turnbull import Turnbull
from analysis.figures.common.axes import longest_time, month_ticks, months_title
from analysis.figures.common.kind import FigureKind, no_verdict
from analysis.figures.common.meanings import meanings
from analysis.figures.common.number_words import NO_PATIENTS, of_group, percent
from analysis.figures.common.theme import Look, group_order
from analysis.figures.common.times_in_common import time_in_common
from analysis.figures.survival.curves import StepCurves, number_cells, step_chart
from analysis.figures.survival.drawn_curves import lines_behind
from analysis.figures.survival.kaplan_meier import HEIGHT

Y_TITLE = "With the event (%)"
ROWS = {"At risk": ("at_risk",), "Seen": ("seen",)}
TOLD = {"at_risk": "At risk"}
FAINT = ("dated to the visit", "too late by up to the time between visits")
AREAS = "between the visits, where the share cannot be told"
YEAR = 12
NOT_SHARED = Refused(
    "The time between visits is not shared while counts below {least} are hidden: each step tells of single patients. "
    "Share the cumulative incidence instead, or lift the threshold."
)


def turnbull_chart(
    result: Turnbull, *, look: Look = Look(), height: float | None = None, few_at_risk: int = FEW_AT_RISK
) -> alt.LayerChart:
    """Return the curves, where they cannot be told as an area, and faintly the event dated to the visit.

    Parameters
    ----------
    result
        The curves.
    look, height, few_at_risk
        As for `analysis.figures.survival.kaplan_meier.survival_chart`.

    Examples
    --------
    >>> from analysis import load_sample, turnbull
    >>> chart = turnbull_chart(turnbull(load_sample(), by="msc_source"))
    >>> chart.to_html().lstrip()[:15]
    '<!DOCTYPE html>'
    """
    longest = longest_time(result.dated["months"])
    behind = result.dated.astype({"group": str})
    curves = StepCurves(
        groups=group_order(result.dated["group"]),
        table=_steps(result),
        behind=lines_behind({"naive": behind}, longest),
        rows=number_cells(result.at(month_ticks(longest)), look.rows(ROWS)),
        told=TOLD,
        patients=dict(zip(result.summary["group"].astype(str), result.summary["patients"], strict=True)),
        time_zero=result.time_zero,
        longest=longest,
        few_at_risk=few_at_risk,
        faint=FAINT,
        areas=AREAS,
        value="Share (what cannot be told)",
    )
    return step_chart(curves, look=look, height=height or look.height(HEIGHT), y_title=Y_TITLE)


def turnbull_description(result: Turnbull, *, few_at_risk: int = FEW_AT_RISK) -> str:
    """Return the alternative text; options as for `turnbull_chart`."""
    time = months_title(result.time_zero).lower()
    start = f"Share with a {result.event} in per cent over {time}, seen only at visits."
    sentences = [
        f"{group}: {count_words(patients, 'patient')}, {count_words(events, 'event')}."
        for group, patients, events, _ in result.summary.itertuples(index=False)
    ]
    return " ".join([start, *sentences, turnbull_reading(result, few=few_at_risk)])


def turnbull_reading(result: Turnbull, *, few: int = FEW_AT_RISK) -> str:
    """Return the share of each group at the last whole year with enough at risk, by both ways of dating.

    Parameters
    ----------
    result
        The curves.
    few
        The least number at risk in each group.

    Examples
    --------
    >>> from analysis import load_sample, turnbull
    >>> print(turnbull_reading(turnbull(load_sample())))
    With a first complete remission by 2 years: 38 %; if dated to the visit that shows it 44 % (19 at risk).
    """
    held = result.summary[result.summary["patients"] > 0].astype({"group": str})
    if held.empty:
        return NO_PATIENTS
    last = float(result.dated[result.dated["months"].notna()].groupby("group", observed=True)["months"].max().min())
    years = [float(month) for month in range(YEAR, int(last) + 1, YEAR)] or [last]
    at = result.at(years).astype({"group": str})
    at = at[at["group"].isin(held["group"])]
    month = time_in_common(at, years, "months", "at_risk", few).at
    when = count_words(int(month // YEAR), "year") if month % YEAR == 0 else f"month {month:g}"
    patients = dict(zip(held["group"], held["patients"], strict=True))
    told = []
    for row in at[at["months"] == month].to_dict("records"):
        group = str(row["group"])
        words = f"with a {result.event} by {when}: {_between(row['lowest'], row['highest'], patients[group])}"
        dated = f"{percent(row['dated'], patients[group])} % ({row['at_risk']} at risk)"
        told.append(of_group(group, f"{words}; if dated to the visit that shows it {dated}"))
    return " ".join(told)


def turnbull_table(result: Turnbull, alone: str = EVERYBODY) -> pd.DataFrame:
    """Return, for each group and year, the share with the event by both ways of dating, and who is at risk."""
    years = range(YEAR, int(result.dated["months"].max()) + 1, YEAR)
    at = result.at([float(month) for month in years])
    at = at[at["dated"].notna()]
    patients = dict(zip(result.summary["group"], result.summary["patients"], strict=True))
    number = [patients[group] for group in at["group"]]
    dated = zip(at["dated"], number, strict=True)
    return pd.DataFrame(
        {
            "Group": at["group"].astype(str).replace(EVERYBODY, alone),
            "Year": [f"{month / YEAR:g}" for month in at["months"]],
            "At risk": [f"{at_risk:,}" for at_risk in at["at_risk"]],
            "Between visits": list(map(_between, at["lowest"], at["highest"], number)),
            "Dated to the visit": [f"{percent(share, of_all)} %" for share, of_all in dated],
        }
    )


def _between(lowest: float, highest: float, patients: int) -> str:
    """Return a share, or the two between which it cannot be told."""
    low, high = percent(lowest, patients), percent(highest, patients)
    if math.isnan(lowest):
        return low
    return f"{low} %" if low == high else f"{low} to {high} %"


def _steps(result: Turnbull) -> pd.DataFrame:
    """Return the curve of each group where it can be told, as the lower and upper limit where it cannot."""
    tables = []
    for group in result.summary["group"]:
        own = result.curve[result.curve["group"] == group]
        end = result.dated.loc[result.dated["group"] == group, "months"].max()
        months = np.unique(np.concatenate([[0.0], own["after"], own["months"], [end]]))
        at = result.at(months.tolist())
        at = at[at["group"] == group]
        # A step holds from its time on: right after an interval has begun, the event may have come.
        begun = [own.loc[own["after"] <= month, "probability"].sum() for month in months]
        tables.append(at.assign(highest=at["lowest"].where(at["lowest"].isna(), begun)))
    table = pd.concat(tables, ignore_index=True)
    renamed = table.assign(share=table["lowest"], lower=table["lowest"], upper=table["highest"])
    return renamed[["group", "months", "at_risk", "share", "lower", "upper"]].assign(events=0, censored=0)


def _numbers(result: Turnbull, **_: object) -> pd.DataFrame:
    return result.curve.merge(result.summary[["group", "patients"]], on="group")


TURNBULL = FigureKind(
    name="turnbull",
    chart=turnbull_chart,
    description=turnbull_description,
    reading=turnbull_reading,
    numbers=_numbers,
    columns=meanings(
        "group",
        "patients",
        after="month after which the event lies",
        months="month by which the event lies; where in between is not known",
        probability="probability of the event in between (Turnbull), as a fraction of 1",
        share="share with the event by that month (Turnbull), as a fraction of 1",
    ),
    disclosure=NOT_SHARED,
    in_r=None,
    verdict=no_verdict,
)
