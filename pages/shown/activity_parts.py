"""The folds of the Disease activity page: each draws itself and returns how its numbers were computed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis import trajectory
from analysis.cohort.column_words import in_unit, measure_words, unit_words
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import ResponseShare, response_share
from analysis.estimates.scores.severity_bands import severity_bands
from analysis.figures.common.markdown import plain, sentence
from analysis.figures.common.table_cells import told_rows
from analysis.figures.scores.change_differences import change_difference_table
from analysis.figures.scores.dropout import leavers_line, leavers_table, reasons_table
from analysis.figures.scores.mixed_model import model_table
from analysis.figures.scores.response_share import response_line, response_table
from analysis.figures.scores.severity_bands import band_line, band_table
from analysis.figures.scores.trajectory_tables import change_table
from analysis.figures.scores.waterfall import WATERFALL, waterfall_table
from analysis.listings.patient_changes import patient_changes
from pages.shown import activity_figures, behind, figure
from pages.state import session
from pages.state.activity_options import MEASURE, MODELS, MONTH, SCHEME, better, response
from pages.state.option import Answers


def responders(view: session.View, chosen: Answers) -> dict[str, str]:
    """Say how many respond, if the measure has a response."""
    share = _responded(view, chosen)
    if not share:
        return {}
    st.markdown(f"#### {plain(share.question)}")
    st.markdown(sentence(response_line(share, chosen[MONTH])))
    return {share.question: share.method}


def _responded(view: session.View, chosen: Answers) -> ResponseShare | None:
    """Return how many respond; None without a response to the measure."""
    counts = response(chosen)
    if not counts:
        return None
    asked = activity_figures.scheduled(view, chosen)
    return session.estimate(response_share, view.cohort, chosen[MEASURE], response=counts, **asked)


def change(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw how much the measure changes from month to month."""
    result, apart = activity_figures.over_time_result(view, chosen), None
    if view.by is not None:
        with figure.in_its_place("How far are the groups apart?"):
            apart = activity_figures.differences(view, chosen)
    told = told_rows(change_difference_table(apart), "Compared", "Difference") if apart else ""
    title = f"How much does {in_unit(chosen[MEASURE])} change from month to month?"
    with figure.folded("change", title, told) as place:
        if place.open:
            if apart and len(apart.table):
                figure.numbers(apart.question, change_difference_table(apart))
            figure.numbers("Change from baseline (mean, 95 % interval)", session.drawn(change_table, result))
    return {apart.question: apart.method} if apart else {}


def waterfall(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw a bar for each patient."""
    measure, asked = chosen[MEASURE], activity_figures.scheduled(view, chosen)
    means, share = session.estimate(trajectory, view.cohort, measure, change=True, **asked), _responded(view, chosen)
    told = response_line(share, chosen[MONTH]) if share else ""
    title = f"How much has {measure_words(measure)} changed in each patient?"
    with figure.folded("waterfall", title, told) as place:
        if place.open and figure.rows_here(view, "A bar for each patient"):
            _bars(view, chosen, means.method, share)
    return {"Change of each patient.": means.method}


def _bars(view: session.View, chosen: Answers, method: str, share: ResponseShare | None) -> None:
    measure, month, counts = chosen[MEASURE], chosen[MONTH], response(chosen)
    percent = bool(counts and counts.in_percent)
    asked = activity_figures.scheduled(view, chosen)
    changes = session.estimate(patient_changes, view.cohort, measure, months=month, in_percent=percent, **asked)
    bars: dict[str, Any] = {
        "label": measure_words(measure),
        "unit": "%" if percent else unit_words(measure),
        "response": counts,
        "better": better(chosen),
    }
    left, right = figure.pair("waterfall")
    with left:
        figure.pickable(
            view,
            session.Figure(
                key="waterfall",
                question=f"How much has {measure_words(measure)} changed in each patient by month {month:g}?",
                chart=session.chart(WATERFALL, changes, month, look=view.look, **bars),
                alt_text=session.drawn(WATERFALL.description, changes, month, **bars),
                reading="Click a bar, or a line above, to see that patient.",
                method=method,
            ),
            behind.PATIENT,
        )
    with right:
        if share:
            figure.numbers(share.question, session.drawn(response_table, share))
    figure.listing(waterfall_table(changes, month, **bars))


def leavers(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw how those who do not come again differ from those who do."""
    measure, asked = chosen[MEASURE], activity_figures.scheduled(view, chosen)
    left_early = session.estimate(dropout, view.cohort, measure, **asked)
    with figure.folded("dropout", left_early.question, leavers_line(left_early, chosen[MONTH])) as place:
        if place.open:
            left, right = figure.pair("dropout")
            with left:
                figure.numbers(
                    f"Mean {in_unit(measure)} of those who come again and those who do not",
                    session.drawn(leavers_table, left_early),
                )
            with right:
                figure.numbers("Why no later value follows", session.drawn(reasons_table, left_early))
    return {left_early.question: left_early.method}


def bands(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw how many are in each band of severity, if the measure has any."""
    scheme = chosen.get(SCHEME)
    if not scheme:
        return {}
    result = session.estimate(severity_bands, view.cohort, scheme=scheme, **activity_figures.scheduled(view, chosen))
    with figure.folded("bands", result.question, band_line(result, chosen[MONTH])) as place:
        if place.open:
            figure.numbers(result.question, session.drawn(band_table, result))
    return {result.question: result.method}


def model(view: session.View, chosen: Answers) -> dict[str, str]:
    """Draw the model of all values, if it is asked for."""
    if not chosen[MODELS]:
        return {}
    asked = activity_figures.scheduled(view, chosen)
    result = session.estimate(mixed_model, view.cohort, chosen[MEASURE], **asked)
    figure.numbers(result.question, model_table(result))
    st.caption(plain(result.withheld or result.assumption))
    return {result.question: result.method}
