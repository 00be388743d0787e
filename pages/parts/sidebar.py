"""The filter panel and the comparison."""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from analysis import Cohort, Filters, option_counts
from analysis.cohort.filters import filter_column
from analysis.cohort.vocabulary import BASELINE_SLEDAI, MSC_SOURCES, column_label
from pages.parts import comparison, session
from pages.parts.words import plain


def show(cohort: Cohort) -> None:
    """Draw the filters that the open cohort has columns for; every option tells how many it would leave."""
    _settle(cohort)
    chosen = session.filters()
    with st.sidebar:
        st.markdown("#### Filter patients")
        if "msc_source" in cohort.patients:
            _pills(cohort, chosen, "source", _source_help())
        if "organs" in cohort.patients:
            _pills(cohort, chosen, "organ", None)
            if len(st.session_state["organ"]) > 1:
                st.segmented_control(
                    "Patients with",
                    [session.ORGANS_ANY, session.ORGANS_ALL],
                    key="organs",
                    required=True,
                    default=session.ORGANS_ANY,
                    persist_state="session",
                )
        if "sex" in cohort.patients:
            _pills(cohort, chosen, "sex", None)
        for key, label in (("age", "Age (years)"), ("baseline_sledai", "SLEDAI at baseline")):
            if limits := _limits(cohort, key):
                st.slider(label, *limits, key=key)
        _keep_missing(cohort, chosen)
        st.divider()
        comparison.show(cohort)


def _settle(cohort: Cohort) -> None:
    """Before any control is drawn: choices that this cohort does not offer are dropped."""
    for key, column in session.CHOICES.items():
        held = list(option_counts(cohort, Filters(), column)["value"]) if column in cohort.patients else []
        session.offer_choice(key, held)
    for key in session.RANGES:
        session.offer_range(key, _limits(cohort, key))
    session.offer_comparison(comparison.options(cohort))


def _pills(cohort: Cohort, chosen: Filters, key: str, help_text: str | None) -> None:
    counts = option_counts(cohort, chosen, session.COLUMNS[key]).set_index("value")["now"]
    st.pills(
        column_label(session.COLUMNS[key]),
        list(counts.index),
        selection_mode="multi",
        key=key,
        format_func=_with_count(dict(counts)),
        help=help_text,
    )


def _with_count(counts: dict[str, int]) -> Callable[[str], str]:
    def words(value: str) -> str:
        label = f"{plain(value)} {counts[value]:,}"
        return label if counts[value] else f":gray[{label}]"

    return words


def _source_help() -> str:
    return "; ".join(f"{short}: {words}" for short, words in MSC_SOURCES.items())


def _limits(cohort: Cohort, key: str) -> tuple[int, int] | None:
    column = session.COLUMNS[key]
    if column != BASELINE_SLEDAI.name and column not in cohort.patients:
        return None
    values = filter_column(cohort, column).dropna()
    if values.empty or values.min() == values.max():
        return None
    return math.floor(values.min()), math.ceil(values.max())


def _keep_missing(cohort: Cohort, chosen: Filters) -> None:
    """Offer to keep patients without a value, where a filter meets such patients."""
    missing = sum(int(filter_column(cohort, name).isna().sum()) for name in chosen.conditions)
    if missing or st.session_state.get("keep_missing"):
        st.toggle(f"Keep patients without a value ({missing})", key="keep_missing", persist_state="session")
