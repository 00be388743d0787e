"""The report of the present view: its figures, its tables, its words."""

from __future__ import annotations

from datetime import date

from analysis import attrition, baseline_table, kaplan_meier, yearly_relapse, yearly_remission
from analysis.cohort.states import has_relapses
from analysis.export.exhibit import Exhibit
from analysis.export.report import Report, Table
from analysis.figures.baseline_tables import baseline_rows
from analysis.figures.outcome_table import outcome_table
from analysis.figures.tables import attrition_table, survival_table
from pages.parts import exhibits, session, standard
from pages.parts.session import Figure, View

YEARS_IN_MONTHS = (12.0, 24.0, 36.0, 48.0)


def standard_exhibits(view: View) -> dict[str, list[Exhibit]]:
    """Return the figures that every report can hold, by short names, as far as the cohort has what they need."""
    remission = session.estimate(yearly_remission, view.cohort, by=view.by)
    groups = remission.ledger["group"].astype(str).unique()
    figures: dict[str, list[Figure | str]] = {
        "Survival": [standard.survival(view)],
        "Remission per year": [standard.remission(view)],
        "Relapse per year": [standard.relapse(view)],
        "Who is counted": [standard.ledger(view, remission, group) for group in groups],
        "SLEDAI": [standard.activity(view)],
    }
    made = {
        name: [exhibits.exhibit(view, figure) for figure in held if isinstance(figure, Figure)]
        for name, held in figures.items()
    }
    return {name: held for name, held in made.items() if held}


def outcomes(view: View) -> Table:
    """Return remission and relapse per year as a paper prints them."""
    remission = session.estimate(yearly_remission, view.cohort, by=view.by)
    relapse = session.estimate(yearly_relapse, view.cohort, by=view.by)
    counted = {"Complete remission": remission, **({"New relapse": relapse} if has_relapses(view.whole) else {})}
    rows = session.drawn(outcome_table, *counted.values(), titles=list(counted))
    return Table("Remission and relapse per year", rows, tuple(each.method for each in counted.values()))


def report(view: View, title: str, chosen: list[Exhibit]) -> Report:
    """Return the report of the present view with the chosen figures."""
    survival = session.estimate(kaplan_meier, view.cohort, by=view.by)
    baseline = session.estimate(baseline_table, view.cohort, by=view.by)
    tables = [
        Table(baseline.question, baseline_rows(baseline), (baseline.method,)),
        outcomes(view),
        Table("Alive at the end of each year", survival_table(survival, YEARS_IN_MONTHS), (survival.method,)),
    ]
    return Report(
        title=title,
        asked=view.asked,
        selection=view.selection,
        flow=attrition_table(attrition(view.whole, view.filters)),
        exhibits=tuple(chosen),
        tables=tuple(table for table in tables if len(table.rows)),
        made_on=date.today(),
        synthetic=view.synthetic,
    )
