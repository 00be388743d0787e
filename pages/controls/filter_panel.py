"""The filter panel and the comparison."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import escape
from typing import Any

import streamlit as st

from analysis import AllOf, AnyOf, Between, BetweenDates, Cohort, Filters, OneOf, attrition, option_counts
from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.conditions import Condition, SetOf, of_sets
from analysis.cohort.filter_columns import days, number_range, values_found, without_value
from analysis.cohort.measures import CHOICE, DAYS, OUTCOMES, RANGE, SETS, filterable
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.vocabulary import BASELINE_SLEDAI, MSC_SOURCES
from analysis.cohort.wording import value_text
from analysis.estimates.description.filter_counts import range_counts
from analysis.figures.common.histogram import histogram_html
from analysis.figures.common.markdown import plain
from analysis.figures.common.theme import Look
from analysis.figures.description.cohort_tables import attrition_table
from pages.controls import comparison, typed_box
from pages.controls.bound import bound
from pages.shown import figure
from pages.state import address, asking, browser, session
from pages.state.survival_options import READ_AT

FIRST = ("msc_source", "organs", "sex", "age_years", BASELINE_SLEDAI)  # always in the panel
MOST_PILLS = 12  # a longer list of values is a search box
HOW: dict[str, type[SetOf]] = {"any of them": AnyOf, "all of them": AllOf}
LANDMARK = "12"  # months; the landmark that is set first


def show(cohort: Cohort) -> None:
    """Draw a filter for each column; every value shows how many patients it would leave."""
    kinds = session.estimate(filterable, cohort)
    chosen = asking.present().filters
    in_panel = list(dict.fromkeys([*FIRST, *asking.added(), *chosen.conditions]))
    with st.sidebar, st.container(key="filters"):
        _heading()
        if no_filters := _no_filters(cohort):
            st.caption(plain(no_filters))
            comparison.choose(cohort)
            return
        typed_box.show(cohort, [name for name in in_panel if name in kinds])
        comparison.choose(cohort)
        for name in in_panel:
            if name in kinds:
                _filter(cohort, chosen, name, kinds[name])
        _add(cohort, [name for name in kinds if name not in in_panel])
        _keep_missing(cohort, chosen)
        if chosen.one_by_one:
            st.caption(
                "Patients were chosen one by one, maybe for what happened to them: curves and shares then show what "
                "was chosen, not what to expect (immortal time)."
            )
        if chosen:
            _cost(cohort, chosen)
        st.divider()
        comparison.pinning(cohort)


def _no_filters(cohort: Cohort) -> str:
    return cohort.no_filters if isinstance(cohort, RowsElsewhere) else ""


def _heading() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="heading_of_filters"):
        st.markdown("#### Filter patients", width="stretch")
        st.button(
            "Undo", key="undo", icon=":material/undo:", on_click=asking.undo, disabled=not asking.can_undo(),
            shortcut="Mod+Z", type="tertiary",
        )  # fmt: skip
        st.button(
            "Redo", key="redo", icon=":material/redo:", on_click=asking.undo, args=(-1,),
            disabled=not asking.can_redo(), shortcut="Mod+Shift+Z", type="tertiary",
        )  # fmt: skip


def _filter(cohort: Cohort, chosen: Filters, name: str, kind: str) -> None:
    """Draw the control that suits the kind of a column."""
    {CHOICE: _values, SETS: _sets, RANGE: _numbers, DAYS: _days}[kind](cohort, chosen, name)
    if name in OUTCOMES and name in {*chosen.conditions, *asking.added()}:
        st.caption(
            f"{plain(column_label(name))} is known only after transplantation: who died early had less time for it "
            "(immortal time). A landmark counts only those who were still there at a month, and from then on."
        )
        # From a landmark on, a month is another one: curves are not read where they were before.
        asked = {key: texts for key, texts in address.words().items() if key != READ_AT.key}
        asked |= {"landmark": [LANDMARK]}
        st.page_link("pages/survival.py", label=f"Survival from a landmark at month {LANDMARK}", query_params=asked)


def _values(cohort: Cohort, chosen: Filters, name: str) -> None:
    condition = chosen.conditions.get(name)
    _options(
        cohort,
        chosen,
        name,
        lambda picked: OneOf(*picked) if picked else None,
        list(condition.values) if isinstance(condition, OneOf) else [],
    )


def _sets(cohort: Cohort, chosen: Filters, name: str) -> None:
    condition = chosen.conditions.get(name)
    values = list(condition.values) if isinstance(condition, SetOf) else []
    without = list(condition.without if isinstance(condition, SetOf) else getattr(condition, "values", ()))
    how = type(condition) if isinstance(condition, SetOf) else AnyOf

    def exclude(excluded: list[Any]) -> None:
        asking.filter_by(name, of_sets(how, (each for each in values if each not in excluded), excluded))

    held = list(_counts(cohort, chosen, name))
    beside = len(held) <= MOST_PILLS
    excluded = bound(cohort, f"without_{name}", [value for value in held if value in without], exclude)
    with st.container(horizontal=beside, gap="small", key=f"sets_{name}"):
        _options(
            cohort,
            chosen,
            name,
            lambda picked: of_sets(how, picked, (each for each in without if each not in picked)),
            values,
        )
        if beside:
            # The panel shows only "no", beside the value.
            st.pills(
                "Without",
                held,
                selection_mode="multi",
                format_func=lambda value: f"no {plain(value_text(value))}",
                **excluded,
            )
        else:
            st.multiselect(
                f"{plain(column_label(name))}: without",
                held,
                label_visibility="collapsed",
                placeholder="Without …",
                select_all=False,
                format_func=lambda value: f"without {value_text(value)}",
                **excluded,
            )
    if len(values) > 1:
        present = next(words for words, kind in HOW.items() if kind is how)
        st.segmented_control(
            "Patients with", list(HOW), required=True,
            **bound(cohort, "how", present, lambda words: asking.filter_by(name, of_sets(HOW[words], values, without))),
        )  # fmt: skip


def _options(
    cohort: Cohort, chosen: Filters, name: str, condition: Callable[[list[Any]], Condition | None], values: list[object]
) -> None:
    """Draw values to choose from, each with how many patients it would leave."""
    counts = _counts(cohort, chosen, name)

    def change(picked: list[Any]) -> None:
        asking.filter_by(name, condition(picked))

    control = bound(cohort, f"filter_{name}", [value for value in counts if value in values], change)
    label = plain(column_label(name))
    if len(counts) <= MOST_PILLS:
        st.pills(
            label, list(counts), selection_mode="multi", format_func=_with_count(counts), help=_help(name), **control
        )
    else:
        st.multiselect(
            label, list(counts), format_func=lambda value: f"{value_text(value)} ({counts[value]:,})",
            help=_help(name), **control,
        )  # fmt: skip


def _counts(cohort: Cohort, chosen: Filters, name: str) -> dict[Any, int]:
    """Return the number of patients whom each value would leave."""
    options = session.estimate(option_counts, cohort, chosen, name)
    return dict(zip(options["value"], options["now"], strict=True))


def _with_count(counts: dict[Any, int]) -> Callable[[object], str]:
    def words(value: object) -> str:
        label = f"{plain(value_text(value))} {counts[value]:,}"
        return label if counts[value] else f":gray[{label}]"

    return words


def _help(name: str) -> str | None:
    return "; ".join(f"{short}: {words}" for short, words in MSC_SOURCES.items()) if name == "msc_source" else None


def _numbers(cohort: Cohort, chosen: Filters, name: str) -> None:
    condition = chosen.conditions.get(name)
    low, high, step = session.estimate(number_range, cohort, name)
    limits = (condition.low, condition.high) if isinstance(condition, Between) else (low, high)
    unit = column_unit(name)
    number: type[float] = int if step == 1 else float
    _range(
        cohort, chosen, name, f"{column_label(name)}{f' ({unit})' if unit else ''}",
        (number(low), number(high)), (number(limits[0]), number(limits[1])), number(step),
        Between,
    )  # fmt: skip


def _days(cohort: Cohort, chosen: Filters, name: str) -> None:
    condition = chosen.conditions.get(name)
    values = days(session.estimate(values_found, cohort, name)).dropna()
    ends = values.min().date(), values.max().date()
    limits = (condition.low, condition.high) if isinstance(condition, BetweenDates) else ends
    _range(
        cohort, chosen, name, column_label(name), ends, limits, timedelta(days=1),
        BetweenDates,
    )  # fmt: skip


def _range(
    cohort: Cohort,
    chosen: Filters,
    name: str,
    label: str,
    ends: tuple[Any, Any],
    limits: tuple[Any, Any],
    step: float | timedelta,
    condition: Callable[[Any, Any], Between | BetweenDates],
) -> None:
    """Draw a slider below a histogram of all patients and of those whom the other filters keep."""
    low, high = max(limits[0], ends[0]), min(limits[1], ends[1])

    def change(picked: tuple[Any, Any]) -> None:
        asking.filter_by(name, None if picked == ends else condition(*picked))

    with st.container(key=f"range_{name}", gap=None):
        drawing = histogram_html(session.estimate(range_counts, cohort, chosen, name), Look(browser.dark()))
        st.html(f"<div class='range'>{escape(label)}</div>{drawing}")
        st.slider(
            plain(label), *ends, step=step, label_visibility="collapsed",
            format="YYYY-MM-DD" if isinstance(ends[0], date) else "%g" if isinstance(ends[0], float) else None,
            **bound(cohort, f"filter_{name}", (low, high) if low <= high else ends, change),
        )  # fmt: skip


def _add(cohort: Cohort, rest: list[str]) -> None:
    if rest:
        st.selectbox(
            "Add filter", rest, index=None, format_func=column_label, placeholder="Any other column",
            **bound(cohort, "add_filter", None, asking.add),
        )  # fmt: skip


def _keep_missing(cohort: Cohort, chosen: Filters) -> None:
    """Offer to keep patients with a missing value, if a filter excludes any."""
    count = session.drawn(without_value, cohort, *chosen.conditions)
    if count or chosen.keeps_missing:
        st.toggle(
            f"Keep patients without a value ({count:,})",
            **bound(cohort, "keep_missing", chosen.keeps_missing, asking.keep_missing),
        )


def _cost(cohort: Cohort, chosen: Filters) -> None:
    """Draw how many patients each filter removes, in the order in which they were set."""
    with figure.folded("cost", "What each filter costs") as place:
        if place.open:
            figure.numbers("In the order of clicking", attrition_table(attrition(cohort, chosen)))
