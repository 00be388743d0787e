"""Cumulative incidence above the numbers at risk, with events and competing events."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.disclosure.shared_curves import shared_incidence
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.figures.common.axes import longest_time, month_ticks, months_title
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.meanings import meanings
from analysis.figures.common.theme import Look, group_order
from analysis.figures.survival.curve_readings import incidence_reading
from analysis.figures.survival.curve_verdicts import incidence_verdict
from analysis.figures.survival.curves import WHOLE, StepCurves, curve_sentences, number_cells, step_chart
from analysis.figures.survival.drawn_curves import lines_behind
from analysis.figures.survival.kaplan_meier import HEIGHT
from analysis.figures.survival.month_rule import month_words, readings
from analysis.figures.survival.r_curves import incidence_in_r
from analysis.figures.survival.told_curves import incidence_curves

ROWS = {"At risk": ("at_risk",), "Events": ("cumulative_events",), "Competing": ("cumulative_competing",)}
TOLD = {"at_risk": "At risk", "events": "Events at that time", "competing": "Competing at that time"}


def incidence_chart(
    result: CumulativeIncidence,
    *,
    look: Look = Look(),
    whole: CumulativeIncidence | None = None,
    naive: bool = False,
    height: float | None = None,
    y_title: str = "With the event (%)",
    until: float | None = None,
    few_at_risk: int = FEW_AT_RISK,
    read_at: float | None = None,
) -> alt.LayerChart:
    """Return the curves with their bands, and the numbers at risk, with the event, and with a competing one.

    Parameters
    ----------
    result
        The curves.
    naive
        Whether one minus Kaplan-Meier, which is too high, is drawn faintly behind each curve.
    look, whole, height, y_title, until, few_at_risk, read_at
        As for `analysis.figures.survival.kaplan_meier.survival_chart`.
    """
    longest = until or longest_time(result.curve["months"], *([whole.curve["months"]] if whole else []))
    behind = {}
    if whole:
        behind["whole"] = _shares(whole).assign(group=WHOLE)
    if naive:
        behind["naive"] = _shares(result).assign(share=result.naive["incidence"].to_numpy())
    curves = StepCurves(
        groups=group_order(result.curve["group"]),
        table=_shares(result),
        behind=lines_behind(behind, longest),
        rows=number_cells(result.at(month_ticks(longest)), look.rows(ROWS)),
        told=TOLD,
        patients=dict(zip(result.summary["group"].astype(str), result.summary["patients"], strict=True)),
        time_zero=result.time_zero,
        longest=longest,
        few_at_risk=few_at_risk,
        level=result.level,
        readings=readings(incidence_curves(result), longest, read_at) if look.has_rule(read_at) else None,
    )
    return step_chart(curves, look=look, height=height or look.height(HEIGHT), y_title=y_title)


def incidence_description(
    result: CumulativeIncidence,
    *,
    naive: bool = False,
    until: float | None = None,
    few_at_risk: int = FEW_AT_RISK,
    read_at: float | None = None,
) -> str:
    """Return the alternative text; options as for `incidence_chart`."""
    start = f"Cumulative incidence in per cent over {months_title(result.time_zero).lower()}."
    sentences = curve_sentences(_shares(result), result.summary, until)
    faint = (
        ["Faintly beside it one minus Kaplan-Meier, which is too high where another event competes."] if naive else []
    )
    read = month_words(incidence_curves(result), read_at)
    reading = incidence_reading(result, "with the event", few=few_at_risk, until=until)
    return " ".join(filter(None, [start, *sentences, *faint, reading, read]))


def _shares(result: CumulativeIncidence) -> pd.DataFrame:
    return result.curve.rename(columns={"incidence": "share"}).assign(censored=0)


def _numbers(result: CumulativeIncidence, **_: object) -> pd.DataFrame:
    return result.curve


INCIDENCE = FigureKind(
    name="incidence",
    chart=incidence_chart,
    description=incidence_description,
    reading=incidence_reading,
    numbers=_numbers,
    columns=meanings(
        "group",
        "months",
        "at_risk",
        "events",
        "censored",  # only if small counts are hidden
        "lower",
        "upper",
        competing="patients with a competing event at this time",
        incidence="cumulative incidence (Aalen-Johansen), as a fraction of 1",
    ),
    disclosure=shared_incidence,
    in_r=incidence_in_r,
    verdict=incidence_verdict,
)
