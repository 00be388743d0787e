"""The comparison of groups on the Survival page: tests, hazard ratios, restricted means."""

from __future__ import annotations

import streamlit as st

from analysis import Cohort, cumulative_incidence, hazard_ratios, kaplan_meier, log_rank, restricted_mean
from analysis.cohort.grouping import By
from analysis.estimates.survival.curve_differences import curve_differences
from analysis.facts.observed_times import Wording
from analysis.figures.common.differences import IN_POINTS
from analysis.figures.common.table_cells import told_rows
from analysis.figures.survival.curve_differences import curve_difference_table
from analysis.figures.survival.group_tests import (
    CAUSE_SPECIFIC,
    comparison_reading,
    gray_reading,
    gray_table,
    log_rank_table,
    observed_table,
)
from analysis.figures.survival.hazard_ratios import hazard_table
from analysis.figures.survival.restricted_mean import difference_table, restricted_table
from pages.shown import figure
from pages.state import session
from pages.state.option import Answers
from pages.state.survival_options import (
    ADJUST,
    COVARIATES,
    INTERVAL,
    PAIRWISE,
    RESTRICTED,
    STRATA,
    TEST,
    TIMES,
    TREND,
    endpoint,
    small_numbers,
)


def show(view: session.View, chosen: Answers, outcome: Wording) -> dict[str, str]:
    """Draw the comparison of the groups, if there are any, and the Cox model, if covariates are chosen.

    Returns how each was computed.
    """
    cohort, asked, limits = view.cohort, endpoint(chosen), small_numbers(chosen)
    methods: dict[str, str] = {}
    if view.by is not None:
        methods = _groups(cohort, view.by, chosen, outcome)
    else:
        title = (
            "Restricted mean time lost: how many months come after the event, on average?"
            if outcome.competing_words
            else "Restricted mean: how many months are spent without the event, on average?"
        )
        with figure.folded("restricted", title) as place:
            if place.open:
                means = session.estimate(
                    restricted_mean, cohort, asked, by=None, months=chosen[RESTRICTED], limits=limits
                )
                summary = session.estimate(kaplan_meier, cohort, asked, by=None).summary
                figure.numbers(means.question, restricted_table(means, summary, view.alone))
                methods["Restricted mean."] = means.method
    if chosen[COVARIATES]:
        model = session.estimate(hazard_ratios, cohort, asked, covariates=chosen[COVARIATES], limits=limits)
        hazard = "cause-specific hazard" if outcome.competing_words else "hazard"
        st.markdown(f"### By how much does the {hazard} differ, all else equal? (Cox regression)")
        figure.numbers("Hazard ratios (95 % interval), adjusted for each other", hazard_table(model))
        methods["Cox regression."] = model.method
    return methods


def _groups(cohort: Cohort, by: By, chosen: Answers, outcome: Wording) -> dict[str, str]:
    asked, limits = endpoint(chosen), small_numbers(chosen)
    summary = session.estimate(kaplan_meier, cohort, asked, by=by).summary
    test = session.estimate(
        log_rank,
        cohort,
        asked,
        by=by,
        weights=chosen[TEST],
        pairwise=chosen[PAIRWISE],
        adjust=chosen[ADJUST],
        stratify=chosen[STRATA],
        trend=chosen[TREND],
        limits=limits,
    )
    ratios = session.estimate(hazard_ratios, cohort, asked, by=by, limits=limits)
    means = session.estimate(
        restricted_mean,
        cohort,
        asked,
        by=by,
        months=chosen[RESTRICTED],
        adjust=chosen[ADJUST],
        limits=limits,
    )
    apart = session.estimate(curve_differences, cohort, asked, by=by, months=chosen[TIMES], interval=chosen[INTERVAL])
    methods = {"Tests.": test.method, "Hazard ratios.": ratios.method, "Restricted means.": means.method}
    told = comparison_reading(test)
    if outcome.competing_words:
        incidence = session.estimate(cumulative_incidence, cohort, asked, by=by, limits=limits)
        told = f"{gray_reading(incidence)} {comparison_reading(test, CAUSE_SPECIFIC)}"
    with figure.folded("tests", "Do the groups differ over the whole time?", told) as place:
        if place.open:
            if outcome.competing_words:
                figure.numbers("Cumulative incidence over the whole time (Gray's test)", gray_table(incidence))
                figure.numbers("Cause-specific hazards over the whole time (log-rank)", log_rank_table(test))
            else:
                figure.numbers("Over the whole time (log-rank)", log_rank_table(test))
            figure.numbers("Events observed, and expected if all groups were alike", observed_table(test))
    if len(apart.table):
        methods["Differences between curves."] = apart.method
        differences = curve_difference_table(apart)
        with figure.folded("apart", apart.question, told_rows(differences, "Compared", IN_POINTS)) as place:
            if place.open:
                figure.numbers(f"{apart.question} (95 % interval)", differences)
    specific = "Cause-specific hazard ratio" if outcome.competing_words else "Hazard ratio"
    table = hazard_table(ratios, summary)
    with figure.folded("hazard", f"{specific} (95 % interval)", told_rows(table, "Group", "Hazard ratio")) as place:
        if place.open:
            figure.numbers(f"{specific} (95 % interval)", table)
    mean = "Restricted mean time lost" if means.time_lost else "Restricted mean"
    told = told_rows(difference_table(means, summary), "Compared", "Difference in months")
    with figure.folded("means", f"{mean}: how many months apart are the groups?", told) as place:
        if place.open:
            figure.numbers(mean, restricted_table(means, summary))
            figure.numbers(f"{mean}: difference", difference_table(means, summary))
    return methods
