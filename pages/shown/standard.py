"""The standard figures of a cohort: small on the Overview, large in a report."""

from __future__ import annotations

from analysis import SmallNumbers, kaplan_meier, log_rank, trajectory, yearly_relapse, yearly_remission
from analysis.estimates.scores.change_differences import change_differences
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.recorded_events import has_relapses, has_remission
from analysis.figures.scores.trajectory import TRAJECTORY, has_lines
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
from analysis.figures.yearly.ledger import LEDGER
from analysis.figures.yearly.yearly import YEARLY
from analysis.listings.trajectory_lines import trajectory_lines
from pages.state import session
from pages.state.session import Figure, View

ASSESSED = "assessed"
USUAL = SmallNumbers()
REMISSION = "How many are in complete remission each year?"
ACTIVITY = "How active is the disease? (SLEDAI)"
RELAPSE = "How many have a first relapse each year?"


def survival(view: View, height: float | None = None, limits: SmallNumbers = USUAL) -> Figure:
    """Return the figure of overall survival; its test is withheld below the limits."""
    result = session.estimate(kaplan_meier, view.cohort, by=view.by)
    whole = session.estimate(kaplan_meier, view.whole) if view.has_whole_behind else None
    chart = session.chart(KAPLAN_MEIER, result, look=view.look, whole=whole, height=height, compact=height is not None)
    shown = Figure(
        key="overall_survival",
        question="How many are alive over time? (Kaplan-Meier)",
        chart=chart,
        alt_text=session.drawn(KAPLAN_MEIER.description, result),
        reading=session.drawn(KAPLAN_MEIER.reading, result, "alive", "deaths"),
        method=result.method,
        time_zero=result.time_zero,
    )
    if view.by is None:
        return shown
    test = session.estimate(log_rank, view.cohort, by=view.by, limits=limits)
    return session.compared(shown, result, outcome="alive", test=test)


def remission(view: View, height: float | None = None, estimand: str = ASSESSED) -> Figure | str:
    """Return the figure of remission per year by an estimand, or why there is none."""
    if not has_remission(view.whole):
        return "This cohort has no remission on record: no visit has a column named remission."
    result = session.estimate(yearly_remission, view.cohort, estimand=estimand, by=view.by)
    shown = Figure(
        key="yearly_remission",
        question=REMISSION,
        chart=session.chart(YEARLY, result, kind="remission", look=view.look, height=height),
        alt_text=session.drawn(YEARLY.description, result),
        reading=session.drawn(YEARLY.reading, result, result.estimand.reading.format(remission="complete remission")),
        method=result.method,
    )
    return shown if view.by is None else session.compared(shown, result, remission="complete remission")


def relapse(view: View, height: float | None = None) -> Figure | str:
    """Return the figure of first relapses per year, or why there is none."""
    result = session.estimate(yearly_relapse, view.cohort, by=view.by)
    if not has_relapses(view.whole):
        return "This cohort has no relapses on record."
    shown = Figure(
        key="yearly_relapse",
        question=RELAPSE,
        chart=session.chart(YEARLY, result, kind="relapse", look=view.look, height=height),
        alt_text=session.drawn(YEARLY.description, result),
        reading=session.drawn(YEARLY.reading, result, "first relapse in"),
        method=result.method,
    )
    return shown if view.by is None else session.compared(shown, result, limits=USUAL)


def activity(view: View, height: float | None = None) -> Figure | str:
    """Return the figure of SLEDAI over time, or why there is none."""
    if "sledai" not in view.cohort.visit_columns:
        return "This cohort has no SLEDAI scores."
    result = session.estimate(trajectory, view.cohort, by=view.by)
    drawn = has_lines(result) and not view.no_rows
    lines = session.estimate(trajectory_lines, view.cohort, by=view.by) if drawn else None
    shown = Figure(
        key="sledai",
        question=ACTIVITY,
        chart=session.chart(
            TRAJECTORY, result, label="SLEDAI", unit="points", lines=lines, look=view.look, height=height
        ),
        alt_text=session.drawn(TRAJECTORY.description, result, label="SLEDAI", unit="points"),
        reading=session.drawn(TRAJECTORY.reading, result, "mean SLEDAI", "points"),
        method=result.method,
    )
    if view.by is None:
        return shown
    apart = session.if_had(lambda: session.estimate(change_differences, view.cohort, by=view.by))
    return shown if apart is None else session.compared(shown, result, measure="SLEDAI", unit="points", test=apart)


def ledgers(view: View) -> list[Figure]:
    """Return where the patients are in each year, one figure per group."""
    result = session.estimate(yearly_remission, view.cohort, by=view.by)
    return [ledger(view, result, group) for group in result.ledger["group"].astype(str).unique()]


def ledger(view: View, result: Yearly, group: str) -> Figure:
    """Return the figure of where the patients of one group are in each year."""
    of_group = "" if group == "All" else f" ({group})"
    return Figure(
        key=f"ledger_{group}",
        question=f"Who is counted each year, and where are the others?{of_group}",
        chart=session.chart(LEDGER, result, group=group, look=view.look),
        alt_text=session.drawn(LEDGER.description, result, group=group),
        reading=session.drawn(LEDGER.reading, result, group=group),
        method=result.method,
    )
