"""The report of the present view: figures, tables, text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from analysis import SmallNumbers, baseline_table, follow_up, kaplan_meier, log_rank, yearly_relapse, yearly_remission
from analysis.disclosure.refused import NOT_WORKED_OUT, Disclosure, NotSharedError
from analysis.disclosure.shared_baseline import shared_baseline
from analysis.export.exhibit import Exhibit
from analysis.export.methods import limitations
from analysis.export.patient_flow import patient_flow
from analysis.export.released import Released
from analysis.export.report import Report, Table
from analysis.export.shared_exhibit import check_shared, shared
from analysis.export.sharing import Sharing, protected
from analysis.facts.recorded_events import has_relapses, has_remission
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.paper import Paper
from analysis.figures.description.baseline_tables import baseline_paper
from analysis.figures.survival.curve_tables import survival_table
from analysis.figures.survival.group_tests import log_rank_table
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER
from analysis.figures.yearly.outcome_table import outcome_table
from analysis.figures.yearly.yearly import YEARLY
from pages.shown import figure, standard
from pages.shown.relapses import of_mean_relapses
from pages.shown.response_figures import of_beside, of_every_way, of_states, states_result
from pages.shown.seen_at_visits import of_remission
from pages.state import exhibits, options, session
from pages.state.option import Answers
from pages.state.report_options import REPORT_BASELINE, reportable
from pages.state.response_options import RESPONSE, relapse_rule, remission_rule
from pages.state.session import Figure, View
from pages.state.survival_options import FEW_EVENTS, FEW_PATIENTS, small_numbers

OUTCOMES = "Remission and relapse per year"
CHOSEN = "patients chosen one by one"  # in the place of the selection, which would tell how many
YEARS_IN_MONTHS = (12.0, 24.0, 36.0, 48.0)


def standard_exhibits(view: View, names: Sequence[str]) -> dict[str, list[Exhibit]]:
    """Return the figures of these names, in the order in which they are offered.

    What is drawn once on a page of its own is drawn as asked there.
    """
    make: dict[str, Callable[[View], Sequence[Figure | str]]] = {
        "Survival": lambda view: [standard.survival(view, limits=_limits(view))],
        "Remission per year": lambda view: [standard.remission(view)],
        "Relapse per year": lambda view: [standard.relapse(view)],
        "Who is counted": standard.ledgers,
        "SLEDAI": lambda view: [standard.activity(view)],
        "Remission in every way": lambda view: _as_asked(view, of_every_way, "remission"),
        "Remission beside what was published": lambda view: _as_asked(view, of_beside, "remission"),
        "States over time": _states,
        "Every relapse": lambda view: _as_asked(view, of_mean_relapses),
        "Between visits": lambda view: _as_asked(view, of_remission),
    }
    found: dict[str, list[Exhibit]] = {}
    for name in reportable(view.whole):
        if name in names:
            with figure.in_its_place(name):
                found[name] = [exhibits.exhibit(view, shown) for shown in make[name](view) if isinstance(shown, Figure)]
    return found


def _response(view: View) -> Answers:
    """Return how the Remission & relapse page is asked."""
    return options.settled([*RESPONSE.together, *RESPONSE.apart], view.whole)


def _as_asked(view: View, make: Callable[..., Figure], *which: str) -> list[Figure]:
    """Return a figure of the Remission & relapse page as it is asked there; none if a rule there lacks a column."""
    chosen = _response(view)
    rules = (remission_rule(chosen), relapse_rule(chosen))
    return [] if any(rule.missing_columns(view.whole) for rule in rules) else [make(view, chosen, *which)]


def _states(view: View) -> list[Figure]:
    result = states_result(view, _response(view))
    groups = result.table["group"].astype(str).unique()
    return [shown for group in groups for shown in _as_asked(view, of_states, group)]


def outcomes(view: View, sharing: Sharing) -> Table:
    """Return remission and relapse per year as one table of a paper."""
    estimates = {}
    if has_remission(view.whole):
        estimates["Complete remission"] = _shareable(view, sharing, YEARLY.disclosure, yearly_remission)
    if has_relapses(view.whole):
        estimates["New relapse"] = _shareable(view, sharing, YEARLY.disclosure, yearly_relapse)
    rows = outcome_table(*(each.result for each in estimates.values()), titles=list(estimates))
    return Table(OUTCOMES, rows, tuple(estimates.values()))


def report(
    view: View,
    title: str,
    chosen: list[Exhibit],
    paper: Paper,
    sharing: Sharing,
    replaced: Mapping[str, str],
    released: Released,
) -> Report:
    """Return the report of the present view with the chosen figures, as far as they may be shared together.

    Files that were already released are taken into account; this report is not yet recorded as released.
    """
    safe: list[Exhibit] = []
    refused: list[str] = []
    released = released.copy()
    for shown in chosen:
        try:
            allowed = shared(shown, sharing, replaced)
            released.take(allowed.drawing.estimates, sharing.least)
            safe.append(allowed)
        except NotSharedError as reason:
            refused.append(f"{shown.question} {reason}")
    tables: list[Table] = []
    for name, make in {**_TABLES, **(_OF_GROUPS if view.by is not None else {})}.items():
        try:
            check_shared(view.asked, sharing)
            table = make(view, sharing)
            released.take(table.estimates, sharing.least)
            tables.append(table)
        except NotSharedError as reason:
            refused.append(f"{name}: {reason}")
    everybody = session.estimate(yearly_remission, view.cohort, by=None)
    hidden = view.asked.one_by_one and (sharing.least or sharing.ids)
    return Report(
        title=title,
        asked=view.asked,
        selection=(*view.whole.settled, CHOSEN) if hidden else view.selection,
        patients=patient_flow(view.asked, view.filters, sharing),
        exhibits=tuple(safe),
        tables=tuple(table for table in tables if len(table.rows)),
        limitations=tuple(limitations(view.asked, everybody, view.synthetic, sharing)),
        made_on=date.today(),
        synthetic=view.synthetic,
        paper=paper,
        sharing=sharing,
        not_shared=tuple(refused),
        followed=session.estimate(follow_up, view.cohort),
    )


def _baseline(view: View, sharing: Sharing) -> Table:
    shareable = _shareable(view, sharing, shared_baseline, baseline_table)
    centre = options.settled([REPORT_BASELINE], view.whole)[REPORT_BASELINE]
    return Table(shareable.result.question, baseline_paper(shareable.result, centre, view.alone), (shareable,))


def _limits(view: View) -> SmallNumbers:
    """Return the numbers below which the test of survival is withheld, as set on the Survival page."""
    return small_numbers(options.settled([FEW_EVENTS, FEW_PATIENTS], view.whole))


def _comparison(view: View, sharing: Sharing) -> Table:
    shareable = _shareable(view, sharing, NOT_WORKED_OUT, log_rank, "overall_survival", limits=_limits(view))
    return Table("Does survival differ between the groups?", log_rank_table(shareable.result), (shareable,))


def _survival(view: View, sharing: Sharing) -> Table:
    shareable = _shareable(view, sharing, KAPLAN_MEIER.disclosure, kaplan_meier)
    return Table("Alive at the end of each year", survival_table(shareable.result, YEARS_IN_MONTHS), (shareable,))


def _shareable(
    view: View,
    sharing: Sharing,
    disclosure: Disclosure,
    function: Callable[..., Any],
    *choices: object,
    **how: object,
) -> Estimate:
    """Return an estimate by group as it may be shared."""
    named = {"by": view.by, **how}
    result = session.estimate(function, view.cohort, *choices, **named)
    return Estimate(protected(result, disclosure, sharing), function, view.cohort, choices, named)


_TABLES: dict[str, Callable[[View, Sharing], Table]] = {
    OUTCOMES: outcomes,
    "Who the patients were": _baseline,
    "Alive at the end of each year": _survival,
}
_OF_GROUPS: dict[str, Callable[[View, Sharing], Table]] = {"Does survival differ between the groups?": _comparison}
