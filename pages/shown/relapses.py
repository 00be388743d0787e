"""The fold of every relapse on the Remission & relapse page: the mean number, rates, and gaps."""

from __future__ import annotations

from analysis import mean_relapses, relapse_gaps, relapse_rates
from analysis.figures.survival.mean_relapses import MEAN_RELAPSES
from analysis.figures.survival.relapse_tables import mean_relapses_table, relapse_gaps_table, relapse_rates_table
from pages.shown import behind, figure
from pages.state import session
from pages.state.option import Answers
from pages.state.response_options import MEAN_AT, relapse_rule, small_numbers

RATES = "Relapse rates of living patients"
GAPS = "From one relapse to the next, of those who relapsed again (gaps appear shorter than they are)"


def of_mean_relapses(view: session.View, chosen: Answers) -> session.Figure:
    """Return the figure of the mean number of relapses."""
    rule, at = relapse_rule(chosen), chosen[MEAN_AT]
    result = session.estimate(mean_relapses, view.cohort, rule=rule, by=view.by)
    shown = session.Figure(
        key="mean_relapses",
        question=result.question,
        chart=session.chart(MEAN_RELAPSES, result, look=view.look),
        alt_text=session.drawn(MEAN_RELAPSES.description, result),
        reading=session.drawn(MEAN_RELAPSES.reading, result, at=at),
        method=result.method,
    )
    if view.by is None:
        return shown
    test = session.estimate(relapse_rates, view.cohort, by=view.by, rule=rule, limits=small_numbers(chosen))
    return session.compared(shown, result, test=test, at=at)


def every_relapse(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw the mean number of relapses with rates and gaps in a fold; return how they were computed."""
    shown = of_mean_relapses(view, chosen)
    result, rule = shown.result, relapse_rule(chosen)
    methods = {"Mean number of relapses.": result.method}
    rates = None
    if view.by is not None:
        rates = session.estimate(relapse_rates, view.cohort, by=view.by, rule=rule, limits=small_numbers(chosen))
        methods["Relapse rates."] = rates.method
    with figure.folded("mean_relapses", result.question, shown.words, told_inside=False) as place:
        if place.open:
            figure.pickable(view, shown, behind.relapses(view, result, rule))
            gaps = session.estimate(relapse_gaps, view.cohort, rule=rule, by=view.by)
            methods["Gaps between relapses."] = gaps.method
            if rates is not None:
                figure.numbers(RATES, relapse_rates_table(rates))
            left, right = figure.halves("mean_relapses")
            with left:
                figure.numbers("By year (95 % interval)", mean_relapses_table(result, view.alone))
            with right:
                figure.numbers(GAPS, relapse_gaps_table(gaps, view.alone))
    return methods
