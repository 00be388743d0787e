"""The numbers behind a figure as a tidy table, and the check that a script finds the same ones."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.model import Cohort
from analysis.estimates.scores.scheduled import with_ids
from analysis.estimates.scores.trajectory import Trajectory
from analysis.estimates.yearly.yearly import Yearly
from analysis.export.exhibit import Drawing, result_of
from analysis.figures.description.one_patient import patient_chart
from analysis.figures.scores.trajectory import trajectory_chart
from analysis.figures.scores.waterfall import sorted_changes, waterfall_chart
from analysis.figures.states.state_counts import states_chart
from analysis.figures.states.swimmer import swimmer_chart
from analysis.figures.survival.incidence import incidence_chart
from analysis.figures.survival.kaplan_meier import survival_chart
from analysis.figures.yearly.estimand_strip import estimand_strip
from analysis.figures.yearly.ledger import ledger_chart
from analysis.figures.yearly.yearly import yearly_chart
from analysis.listings.lanes import Lanes

MEANINGS = {
    "group": 'the compared group; "All" without a comparison',
    "months": "months since time zero",
    "at_risk": "patients under observation and without an event just before; of a probability of states, alive and "
    "still followed",
    "events": "patients with the event, at this time or in this year",
    "censored": "patients last seen at this time without the event",
    "competing": "patients with a competing event at this time",
    "survival": "Kaplan-Meier estimate, as a fraction of 1",
    "incidence": "cumulative incidence (Aalen-Johansen), as a fraction of 1",
    "lower": "lower limit of the interval",
    "upper": "upper limit of the interval",
    "year": "year after transplantation",
    "patients": "patients counted, the denominator",
    "share": "of the denominator, as a fraction of 1; a rate is per 100 patient-years; where there is at_risk it is "
    "estimated, allowing for those no longer followed, and not events / patients",
    "immature": "whether fewer than half could have been followed so long; such a bar is pale",
    "died_in_remission": "seen in remission within the window but dead by the end of the year, so not counted",
    "person_years": "patient-years of follow-up",
    "counted": "the way of counting",
    "enrolled": "all patients of the group",
    "assessed": "alive with a known state at a visit near the end of the year",
    "visit_missing": "followed, but without such a visit",
    "died_before": "died before the end of the year",
    "lost_before": "lost to follow-up before the end of the year",
    "not_yet_due": "not yet followed so long when the data were cut",
    "ended_unknown": "follow-up ended before the end of the year, reason unknown",
    "state": "state of the patient",
    "centre": "mean or median of the measure",
    "patient_id": "patient",
    "change": "change since the first scheduled visit",
    "start": "months since transplantation at which the state begins",
    "end": "months since transplantation at which the state ends",
    "lane": "place of the patient in the figure, from the top",
}
MOST_ROWS = 120  # that a script compares, evenly chosen
CLOSE = 1e-9  # relative difference of numbers that are the same


def figure_numbers(drawing: Drawing) -> pd.DataFrame:
    """Return the numbers that a figure shows, a row a time, a year or a bar."""
    options = {name: result_of(value) for name, value in drawing.options.items()}
    return _NUMBERS[drawing.function](*map(result_of, drawing.parts), **options)


def meaning(column: str) -> str:
    """Return what a column of `figure_numbers` holds, with its unit."""
    if column in MEANINGS:
        return MEANINGS[column]
    unit = column_unit(column)
    return f"{column_label(column)} ({unit})" if unit else column_label(column)


def main_numbers(result: Any) -> pd.DataFrame:
    """Return the numbers of a result that tell whether it is the same; of a long table some rows, never a patient."""
    if isinstance(result, Lanes):
        return pd.DataFrame({"patients": [len(result.patients)], "stays": [len(result.stays)]})
    found = next(
        getattr(result, name) for name in ("curve", "bars", "summary", "reasons", "table") if hasattr(result, name)
    )
    table: pd.DataFrame = found[[name for name in found if name != "patient_id"]].reset_index(drop=True)
    step = -(-len(table) // MOST_ROWS) or 1
    return table.iloc[::step].reset_index(drop=True)


def numbers_text(table: pd.DataFrame) -> str:
    """Return numbers as text that reads back to the same ones."""
    return table.to_csv(index=False, float_format=lambda value: repr(float(value)), lineterminator="\n")


def as_on_screen(result: Any, screen: str) -> None:
    """Compare the main numbers of a result with those that were on screen.

    Parameters
    ----------
    result
        An estimate.
    screen
        Its `main_numbers` as `numbers_text`.

    Raises
    ------
    AssertionError
        If any differs: the first is named.
    """
    found = pd.read_csv(io.StringIO(numbers_text(main_numbers(result))), dtype=object, keep_default_na=False)
    shown = pd.read_csv(io.StringIO(screen), dtype=object, keep_default_na=False)
    if list(found) != list(shown) or len(found) != len(shown):
        raise AssertionError(
            f"On screen were {shown.shape[0]} rows of {list(shown)}, here {found.shape[0]} of {list(found)}."
        )
    for name in shown:
        for row, (now, then) in enumerate(zip(found[name], shown[name], strict=True), start=1):
            if not _same(now, then):
                raise AssertionError(f"Row {row}, {name}: {then or 'nothing'} on screen, {now or 'nothing'} here.")


def _same(now: str, then: str) -> bool:
    if now == then:
        return True
    try:
        return abs(float(now) - float(then)) <= CLOSE * abs(float(then))
    except ValueError:
        return False


def _group(table: pd.DataFrame, group: str) -> pd.DataFrame:
    return table[table["group"].astype(str) == group]


def _strip(*results: Yearly, titles: Sequence[str], **_: object) -> pd.DataFrame:
    return pd.concat(
        [result.bars.assign(counted=title) for result, title in zip(results, titles, strict=True)], ignore_index=True
    )


def _changes(result: Trajectory, months: float, **_: object) -> pd.DataFrame:
    return with_ids(result.ids, sorted_changes(result, months))


def _visits(cohort: Cohort, patient_id: str, measures: Sequence[str], **_: object) -> pd.DataFrame:
    own = cohort.of_patient(patient_id).visits
    return own[[name for name in ("patient_id", "months", *measures) if name in own]]


_NUMBERS: dict[Callable[..., Any], Callable[..., pd.DataFrame]] = {
    survival_chart: lambda result, **_: result.curve,
    incidence_chart: lambda result, **_: result.curve,
    yearly_chart: lambda result, **_: result.bars,
    estimand_strip: _strip,
    ledger_chart: lambda result, group="All", **_: _group(result.ledger, group),
    states_chart: lambda result, group="All", **_: _group(result.table, group),
    trajectory_chart: lambda result, **_: result.summary,
    waterfall_chart: _changes,
    swimmer_chart: lambda result, **_: result.stays,
    patient_chart: _visits,
}
