"""The mean number of relapses over time, a dot for each, above the numbers at risk, relapses and deaths."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.cohort.wording import count_words
from analysis.disclosure.refused import Refused
from analysis.estimates.common.small_numbers import FEW_AT_RISK
from analysis.estimates.survival.mean_relapses import MeanRelapses
from analysis.figures.common.axes import ENOUGH, axis_end, longest_time, month_ticks, months_title
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.meanings import meanings
from analysis.figures.common.r_twin import RTwin
from analysis.figures.common.theme import Look, group_order
from analysis.figures.survival.curves import StepCurves, number_cells, step_chart
from analysis.figures.survival.kaplan_meier import HEIGHT
from analysis.figures.survival.mean_relapses_words import (
    PER,
    mean_relapses_reading,
    mean_relapses_verdict,
    per_hundred,
)
from analysis.figures.survival.r_mean_relapses import mean_relapses_in_r

Y_TITLE = "Relapses per 100 patients"
ROWS = {"At risk": ("at_risk",), "Relapses": ("cumulative_relapses",), "Died": ("cumulative_deaths",)}
TOLD = {
    "at_risk": "At risk",
    "events": "Relapses at that time",
    "deaths": "Died at that time",
    "censored": "Last seen at that time",
}
LEAST_END = 10.0  # the axis extends at least to this
HEADROOM = 1.05
NOT_SHARED = Refused(
    "The mean number of relapses is not shared while counts below {least} are hidden: each step tells of single "
    "patients, and its interval rests on who relapsed again. Share relapse by year instead, or lift the threshold."
)


def mean_relapses_chart(
    result: MeanRelapses,
    *,
    look: Look = Look(),
    height: float | None = None,
    until: float | None = None,
    few_at_risk: int = FEW_AT_RISK,
) -> alt.LayerChart:
    """Return the curves with their bands and a dot for each relapse, and the numbers at risk, relapsed and dead.

    Parameters
    ----------
    result
        The curves.
    look, height, until, few_at_risk
        As for `analysis.figures.survival.kaplan_meier.survival_chart`.

    Examples
    --------
    >>> from analysis import load_sample, mean_relapses
    >>> chart = mean_relapses_chart(mean_relapses(load_sample(), by="msc_source"))
    >>> chart.to_html().lstrip()[:15]
    '<!DOCTYPE html>'
    """
    table = _steps(result)
    longest = until or longest_time(result.curve["months"])
    curves = StepCurves(
        groups=group_order(result.curve["group"]),
        table=table,
        behind=[],
        rows=number_cells(result.at(month_ticks(longest)), look.rows(ROWS)),
        told=TOLD,
        patients=dict(zip(result.summary["group"].astype(str), result.summary["patients"], strict=True)),
        time_zero=result.time_zero,
        longest=longest,
        few_at_risk=few_at_risk,
        level=result.level,
        highest=axis_top(table),
        dots=_dots(table),
        value="Relapses per 100 patients (interval)",
        words=_words,
    )
    return step_chart(curves, look=look, height=height or look.height(HEIGHT), y_title=Y_TITLE)


def mean_relapses_description(
    result: MeanRelapses, *, until: float | None = None, few_at_risk: int = FEW_AT_RISK
) -> str:
    """Return the alternative text; options as for `mean_relapses_chart`."""
    start = f"Mean number of relapses per 100 patients over {months_title(result.time_zero).lower()}, a dot a relapse."
    sentences = [
        f"{group}: {count_words(patients, 'patient')}, {count_words(relapses, 'relapse')} of "
        f"{count_words(relapsed, 'patient')}, {count_words(deaths, 'death')}."
        for group, patients, relapsed, relapses, deaths in result.summary.itertuples(index=False)
    ]
    reading = mean_relapses_reading(result, few=few_at_risk, until=until)
    return " ".join(filter(None, [start, *sentences, reading]))


def axis_top(table: pd.DataFrame) -> float:
    """Return the end of the axis, in relapses per 100 patients: all curves, and limits of enough patients."""
    enough = table["at_risk"] >= ENOUGH
    end = float(np.nanmax([0.0, axis_end(table["share"], table["upper"], enough), *table["share"]]))
    return max(LEAST_END, PER * HEADROOM * end)


def _steps(result: MeanRelapses) -> pd.DataFrame:
    return result.curve.rename(columns={"mean": "share", "relapses": "events"})


def _dots(table: pd.DataFrame) -> pd.DataFrame:
    """Return group, months and height of each relapse: on the riser of its step, the last of a time at its top."""
    table = table[table["share"].notna()].reset_index(drop=True)
    rise = table.groupby("group", observed=True)["share"].diff().fillna(table["share"])
    number = table["events"].to_numpy(dtype=int)
    row = np.repeat(np.arange(len(table)), number)
    place = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + 1
    own = table.loc[row].reset_index(drop=True)
    height = own["share"] - rise.to_numpy()[row] * (1 - place / number[row])
    return pd.DataFrame({"group": own["group"].astype(str), "months": own["months"], "share": height})


def _words(table: pd.DataFrame) -> list[str]:
    columns = (table[name] for name in ("share", "lower", "upper", "patients"))
    return [per_hundred(*numbers) for numbers in zip(*columns, strict=True)]


def _numbers(result: MeanRelapses, **_: object) -> pd.DataFrame:
    return result.curve


def _in_r(estimate: Estimate, *, until: float | None = None, few_at_risk: int = FEW_AT_RISK) -> RTwin:
    highest = axis_top(_steps(estimate.result))
    return mean_relapses_in_r(estimate, until=until, few_at_risk=few_at_risk, highest=highest, y_title=Y_TITLE)


MEAN_RELAPSES = FigureKind(
    name="mean_relapses",
    chart=mean_relapses_chart,
    description=mean_relapses_description,
    reading=mean_relapses_reading,
    numbers=_numbers,
    columns=meanings(
        "group",
        "months",
        "lower",
        "upper",
        at_risk="patients alive and under observation just before, whether they have relapsed or not",
        relapses="relapses at this time",
        deaths="patients who die at this time",
        censored="patients last seen alive at this time",
        mean="mean number of relapses per patient up to this time, death ending them (Ghosh and Lin)",
        standard_error="robust standard error of the mean",
    ),
    disclosure=NOT_SHARED,
    in_r=_in_r,
    verdict=mean_relapses_verdict,
)
